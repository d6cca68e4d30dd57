// The source of a copy: finds the version it names, checks its conditions, and carries its bytes over, by link where nothing must be computed.
import type { Input } from "../../call.ts";
import { ServiceError } from "../../fault.ts";
import type { ChecksumName, DigestName } from "../../hashing/checksums.ts";
import { checkRead } from "./conditions.ts";
import { invalidArgument, preconditionFailed } from "./errors.ts";
import { type ByteRange, ReplacedError, type Segment } from "./files.ts";
import { checkOwner } from "./members.ts";
import type { StoredChecksum } from "./records.ts";
import { type FoundVersion, findVersion } from "./found.ts";
import type { S3 } from "./versions.ts";

/** 5 GiB: what one copy takes. */
const LARGEST = 5 * 1024 ** 3;

type CopyInput = Pick<
  Input<"s3", "CopyObject">,
  | "CopySource"
  | "CopySourceIfMatch"
  | "CopySourceIfNoneMatch"
  | "CopySourceIfModifiedSince"
  | "CopySourceIfUnmodifiedSince"
  | "ExpectedSourceBucketOwner"
>;

export const SOURCE_FIELDS = [
  "CopySource",
  "CopySourceIfMatch",
  "CopySourceIfNoneMatch",
  "CopySourceIfModifiedSince",
  "CopySourceIfUnmodifiedSince",
  "ExpectedSourceBucketOwner",
];

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** "bucket/key", with or without a slash before it, percent-encoded, and perhaps "?versionId=..." behind it. */
export function parseCopySource(text: string | undefined): CopySource {
  const match = /^\/?([^/?]+)\/([^?]+)(?:\?versionId=([^&]*))?$/.exec(text ?? "");
  if (match === null)
    throw invalidArgument(
      "x-amz-copy-source",
      text ?? "",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  try {
    const [bucket = "", key = "", versionId] = match
      .slice(1)
      .map((part: string | undefined) => (part === undefined ? undefined : decodeURIComponent(part)));
    return { bucket, key, versionId };
  } catch {
    throw invalidArgument("x-amz-copy-source", text ?? "", "Invalid copy source encoding");
  }
}

/** Throws what a GET of the source throws, and 412 where a condition does not hold. */
export async function findSource(s3: S3, source: CopySource, input: CopyInput): Promise<FoundVersion> {
  checkOwner(input.ExpectedSourceBucketOwner, s3.lake.accountId);
  const found = await findVersion(s3, source.bucket, source.key, source.versionId);
  checkRead(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    found,
    found.object,
    () => preconditionFailed("x-amz-copy-source-If-None-Match"),
  );
  return found;
}

export interface CopiedBytes {
  readonly source: FoundVersion;
  readonly size: number;
  readonly etag: string;
  readonly segments: readonly Segment[];
  readonly checksum: StoredChecksum | undefined;
}

/** Carries over the source's bytes, or a stretch of them. `wanted`: the checksum that the copy shall have. */
export async function copyBytes(
  s3: S3,
  find: () => Promise<FoundVersion>,
  range: (size: number) => ByteRange | undefined,
  wanted: ChecksumName | undefined,
  signal: AbortSignal,
): Promise<CopiedBytes> {
  for (let attempt = 1; ; attempt += 1) {
    const source = await find();
    try {
      return await copyFound(s3, source, range(source.object.size), wanted, signal);
    } catch (error) {
      // Replaced between index and file: what is there now is the source.
      if (!(error instanceof ReplacedError) || attempt === 5) throw error;
    }
  }
}

async function copyFound(
  s3: S3,
  source: FoundVersion,
  range: ByteRange | undefined,
  wanted: ChecksumName | undefined,
  signal: AbortSignal,
): Promise<CopiedBytes> {
  const { object } = source;
  const size = range === undefined ? object.size : range.end - range.start + 1;
  if (size > LARGEST) {
    throw new ServiceError(
      "InvalidRequest",
      `The specified copy source is larger than the maximum allowable size for a copy source: ${LARGEST}`,
    );
  }
  const kept = object.checksum?.type === "FULL_OBJECT" ? object.checksum : undefined;
  // The ETag of an object in parts is not the MD5 of its bytes; the copy is one piece and has one.
  const isMd5 = !object.etag.includes("-");
  if (size === object.size && isMd5 && (wanted === undefined ? object.checksum === kept : wanted === kept?.name)) {
    return { source, size, etag: object.etag, segments: await s3.files.duplicate(object.segments), checksum: kept };
  }
  const name = wanted ?? object.checksum?.name;
  const names: DigestName[] = name === undefined ? ["md5"] : ["md5", name];
  const body = await s3.files.read(object.segments, range ?? { start: 0, end: object.size - 1 });
  const written = await s3.files.write(body, { names, size, signal });
  const text = (digest: DigestName, encoding: "hex" | "base64") =>
    Buffer.from(written.digests.get(digest) ?? []).toString(encoding);
  return {
    source,
    size,
    etag: text("md5", "hex"),
    segments: written.segments,
    checksum: name === undefined ? undefined : { name, value: text(name, "base64"), type: "FULL_OBJECT" },
  };
}
