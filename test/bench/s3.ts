// S3: 256 MiB through PutObject and GetObject of the SDK, against `cp` of the same file on the same disk, turn by turn.
import { GetObjectCommand, PutObjectCommand, CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { startLake } from "../../src/local/start.ts";
import { stopLake } from "../../src/local/stop.ts";
import { median, type Result, seconds } from "./result.ts";

const SIZE = 256 * 1024 * 1024;
const ROUNDS = 5;

export async function bench(): Promise<Result[]> {
  const work = mkdtempSync(join(tmpdir(), "bench-s3-"));
  const folder = join(work, "lake");
  const lake = await startLake({ folder, persistent: true });
  const client = new S3Client({
    endpoint: lake.endpoint,
    region: lake.region,
    credentials: { accessKeyId: lake.accessKeyId, secretAccessKey: lake.secretAccessKey },
    forcePathStyle: true,
    // The client's own checksums over the body are its time, not the lake's; the lake's MD5 is in.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  try {
    const file = join(work, "file");
    // Random bytes, so that no file system shares or compresses them.
    writeFileSync(file, Buffer.concat(Array.from({ length: 64 }, () => randomBytes(SIZE / 64))));
    await client.send(new CreateBucketCommand({ Bucket: "bench" }));
    const [copies, puts, gets]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      const copy = join(work, `copy${round}`);
      copies.push(await seconds(() => execFileSync("sh", ["-c", `cp "${file}" "${copy}" && sync "${copy}"`])));
      rmSync(copy);
      puts.push(
        await seconds(() =>
          client.send(
            new PutObjectCommand({
              Bucket: "bench",
              Key: "file",
              Body: createReadStream(file, { highWaterMark: 1 << 20 }),
              ContentLength: SIZE,
            }),
          ),
        ),
      );
      const back = join(work, `back${round}`);
      gets.push(
        await seconds(async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: "bench", Key: "file" }));
          await pipeline(Body as Readable, createWriteStream(back, { highWaterMark: 1 << 20 }));
        }),
      );
      if (round === 0) execFileSync("cmp", [file, back]);
      rmSync(back);
    }
    const copy = median(copies);
    const note = `cp and sync of one file: ${copy.toFixed(2)} s; medians of ${ROUNDS}`;
    return [
      {
        name: "S3 PUT of 256 MiB, speed as a share of cp's",
        value: copy / median(puts),
        unit: "x",
        atLeast: 1 / 3,
        note,
      },
      {
        name: "S3 GET of 256 MiB, speed as a share of cp's",
        value: copy / median(gets),
        unit: "x",
        atLeast: 1 / 3,
        note,
      },
    ];
  } finally {
    client.destroy();
    await lake.dispose();
    await stopLake(folder);
    rmSync(work, { recursive: true, force: true });
  }
}
