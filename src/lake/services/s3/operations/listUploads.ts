// ListMultipartUploads and ListParts.
import type { Operations } from "../../../call.ts";
import { invalidArgument } from "../errors.ts";
import { listPage } from "../listing.ts";
import { checkKey, checkOwner, checksumMember, COMMON, quoted, required, timeOf } from "../members.ts";
import type { PartRecord, UploadRecord } from "../records.ts";
import { findUpload } from "../uploads.ts";
import type { S3 } from "../versions.ts";
import { encoder, ownerOf, pageSize } from "./list.ts";

export function listUploadsOperations(s3: S3): Pick<Operations<"s3">, "ListMultipartUploads" | "ListParts"> {
  return {
    ListMultipartUploads: {
      fields: [...COMMON, "Prefix", "Delimiter", "MaxUploads", "EncodingType", "KeyMarker", "UploadIdMarker"],
      async run(input) {
        const bucket = required("Bucket", input.Bucket);
        checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
        s3.store.bucket(bucket);
        const encode = encoder(input.EncodingType);
        const limit = pageSize("max-uploads", input.MaxUploads);
        const delimiter = input.Delimiter === "" ? undefined : input.Delimiter;
        const marker = input.KeyMarker;
        // Without a key marker the upload marker is not heeded, as documented.
        const idMarker = marker === undefined || input.UploadIdMarker === "" ? undefined : input.UploadIdMarker;
        const page = await listPage<UploadRecord>(
          (from) => s3.store.uploadsFrom(bucket, from),
          {
            prefix: input.Prefix ?? "",
            delimiter,
            after: marker,
            limit,
          },
          ({ key, uploadId }) => key !== marker || (idMarker !== undefined && uploadId > idMarker),
        );
        const { last } = page;
        return {
          Bucket: bucket,
          KeyMarker: encode(marker ?? ""),
          UploadIdMarker: input.UploadIdMarker ?? "",
          Prefix: encode(input.Prefix ?? ""),
          ...(delimiter === undefined ? {} : { Delimiter: encode(delimiter) }),
          ...(page.truncated && last !== undefined
            ? typeof last === "string"
              ? { NextKeyMarker: encode(last) }
              : { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.uploadId }
            : {}),
          ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
          MaxUploads: limit,
          IsTruncated: page.truncated,
          Uploads: page.items.map((upload) => ({
            Key: encode(upload.key),
            UploadId: upload.uploadId,
            Initiated: timeOf(upload.initiated),
            Owner: ownerOf(s3),
            Initiator: ownerOf(s3),
            ...describe(upload),
          })),
          CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        };
      },
    },
    ListParts: {
      fields: [...COMMON, "Key", "UploadId", "MaxParts", "PartNumberMarker"],
      async run(input) {
        const bucket = required("Bucket", input.Bucket);
        checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
        const upload = findUpload(s3, bucket, checkKey(input.Key), input.UploadId);
        const limit = pageSize("max-parts", input.MaxParts);
        const marker = Number(input.PartNumberMarker ?? "0");
        if (!Number.isInteger(marker) || marker < 0) {
          throw invalidArgument(
            "part-number-marker",
            input.PartNumberMarker,
            "Argument part-number-marker must be an integer between 0 and 2147483647",
          );
        }
        const parts: PartRecord[] = [];
        let truncated = false;
        for await (const part of s3.store.parts(upload.uploadId, marker)) {
          truncated = parts.length === limit;
          if (truncated) break;
          parts.push(part);
        }
        return {
          Bucket: bucket,
          Key: upload.key,
          UploadId: upload.uploadId,
          PartNumberMarker: String(marker),
          NextPartNumberMarker: String(parts.at(-1)?.number ?? 0),
          MaxParts: limit,
          IsTruncated: truncated && limit > 0,
          Parts: parts.map(({ number, modified, etag, size, checksum }) => ({
            PartNumber: number,
            LastModified: timeOf(modified),
            ETag: quoted(etag),
            Size: size,
            ...checksumMember(checksum),
          })),
          Initiator: ownerOf(s3),
          Owner: ownerOf(s3),
          ...describe(upload),
        };
      },
    },
  };
}

function describe({ storageClass, checksumName, checksumType }: UploadRecord) {
  return {
    StorageClass: (storageClass ?? "STANDARD") as "STANDARD",
    ...(checksumName === undefined ? {} : { ChecksumAlgorithm: checksumName.toUpperCase() as "CRC32" }),
    ...(checksumType === undefined ? {} : { ChecksumType: checksumType }),
  };
}
