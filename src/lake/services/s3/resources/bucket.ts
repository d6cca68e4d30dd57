// AWS::S3::Bucket for CloudFormation: a bucket that answers, configured as its properties say.
import type { Input } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Properties, ResourceState, ResourceType } from "../../../resource.ts";
import { unlessGone } from "./gone.ts";
import { lifecycleRule } from "./lifecycle.ts";

type Plain = Readonly<Record<string, unknown>>;
type Tag = { readonly Key: string; readonly Value: string };
type Tiering = NonNullable<Input<"s3", "PutBucketIntelligentTieringConfiguration">["IntelligentTieringConfiguration"]>;

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
      "IntelligentTieringConfigurations",
      "Tags",
    ],
    async create(properties, context) {
      const name = (properties["BucketName"] as string | undefined) ?? context.generatedName(63, { lowerCase: true });
      // A bucket that this call did not make is not its to delete, nor to take over: asked before anything is written down.
      if (await exists(lake, name))
        throw new ServiceError("BucketAlreadyExists", `${name} already exists`, { status: 409 });
      await context.initiated?.(name);
      await lake.call("s3", "CreateBucket", { Bucket: name });
      try {
        await probe(lake, name);
        await configure(lake, name, {}, properties, context.tags);
      } catch (error) {
        await remove(lake, name);
        throw error;
      }
      return state(name);
    },
    async update(physicalId, before, after, context) {
      const name = after["BucketName"] as string | undefined;
      if (name !== before["BucketName"] && name !== physicalId)
        throw notImplemented("replacing a bucket when its BucketName changes");
      await configure(lake, physicalId, before, after, context.tags);
      return state(physicalId);
    },
    async delete(physicalId) {
      await remove(lake, physicalId);
    },
    read: async (physicalId) => ((await exists(lake, physicalId)) ? state(physicalId) : undefined),
  };
}

/** The key of the object that a new bucket is tried with. */
const PROBE = ".boathouse-probe";

/** Deletes it, and before it what a lake left in it that was killed while it tried the bucket. */
async function remove(lake: Lake, name: string): Promise<void> {
  await unlessGone(lake.call("s3", "DeleteObject", { Bucket: name, Key: PROBE, VersionId: "null" }));
  await unlessGone(lake.call("s3", "DeleteBucket", { Bucket: name }));
}

/** The bucket answers: an object goes in, comes out, and is gone again, before versions are kept. */
async function probe(lake: Lake, name: string): Promise<void> {
  const at = { Bucket: name, Key: PROBE };
  await lake.call("s3", "PutObject", { ...at, Body: Buffer.from("probe") });
  await lake.call("s3", "HeadObject", at);
  await lake.call("s3", "DeleteObject", at);
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
    const { Status = "Suspended" } = (after["VersioningConfiguration"] ?? {}) as { Status?: "Enabled" | "Suspended" };
    await lake.call("s3", "PutBucketVersioning", { ...at, VersioningConfiguration: { Status } });
  }
  if (changed("BucketEncryption")) await setEncryption(lake, name, after["BucketEncryption"] as Plain | undefined);
  if (changed("PublicAccessBlockConfiguration")) {
    const block = after["PublicAccessBlockConfiguration"] as Plain | undefined;
    if (block === undefined) await lake.call("s3", "DeletePublicAccessBlock", at);
    else await lake.call("s3", "PutPublicAccessBlock", { ...at, PublicAccessBlockConfiguration: block });
  }
  if (changed("OwnershipControls")) {
    const controls = after["OwnershipControls"] as Input<"s3", "PutBucketOwnershipControls">["OwnershipControls"];
    if (controls === undefined) await lake.call("s3", "DeleteBucketOwnershipControls", at);
    else await lake.call("s3", "PutBucketOwnershipControls", { ...at, OwnershipControls: controls });
  }
  if (changed("LifecycleConfiguration")) {
    const rules = (after["LifecycleConfiguration"] as { Rules?: Plain[] } | undefined)?.Rules;
    if (rules === undefined) await lake.call("s3", "DeleteBucketLifecycle", at);
    else
      await lake.call("s3", "PutBucketLifecycleConfiguration", {
        ...at,
        LifecycleConfiguration: { Rules: rules.map(lifecycleRule) },
      });
  }
  if (changed("IntelligentTieringConfigurations")) await setTiering(lake, name, before, after);
  await setTags(lake, name, stackTags, (after["Tags"] ?? []) as Tag[], (before["Tags"] ?? []) as Tag[]);
}

async function setEncryption(lake: Lake, name: string, encryption: Plain | undefined): Promise<void> {
  if (encryption === undefined) {
    await lake.call("s3", "DeleteBucketEncryption", { Bucket: name });
    return;
  }
  const rules = (encryption["ServerSideEncryptionConfiguration"] as Plain[]).map(
    ({ ServerSideEncryptionByDefault, ...rest }) => ({
      ...rest,
      ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault as { SSEAlgorithm: "AES256" },
    }),
  );
  await lake.call("s3", "PutBucketEncryption", { Bucket: name, ServerSideEncryptionConfiguration: { Rules: rules } });
}

async function setTiering(lake: Lake, name: string, before: Properties, after: Properties): Promise<void> {
  const of = (properties: Properties) => (properties["IntelligentTieringConfigurations"] ?? []) as Plain[];
  const kept = new Set(of(after).map(({ Id }) => Id));
  for (const { Id } of of(before)) {
    if (!kept.has(Id))
      await lake.call("s3", "DeleteBucketIntelligentTieringConfiguration", { Bucket: name, Id: String(Id) });
  }
  for (const { Id, Status, Prefix, Tierings } of of(after)) {
    const tierings = (Tierings as Plain[]).map(({ AccessTier, Days }) => ({
      AccessTier,
      Days: Number(Days),
    })) as Tiering["Tierings"];
    await lake.call("s3", "PutBucketIntelligentTieringConfiguration", {
      Bucket: name,
      Id: String(Id),
      IntelligentTieringConfiguration: {
        Id: String(Id),
        Status: Status as Tiering["Status"],
        Tierings: tierings,
        ...(Prefix === undefined ? {} : { Filter: { Prefix: String(Prefix) } }),
      },
    });
  }
}

/** The resource's own tags win over the stack's. */
async function setTags(
  lake: Lake,
  name: string,
  stack: Readonly<Record<string, string>>,
  own: Tag[],
  before: Tag[],
): Promise<void> {
  const tags = { ...stack, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, Value])) };
  const set = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (set.length > 0) await lake.call("s3", "PutBucketTagging", { Bucket: name, Tagging: { TagSet: set } });
  else if (before.length > 0) await lake.call("s3", "DeleteBucketTagging", { Bucket: name });
}

async function exists(lake: Lake, name: string): Promise<boolean> {
  return (await unlessGone(lake.call("s3", "HeadBucket", { Bucket: name }))) !== undefined;
}
