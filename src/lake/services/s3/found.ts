// Finds the version that a request means, or says why there is none.
import { ServiceError } from "../../fault.ts";
import { invalidArgument, noSuchKey, noSuchVersion } from "./errors.ts";
import type { ObjectRecord, VersionRecord } from "./records.ts";
import type { S3 } from "./versions.ts";

export type FoundVersion = VersionRecord & { object: ObjectRecord };

/** The version that a request means. Throws NoSuchBucket, NoSuchKey, NoSuchVersion, and MethodNotAllowed for a delete marker. */
export async function findVersion(
  s3: S3,
  bucket: string,
  key: string,
  versionId: string | undefined,
): Promise<FoundVersion> {
  s3.store.bucket(bucket);
  if (versionId === undefined) {
    const found = await s3.store.latest(bucket, key);
    if (found?.object !== undefined) return { ...found, object: found.object };
    const error = noSuchKey(key);
    if (found === undefined) throw error;
    throw withHeaders(error, { "x-amz-delete-marker": "true", "x-amz-version-id": found.versionId });
  }
  if (versionId !== "null" && !/^[0-9a-f]{32}$/.test(versionId))
    throw invalidArgument("versionId", versionId, "Invalid version id specified");
  const found = await s3.store.version(bucket, key, versionId);
  if (found === undefined) throw noSuchVersion(key, versionId);
  if (found.object !== undefined) return { ...found, object: found.object };
  throw withHeaders(
    new ServiceError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
      status: 405,
      members: { Method: "GET", ResourceType: "DeleteMarker" },
    }),
    {
      "x-amz-delete-marker": "true",
      "x-amz-version-id": found.versionId,
      "last-modified": new Date(found.modified).toUTCString(),
      allow: "DELETE",
    },
  );
}

function withHeaders(error: ServiceError, headers: Record<string, string>): ServiceError {
  return new ServiceError(error.code, error.message, { status: error.status, members: error.members, headers });
}
