// CRCs of parts joined must be the CRC of all bytes, whatever the sizes of the parts.
import { equal } from "node:assert/strict";
import { combineCrcs } from "../../../src/lake/hashing/combine.ts";
import { createDigest } from "../../../src/lake/hashing/checksums.ts";

async function crcOf(name: "crc32" | "crc32c" | "crc64nvme", data: Uint8Array): Promise<string> {
  const digest = createDigest(name);
  digest.update(data);
  return Buffer.from(await digest.digest()).toString("base64");
}

describe("joined CRCs", () => {
  const data = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251));

  for (const name of ["crc32", "crc32c", "crc64nvme"] as const) {
    it(`of ${name} are those of the whole`, async () => {
      for (const cuts of [[0], [1], [4999], [100, 101, 3000], [1024, 2048, 4096]]) {
        const edges = [0, ...cuts, data.length];
        const parts = await Promise.all(
          edges.slice(1).map(async (end, index) => {
            const part = data.subarray(edges[index], end);
            return { size: part.length, value: await crcOf(name, part) };
          }),
        );
        equal(combineCrcs(name, parts), await crcOf(name, data), `cut at ${cuts.join()}`);
      }
    });
  }

  it("are the known check values", async () => {
    // "123456789", from the catalogue of parametrised CRC algorithms.
    const check = Buffer.from("123456789");
    const known = { crc32: "cbf43926", crc32c: "e3069283", crc64nvme: "ae8b14860a799888" } as const;
    for (const name of ["crc32", "crc32c", "crc64nvme"] as const) {
      equal(Buffer.from(await crcOf(name, check), "base64").toString("hex"), known[name]);
    }
  });
});
