// S3: 256 MiB through PutObject and GetObject of two clients, against `cp` of the same file on the same disk, turn by turn.
import { GetObjectCommand, PutObjectCommand, CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { execFile, execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { type RunningLake, startLake } from "../../src/local/start.ts";
import { stopLake } from "../../src/local/stop.ts";
import { median, type Result, seconds } from "./result.ts";

const SIZE = 256 * 1024 * 1024;
const ROUNDS = 7;
const THIRD = 1 / 3;

/** A client's PutObject of a file, and its GetObject into one. Both resolve with seconds. */
interface Client {
  readonly name: string;
  put(file: string): Promise<number>;
  get(file: string): Promise<number>;
  close(): void;
}

export async function bench(): Promise<Result[]> {
  const work = mkdtempSync(join(tmpdir(), "bench-s3-"));
  const folder = join(work, "lake");
  const lake = await startLake({ folder, persistent: true });
  const clients: Client[] = [];
  try {
    clients.push(await sdk(lake), boto3(lake));
    const file = join(work, "file");
    // Random bytes, so that no file system shares or compresses them.
    writeFileSync(file, Buffer.concat(Array.from({ length: 64 }, () => randomBytes(SIZE / 64))));
    const times = new Map<string, number[]>();
    const note = (name: string, value: number) => times.set(name, [...(times.get(name) ?? []), value]);
    for (let round = 0; round < ROUNDS; round++) {
      const copy = join(work, `copy${round}`);
      const copying = await seconds(() => execFileSync("cp", [file, copy]));
      note("cp", copying);
      note("cp and sync", copying + (await seconds(() => execFileSync("sync", [copy]))));
      rmSync(copy);
      for (const client of clients) {
        note(`${client.name} PUT`, await client.put(file));
        const back = join(work, `back${round}`);
        note(`${client.name} GET`, await client.get(back));
        if (round === 0) execFileSync("cmp", [file, back]);
        rmSync(back);
      }
    }
    return results(
      clients.map(({ name }) => name),
      (name) => median(times.get(name) ?? []),
    );
  } finally {
    for (const client of clients) client.close();
    await lake.dispose();
    await stopLake(folder);
    rmSync(work, { recursive: true, force: true });
  }
}

/** What the lake answers 200 to is on the disk, so that PUT's peer is `cp` and `sync`; the others are for comparison. */
function results(clients: readonly string[], time: (name: string) => number): Result[] {
  const peers = `cp ${time("cp").toFixed(3)} s, cp and sync ${time("cp and sync").toFixed(3)} s; medians of ${ROUNDS}`;
  return clients.flatMap((client) =>
    ["PUT", "GET"].flatMap((verb) => {
      const own = time(`${client} ${verb}`);
      const share = (peer: string) => ({ value: time(peer) / own, unit: "x", note: `${own.toFixed(3)} s; ${peers}` });
      const name = `S3 ${verb} of 256 MiB by ${client}, speed as a share of`;
      return [
        { name: `${name} cp and sync's`, atLeast: THIRD, ...share("cp and sync") },
        { name: `${name} cp's alone`, ...share("cp") },
      ];
    }),
  );
}

/** This client's own work is most of what it takes: on GET, five times the processor time of the lake's. */
async function sdk(lake: RunningLake): Promise<Client> {
  const client = new S3Client({
    endpoint: lake.endpoint,
    region: lake.region,
    credentials: { accessKeyId: lake.accessKeyId, secretAccessKey: lake.secretAccessKey },
    forcePathStyle: true,
    // The client's own checksums over the body are its time, not the lake's; the lake's MD5 is in.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const place = { Bucket: "bench", Key: "sdk" };
  await client.send(new CreateBucketCommand({ Bucket: place.Bucket }));
  return {
    name: "the SDK for JavaScript",
    put(file) {
      const body = createReadStream(file, { highWaterMark: 1 << 20 });
      return seconds(() => client.send(new PutObjectCommand({ ...place, Body: body, ContentLength: SIZE })));
    },
    get(file) {
      return seconds(async () => {
        const { Body } = await client.send(new GetObjectCommand(place));
        await pipeline(Body as Readable, createWriteStream(file, { highWaterMark: 1 << 20 }));
      });
    },
    close: () => client.destroy(),
  };
}

/** Each call in a Python of its own, timed within it: neither its start nor the making of its client counts. */
const SCRIPT = `
import sys, time, boto3
from botocore.config import Config
verb, path = sys.argv[1:]
s3 = boto3.client("s3", config=Config(
    request_checksum_calculation="when_required", response_checksum_validation="when_required",
    s3={"payload_signing_enabled": False}))
place = {"Bucket": "bench", "Key": "boto3"}
s3.list_objects_v2(Bucket="bench")
started = time.monotonic()
if verb == "put":
    with open(path, "rb") as body:
        s3.put_object(Body=body, **place)
else:
    with open(path, "wb") as out:
        for chunk in s3.get_object(**place)["Body"].iter_chunks(1 << 20):
            out.write(chunk)
print(time.monotonic() - started)
`;

function boto3(lake: RunningLake): Client {
  const call = async (verb: string, file: string) => {
    const { stdout } = await promisify(execFile)(
      process.env["BOATHOUSE_TEST_PYTHON"] ?? "python3",
      ["-c", SCRIPT, verb, file],
      {
        env: {
          PATH: process.env["PATH"],
          HOME: lake.folder,
          AWS_ENDPOINT_URL: lake.endpoint,
          AWS_REGION: lake.region,
          AWS_DEFAULT_REGION: lake.region,
          AWS_ACCESS_KEY_ID: lake.accessKeyId,
          AWS_SECRET_ACCESS_KEY: lake.secretAccessKey,
        },
      },
    );
    return Number(stdout);
  };
  return { name: "boto3", put: (file) => call("put", file), get: (file) => call("get", file), close: () => undefined };
}
