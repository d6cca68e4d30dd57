// The way of an object's bytes to its file: whole, in order, hashed, and without a trace where it breaks off.
import { deepEqual, equal, rejects } from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Files } from "../../../../src/lake/services/s3/files.ts";

const never = new AbortController().signal;

describe("the files of objects", () => {
  let folder = "";
  let files: Files;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "files-"));
    files = new Files(folder, () => true);
  });
  after(() => {
    files.dispose();
    rmSync(folder, { recursive: true });
  });

  const names = () => readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)));
  // Without their size, bytes are hashed here; the tests of the lake send large ones that the hashing thread takes.
  const write = (source: Readable, signal = never) =>
    files.write(source, { names: ["md5", "crc32"], size: undefined, signal });

  /** Chunks of odd lengths, so that none ends where a slab or a write does. */
  function* chunks(bytes: Buffer): Generator<Buffer> {
    for (let at = 0, step = 1; at < bytes.length; at += step) {
      step = (step * 7919) % 200_003;
      yield bytes.subarray(at, at + step);
    }
  }

  it("hold every byte in its place, many at once with few slabs", async () => {
    const bodies = [0, 1, 65_536, 1 << 20, (5 << 20) + 3, 20_000_000].map((size) => randomBytes(size));
    const written = await Promise.all(bodies.map((body) => write(Readable.from(chunks(body)))));
    for (const [index, { size, segments, digests }] of written.entries()) {
      const body = bodies[index] ?? Buffer.alloc(0);
      equal(size, body.length);
      deepEqual(Buffer.from(digests.get("md5") ?? []), createHash("md5").update(body).digest());
      const stored = segments.map(({ file }) => readFileSync(join(folder, file.slice(0, 2), file)));
      equal(Buffer.concat(stored).equals(body), true);
    }
    for (const { segments } of written) await files.discard(segments);
  });

  it("are gone where the source fails, and the source is ended where the writer gives up", async () => {
    const body = randomBytes(9_000_000);
    const failing = Readable.from(
      (function* () {
        yield* chunks(body);
        throw new Error("half way");
      })(),
    );
    await rejects(write(failing), /half way/);
    const controller = new AbortController();
    const endless = new Readable({ read: () => undefined });
    endless.push(body);
    setTimeout(() => controller.abort(), 20);
    await rejects(write(endless, controller.signal), { name: "AbortError" });
    equal(endless.destroyed, true);
    // What the source says later reaches nobody, and does no harm.
    endless.emit("error", new Error("late"));
    deepEqual(names(), []);
  });

  it("go on after failures: no slab is lost", async () => {
    const body = randomBytes(12_000_000);
    for (let round = 0; round < 12; round += 1) {
      const broken = Readable.from(chunks(body));
      broken.once("end", () => broken.destroy(new Error("late")));
      const controller = new AbortController();
      setImmediate(() => controller.abort());
      await write(broken, controller.signal).catch(() => undefined);
    }
    equal((await write(Readable.from(chunks(body)))).size, body.length);
  });
});
