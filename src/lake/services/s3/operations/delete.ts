// DeleteObject and DeleteObjects: by key (a delete marker in a versioned bucket) or by version, for good.
import type { Input, Operations, Output } from "../../../call.ts";
import { messageOf } from "../../../../base/errors.ts";
import { ServiceError } from "../../../fault.ts";
import { preconditionFailed, malformedXml } from "../errors.ts";
import { checkWrite } from "../conditions.ts";
import { checkKey, checkOwner, COMMON, required } from "../members.ts";
import type { VersionRecord } from "../records.ts";
import { deleteLatest, deleteVersion, type S3 } from "../versions.ts";

type Item = Pick<Input<"s3", "DeleteObject">, "VersionId" | "IfMatch" | "IfMatchLastModifiedTime" | "IfMatchSize">;
type Deleted = NonNullable<Output<"s3", "DeleteObjects">["Deleted"]>[number];

type Failed = NonNullable<Output<"s3", "DeleteObjects">["Errors"]>[number];
type Answer = { deleted: Deleted } | { failed: Failed };

/** Keys that one DeleteObjects takes. */
const MOST = 1000;

export function deleteOperations(s3: S3): Pick<Operations<"s3">, "DeleteObject" | "DeleteObjects"> {
  return {
    DeleteObject: {
      fields: [
        ...COMMON,
        "Key",
        "VersionId",
        "IfMatch",
        "IfMatchLastModifiedTime",
        "IfMatchSize",
        "BypassGovernanceRetention",
      ],
      async run(input) {
        const bucket = required("Bucket", input.Bucket);
        checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
        s3.store.bucket(bucket);
        const version = await deleteOne(s3, bucket, checkKey(input.Key), input);
        return version === undefined
          ? {}
          : { VersionId: version.versionId, ...(version.object === undefined ? { DeleteMarker: true } : {}) };
      },
    },
    DeleteObjects: {
      fields: [
        ...COMMON,
        "ChecksumAlgorithm",
        "BypassGovernanceRetention",
        "Delete.Quiet",
        ...["Key", "VersionId", "ETag", "LastModifiedTime", "Size"].map((name) => `Delete.Objects.${name}`),
      ],
      async run({ Bucket, Delete, ExpectedBucketOwner }) {
        const bucket = required("Bucket", Bucket);
        checkOwner(ExpectedBucketOwner, s3.lake.accountId);
        s3.store.bucket(bucket);
        const items = Delete?.Objects ?? [];
        if (items.length === 0 || items.length > MOST) throw malformedXml();
        // Together, so that one sync of the index serves them all; answers keep the order of the request.
        const answers = await Promise.all(
          items.map(async ({ Key, VersionId, ETag, LastModifiedTime, Size }): Promise<Answer> => {
            const named = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
            const conditions = {
              VersionId,
              IfMatch: ETag,
              IfMatchLastModifiedTime: LastModifiedTime,
              IfMatchSize: Size,
            };
            try {
              const version = await deleteOne(s3, bucket, checkKey(Key), conditions);
              return { deleted: { ...named, ...markerOf(VersionId, version) } };
            } catch (error) {
              const code = error instanceof ServiceError ? error.code : "InternalError";
              return { failed: { ...named, Code: code, Message: messageOf(error) } };
            }
          }),
        );
        const deleted = answers.flatMap((answer) => ("deleted" in answer ? [answer.deleted] : []));
        const errors = answers.flatMap((answer) => ("failed" in answer ? [answer.failed] : []));
        return { ...(Delete?.Quiet === true ? {} : { Deleted: deleted }), Errors: errors };
      },
    },
  };
}

/** What was made (a delete marker) or removed (a version); undefined where there was nothing, or nothing is versioned. */
async function deleteOne(s3: S3, bucket: string, key: string, item: Item): Promise<VersionRecord | undefined> {
  const check = (version: VersionRecord | undefined) => checkConditions(key, item, version);
  if (item.VersionId === undefined) return deleteLatest(s3, bucket, key, check);
  const removed = await deleteVersion(s3, bucket, key, item.VersionId, check);
  return (
    removed ?? {
      key,
      versionId: item.VersionId,
      sort: "",
      modified: 0,
      object: { headers: {}, metadata: {}, size: 0, etag: "", segments: [] },
    }
  );
}

function checkConditions(key: string, item: Item, version: VersionRecord | undefined): void {
  checkWrite(key, { IfMatch: item.IfMatch }, version);
  const { IfMatchLastModifiedTime: time, IfMatchSize: size } = item;
  if (size !== undefined && version?.object !== undefined && version.object.size !== size)
    throw preconditionFailed("x-amz-if-match-size");
  if (
    time !== undefined &&
    version?.object !== undefined &&
    Math.floor(version.modified / 1000) !== Math.floor(time.getTime() / 1000)
  ) {
    throw preconditionFailed("x-amz-if-match-last-modified-time");
  }
}

function markerOf(asked: string | undefined, version: VersionRecord | undefined): Deleted {
  if (version === undefined || version.object !== undefined) return {};
  return { DeleteMarker: true, DeleteMarkerVersionId: asked ?? version.versionId };
}
