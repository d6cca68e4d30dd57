// CopyObject: the same bytes under another name. Files never change, so a copy takes no more than a hard link.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
import type { Operations, Output } from "../../../call.ts";
import { checkRead, checkWrite } from "../conditions.ts";
import { invalidArgument, preconditionFailed } from "../errors.ts";
import {
  checkKey,
  checkOwner,
  checksumMember,
  COMMON,
  DESCRIPTION,
  descriptionOf,
  quoted,
  required,
  tagsOfQuery,
  versionMember,
} from "../members.ts";
import type { ObjectRecord } from "../records.ts";
import { putVersion, type S3 } from "../versions.ts";
import { findVersion, type FoundVersion } from "./read.ts";

interface SourceConditions {
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
}

export const COPY_SOURCE = [
  "CopySource",
  "CopySourceIfMatch",
  "CopySourceIfNoneMatch",
  "CopySourceIfModifiedSince",
  "CopySourceIfUnmodifiedSince",
  "ExpectedSourceBucketOwner",
];

export function copyOperations(s3: S3): Pick<Operations<"s3">, "CopyObject"> {
  return {
    CopyObject: {
      fields: [
        ...COMMON,
        ...DESCRIPTION,
        ...COPY_SOURCE,
        "Key",
        "MetadataDirective",
        "TaggingDirective",
        "IfMatch",
        "IfNoneMatch",
      ],
      async run(input): Promise<Output<"s3", "CopyObject">> {
        const bucket = required("Bucket", input.Bucket);
        const key = checkKey(input.Key);
        checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
        checkOwner(input.ExpectedSourceBucketOwner, s3.lake.accountId);
        const { versioning } = s3.store.bucket(bucket);
        const from = await findSource(s3, input.CopySource, input);
        const replaces = input.MetadataDirective === "REPLACE";
        const same = from.bucket === bucket && from.key === key && from.versionId === undefined;
        if (same && !replaces && input.StorageClass === undefined) {
          throw invalidArgument(
            "CopySource",
            input.CopySource,
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
          );
        }
        const { object } = from.version;
        const said = descriptionOf(input);
        const described: ObjectRecord = {
          ...object,
          ...(replaces ? { headers: said.headers, metadata: said.metadata } : {}),
          ...(said.storageClass === undefined ? {} : { storageClass: said.storageClass }),
          ...(input.TaggingDirective === "REPLACE" ? { tags: tagsOfQuery(input.Tagging ?? "") } : {}),
        };
        const copy = { ...described, segments: await s3.files.duplicate(object.segments) };
        const version = await putVersion(s3, bucket, key, copy, {
          check: (current) => checkWrite(key, input, current),
        });
        return {
          CopyObjectResult: {
            ETag: quoted(copy.etag),
            LastModified: new Date(version.modified),
            ...(copy.checksum === undefined
              ? {}
              : { ...checksumMember(copy.checksum), ChecksumType: copy.checksum.type }),
          },
          ServerSideEncryption: "AES256",
          ...(from.versioned ? { CopySourceVersionId: from.version.versionId } : {}),
          ...versionMember(versioning, version),
        };
      },
    },
  };
}

interface Source {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
  readonly version: FoundVersion;
  /** Its bucket is or was versioned. */
  readonly versioned: boolean;
}

/** The version that "bucket/key?versionId=..." names (percent-encoded, with or without a leading slash), its conditions checked. */
export async function findSource(s3: S3, text: string | undefined, conditions: SourceConditions): Promise<Source> {
  const [path = "", query = ""] = required("CopySource", text).split("?versionId=");
  const decoded = decode(path).replace(/^\//, "");
  const slash = decoded.indexOf("/");
  if (slash < 1)
    throw invalidArgument(
      "CopySource",
      text,
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  const [bucket, key] = [decoded.slice(0, slash), decoded.slice(slash + 1)];
  const versionId = query === "" ? undefined : query;
  const { versioning } = s3.store.bucket(bucket);
  const version = await findVersion(s3, bucket, key, versionId);
  checkRead(
    {
      IfMatch: conditions.CopySourceIfMatch,
      IfNoneMatch: conditions.CopySourceIfNoneMatch,
      IfModifiedSince: conditions.CopySourceIfModifiedSince,
      IfUnmodifiedSince: conditions.CopySourceIfUnmodifiedSince,
    },
    version,
    version.object,
    () => preconditionFailed("x-amz-copy-source-if-none-match"),
  );
  return { bucket, key, versionId, version, versioned: versioning !== undefined };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidArgument("CopySource", path, "Invalid copy source encoding.");
  }
}
