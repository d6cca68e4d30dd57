// GetObject and HeadObject: a version's bytes, or a stretch of them, with what is known of it.
import type { Input, Operations, Output } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { checkRead } from "../conditions.ts";
import { invalidArgument } from "../errors.ts";
import { type ByteRange, ReplacedError } from "../files.ts";
import { findVersion } from "../found.ts";
import {
  checkKey,
  checkOwner,
  checksumMembers,
  COMMON,
  quoted,
  required,
  tagCount,
  versionMember,
  timeOf,
} from "../members.ts";
import { parseRange } from "../ranges.ts";
import type { ObjectRecord } from "../records.ts";
import type { S3 } from "../versions.ts";

const FIELDS = [
  ...COMMON,
  "Key",
  "VersionId",
  "Range",
  "PartNumber",
  "ChecksumMode",
  "IfMatch",
  "IfNoneMatch",
  "IfModifiedSince",
  "IfUnmodifiedSince",
  "ResponseCacheControl",
  "ResponseContentDisposition",
  "ResponseContentEncoding",
  "ResponseContentLanguage",
  "ResponseContentType",
  "ResponseExpires",
];

type ReadInput = Input<"s3", "GetObject">;

export function readOperations(s3: S3): Pick<Operations<"s3">, "GetObject" | "HeadObject"> {
  return {
    GetObject: {
      fields: FIELDS,
      async run(input) {
        for (let attempt = 1; ; attempt += 1) {
          const { found, stretch, output } = await describe(s3, input);
          const range = stretch ?? { start: 0, end: found.object.size - 1 };
          try {
            return { ...output, Body: await s3.files.read(found.object.segments, range) };
          } catch (error) {
            // Replaced or deleted between index and file: what is there now is the answer.
            if (!(error instanceof ReplacedError) || attempt === 5) throw error;
          }
        }
      },
    },
    HeadObject: { fields: FIELDS, run: async (input) => (await describe(s3, input)).output },
  };
}

async function describe(s3: S3, input: ReadInput) {
  const bucket = required("Bucket", input.Bucket);
  const key = checkKey(input.Key);
  checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
  const found = await findVersion(s3, bucket, key, input.VersionId);
  const { object } = found;
  checkRead(input, found, object);
  if (input.Range !== undefined && input.PartNumber !== undefined) {
    throw new ServiceError("InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
  }
  const stretch =
    input.PartNumber === undefined ? parseRange(input.Range, object.size) : partRange(object, input.PartNumber);
  const { headers } = object;
  const { versioning } = s3.store.bucket(bucket);
  const output: Output<"s3", "HeadObject"> = {
    ...headersOf(input, headers),
    AcceptRanges: "bytes",
    LastModified: timeOf(found.modified),
    ContentLength: stretch === undefined ? object.size : stretch.end - stretch.start + 1,
    ...(stretch === undefined ? {} : { ContentRange: `bytes ${stretch.start}-${stretch.end}/${object.size}` }),
    ETag: quoted(object.etag),
    ServerSideEncryption: "AES256",
    Metadata: { ...object.metadata },
    ...versionMember(versioning, found),
    ...(object.storageClass === undefined
      ? {}
      : { StorageClass: object.storageClass as NonNullable<Output<"s3", "HeadObject">["StorageClass"]> }),
    ...(input.ChecksumMode === "ENABLED" && stretch === undefined ? checksumMembers(object.checksum) : {}),
    ...(input.PartNumber === undefined || object.parts === undefined ? {} : { PartsCount: object.parts.length }),
    ...tagCount(object),
  };
  return { found, stretch, output };
}

/** Content headers as stored, or as a presigned URL's response-* asks for. */
function headersOf(input: ReadInput, stored: ObjectRecord["headers"]) {
  for (const [name, value] of Object.entries(input)) {
    // They become headers of the answer.
    if (name.startsWith("Response") && typeof value === "string" && hasControl(value))
      throw invalidArgument(name, value, "Header value cannot be represented using ISO-8859-1.");
  }
  const expires = input.ResponseExpires?.toUTCString() ?? stored.Expires;
  return {
    ...stored,
    ...(input.ResponseCacheControl === undefined ? {} : { CacheControl: input.ResponseCacheControl }),
    ...(input.ResponseContentDisposition === undefined ? {} : { ContentDisposition: input.ResponseContentDisposition }),
    ...(input.ResponseContentEncoding === undefined ? {} : { ContentEncoding: input.ResponseContentEncoding }),
    ...(input.ResponseContentLanguage === undefined ? {} : { ContentLanguage: input.ResponseContentLanguage }),
    ...(input.ResponseContentType === undefined ? {} : { ContentType: input.ResponseContentType }),
    Expires: expires === undefined ? undefined : new Date(expires),
  };
}

function hasControl(text: string): boolean {
  return Array.from(text).some((character) => character < " " || character === "\u007f");
}

function partRange(object: ObjectRecord, number: number): ByteRange | undefined {
  const { parts } = object;
  if (parts === undefined && number === 1) return object.size === 0 ? undefined : { start: 0, end: object.size - 1 };
  const part = parts?.[number - 1];
  if (part === undefined) {
    throw new ServiceError("InvalidPartNumber", "The requested partnumber is not satisfiable", {
      status: 416,
      members: { PartNumberRequested: number, ActualPartCount: parts?.length ?? 1 },
    });
  }
  if (part.size === 0) return undefined;
  const start = (parts ?? []).slice(0, number - 1).reduce((sum, { size }) => sum + size, 0);
  return { start, end: start + part.size - 1 };
}
