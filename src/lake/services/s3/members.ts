// Members that many S3 operations share: what is taken in, what has no effect here, and how a version is described in an answer.
import type { Output } from "../../call.ts";
import { CHECKSUMS, type ChecksumName } from "../../hashing/checksums.ts";
import { notImplemented, ServiceError } from "../../fault.ts";
import { accessDenied, invalidArgument } from "./errors.ts";
import type { ContentHeaders, Description, ObjectRecord, StoredChecksum, VersionRecord } from "./records.ts";

/** Without effect here: nobody pays, and one account owns all (checked by `checkOwner`). */
export const COMMON = ["Bucket", "RequestPayer", "ExpectedBucketOwner"];
/** Digests that the payload has checked before the operation ends. */
export const DIGESTS = [
  "ChecksumAlgorithm",
  "ChecksumCRC32",
  "ChecksumCRC32C",
  "ChecksumCRC64NVME",
  "ChecksumSHA1",
  "ChecksumSHA256",
  "ChecksumSHA512",
  "ContentMD5",
];
/** What an object is described by when it is written. */
export const DESCRIPTION = [
  "CacheControl",
  "ContentDisposition",
  "ContentEncoding",
  "ContentLanguage",
  "ContentType",
  "Expires",
  "WebsiteRedirectLocation",
  "Metadata",
  "Tagging",
  "StorageClass",
  "ServerSideEncryption",
  "ACL",
];

interface Described {
  CacheControl?: string | undefined;
  ContentDisposition?: string | undefined;
  ContentEncoding?: string | undefined;
  ContentLanguage?: string | undefined;
  ContentType?: string | undefined;
  Expires?: Date | undefined;
  WebsiteRedirectLocation?: string | undefined;
  Metadata?: Record<string, string> | undefined;
  Tagging?: string | undefined;
  StorageClass?: string | undefined;
  ServerSideEncryption?: string | undefined;
  ACL?: string | undefined;
}

/** The bytes of names and values of user metadata that S3 allows. */
const METADATA_LIMIT = 2048;

export function descriptionOf(input: Described): Description {
  checkEncryption(input.ServerSideEncryption);
  checkAcl(input.ACL);
  const { CacheControl, ContentDisposition, ContentLanguage, WebsiteRedirectLocation } = input;
  // aws-chunked says how the bytes travelled, not what they are.
  const encoding = (input.ContentEncoding ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "aws-chunked")
    .join(",");
  const headers: ContentHeaders = {
    ...(CacheControl === undefined ? {} : { CacheControl }),
    ...(ContentDisposition === undefined ? {} : { ContentDisposition }),
    ...(encoding === "" ? {} : { ContentEncoding: encoding }),
    ...(ContentLanguage === undefined ? {} : { ContentLanguage }),
    ContentType: input.ContentType ?? "binary/octet-stream",
    ...(input.Expires === undefined ? {} : { Expires: input.Expires.toUTCString() }),
    ...(WebsiteRedirectLocation === undefined ? {} : { WebsiteRedirectLocation }),
  };
  const metadata = input.Metadata ?? {};
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (size > METADATA_LIMIT) {
    throw new ServiceError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      members: { Size: size, MaxSizeAllowed: METADATA_LIMIT },
    });
  }
  return {
    headers,
    metadata,
    ...(input.Tagging === undefined || input.Tagging === "" ? {} : { tags: tagsOfQuery(input.Tagging) }),
    ...storageClassOf(input.StorageClass),
  };
}

/** "a=1&b=2" */
export function tagsOfQuery(text: string): Record<string, string> {
  return checkTags(
    [...new URLSearchParams(text)].map(([Key, Value]) => ({ Key, Value })),
    10,
  );
}

export function checkTags(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[],
  most: number,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { Key = "", Value = "" } of tags) {
    if (Key.length === 0 || Key.length > 128)
      throw new ServiceError("InvalidTag", "The TagKey you have provided is invalid");
    if (Value.length > 256) throw new ServiceError("InvalidTag", "The TagValue you have provided is invalid");
    if (Object.hasOwn(result, Key))
      throw new ServiceError("InvalidTag", "Cannot provide multiple Tags with the same key");
    result[Key] = Value;
  }
  const count = Object.keys(result).length;
  if (count > most) throw new ServiceError("BadRequest", `Object tags cannot be greater than ${most}`);
  return result;
}

/** Archived classes would have to be restored before they can be read. The others are kept as a name. */
function storageClassOf(name: string | undefined): { storageClass?: string } {
  if (name === undefined || name === "STANDARD") return {};
  if (["GLACIER", "DEEP_ARCHIVE", "SNOW", "OUTPOSTS", "FSX_OPENZFS", "EXPRESS_ONEZONE"].includes(name)) {
    throw notImplemented(`the storage class ${name}`);
  }
  if (!["INTELLIGENT_TIERING", "STANDARD_IA", "ONEZONE_IA", "GLACIER_IR", "REDUCED_REDUNDANCY"].includes(name)) {
    throw new ServiceError("InvalidStorageClass", "The storage class you specified is not valid");
  }
  return { storageClass: name };
}

/** Bytes lie on the laptop's disk as they are. AES256 is what every AWS object has at least, so it is answered. */
export function checkEncryption(algorithm: string | undefined): void {
  if (algorithm !== undefined && algorithm !== "AES256")
    throw notImplemented(`server-side encryption with ${algorithm}`);
}

/** Buckets have Object Ownership "bucket owner enforced": ACLs are off, but for the two that say so. */
export function checkAcl(acl: string | undefined): void {
  if (acl !== undefined && acl !== "private" && acl !== "bucket-owner-full-control") {
    throw new ServiceError("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
}

export function checkOwner(expected: string | undefined, accountId: string): void {
  if (expected !== undefined && expected !== accountId) throw accessDenied();
}

/** A label that the path always carries; within the lake a caller might leave it out. */
export function required(name: string, value: string | undefined): string {
  if (value === undefined) throw invalidArgument(name, "", `The parameter ${name} is required.`);
  return value;
}

/** S3 keys are 1 to 1,024 bytes of UTF-8. */
export function checkKey(key: string | undefined): string {
  const given = required("Key", key);
  const size = Buffer.byteLength(given);
  if (size > 1024) {
    throw new ServiceError("KeyTooLongError", "Your key is too long", {
      members: { Size: size, MaxSizeAllowed: 1024 },
    });
  }
  if (size === 0) throw invalidArgument("Key", "", "The parameter Key is required.");
  return given;
}

/** S3's times have whole seconds, in lists as in headers: clients compare the two. */
export function timeOf(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

type ChecksumMembers = Pick<
  Output<"s3", "PutObject">,
  "ChecksumCRC32" | "ChecksumCRC32C" | "ChecksumCRC64NVME" | "ChecksumSHA1" | "ChecksumSHA256" | "ChecksumSHA512"
>;

/** { ChecksumCRC32: "..." } */
export function checksumMember(checksum: { name: ChecksumName; value: string } | undefined): ChecksumMembers {
  return checksum === undefined ? {} : { [`Checksum${checksum.name.toUpperCase()}`]: checksum.value };
}

export function checksumMembers(
  checksum: StoredChecksum | undefined,
): ChecksumMembers & Pick<Output<"s3", "PutObject">, "ChecksumType"> {
  return checksum === undefined ? {} : { ...checksumMember(checksum), ChecksumType: checksum.type };
}

/** x-amz-sdk-checksum-algorithm and the like, as our name. */
export function checksumNameOf(algorithm: string | undefined): ChecksumName | undefined {
  if (algorithm === undefined) return undefined;
  const name = CHECKSUMS.find((candidate) => candidate === algorithm.toLowerCase());
  if (name === undefined) throw notImplemented(`the checksum algorithm ${algorithm}`);
  return name;
}

/** The version id as answers carry it: absent in a bucket that was never versioned. */
export function versionMember(versioning: string | undefined, version: VersionRecord): { VersionId?: string } {
  return versioning === undefined ? {} : { VersionId: version.versionId };
}

export function tagCount(object: ObjectRecord): { TagCount?: number } {
  const count = Object.keys(object.tags ?? {}).length;
  return count === 0 ? {} : { TagCount: count };
}
