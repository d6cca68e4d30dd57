// What lies at a table's location, by listing it: on demand, since a large table is many pages.
import { abortable } from "../aws/abortable.ts";
import { calling } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";

export interface StoredSize {
  /** Objects that hold bytes. */
  readonly files: number;
  readonly bytes: number;
  /** False: the listing stopped at its bound, there is more. */
  readonly whole: boolean;
}

export interface SizeOptions {
  readonly signal?: AbortSignal;
  /** After each page of 1,000 objects. */
  readonly onProgress?: (size: StoredSize) => void;
  /** Pages to read at most; 1,000 objects each. */
  readonly pages?: number;
}

/** 200,000 objects: about a minute on S3, 200 requests (1 cent buys 2,000). */
const PAGES = 200;

/** @throws BoathouseError `invalid` where the location is none of S3, `notFound` where its bucket is not there. */
export async function storedSize(
  session: AwsSession,
  location: string,
  { signal, onProgress, pages = PAGES }: SizeOptions = {},
): Promise<StoredSize> {
  const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  const { bucket, prefix } = s3Folder(location);
  let size: StoredSize = { files: 0, bytes: 0, whole: true };
  let token: string | undefined;
  for (let page = 0; page < pages; page++) {
    signal?.throwIfAborted();
    const answer = await calling(location, () =>
      client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
        abortable(signal),
      ),
    );
    const objects = (answer.Contents ?? []).filter(({ Size = 0 }) => Size > 0);
    token = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
    size = {
      files: size.files + objects.length,
      bytes: objects.reduce((sum, { Size = 0 }) => sum + Size, size.bytes),
      whole: token === undefined,
    };
    onProgress?.(size);
    if (token === undefined) break;
  }
  return size;
}

/** What is wrong with a table's location, in a sentence; undefined where something lies there. One request. */
export async function locationProblem(session: AwsSession, location: string | undefined): Promise<string | undefined> {
  if (location === undefined || location === "") return "The table names no location.";
  try {
    const { files } = await storedSize(session, location, { pages: 1 });
    return files === 0 ? "Nothing lies at this location." : undefined;
  } catch (error) {
    if (!(error instanceof BoathouseError)) throw error;
    if (error.kind === "notFound") return "The location's bucket does not exist.";
    if (error.kind === "denied") return "You may not list the location.";
    if (error.kind === "invalid") return error.message;
    // Throttled, offline: says nothing about the location.
    return undefined;
  }
}

/** Bucket and prefix of a folder; the prefix ends with a slash, so that `orders` does not count `orders_old`. */
export function s3Folder(location: string): { bucket: string; prefix: string } {
  const match = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/s.exec(location);
  if (match === null) {
    throw new BoathouseError("invalid", `The location ${location} is not one of S3.`, {
      resource: location,
      next: "Correct the table's location; it begins with s3://.",
    });
  }
  const [, bucket = "", path = ""] = match;
  return { bucket, prefix: path === "" || path.endsWith("/") ? path : `${path}/` };
}
