// Buckets: create, delete, head, list and where they lie.
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { invalidArgument } from "../errors.ts";
import { checkAcl, checkOwner, COMMON, checkTags, required, timeOf } from "../members.ts";
import type { BucketRecord } from "../records.ts";
import { bucketKey } from "../store.ts";
import { dropUpload } from "../uploads.ts";
import type { S3 } from "../versions.ts";
import { ownerOf, pageSize } from "./list.ts";

type BucketOperations = "CreateBucket" | "DeleteBucket" | "HeadBucket" | "ListBuckets" | "GetBucketLocation";

export function bucketOperations(s3: S3): Pick<Operations<"s3">, BucketOperations> {
  const { lake, store } = s3;
  const arnOf = (name: string) => `arn:aws:s3:::${name}`;
  return {
    CreateBucket: {
      fields: [
        "Bucket",
        "ACL",
        "ObjectOwnership",
        "CreateBucketConfiguration.LocationConstraint",
        "CreateBucketConfiguration.Tags",
      ],
      async run({ Bucket, ACL, ObjectOwnership, CreateBucketConfiguration }) {
        const name = checkBucketName(required("Bucket", Bucket));
        checkAcl(ACL);
        checkOwnership(ObjectOwnership);
        const place = CreateBucketConfiguration?.LocationConstraint;
        if (place !== undefined && place !== (lake.region as typeof place)) {
          throw new ServiceError(
            "IllegalLocationConstraintException",
            `The ${place} location constraint is incompatible for the region specific endpoint this request was sent to.`,
          );
        }
        const tags = CreateBucketConfiguration?.Tags;
        await store.changeBucket(name, async () => {
          if (store.findBucket(name) !== undefined) {
            throw new ServiceError(
              "BucketAlreadyOwnedByYou",
              "Your previous request to create the named bucket succeeded and you already own it.",
              { status: 409, members: { BucketName: name } },
            );
          }
          const bucket: BucketRecord = {
            name,
            created: lake.clock.now(),
            ...(tags === undefined || tags.length === 0 ? {} : { tags: checkTags(tags, 50) }),
            settings: {},
          };
          await store.write((writer) => writer.put(bucketKey(name), bucket));
        });
        return { Location: `/${name}`, BucketArn: arnOf(name) };
      },
    },
    DeleteBucket: {
      fields: COMMON,
      async run({ Bucket, ExpectedBucketOwner }) {
        const name = required("Bucket", Bucket);
        checkOwner(ExpectedBucketOwner, lake.accountId);
        await store.changeBucket(name, async () => {
          const { versioning } = store.bucket(name);
          if (!(await store.isEmpty(name))) {
            const all = versioning === undefined ? "" : " You must delete all versions in the bucket.";
            throw new ServiceError("BucketNotEmpty", `The bucket you tried to delete is not empty.${all}`, {
              status: 409,
              members: { BucketName: name },
            });
          }
          for await (const upload of store.uploadsFrom(name, "")) await dropUpload(s3, upload);
          await store.write((writer) => writer.delete(bucketKey(name)));
        });
        return {};
      },
    },
    HeadBucket: {
      fields: COMMON,
      run({ Bucket, ExpectedBucketOwner }) {
        const { name } = store.bucket(required("Bucket", Bucket));
        checkOwner(ExpectedBucketOwner, lake.accountId);
        return { BucketRegion: lake.region, BucketArn: arnOf(name), AccessPointAlias: false };
      },
    },
    ListBuckets: {
      fields: ["MaxBuckets", "ContinuationToken", "Prefix", "BucketRegion"],
      async run({ MaxBuckets, ContinuationToken, Prefix = "", BucketRegion }) {
        const limit = pageSize("max-buckets", MaxBuckets, 10_000);
        if (limit === 0)
          throw invalidArgument(
            "max-buckets",
            MaxBuckets,
            "Argument max-buckets must be an integer between 1 and 10000",
          );
        const found: BucketRecord[] = [];
        const after =
          ContinuationToken === undefined ? undefined : Buffer.from(ContinuationToken, "base64url").toString("utf8");
        let next: string | undefined;
        for await (const bucket of store.buckets(after)) {
          if (!bucket.name.startsWith(Prefix) || (BucketRegion ?? lake.region) !== lake.region) continue;
          if (found.length === limit) {
            next = Buffer.from(found.at(-1)?.name ?? "").toString("base64url");
            break;
          }
          found.push(bucket);
        }
        return {
          Owner: ownerOf(s3),
          Buckets: found.map(({ name, created }) => ({
            Name: name,
            CreationDate: timeOf(created),
            ...(MaxBuckets === undefined ? {} : { BucketRegion: lake.region }),
            BucketArn: arnOf(name),
          })),
          ...(next === undefined ? {} : { ContinuationToken: next }),
          ...(Prefix === "" ? {} : { Prefix }),
        };
      },
    },
    // us-east-1 answers an empty constraint: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
    GetBucketLocation: {
      fields: COMMON,
      run({ Bucket, ExpectedBucketOwner }) {
        store.bucket(required("Bucket", Bucket));
        checkOwner(ExpectedBucketOwner, lake.accountId);
        return {};
      },
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function checkBucketName(name: string): string {
  const good =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|^\d+\.\d+\.\d+\.\d+$|^xn--|^sthree-|^amzn-s3-demo-|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$/.test(
      name,
    );
  if (!good)
    throw new ServiceError("InvalidBucketName", "The specified bucket is not valid.", {
      members: { BucketName: name },
    });
  return name;
}

/** ACLs are not implemented, so neither are the two settings that would make them count. */
export function checkOwnership(ownership: string | undefined): void {
  if (ownership !== undefined && ownership !== "BucketOwnerEnforced") {
    throw new ServiceError("NotImplemented", `The local lake does not implement the object ownership ${ownership}.`, {
      status: 501,
    });
  }
}
