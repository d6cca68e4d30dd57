// ListObjectVersions: every version and delete marker, each key's newest first.
import type { Operations, Output } from "../../../call.ts";
import { invalidArgument } from "../errors.ts";
import { listPage } from "../listing.ts";
import { checkOwner, COMMON, quoted, required, timeOf } from "../members.ts";
import type { VersionRecord } from "../records.ts";
import { sortOf, versionIdOf } from "../store.ts";
import type { S3 } from "../versions.ts";
import { encoder, ownerOf, pageSize } from "./list.ts";

type Listing = Output<"s3", "ListObjectVersions">;
type Version = NonNullable<Listing["Versions"]>[number];

export function listVersionsOperations(s3: S3): Pick<Operations<"s3">, "ListObjectVersions"> {
  return {
    ListObjectVersions: {
      fields: [
        ...COMMON,
        "Prefix",
        "Delimiter",
        "MaxKeys",
        "EncodingType",
        "KeyMarker",
        "VersionIdMarker",
        "OptionalObjectAttributes",
      ],
      async run(input): Promise<Listing> {
        const bucket = required("Bucket", input.Bucket);
        checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
        s3.store.bucket(bucket);
        const encode = encoder(input.EncodingType);
        const limit = pageSize("max-keys", input.MaxKeys);
        const delimiter = input.Delimiter === "" ? undefined : input.Delimiter;
        const { KeyMarker: marker, VersionIdMarker: versionMarker } = input;
        const markerSort = versionMarker === undefined ? undefined : markerSortOf(marker, versionMarker);
        const latest = new Set<VersionRecord>();
        let key: string | undefined;
        const page = await listPage<VersionRecord>(
          (from) => s3.store.versionsFrom(bucket, from),
          {
            prefix: input.Prefix ?? "",
            delimiter,
            after: marker,
            limit,
          },
          (version) => {
            if (version.key !== key) latest.add(version);
            key = version.key;
            // Behind the marker: all of its key, or what is older than its version.
            return version.key !== marker || (markerSort !== undefined && version.sort > markerSort);
          },
        );
        const { last } = page;
        return {
          Name: bucket,
          Prefix: encode(input.Prefix ?? ""),
          KeyMarker: encode(marker ?? ""),
          ...(versionMarker === undefined ? {} : { VersionIdMarker: versionMarker }),
          ...(delimiter === undefined ? {} : { Delimiter: encode(delimiter) }),
          MaxKeys: limit,
          ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
          IsTruncated: page.truncated,
          ...(page.truncated && last !== undefined
            ? typeof last === "string"
              ? { NextKeyMarker: encode(last) }
              : { NextKeyMarker: encode(last.key), NextVersionIdMarker: nextMarker(last) }
            : {}),
          Versions: page.items
            .filter(({ object }) => object !== undefined)
            .map((version) => listed(s3, version, encode, latest.has(version))),
          DeleteMarkers: page.items
            .filter(({ object }) => object === undefined)
            .map((version) => ({
              Key: encode(version.key),
              VersionId: version.versionId,
              IsLatest: latest.has(version),
              LastModified: timeOf(version.modified),
              Owner: ownerOf(s3),
            })),
          CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        };
      },
    },
  };
}

/** A client may delete what it has listed before it asks on: the marker says where the version stood, also if it was the "null" one. */
function nextMarker({ versionId, sort }: VersionRecord): string {
  return versionId === "null" ? versionIdOf(sort) : versionId;
}

function markerSortOf(key: string | undefined, versionId: string): string {
  if (key === undefined)
    throw invalidArgument(
      "version-id-marker",
      versionId,
      "A version-id marker cannot be specified without a key marker.",
    );
  const sort = sortOf(versionId);
  if (sort === undefined) throw invalidArgument("version-id-marker", versionId, "Invalid version id specified");
  return sort;
}

function listed(
  s3: S3,
  { key, versionId, modified, object }: VersionRecord,
  encode: (text: string) => string,
  isLatest: boolean,
): Version {
  return {
    Key: encode(key),
    VersionId: versionId,
    IsLatest: isLatest,
    LastModified: timeOf(modified),
    ETag: quoted(object?.etag ?? ""),
    Size: object?.size ?? 0,
    StorageClass: (object?.storageClass ?? "STANDARD") as NonNullable<Version["StorageClass"]>,
    Owner: ownerOf(s3),
    ...(object?.checksum === undefined
      ? {}
      : { ChecksumAlgorithm: [object.checksum.name.toUpperCase() as "CRC32"], ChecksumType: object.checksum.type }),
  };
}
