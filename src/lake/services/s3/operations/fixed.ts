// What tools ask of every bucket and what can only have one answer here, because the operations that would change it are not implemented.
import type { Operation, OperationName, Operations, Output } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { findVersion } from "../found.ts";
import { checkKey, checkOwner, checksumMembers, COMMON, required, versionMember, timeOf } from "../members.ts";
import { invalidArgument } from "../errors.ts";
import type { S3 } from "../versions.ts";
import { ownerOf } from "./list.ts";

type FixedOperations =
  | "GetBucketAcl"
  | "GetObjectAcl"
  | "GetBucketLogging"
  | "GetBucketRequestPayment"
  | "GetBucketAccelerateConfiguration"
  | "GetBucketNotificationConfiguration"
  | "GetBucketCors"
  | "GetBucketWebsite"
  | "GetBucketReplication"
  | "GetObjectLockConfiguration"
  | "GetObjectAttributes";

interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

export function fixedOperations(s3: S3): Pick<Operations<"s3">, FixedOperations> {
  const check = (input: BucketInput) => {
    checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
    return s3.store.bucket(required("Bucket", input.Bucket)).name;
  };
  const always = <O extends OperationName<"s3">>(output: Output<"s3", O>): Operation<"s3", O> => ({
    fields: COMMON,
    run(input) {
      check(input as BucketInput);
      return output;
    },
  });
  const missing = <O extends OperationName<"s3">>(code: string, message: string): Operation<"s3", O> => ({
    fields: COMMON,
    run(input) {
      throw new ServiceError(code, message, { status: 404, members: { BucketName: check(input as BucketInput) } });
    },
  });
  // ACLs are off (bucket owner enforced): the owner has all, nobody else has any.
  const acl = (): Output<"s3", "GetBucketAcl"> => ({
    Owner: ownerOf(s3),
    Grants: [{ Grantee: { Type: "CanonicalUser", ...ownerOf(s3) }, Permission: "FULL_CONTROL" }],
  });
  return {
    GetBucketAcl: {
      fields: COMMON,
      run(input) {
        check(input);
        return acl();
      },
    },
    GetObjectAcl: {
      fields: [...COMMON, "Key", "VersionId"],
      async run(input) {
        await findVersion(s3, check(input), checkKey(input.Key), input.VersionId);
        return acl();
      },
    },
    GetBucketLogging: always({}),
    GetBucketRequestPayment: always({ Payer: "BucketOwner" }),
    GetBucketAccelerateConfiguration: always({}),
    GetBucketNotificationConfiguration: always({}),
    GetBucketCors: missing("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    GetBucketWebsite: missing(
      "NoSuchWebsiteConfiguration",
      "The specified bucket does not have a website configuration",
    ),
    GetBucketReplication: missing(
      "ReplicationConfigurationNotFoundError",
      "The replication configuration was not found",
    ),
    GetObjectLockConfiguration: missing(
      "ObjectLockConfigurationNotFoundError",
      "Object Lock configuration does not exist for this bucket",
    ),
    GetObjectAttributes: {
      fields: [...COMMON, "Key", "VersionId", "ObjectAttributes", "MaxParts", "PartNumberMarker"],
      async run(input): Promise<Output<"s3", "GetObjectAttributes">> {
        const bucket = check(input);
        const found = await findVersion(s3, bucket, checkKey(input.Key), input.VersionId);
        const { object } = found;
        const asked = new Set<string>(input.ObjectAttributes ?? []);
        const known = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];
        if (asked.size === 0 || [...asked].some((name) => !known.includes(name))) {
          throw invalidArgument("x-amz-object-attributes", [...asked].join(","), "Invalid attribute name specified.");
        }
        return {
          LastModified: timeOf(found.modified),
          ...versionMember(s3.store.bucket(bucket).versioning, found),
          ...(asked.has("ETag") ? { ETag: object.etag } : {}),
          ...(asked.has("Checksum") && object.checksum !== undefined
            ? { Checksum: checksumMembers(object.checksum) }
            : {}),
          ...(asked.has("ObjectParts") && object.parts !== undefined
            ? { ObjectParts: partsPage(object.parts, input) }
            : {}),
          ...(asked.has("StorageClass") ? { StorageClass: (object.storageClass ?? "STANDARD") as "STANDARD" } : {}),
          ...(asked.has("ObjectSize") ? { ObjectSize: object.size } : {}),
        };
      },
    },
  };
}

function partsPage(
  parts: readonly { readonly size: number }[],
  { MaxParts, PartNumberMarker }: { MaxParts?: number | undefined; PartNumberMarker?: string | undefined },
) {
  const marker = Number(PartNumberMarker ?? "0");
  const limit = Math.min(MaxParts ?? 1000, 1000);
  const page = parts.map(({ size }, index) => ({ PartNumber: index + 1, Size: size })).slice(marker, marker + limit);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.PartNumber ?? marker),
    MaxParts: limit,
    IsTruncated: marker + page.length < parts.length,
    Parts: page,
  };
}
