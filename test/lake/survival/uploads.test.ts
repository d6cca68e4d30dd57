// A lake killed during multipart uploads: parts that were acknowledged are listed, the upload goes on from them, and the bytes are equal.
import assert from "node:assert/strict";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  NotFound,
  type Part,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { TestLake } from "../harness.ts";
import { bytesOf } from "./random.ts";
import { percent, Rounds } from "./rounds.ts";

const BUCKET = "survival-uploads";
const PART = 5 * 1024 * 1024;
const PARTS = 8;
/** Parts under way at once, as the AWS CLI and the SDKs do it. */
const AT_ONCE = 3;

/** What the client of an upload knows: each fact noted once the lake had acknowledged it. */
interface Known {
  readonly key: string;
  uploadId: string | undefined;
  readonly parts: Map<number, string>;
  completed: boolean;
}

const rounds = new Rounds("upload");

describe(rounds.title, function () {
  this.timeout(120_000);
  const bodies = Array.from({ length: PARTS }, (_, at) => bytesOf(`part ${at}`, at === PARTS - 1 ? PART / 2 : PART));
  let takes = 0;
  let inFlight = 0;

  before(async () => {
    const lake = await rounds.open();
    await clientOf(lake).send(new CreateBucketCommand({ Bucket: BUCKET }));
    for (const key of ["first", "undisturbed"]) {
      // The first of a lake warms it up.
      const started = performance.now();
      await upload(lake, known(key));
      takes = performance.now() - started;
      await sameBytes(lake, key);
    }
  });
  after(() => rounds.close());

  for (const round of rounds.list()) {
    it(`${round.name}: at ${percent(round)}`, async () => {
      const seen = known(`round ${round.number}`);
      await rounds.play(round, { act: (lake) => upload(lake, seen), takes });
      const s3 = clientOf(rounds.lake);
      if (seen.uploadId !== undefined && !seen.completed) {
        if ((await size(s3, seen.key)) === undefined) {
          inFlight++;
          await goOn(s3, seen);
        }
        // Otherwise the lake died between completing it and saying so: then all of it is there.
      }
      if (seen.uploadId !== undefined) await sameBytes(rounds.lake, seen.key);
      await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: seen.key }));
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: seen.key }));
      // Only an upload whose id never reached the client may stay: as on AWS, it is listed and can be aborted.
      assert.ok(seen.uploadId === undefined ? Uploads.length <= 1 : Uploads.length === 0, JSON.stringify(Uploads));
    });
  }

  it("has hit uploads in flight, and holds all that was acknowledged in all rounds", async function () {
    if (!rounds.whole) this.skip();
    assert.ok(inFlight >= 3, `${inFlight} of 10 rounds hit an upload in flight`);
    const acknowledged = await rounds.verifyAll();
    assert.ok(acknowledged > 10, `${acknowledged} writes were acknowledged`);
  });

  /** Uploads as a client does: parts side by side, each noted when it is acknowledged. */
  async function upload(lake: TestLake, seen: Known): Promise<void> {
    const s3 = clientOf(lake);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: seen.key }));
    seen.uploadId = UploadId;
    await putParts(s3, seen);
    await complete(s3, seen);
  }

  async function putParts(s3: S3Client, { key, uploadId, parts }: Known): Promise<void> {
    const waiting = bodies.map((_, at) => at + 1).filter((number) => !parts.has(number));
    const worker = async () => {
      for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
        const place = { Bucket: BUCKET, Key: key, UploadId: uploadId, PartNumber: number };
        const { ETag = "" } = await s3.send(new UploadPartCommand({ ...place, Body: bodies[number - 1] ?? "" }));
        parts.set(number, ETag);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async function complete(s3: S3Client, seen: Known): Promise<void> {
    const Parts = [...seen.parts]
      .map(([PartNumber, ETag]) => ({ PartNumber, ETag }))
      .sort((a, b) => a.PartNumber - b.PartNumber);
    const place = { Bucket: BUCKET, Key: seen.key, UploadId: seen.uploadId };
    await s3.send(new CompleteMultipartUploadCommand({ ...place, MultipartUpload: { Parts } }));
    seen.completed = true;
  }

  /** Every acknowledged part is listed with its size and ETag; the others are put, and the upload completes. */
  async function goOn(s3: S3Client, seen: Known): Promise<void> {
    const place = { Bucket: BUCKET, Key: seen.key, UploadId: seen.uploadId };
    const { Parts = [] } = await s3.send(new ListPartsCommand(place));
    const listed = new Map(Parts.map((part: Part) => [part.PartNumber, part]));
    for (const [number, etag] of seen.parts) {
      const part = listed.get(number);
      assert.deepEqual([part?.ETag, part?.Size], [etag, bodies[number - 1]?.length], `part ${number}`);
    }
    // A part that is listed and was not acknowledged is whole too: the client may build on the list.
    for (const [number = 0, { ETag = "" }] of listed) seen.parts.set(number, ETag);
    await putParts(s3, seen);
    await complete(s3, seen);
  }

  async function sameBytes(lake: TestLake, key: string): Promise<void> {
    const { Body } = await clientOf(lake).send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    assert.ok(bytes.equals(Buffer.concat(bodies)), `${key}: ${bytes.length} bytes, not the ones that were put`);
  }
});

function known(key: string): Known {
  return { key, uploadId: undefined, parts: new Map(), completed: false };
}

function clientOf({ config }: TestLake): S3Client {
  return new S3Client({ ...config, forcePathStyle: true });
}

async function size(s3: S3Client, Key: string): Promise<number | undefined> {
  try {
    return (await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).ContentLength;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
