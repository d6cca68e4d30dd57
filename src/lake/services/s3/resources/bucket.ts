// AWS::S3::Bucket and AWS::S3::BucketPolicy for CloudFormation.
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Properties, ResourceState, ResourceType } from "../../../resource.ts";

type Plain = Readonly<Record<string, unknown>>;

export function bucketType(lake: Lake): ResourceType {
  const state = (name: string): ResourceState => ({
    physicalId: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${lake.region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${lake.region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${lake.region}.amazonaws.com`,
    },
  });
  return {
    type: "AWS::S3::Bucket",
    properties: [
      "BucketName",
      "VersioningConfiguration.Status",
      "BucketEncryption",
      "PublicAccessBlockConfiguration",
      "OwnershipControls",
      "LifecycleConfiguration",
      "Tags",
    ],
    async create(properties, context) {
      const name = (properties["BucketName"] as string | undefined) ?? context.generatedName(63, { lowerCase: true });
      await context.initiated?.(name);
      // A bucket that this call did not make is not its to delete, nor to take over.
      if (await exists(lake, name)) throw new ServiceError("BucketAlreadyExists", `${name} already exists`);
      await lake.call("s3", "CreateBucket", { Bucket: name });
      try {
        await configure(lake, name, {}, properties, context.tags);
        await lake.call("s3", "HeadBucket", { Bucket: name });
      } catch (error) {
        await lake.call("s3", "DeleteBucket", { Bucket: name });
        throw error;
      }
      return state(name);
    },
    async update(physicalId, before, after, context) {
      await configure(lake, physicalId, before, after, context.tags);
      return state(physicalId);
    },
    async delete(physicalId) {
      await unlessGone(lake.call("s3", "DeleteBucket", { Bucket: physicalId }));
    },
    read: async (physicalId) => ((await exists(lake, physicalId)) ? state(physicalId) : undefined),
  };
}

export function bucketPolicyType(lake: Lake): ResourceType {
  const put = (properties: Properties) =>
    lake.call("s3", "PutBucketPolicy", {
      Bucket: bucketOf(properties),
      Policy: JSON.stringify(properties["PolicyDocument"]),
    });
  return {
    type: "AWS::S3::BucketPolicy",
    // Kept and answered, never enforced: a TLS-only policy can't hold on http.
    recorded: true,
    properties: ["Bucket", "PolicyDocument"],
    async create(properties) {
      await put(properties);
      return { physicalId: bucketOf(properties), attributes: {} };
    },
    async update(physicalId, _before, after) {
      await put(after);
      return { physicalId, attributes: {} };
    },
    async delete(physicalId) {
      await unlessGone(lake.call("s3", "DeleteBucketPolicy", { Bucket: physicalId }));
    },
    async read(physicalId) {
      const found = await unlessGone(lake.call("s3", "GetBucketPolicy", { Bucket: physicalId }));
      return found === undefined ? undefined : { physicalId, attributes: {} };
    },
  };
}

function bucketOf(properties: Properties): string {
  return String(properties["Bucket"]);
}

/** Sets what differs between two versions of the properties. */
async function configure(
  lake: Lake,
  name: string,
  before: Properties,
  after: Properties,
  stackTags: Readonly<Record<string, string>>,
): Promise<void> {
  const changed = (property: string) => JSON.stringify(before[property]) !== JSON.stringify(after[property]);
  const at = { Bucket: name };
  if (changed("VersioningConfiguration")) {
    const status =
      (after["VersioningConfiguration"] as { Status?: "Enabled" | "Suspended" } | undefined)?.Status ?? "Suspended";
    await lake.call("s3", "PutBucketVersioning", { ...at, VersioningConfiguration: { Status: status } });
  }
  if (changed("BucketEncryption")) await setEncryption(lake, name, after["BucketEncryption"] as Plain | undefined);
  if (changed("PublicAccessBlockConfiguration")) {
    const block = after["PublicAccessBlockConfiguration"] as Plain | undefined;
    if (block === undefined) await lake.call("s3", "DeletePublicAccessBlock", at);
    else await lake.call("s3", "PutPublicAccessBlock", { ...at, PublicAccessBlockConfiguration: block });
  }
  if (changed("OwnershipControls")) {
    const controls = after["OwnershipControls"] as { Rules: [] } | undefined;
    if (controls === undefined) await lake.call("s3", "DeleteBucketOwnershipControls", at);
    else await lake.call("s3", "PutBucketOwnershipControls", { ...at, OwnershipControls: controls });
  }
  if (changed("LifecycleConfiguration")) {
    const lifecycle = after["LifecycleConfiguration"] as { Rules: Plain[] } | undefined;
    if (lifecycle === undefined) await lake.call("s3", "DeleteBucketLifecycle", at);
    else
      await lake.call("s3", "PutBucketLifecycleConfiguration", {
        ...at,
        LifecycleConfiguration: { Rules: lifecycle.Rules.map(lifecycleRule) },
      });
  }
  const own = (after["Tags"] as { Key: string; Value: string }[] | undefined) ?? [];
  const tags = [
    ...Object.entries(stackTags)
      .map(([Key, Value]) => ({ Key, Value }))
      .filter(({ Key }) => !own.some((tag) => tag.Key === Key)),
    ...own,
  ];
  if (tags.length > 0) await lake.call("s3", "PutBucketTagging", { ...at, Tagging: { TagSet: tags } });
  else if (changed("Tags")) await lake.call("s3", "DeleteBucketTagging", at);
}

async function setEncryption(lake: Lake, name: string, encryption: Plain | undefined): Promise<void> {
  if (encryption === undefined) {
    await lake.call("s3", "DeleteBucketEncryption", { Bucket: name });
    return;
  }
  const rules = (encryption["ServerSideEncryptionConfiguration"] as Plain[]).map(
    ({ ServerSideEncryptionByDefault: byDefault, ...rest }) => ({
      ...rest,
      ApplyServerSideEncryptionByDefault: byDefault as { SSEAlgorithm: "AES256" },
    }),
  );
  await lake.call("s3", "PutBucketEncryption", { Bucket: name, ServerSideEncryptionConfiguration: { Rules: rules } });
}

/** A template's rule as the API's: some names differ between the two. */
function lifecycleRule(rule: Plain): LifecycleRule {
  const {
    Id,
    Status,
    Prefix = "",
    Transitions,
    ExpirationInDays,
    ExpiredObjectDeleteMarker,
    NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload,
    ...rest
  } = rule;
  const other = Object.keys(rest);
  if (other.length > 0)
    throw new ServiceError(
      "NotImplemented",
      `The local lake does not implement AWS::S3::Bucket lifecycle rules with ${other.join(", ")}.`,
      { status: 501 },
    );
  return {
    ID: Id as string,
    Status: Status as "Enabled",
    Filter: { Prefix: Prefix as string },
    ...(Transitions === undefined
      ? {}
      : {
          Transitions: (Transitions as Plain[]).map(({ TransitionInDays: days, StorageClass: to }) => ({
            Days: Number(days),
            StorageClass: to as "GLACIER",
          })),
        }),
    ...(ExpirationInDays === undefined && ExpiredObjectDeleteMarker === undefined
      ? {}
      : {
          Expiration: {
            ...(ExpirationInDays === undefined ? {} : { Days: Number(ExpirationInDays) }),
            ...(ExpiredObjectDeleteMarker === undefined
              ? {}
              : { ExpiredObjectDeleteMarker: isTrue(ExpiredObjectDeleteMarker) }),
          },
        }),
    ...(NoncurrentVersionExpiration === undefined
      ? {}
      : {
          NoncurrentVersionExpiration: {
            NoncurrentDays: Number((NoncurrentVersionExpiration as Plain)["NoncurrentDays"]),
          },
        }),
    ...(AbortIncompleteMultipartUpload === undefined
      ? {}
      : {
          AbortIncompleteMultipartUpload: {
            DaysAfterInitiation: Number((AbortIncompleteMultipartUpload as Plain)["DaysAfterInitiation"]),
          },
        }),
  };
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

async function exists(lake: Lake, name: string): Promise<boolean> {
  return (await unlessGone(lake.call("s3", "HeadBucket", { Bucket: name }))) !== undefined;
}

async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (
      error instanceof ServiceError &&
      (error.code === "NoSuchBucket" || error.code === "NoSuchBucketPolicy" || error.code === "NotFound")
    )
      return undefined;
    throw error;
  }
}
