// CopyObject: a version's bytes under another key (or its own), with its description or a new one.
import type { Operations, Output } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { checkWrite } from "../conditions.ts";
import { type CopySource, copyBytes, findSource, parseCopySource, SOURCE_FIELDS } from "../copying.ts";
import { invalidArgument } from "../errors.ts";
import {
  checkKey,
  checkOwner,
  checksumMembers,
  checksumNameOf,
  COMMON,
  DESCRIPTION,
  descriptionOf,
  quoted,
  required,
  versionMember,
  timeOf,
} from "../members.ts";
import type { Description, ObjectRecord } from "../records.ts";
import { putVersion, type S3 } from "../versions.ts";

const DIRECTIVES = ["MetadataDirective", "TaggingDirective"] as const;

export function copyOperations(s3: S3): Pick<Operations<"s3">, "CopyObject"> {
  return {
    CopyObject: {
      fields: [
        ...COMMON,
        ...SOURCE_FIELDS,
        ...DESCRIPTION,
        ...DIRECTIVES,
        "Key",
        "ChecksumAlgorithm",
        "IfMatch",
        "IfNoneMatch",
      ],
      async run(input, { signal }): Promise<Output<"s3", "CopyObject">> {
        const bucket = required("Bucket", input.Bucket);
        const key = checkKey(input.Key);
        checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
        const { versioning } = s3.store.bucket(bucket);
        for (const name of DIRECTIVES) {
          const value = input[name];
          if (value !== undefined && value !== "COPY" && value !== "REPLACE") {
            throw invalidArgument(
              `x-amz-${name === "MetadataDirective" ? "metadata" : "tagging"}-directive`,
              value,
              "Unknown directive.",
            );
          }
        }
        const named = parseCopySource(input.CopySource);
        const given = descriptionOf(input);
        const changes =
          input.MetadataDirective === "REPLACE" ||
          input.StorageClass !== undefined ||
          input.ServerSideEncryption !== undefined;
        if (isItself(named, bucket, key) && !changes && input.WebsiteRedirectLocation === undefined) throw onItself();
        const find = () => findSource(s3, named, input);
        const copied = await copyBytes(s3, find, () => undefined, checksumNameOf(input.ChecksumAlgorithm), signal);
        const { source, size, etag, segments, checksum } = copied;
        const object: ObjectRecord = {
          ...describe(given, source.object, input),
          size,
          etag,
          segments,
          ...(checksum === undefined ? {} : { checksum }),
        };
        const version = await putVersion(s3, bucket, key, object, {
          check: (current) => checkWrite(key, input, current),
        });
        const sourceVersioning = s3.store.findBucket(named.bucket)?.versioning;
        return {
          CopyObjectResult: {
            ETag: quoted(etag),
            LastModified: timeOf(version.modified),
            ...checksumMembers(checksum),
          },
          ServerSideEncryption: "AES256",
          ...versionMember(versioning, version),
          ...(sourceVersioning === undefined ? {} : { CopySourceVersionId: source.versionId }),
        };
      },
    },
  };
}

function describe(
  given: Description,
  source: ObjectRecord,
  input: { MetadataDirective?: string | undefined; TaggingDirective?: string | undefined },
): Description {
  const { WebsiteRedirectLocation: _, ...headers } = source.headers;
  const redirect = given.headers.WebsiteRedirectLocation;
  const tags = input.TaggingDirective === "REPLACE" ? given.tags : source.tags;
  return {
    ...(input.MetadataDirective === "REPLACE"
      ? { headers: given.headers, metadata: given.metadata }
      : {
          headers: { ...headers, ...(redirect === undefined ? {} : { WebsiteRedirectLocation: redirect }) },
          metadata: source.metadata,
        }),
    ...(tags === undefined ? {} : { tags }),
    ...(given.storageClass === undefined ? {} : { storageClass: given.storageClass }),
  };
}

function isItself(source: CopySource, bucket: string, key: string): boolean {
  return source.bucket === bucket && source.key === key && source.versionId === undefined;
}

function onItself(): ServiceError {
  return new ServiceError(
    "InvalidRequest",
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}
