// CreateMultipartUpload, UploadPart, UploadPartCopy, CompleteMultipartUpload, AbortMultipartUpload.
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import type { ChecksumName } from "../../../hashing/checksums.ts";
import { takeBody } from "../bodies.ts";
import { checkWrite } from "../conditions.ts";
import { copyBytes, findSource, parseCopySource, SOURCE_FIELDS } from "../copying.ts";
import { invalidArgument, malformedXml } from "../errors.ts";
import type { ByteRange } from "../files.ts";
import {
  checkKey,
  checkOwner,
  checksumMember,
  checksumMembers,
  checksumNameOf,
  COMMON,
  DESCRIPTION,
  DIGESTS,
  descriptionOf,
  quoted,
  required,
  versionMember,
  timeOf,
} from "../members.ts";
import type { ObjectRecord, PartRecord, UploadRecord } from "../records.ts";
import { fileKey, partKey, uploadIdAt, uploadKey } from "../store.ts";
import {
  checkPartNumber,
  checksumTypeOf,
  chooseParts,
  dropUpload,
  findUpload,
  joinedChecksum,
  joinedEtag,
  putPart,
} from "../uploads.ts";
import { putVersion, type S3 } from "../versions.ts";

type MultipartOperations =
  | "CreateMultipartUpload"
  | "UploadPart"
  | "UploadPartCopy"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload";

const CHECKSUM_MEMBERS = [
  "ChecksumCRC32",
  "ChecksumCRC32C",
  "ChecksumCRC64NVME",
  "ChecksumSHA1",
  "ChecksumSHA256",
  "ChecksumSHA512",
] as const;

export function multipartOperations(s3: S3): Pick<Operations<"s3">, MultipartOperations> {
  const place = (input: {
    Bucket?: string | undefined;
    Key?: string | undefined;
    ExpectedBucketOwner?: string | undefined;
  }) => {
    checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
    return { bucket: required("Bucket", input.Bucket), key: checkKey(input.Key) };
  };
  return {
    CreateMultipartUpload: {
      fields: [...COMMON, ...DESCRIPTION, "Key", "ChecksumAlgorithm", "ChecksumType"],
      async run(input) {
        const { bucket, key } = place(input);
        const description = descriptionOf(input);
        const name = checksumNameOf(input.ChecksumAlgorithm);
        const type = checksumTypeOf(name, input.ChecksumType);
        const initiated = s3.lake.clock.now();
        const upload: UploadRecord = {
          ...description,
          bucket,
          key,
          uploadId: uploadIdAt(initiated),
          initiated,
          ...(name === undefined ? {} : { checksumName: name }),
          ...(type === undefined ? {} : { checksumType: type }),
        };
        await s3.store.changeKey(bucket, key, () =>
          s3.store.write((writer) => writer.put(uploadKey(bucket, key, upload.uploadId), upload)),
        );
        return {
          Bucket: bucket,
          Key: key,
          UploadId: upload.uploadId,
          ServerSideEncryption: "AES256",
          ...(name === undefined ? {} : { ChecksumAlgorithm: name.toUpperCase() as "CRC32" }),
          ...(type === undefined ? {} : { ChecksumType: type }),
        };
      },
    },
    UploadPart: {
      fields: [...COMMON, ...DIGESTS, "Key", "PartNumber", "UploadId", "Body", "ContentLength"],
      async run(input, { signal }) {
        const { bucket, key } = place(input);
        const number = checkPartNumber(input.PartNumber);
        const upload = findUpload(s3, bucket, key, input.UploadId);
        const taken = await takeBody(
          s3.files,
          input.Body,
          signal,
          upload.checksumName ?? checksumNameOf(input.ChecksumAlgorithm),
        );
        const { size, etag, segments, checksum } = taken;
        const expected = upload.checksumName;
        if (expected !== undefined && checksum?.name !== expected) {
          await s3.files.discard(segments);
          throw mismatch(expected, checksum?.name);
        }
        await putPart(s3, upload, {
          number,
          size,
          etag,
          segments,
          modified: s3.lake.clock.now(),
          ...(checksum === undefined ? {} : { checksum: { name: checksum.name, value: checksum.value } }),
        });
        return { ETag: quoted(etag), ServerSideEncryption: "AES256", ...checksumMember(checksum) };
      },
    },
    UploadPartCopy: {
      fields: [...COMMON, ...SOURCE_FIELDS, "Key", "PartNumber", "UploadId", "CopySourceRange"],
      async run(input, { signal }) {
        const { bucket, key } = place(input);
        const number = checkPartNumber(input.PartNumber);
        const upload = findUpload(s3, bucket, key, input.UploadId);
        const named = parseCopySource(input.CopySource);
        const find = () => findSource(s3, named, input);
        const copied = await copyBytes(
          s3,
          find,
          (size) => copyRange(input.CopySourceRange, size),
          upload.checksumName,
          signal,
        );
        const { size, etag, segments, checksum, source } = copied;
        const modified = s3.lake.clock.now();
        await putPart(s3, upload, {
          number,
          size,
          etag,
          segments,
          modified,
          ...(checksum === undefined ? {} : { checksum: { name: checksum.name, value: checksum.value } }),
        });
        return {
          CopyPartResult: { ETag: quoted(etag), LastModified: timeOf(modified), ...checksumMember(checksum) },
          ServerSideEncryption: "AES256",
          ...(s3.store.findBucket(named.bucket)?.versioning === undefined
            ? {}
            : { CopySourceVersionId: source.versionId }),
        };
      },
    },
    CompleteMultipartUpload: {
      fields: [
        ...COMMON,
        ...CHECKSUM_MEMBERS,
        ...["PartNumber", "ETag", ...CHECKSUM_MEMBERS].map((name) => `MultipartUpload.Parts.${name}`),
        "Key",
        "UploadId",
        "ChecksumType",
        "MpuObjectSize",
        "IfMatch",
        "IfNoneMatch",
      ],
      async run(input) {
        const { bucket, key } = place(input);
        const { versioning } = s3.store.bucket(bucket);
        const upload = findUpload(s3, bucket, key, input.UploadId);
        const asked = input.MultipartUpload?.Parts ?? [];
        if (asked.length === 0) throw malformedXml();
        const parts = chooseParts(
          s3,
          upload.uploadId,
          asked.map((part) => ({ ...part })),
        );
        const checksum = await joinedChecksum(upload, parts);
        const size = parts.reduce((sum, part) => sum + part.size, 0);
        checkWhole(input, upload, checksum, size);
        const etag = joinedEtag(parts);
        const object: ObjectRecord = {
          headers: upload.headers,
          metadata: upload.metadata,
          ...(upload.tags === undefined ? {} : { tags: upload.tags }),
          ...(upload.storageClass === undefined ? {} : { storageClass: upload.storageClass }),
          size,
          etag,
          segments: parts.flatMap(({ segments }) => segments),
          ...(checksum === undefined ? {} : { checksum }),
          parts: parts.map((part) => ({
            size: part.size,
            ...(part.checksum === undefined ? {} : { checksum: part.checksum.value }),
          })),
        };
        const version = await complete(s3, upload, object, input, new Map(parts.map((part) => [part.number, part])));
        return {
          Location: `${s3.lake.endpoint}/${bucket}/${encodeURIComponent(key)}`,
          Bucket: bucket,
          Key: key,
          ETag: quoted(etag),
          ServerSideEncryption: "AES256",
          ...checksumMembers(checksum),
          ...versionMember(versioning, version),
        };
      },
    },
    AbortMultipartUpload: {
      fields: [...COMMON, "Key", "UploadId", "IfMatchInitiatedTime"],
      async run(input) {
        const { bucket, key } = place(input);
        await s3.store.changeKey(bucket, key, async () => {
          const upload = findUpload(s3, bucket, key, input.UploadId);
          const time = input.IfMatchInitiatedTime;
          if (time !== undefined && Math.floor(time.getTime() / 1000) !== Math.floor(upload.initiated / 1000)) {
            throw new ServiceError(
              "PreconditionFailed",
              "At least one of the pre-conditions you specified did not hold",
              { status: 412 },
            );
          }
          await dropUpload(s3, upload);
        });
        return {};
      },
    },
  };
}

/** One batch: the version appears, the upload and all its parts go, and so do the bytes of parts that were not named. */
async function complete(
  s3: S3,
  upload: UploadRecord,
  object: ObjectRecord,
  input: { IfMatch?: string | undefined; IfNoneMatch?: string | undefined },
  chosen: ReadonlyMap<number, PartRecord>,
) {
  const { bucket, key, uploadId } = upload;
  const numbers: number[] = [];
  const unused: { file: string; size: number }[] = [];
  return putVersion(s3, bucket, key, object, {
    indexed: true,
    async check(current) {
      findUpload(s3, bucket, key, uploadId);
      checkWrite(key, input, current);
      let found = 0;
      for await (const part of s3.store.parts(uploadId)) {
        numbers.push(part.number);
        if (!chosen.has(part.number)) unused.push(...part.segments);
        else if (chosen.get(part.number)?.segments[0]?.file === part.segments[0]?.file) found += 1;
      }
      // A part was replaced while this was on its way.
      if (found !== chosen.size)
        throw new ServiceError("OperationAborted", "A conflicting operation is in progress on this upload.", {
          status: 409,
        });
    },
    also(writer) {
      writer.delete(uploadKey(bucket, key, uploadId));
      for (const number of numbers) writer.delete(partKey(uploadId, number));
      for (const { file } of unused) writer.delete(fileKey(file));
    },
    drops: () => unused,
  });
}

/** What the client says of the whole object. */
function checkWhole(
  input: { MpuObjectSize?: number | undefined; ChecksumType?: string | undefined } & Partial<
    Record<(typeof CHECKSUM_MEMBERS)[number], string | undefined>
  >,
  upload: UploadRecord,
  checksum: { name: ChecksumName; value: string } | undefined,
  size: number,
): void {
  const { MpuObjectSize, ChecksumType } = input;
  if (MpuObjectSize !== undefined && MpuObjectSize !== size) {
    throw new ServiceError(
      "InvalidRequest",
      `The provided 'x-amz-mp-object-size' header value ${MpuObjectSize} does not match what was computed: ${size}`,
    );
  }
  if (ChecksumType !== undefined && ChecksumType !== upload.checksumType) {
    throw new ServiceError(
      "InvalidRequest",
      `The upload was created using the ${upload.checksumType ?? "null"} checksum type, not ${ChecksumType}.`,
    );
  }
  for (const member of CHECKSUM_MEMBERS) {
    const given = input[member];
    if (given === undefined) continue;
    if (checksum === undefined || member !== `Checksum${checksum.name.toUpperCase()}`)
      throw mismatch(checksum?.name, member.slice(8).toLowerCase());
    if (given !== checksum.value && given !== checksum.value.replace(/-\d+$/, "")) {
      throw new ServiceError("BadDigest", `The ${checksum.name} you specified did not match the calculated checksum.`);
    }
  }
}

function mismatch(expected: string | undefined, actual: string | undefined): ServiceError {
  return new ServiceError(
    "InvalidRequest",
    `Checksum Type mismatch occurred, expected checksum Type: ${expected ?? "null"}, actual checksum Type: ${actual ?? "null"}`,
  );
}

/** "bytes=first-last", and nothing else. */
function copyRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const range = { start: Number(match?.[1]), end: Number(match?.[2]) };
  if (match === null || range.end < range.start) {
    throw invalidArgument(
      "x-amz-copy-source-range",
      header,
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
    );
  }
  if (range.end >= size)
    throw invalidArgument(
      "x-amz-copy-source-range",
      header,
      `Range specified is not valid for source object of size: ${size}`,
    );
  return range;
}
