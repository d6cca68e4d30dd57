// Bucket configurations: kept and answered. Versioning counts; what the others say has no effect on loopback (the README says which).
import type { Operation, Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { checkOwner, required } from "../members.ts";
import type { BucketRecord } from "../records.ts";
import { bucketKey } from "../store.ts";
import type { S3 } from "../versions.ts";

interface Setting {
  /** Under this name in the bucket's record, whole as the SDK shapes it. */
  readonly name: string;
  readonly put: keyof Operations<"s3">;
  readonly get: keyof Operations<"s3">;
  readonly remove?: keyof Operations<"s3">;
  /** Member of the Put operation's input that holds it. */
  readonly member: string;
  /** The Get operation answers the member's own members (Rules, TagSet) instead of the member. */
  readonly unwrapped?: boolean;
  /** Error code and message where there is none; AWS's own. */
  readonly missing: readonly [code: string, message: string];
  /** What a bucket has that nobody configured. */
  readonly initial?: object;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html, each operation's own page. */
const SETTINGS: readonly Setting[] = [
  {
    name: "Encryption",
    put: "PutBucketEncryption",
    get: "GetBucketEncryption",
    remove: "DeleteBucketEncryption",
    member: "ServerSideEncryptionConfiguration",
    missing: [
      "ServerSideEncryptionConfigurationNotFoundError",
      "The server side encryption configuration was not found",
    ],
    // Every bucket is encrypted with SSE-S3 at least: userguide/default-encryption-faq.html
    initial: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }] },
  },
  {
    name: "PublicAccessBlock",
    put: "PutPublicAccessBlock",
    get: "GetPublicAccessBlock",
    remove: "DeletePublicAccessBlock",
    member: "PublicAccessBlockConfiguration",
    missing: ["NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"],
    initial: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  },
  {
    name: "OwnershipControls",
    put: "PutBucketOwnershipControls",
    get: "GetBucketOwnershipControls",
    remove: "DeleteBucketOwnershipControls",
    member: "OwnershipControls",
    missing: ["OwnershipControlsNotFoundError", "The bucket ownership controls were not found"],
    initial: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
  },
  {
    name: "LifecycleConfiguration",
    put: "PutBucketLifecycleConfiguration",
    get: "GetBucketLifecycleConfiguration",
    remove: "DeleteBucketLifecycle",
    member: "LifecycleConfiguration",
    unwrapped: true,
    missing: ["NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"],
  },
  {
    name: "Tagging",
    put: "PutBucketTagging",
    get: "GetBucketTagging",
    remove: "DeleteBucketTagging",
    member: "Tagging",
    unwrapped: true,
    missing: ["NoSuchTagSet", "The TagSet does not exist"],
  },
  {
    name: "Policy",
    put: "PutBucketPolicy",
    get: "GetBucketPolicy",
    remove: "DeleteBucketPolicy",
    member: "Policy",
    missing: ["NoSuchBucketPolicy", "The bucket policy does not exist"],
  },
];

const COMMON = ["Bucket", "ChecksumAlgorithm", "ContentMD5", "ExpectedBucketOwner"];

interface SettingInput {
  Bucket: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

export function settingOperations(s3: S3): Operations<"s3"> {
  const { lake, store } = s3;
  const bucketOf = ({ Bucket, ExpectedBucketOwner }: SettingInput): BucketRecord => {
    checkOwner(ExpectedBucketOwner, lake.accountId);
    return store.bucket(required("Bucket", Bucket));
  };
  const change = async (input: SettingInput, make: (bucket: BucketRecord) => BucketRecord): Promise<object> => {
    await store.changeBucket(required("Bucket", input.Bucket), async () => {
      const bucket = make(bucketOf(input));
      await store.write((writer) => writer.put(bucketKey(bucket.name), bucket));
    });
    return {};
  };
  const operations: Record<string, unknown> = {};
  for (const { name, put, get, remove, member, unwrapped, missing, initial } of SETTINGS) {
    operations[put] = {
      fields: [...COMMON, member, "ConfirmRemoveSelfBucketAccess", "TransitionDefaultMinimumObjectSize"],
      run(input: SettingInput & Record<string, unknown>) {
        const value = input[member];
        if (value === undefined)
          throw new ServiceError(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
          );
        if (name === "Policy") checkPolicy(String(value));
        return change(input, (bucket) => ({ ...bucket, settings: { ...bucket.settings, [name]: value } }));
      },
    };
    operations[get] = {
      fields: COMMON,
      run(input: SettingInput) {
        const bucket = bucketOf(input);
        const value = bucket.settings[name] ?? initial;
        if (value === undefined || value === null) {
          throw new ServiceError(missing[0], missing[1], { status: 404, members: { BucketName: bucket.name } });
        }
        return unwrapped === true ? value : { [member]: value };
      },
    };
    if (remove !== undefined) {
      operations[remove] = {
        fields: COMMON,
        // null: taken away, also where a bucket has one from the start.
        run: (input: SettingInput) =>
          change(input, (bucket) => ({
            ...bucket,
            settings: { ...bucket.settings, [name]: initial === undefined ? undefined : null },
          })),
      };
    }
  }
  return {
    // Held in a table, each entry is an Operation of its own name.
    ...(operations as Operations<"s3">),
    PutBucketVersioning: {
      fields: [...COMMON, "VersioningConfiguration.Status"],
      async run(input) {
        const status = input.VersioningConfiguration?.Status;
        if (status !== "Enabled" && status !== "Suspended") {
          throw new ServiceError("IllegalVersioningConfigurationException", "The Versioning element must be specified");
        }
        return change(input, (bucket) => ({ ...bucket, versioning: status }));
      },
    } satisfies Operation<"s3", "PutBucketVersioning">,
    GetBucketVersioning: {
      fields: COMMON,
      run(input) {
        const { versioning } = bucketOf(input);
        return versioning === undefined ? {} : { Status: versioning };
      },
    },
  };
}

function checkPolicy(text: string): void {
  try {
    const policy = JSON.parse(text) as { Statement?: unknown };
    if (policy.Statement !== undefined) return;
  } catch {
    // Falls through: no JSON.
  }
  throw new ServiceError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'");
}
