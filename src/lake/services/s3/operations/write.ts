// PutObject: bytes to the disk first, then the version to the index.
import type { Operations, Output } from "../../../call.ts";
import { takeBody } from "../bodies.ts";
import { checkWrite } from "../conditions.ts";
import {
  checkKey,
  checkOwner,
  checksumMembers,
  checksumNameOf,
  COMMON,
  DESCRIPTION,
  DIGESTS,
  descriptionOf,
  quoted,
  required,
  versionMember,
} from "../members.ts";
import { putVersion, type S3 } from "../versions.ts";

export function writeOperations(s3: S3): Pick<Operations<"s3">, "PutObject"> {
  return {
    PutObject: {
      fields: [...COMMON, ...DESCRIPTION, ...DIGESTS, "Key", "Body", "ContentLength", "IfMatch", "IfNoneMatch"],
      async run(input, { signal }): Promise<Output<"s3", "PutObject">> {
        const bucket = required("Bucket", input.Bucket);
        const key = checkKey(input.Key);
        checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
        const { versioning } = s3.store.bucket(bucket);
        const description = descriptionOf(input);
        // Asked before the bytes come, and once more when they are here.
        checkWrite(key, input, s3.store.current(bucket, key));
        const taken = await takeBody(s3.files, input.Body, signal, checksumNameOf(input.ChecksumAlgorithm));
        const { size, etag, segments, checksum } = taken;
        const object = { ...description, size, etag, segments, ...(checksum === undefined ? {} : { checksum }) };
        const version = await putVersion(s3, bucket, key, object, {
          check: (current) => checkWrite(key, input, current),
        });
        return {
          ETag: quoted(etag),
          ...checksumMembers(checksum),
          ServerSideEncryption: "AES256",
          ...versionMember(versioning, version),
        };
      },
    },
  };
}
