// What a request would need on AWS, in IAM's terms: for the log, against which a stack's roles are held.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
import type { Access } from "../../lake.ts";
import { parseCopySource } from "./copying.ts";

interface NamedInput {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly VersionId?: string;
  readonly Prefix?: string;
  readonly CopySource?: string;
  readonly Tagging?: unknown;
  readonly Delete?: { readonly Objects?: readonly { readonly Key?: string; readonly VersionId?: string }[] };
}

/** Actions on an object; those with a version of their own name take it where one is asked for. */
const OBJECT: Readonly<Record<string, readonly string[]>> = {
  GetObject: ["GetObject"],
  HeadObject: ["GetObject"],
  GetObjectAttributes: ["GetObject", "GetObjectAttributes"],
  GetObjectAcl: ["GetObjectAcl"],
  GetObjectTagging: ["GetObjectTagging"],
  PutObject: ["PutObject"],
  CopyObject: ["PutObject"],
  DeleteObject: ["DeleteObject"],
  PutObjectTagging: ["PutObjectTagging"],
  DeleteObjectTagging: ["DeleteObjectTagging"],
  CreateMultipartUpload: ["PutObject"],
  UploadPart: ["PutObject"],
  UploadPartCopy: ["PutObject"],
  CompleteMultipartUpload: ["PutObject"],
  AbortMultipartUpload: ["AbortMultipartUpload"],
  ListParts: ["ListMultipartUploadParts"],
};

const VERSIONED = /^(Get|Delete|Put)Object(?=$|Acl|Attributes|Tagging)/;

/** Actions on a bucket whose names are not their operations'. */
const BUCKET: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  ListMultipartUploads: "ListBucketMultipartUploads",
  GetBucketEncryption: "GetEncryptionConfiguration",
  PutBucketEncryption: "PutEncryptionConfiguration",
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  DeleteBucketTagging: "PutBucketTagging",
  GetBucketAccelerateConfiguration: "GetAccelerateConfiguration",
  GetBucketNotificationConfiguration: "GetBucketNotification",
  GetBucketCors: "GetBucketCORS",
  GetBucketReplication: "GetReplicationConfiguration",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
};

export function accessesOf(operation: string, input: NamedInput): Access[] {
  if (operation === "ListBuckets") return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
  const bucket = `arn:aws:s3:::${input.Bucket ?? ""}`;
  if (operation === "DeleteObjects") {
    return (input.Delete?.Objects ?? []).map(({ Key = "", VersionId }) => ({
      action: VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
      resource: `${bucket}/${Key}`,
    }));
  }
  const actions = OBJECT[operation];
  if (actions !== undefined) {
    const tags = input.Tagging !== undefined && operation !== "PutObjectTagging" ? ["PutObjectTagging"] : [];
    const own = [...actions, ...tags].map((action) => ({
      action: `s3:${input.VersionId === undefined ? action : action.replace(VERSIONED, "$1ObjectVersion")}`,
      resource: `${bucket}/${input.Key ?? ""}`,
    }));
    return input.CopySource === undefined ? own : [...sourceOf(input.CopySource), ...own];
  }
  const tiering = /^(Get|List|Put|Delete)BucketIntelligentTieringConfigurations?$/.exec(operation)?.[1];
  const action =
    tiering === undefined
      ? (BUCKET[operation] ?? operation)
      : `${tiering === "Get" || tiering === "List" ? "Get" : "Put"}IntelligentTieringConfiguration`;
  const prefix = input.Prefix;
  return [
    { action: `s3:${action}`, resource: bucket, ...(prefix === undefined ? {} : { context: { "s3:prefix": prefix } }) },
  ];
}

function sourceOf(text: string): Access[] {
  try {
    const { bucket, key, versionId } = parseCopySource(text);
    return [
      {
        action: versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion",
        resource: `arn:aws:s3:::${bucket}/${key}`,
      },
    ];
  } catch {
    // A source that names nothing needs no right; the operation refuses it.
    return [];
  }
}
