// A bucket's configuration. What has no effect on a laptop is stored and answered all the same; README.md says which.
import type { Input, Operation, OperationName, Operations, Output } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { malformedXml } from "../errors.ts";
import { checkEncryption, checkOwner, COMMON, required } from "../members.ts";
import { checkPolicy } from "../policy.ts";
import type { BucketRecord } from "../records.ts";
import { changeSettings, withSetting } from "../settings.ts";
import type { S3 } from "../versions.ts";
import { checkOwnership } from "./buckets.ts";

type ConfigurationOperations =
  | `${"Get" | "Put"}BucketVersioning`
  | `${"Get" | "Put" | "Delete"}${"BucketEncryption" | "PublicAccessBlock" | "BucketPolicy" | "BucketOwnershipControls"}`
  | `${"Get" | "Put"}BucketLifecycleConfiguration`
  | "DeleteBucketLifecycle"
  | "GetBucketPolicyStatus";

/** The name of a setting in the bucket's record, and the member that carries it. */
type Setting =
  | "ServerSideEncryptionConfiguration"
  | "PublicAccessBlockConfiguration"
  | "Policy"
  | "OwnershipControls"
  | "LifecycleConfiguration";

interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** A setting that was taken away, where absence means the default. */
const REMOVED = "removed";

const DEFAULTS: Partial<Record<Setting, unknown>> = {
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
  },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
};

const MISSING: Record<Setting, readonly [code: string, message: string]> = {
  ServerSideEncryptionConfiguration: [
    "ServerSideEncryptionConfigurationNotFoundError",
    "The server side encryption configuration was not found",
  ],
  PublicAccessBlockConfiguration: [
    "NoSuchPublicAccessBlockConfiguration",
    "The public access block configuration was not found",
  ],
  Policy: ["NoSuchBucketPolicy", "The bucket policy does not exist"],
  OwnershipControls: ["OwnershipControlsNotFoundError", "The bucket ownership controls were not found"],
  LifecycleConfiguration: ["NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"],
};

export function configurationOperations(s3: S3): Pick<Operations<"s3">, ConfigurationOperations> {
  const bucketOf = ({ Bucket, ExpectedBucketOwner }: BucketInput): BucketRecord => {
    checkOwner(ExpectedBucketOwner, s3.lake.accountId);
    return s3.store.bucket(required("Bucket", Bucket));
  };
  const read = (bucket: BucketRecord, setting: Setting): unknown => {
    const value = bucket.settings[setting] ?? DEFAULTS[setting];
    if (value !== undefined && value !== REMOVED) return value;
    const [code, message] = MISSING[setting];
    throw new ServiceError(code, message, { status: 404, members: { BucketName: bucket.name } });
  };
  const change = async (input: BucketInput, setting: Setting, value: unknown) => {
    const { name } = bucketOf(input);
    await changeSettings(s3, name, (bucket) => withSetting(bucket, setting, value));
    return {};
  };
  /** Get, under the member that carries it. */
  const get = <O extends OperationName<"s3">>(setting: Setting): Operation<"s3", O> => ({
    fields: COMMON,
    run: (input) => ({ [setting]: revive(read(bucketOf(input as BucketInput), setting)) }) as Output<"s3", O>,
  });
  const put = <O extends OperationName<"s3">>(
    setting: Setting,
    check: (value: unknown) => unknown,
  ): Operation<"s3", O> => ({
    fields: [...COMMON, "ChecksumAlgorithm", "ContentMD5", "ConfirmRemoveSelfBucketAccess", setting],
    run: async (input) => {
      const value = (input as Partial<Record<Setting, unknown>>)[setting];
      if (value === undefined) throw malformedXml();
      return (await change(input as BucketInput, setting, check(value))) as Output<"s3", O>;
    },
  });
  const remove = <O extends OperationName<"s3">>(setting: Setting, to?: string): Operation<"s3", O> => ({
    fields: COMMON,
    run: async (input) => (await change(input as BucketInput, setting, to)) as Output<"s3", O>,
  });
  return {
    GetBucketVersioning: {
      fields: COMMON,
      run(input) {
        const { versioning } = bucketOf(input);
        return versioning === undefined ? {} : { Status: versioning };
      },
    },
    PutBucketVersioning: {
      fields: [...COMMON, "ChecksumAlgorithm", "ContentMD5", "VersioningConfiguration.Status"],
      async run(input) {
        const { name } = bucketOf(input);
        const status = input.VersioningConfiguration?.Status;
        if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
        await changeSettings(s3, name, (bucket) => ({ ...bucket, versioning: status }));
        return {};
      },
    },
    GetBucketEncryption: get("ServerSideEncryptionConfiguration"),
    PutBucketEncryption: put("ServerSideEncryptionConfiguration", checkBucketEncryption),
    DeleteBucketEncryption: remove("ServerSideEncryptionConfiguration"),
    GetPublicAccessBlock: get("PublicAccessBlockConfiguration"),
    PutPublicAccessBlock: put("PublicAccessBlockConfiguration", (value) => ({
      BlockPublicAcls: false,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
      ...(value as object),
    })),
    DeletePublicAccessBlock: remove("PublicAccessBlockConfiguration", REMOVED),
    GetBucketPolicy: get("Policy"),
    PutBucketPolicy: put("Policy", (value) => checkPolicy(String(value))),
    DeleteBucketPolicy: remove("Policy"),
    GetBucketPolicyStatus: {
      fields: COMMON,
      run(input) {
        read(bucketOf(input), "Policy");
        // A policy that would open the bucket is refused when it is put.
        return { PolicyStatus: { IsPublic: false } };
      },
    },
    GetBucketOwnershipControls: get("OwnershipControls"),
    PutBucketOwnershipControls: put("OwnershipControls", (value) => {
      for (const { ObjectOwnership } of (value as { Rules?: { ObjectOwnership?: string }[] }).Rules ?? [])
        checkOwnership(ObjectOwnership);
      return value;
    }),
    DeleteBucketOwnershipControls: remove("OwnershipControls", REMOVED),
    GetBucketLifecycleConfiguration: {
      fields: COMMON,
      run(input) {
        const value = revive(read(bucketOf(input), "LifecycleConfiguration")) as LifecycleConfiguration;
        return { Rules: value.Rules ?? [], TransitionDefaultMinimumObjectSize: "all_storage_classes_128K" };
      },
    },
    PutBucketLifecycleConfiguration: put("LifecycleConfiguration", checkLifecycle),
    DeleteBucketLifecycle: remove("LifecycleConfiguration"),
  };
}

type LifecycleConfiguration = NonNullable<Input<"s3", "PutBucketLifecycleConfiguration">["LifecycleConfiguration"]>;

/** Rules without an id get one, as on AWS. */
function checkLifecycle(value: unknown): LifecycleConfiguration {
  const rules = (value as LifecycleConfiguration).Rules ?? [];
  if (rules.length === 0 || rules.length > 1000) throw malformedXml();
  const ids = new Set<string>();
  const named = rules.map((rule, index) => {
    if (rule.Status !== "Enabled" && rule.Status !== "Disabled") throw malformedXml();
    const {
      Expiration,
      Transitions,
      NoncurrentVersionExpiration,
      NoncurrentVersionTransitions,
      AbortIncompleteMultipartUpload,
    } = rule;
    const actions = [
      Expiration,
      Transitions,
      NoncurrentVersionExpiration,
      NoncurrentVersionTransitions,
      AbortIncompleteMultipartUpload,
    ];
    if (actions.every((action) => action === undefined)) {
      throw new ServiceError("InvalidRequest", "At least one action needs to be specified in a rule.");
    }
    const ID = rule.ID ?? `rule-${index + 1}`;
    if (ids.has(ID))
      throw new ServiceError("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule");
    ids.add(ID);
    return { ...rule, ID };
  });
  return { Rules: named };
}

function checkBucketEncryption(value: unknown): unknown {
  const rules = (value as Input<"s3", "PutBucketEncryption">["ServerSideEncryptionConfiguration"])?.Rules ?? [];
  if (rules.length !== 1) throw malformedXml();
  for (const { ApplyServerSideEncryptionByDefault } of rules)
    checkEncryption(ApplyServerSideEncryptionByDefault?.SSEAlgorithm);
  return value;
}

/** Dates became text in the store; the encoder wants dates. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === "Date" ? new Date(String(inner)) : revive(inner)]),
  );
}
