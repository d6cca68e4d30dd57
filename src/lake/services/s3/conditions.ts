// Conditional requests: what a client demands of the version that is there. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
import { notModified, noSuchKey, preconditionFailed } from "./errors.ts";
import type { ObjectRecord, VersionRecord } from "./records.ts";

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * Throws 304 or 412. An ETag condition overrides the date condition of its side, as RFC 9110 has it.
 * `failed` replaces the 304 where the answer can't be one (the source of a copy).
 */
export function checkRead(
  conditions: ReadConditions,
  version: VersionRecord,
  object: ObjectRecord,
  failed?: () => Error,
): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  // HTTP dates have whole seconds.
  const modified = Math.floor(version.modified / 1000) * 1000;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, object.etag)) throw preconditionFailed("If-Match");
  } else if (IfUnmodifiedSince !== undefined && modified > IfUnmodifiedSince.getTime()) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, object.etag)) throw failed?.() ?? notModified();
  } else if (IfModifiedSince !== undefined && modified <= IfModifiedSince.getTime()) {
    throw failed?.() ?? notModified();
  }
}

/** Conditions of a write: `If-None-Match: *` (nothing is there yet) and `If-Match` (this is there). */
export function checkWrite(
  key: string,
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, "IfMatch" | "IfNoneMatch">,
  current: VersionRecord | undefined,
): void {
  if (IfMatch !== undefined) {
    if (current?.object === undefined) throw noSuchKey(key);
    if (!matches(IfMatch, current.object.etag)) throw preconditionFailed("If-Match");
  }
  if (IfNoneMatch !== undefined && current?.object !== undefined && matches(IfNoneMatch, current.object.etag)) {
    throw preconditionFailed("If-None-Match");
  }
}

/** `*`, or a list of ETags, with or without their quotes. */
function matches(condition: string, etag: string): boolean {
  if (condition.trim() === "*") return true;
  return condition.split(",").some((candidate) => {
    const bare = candidate
      .trim()
      .replace(/^W\//, "")
      .replace(/^"(.*)"$/, "$1");
    return bare === etag;
  });
}
