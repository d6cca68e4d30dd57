// Objects and buckets of S3 as the flows need them: put a file, look at it, empty a versioned bucket.
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { abortable } from "./abortable.ts";
import { calling, ifFound } from "./failure.ts";
import type { AwsSession } from "./session.ts";

/** A file up to this size is sent from memory, so that the SDK can send it again where a call breaks off; bytes. */
const SMALL = 16 * 1024 * 1024;

/** Puts a local file. Its size is checked on the far side. */
export async function putFile(
  session: AwsSession,
  bucket: string,
  key: string,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const { PutObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  const { size } = await stat(file);
  const body = size <= SMALL ? await readFile(file) : createReadStream(file);
  await calling(`s3://${bucket}/${key}`, () =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: size }), abortable(signal)),
  );
}

/** Puts a stream of unknown length, in parts, with constant memory. */
export async function putStream(
  session: AwsSession,
  bucket: string,
  key: string,
  bytes: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const { Upload } = await import("@aws-sdk/lib-storage");
  const upload = new Upload({
    client: await session.s3(),
    params: { Bucket: bucket, Key: key, Body: Readable.from(bytes) },
  });
  const abort = () => void upload.abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await calling(`s3://${bucket}/${key}`, () => upload.done());
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** An object's size in bytes and its ETag without quotes, or undefined where it is not there. */
export async function objectFacts(
  session: AwsSession,
  bucket: string,
  key: string,
  signal?: AbortSignal,
): Promise<{ readonly size: number | undefined; readonly etag: string | undefined } | undefined> {
  const { HeadObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  const head = await ifFound(`s3://${bucket}/${key}`, () =>
    client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), abortable(signal)),
  );
  return head === undefined ? undefined : { size: head.ContentLength, etag: head.ETag?.replaceAll('"', "") };
}

/**
 * Deletes every version, delete marker and unfinished upload of a bucket, 1,000 at a time; looks again until nothing is left.
 * Returns how many versions and markers went. A bucket that is not there is empty.
 */
export async function emptyBucket(session: AwsSession, bucket: string, signal?: AbortSignal): Promise<number> {
  const { DeleteObjectsCommand, ListObjectVersionsCommand } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  const resource = `bucket ${bucket}`;
  let gone = 0;
  for (;;) {
    signal?.throwIfAborted();
    const page = await ifFound(resource, () => client.send(new ListObjectVersionsCommand({ Bucket: bucket })));
    const found = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    if (found.length === 0) break;
    const answer = await calling(resource, () =>
      client.send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: { Quiet: true, Objects: found.map(({ Key = "", VersionId }) => ({ Key, VersionId })) },
        }),
      ),
    );
    const refused = answer.Errors?.[0];
    if (refused !== undefined) {
      await calling(`s3://${bucket}/${refused.Key ?? ""}`, async () => {
        throw Object.assign(new Error(refused.Message ?? "The object can't be deleted."), {
          name: refused.Code ?? "InternalError",
          $fault: "client",
        });
      });
    }
    gone += found.length;
  }
  await abortUploads(session, bucket);
  return gone;
}

async function abortUploads(session: AwsSession, bucket: string): Promise<void> {
  const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  for (;;) {
    const page = await ifFound(`bucket ${bucket}`, () =>
      client.send(new ListMultipartUploadsCommand({ Bucket: bucket })),
    );
    const uploads = page?.Uploads ?? [];
    if (uploads.length === 0) return;
    for (const { Key, UploadId } of uploads) {
      await ifFound(`s3://${bucket}/${Key ?? ""}`, () =>
        client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })),
      );
    }
  }
}
