// The text of an object, for people to read.
import { BoathouseError } from "../base/errors.ts";
import { calling } from "./failure.ts";
import type { AwsSession } from "./session.ts";

export interface S3Place {
  readonly bucket: string;
  readonly key: string;
}

/** Parses "s3://bucket/key" (or s3a, s3n). Undefined for anything else. */
export function parseS3(address: string): S3Place | undefined {
  const [, bucket, key] = /^s3[an]?:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

/**
 * The object as UTF-8 text.
 * @param most bytes; a larger one is refused before it is read
 * @throws BoathouseError `notFound` where it is not there, `invalid` where it is too large.
 */
export async function readText(session: AwsSession, { bucket, key }: S3Place, most: number): Promise<string> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  const resource = `s3://${bucket}/${key}`;
  return calling(resource, async () => {
    const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (ContentLength <= most) return (await Body?.transformToString("utf-8")) ?? "";
    // Not read to its end: the connection is given back.
    (Body as { destroy?: () => void } | undefined)?.destroy?.();
    throw new BoathouseError("invalid", `${resource} has ${ContentLength} bytes, too large to show.`, {
      resource,
      next: "Download it instead.",
    });
  });
}
