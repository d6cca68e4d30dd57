// Tags of objects and buckets. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { findVersion } from "../found.ts";
import { checkKey, checkOwner, checkTags, COMMON, required, versionMember } from "../members.ts";
import type { BucketRecord } from "../records.ts";
import { changeSettings } from "../settings.ts";
import { describeVersion, type S3 } from "../versions.ts";

type TaggingOperations =
  | "GetObjectTagging"
  | "PutObjectTagging"
  | "DeleteObjectTagging"
  | "GetBucketTagging"
  | "PutBucketTagging"
  | "DeleteBucketTagging";

interface TaggedInput {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

export function taggingOperations(s3: S3): Pick<Operations<"s3">, TaggingOperations> {
  const fields = [...COMMON, "ChecksumAlgorithm", "ContentMD5", "Tagging.TagSet.Key", "Tagging.TagSet.Value"];
  const retag = async (input: TaggedInput, tags: Record<string, string>) => {
    const bucket = required("Bucket", input.Bucket);
    const key = checkKey(input.Key);
    checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
    const find = () => findVersion(s3, bucket, key, input.VersionId);
    await find();
    const version = await describeVersion(s3, bucket, key, find, (object) => ({ ...object, tags }));
    return versionMember(s3.store.bucket(bucket).versioning, version);
  };
  return {
    GetObjectTagging: {
      fields: [...COMMON, "Key", "VersionId"],
      async run(input) {
        const bucket = required("Bucket", input.Bucket);
        checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
        const found = await findVersion(s3, bucket, checkKey(input.Key), input.VersionId);
        return { TagSet: tagSet(found.object.tags ?? {}), ...versionMember(s3.store.bucket(bucket).versioning, found) };
      },
    },
    PutObjectTagging: {
      fields: [...fields, "Key", "VersionId"],
      run: (input) => retag(input, checkTags(input.Tagging?.TagSet ?? [], 10)),
    },
    DeleteObjectTagging: { fields: [...COMMON, "Key", "VersionId"], run: (input) => retag(input, {}) },
    GetBucketTagging: {
      fields: COMMON,
      run({ Bucket, ExpectedBucketOwner }) {
        checkOwner(ExpectedBucketOwner, s3.lake.accountId);
        const { name, tags } = s3.store.bucket(required("Bucket", Bucket));
        if (tags === undefined)
          throw new ServiceError("NoSuchTagSet", "The TagSet does not exist", {
            status: 404,
            members: { BucketName: name },
          });
        return { TagSet: tagSet(tags) };
      },
    },
    PutBucketTagging: {
      fields,
      async run({ Bucket, Tagging, ExpectedBucketOwner }) {
        checkOwner(ExpectedBucketOwner, s3.lake.accountId);
        const tags = checkTags(Tagging?.TagSet ?? [], 50);
        await changeSettings(s3, required("Bucket", Bucket), (bucket) => ({ ...bucket, tags }));
        return {};
      },
    },
    DeleteBucketTagging: {
      fields: COMMON,
      async run({ Bucket, ExpectedBucketOwner }) {
        checkOwner(ExpectedBucketOwner, s3.lake.accountId);
        await changeSettings(s3, required("Bucket", Bucket), withoutTags);
        return {};
      },
    },
  };
}

function tagSet(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function withoutTags(bucket: BucketRecord): BucketRecord {
  const { tags: _, ...rest } = bucket;
  return rest;
}
