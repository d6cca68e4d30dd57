// Multipart uploads: parts come and go until they are joined into one version, or dropped.
import { createHash } from "node:crypto";
import { ServiceError } from "../../fault.ts";
import { type ChecksumName, createDigest } from "../../hashing/checksums.ts";
import { canCombine, combineCrcs } from "../../hashing/combine.ts";
import { invalidArgument, noSuchUpload } from "./errors.ts";
import type { Segment } from "./files.ts";
import type { PartRecord, StoredChecksum, UploadRecord } from "./records.ts";
import { fileKey, partKey, uploadKey } from "./store.ts";
import type { S3 } from "./versions.ts";

/** Every part but the last has at least this many bytes. */
const LEAST = 5 * 1024 * 1024;

export function findUpload(s3: S3, bucket: string, key: string, uploadId: string | undefined): UploadRecord {
  s3.store.bucket(bucket);
  const upload = s3.store.upload(bucket, key, uploadId ?? "");
  if (upload === undefined) throw noSuchUpload(uploadId ?? "");
  return upload;
}

export function checkPartNumber(number: number | undefined): number {
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > 10_000) {
    throw invalidArgument("partNumber", number ?? "", "Part number must be an integer between 1 and 10000, inclusive");
  }
  return number;
}

/** Keeps a part whose bytes are on disk; one of the same number is replaced. Drops the bytes where the upload is gone. */
export async function putPart(s3: S3, { bucket, key, uploadId }: UploadRecord, part: PartRecord): Promise<void> {
  let handedOver = false;
  try {
    await s3.store.changeKey(bucket, key, async () => {
      findUpload(s3, bucket, key, uploadId);
      const replaced = s3.store.part(uploadId, part.number);
      handedOver = true;
      await s3.store.write((writer) => {
        for (const { file } of replaced?.segments ?? []) writer.delete(fileKey(file));
        for (const { file } of part.segments) writer.put(fileKey(file), 1);
        writer.put(partKey(uploadId, part.number), part);
      });
      s3.files.settle(part.segments);
      await s3.files.discard(replaced?.segments ?? []);
    });
  } catch (error) {
    if (!handedOver) await s3.files.discard(part.segments);
    throw error;
  }
}

/** Forgets an upload and its parts. Runs alone on the key. */
export async function dropUpload(s3: S3, upload: UploadRecord): Promise<void> {
  const segments: Segment[] = [];
  const numbers: number[] = [];
  for await (const part of s3.store.parts(upload.uploadId)) {
    numbers.push(part.number);
    segments.push(...part.segments);
  }
  await s3.store.write((writer) => {
    writer.delete(uploadKey(upload.bucket, upload.key, upload.uploadId));
    for (const number of numbers) writer.delete(partKey(upload.uploadId, number));
    for (const { file } of segments) writer.delete(fileKey(file));
  });
  await s3.files.discard(segments);
}

export interface AskedPart {
  readonly PartNumber?: number | undefined;
  readonly ETag?: string | undefined;
  /** Given checksums by SDK member. */
  readonly [member: string]: unknown;
}

/** The parts that a completion names, checked; throws InvalidPart, InvalidPartOrder, EntityTooSmall. */
export function chooseParts(s3: S3, uploadId: string, asked: readonly AskedPart[]): PartRecord[] {
  let before = 0;
  const chosen = asked.map((item) => {
    const number = checkPartNumber(item.PartNumber);
    if (number <= before) {
      throw new ServiceError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
      );
    }
    before = number;
    const part = s3.store.part(uploadId, number);
    const etag = (item.ETag ?? "").replace(/^"(.*)"$/, "$1");
    const checksum = part?.checksum === undefined ? undefined : item[`Checksum${part.checksum.name.toUpperCase()}`];
    if (part === undefined || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum?.value)) {
      throw new ServiceError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { members: { UploadId: uploadId, PartNumber: number, ETag: etag } },
      );
    }
    return part;
  });
  for (const { number, size, etag } of chosen.slice(0, -1)) {
    if (size < LEAST) {
      throw new ServiceError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
        members: { ProposedSize: size, MinSizeAllowed: LEAST, PartNumber: number, ETag: etag },
      });
    }
  }
  return chosen;
}

/** The MD5 of the parts' MD5s, and their number: "...-3". */
export function joinedEtag(parts: readonly PartRecord[]): string {
  return `${createHash("md5")
    .update(Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex"))))
    .digest("hex")}-${parts.length}`;
}

/** The checksum of the whole: of the bytes (FULL_OBJECT), or of the parts' checksums (COMPOSITE). */
export async function joinedChecksum(
  upload: UploadRecord,
  parts: readonly PartRecord[],
): Promise<StoredChecksum | undefined> {
  const { checksumName: name, checksumType: type } = upload;
  if (name === undefined || type === undefined) return undefined;
  if (type === "FULL_OBJECT") {
    const crcs = parts.map(({ checksum, size }) => ({ value: checksum?.value ?? "", size }));
    return { name, type, value: combineCrcs(name, crcs) };
  }
  const digest = createDigest(name);
  for (const { checksum } of parts) digest.update(Buffer.from(checksum?.value ?? "", "base64"));
  return { name, type, value: `${Buffer.from(await digest.digest()).toString("base64")}-${parts.length}` };
}

/** Which of the two a new upload has. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
export function checksumTypeOf(
  name: ChecksumName | undefined,
  asked: string | undefined,
): StoredChecksum["type"] | undefined {
  if (name === undefined) {
    if (asked !== undefined)
      throw new ServiceError(
        "InvalidRequest",
        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
      );
    return undefined;
  }
  const type = asked ?? (name === "crc64nvme" ? "FULL_OBJECT" : "COMPOSITE");
  if (
    (type === "FULL_OBJECT" && !canCombine(name)) ||
    (type === "COMPOSITE" && name === "crc64nvme") ||
    !["FULL_OBJECT", "COMPOSITE"].includes(type)
  ) {
    throw new ServiceError(
      "InvalidRequest",
      `The ${type} checksum type cannot be used with the ${name} checksum algorithm.`,
    );
  }
  return type as StoredChecksum["type"];
}
