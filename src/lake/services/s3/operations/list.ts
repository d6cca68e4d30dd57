// ListObjectsV2 and ListObjects: keys in UTF-8 order, in pages of at most 1,000.
import type { Input, Operations, Output } from "../../../call.ts";
import { uriEncode } from "../../../sigv4.ts";
import { invalidArgument } from "../errors.ts";
import { listPage } from "../listing.ts";
import { checkOwner, COMMON, quoted, required, timeOf } from "../members.ts";
import type { VersionRecord } from "../records.ts";
import type { S3 } from "../versions.ts";

const FIELDS = [...COMMON, "Prefix", "Delimiter", "MaxKeys", "EncodingType", "OptionalObjectAttributes"];
const MOST = 1000;

type ListedObject = NonNullable<Output<"s3", "ListObjectsV2">["Contents"]>[number];

export function listOperations(s3: S3): Pick<Operations<"s3">, "ListObjectsV2" | "ListObjects"> {
  return {
    ListObjectsV2: {
      fields: [...FIELDS, "ContinuationToken", "FetchOwner", "StartAfter"],
      async run(input): Promise<Output<"s3", "ListObjectsV2">> {
        const token = input.ContinuationToken;
        const { bucket, encode, page, limit } = await list(
          s3,
          input,
          token === undefined ? input.StartAfter : readToken(token),
        );
        return {
          ...echo(input, encode, limit),
          Name: bucket,
          KeyCount: page.items.length + page.prefixes.length,
          IsTruncated: page.truncated,
          ...(input.StartAfter === undefined ? {} : { StartAfter: encode(input.StartAfter) }),
          ...(input.ContinuationToken === undefined ? {} : { ContinuationToken: input.ContinuationToken }),
          ...(page.truncated ? { NextContinuationToken: makeToken(page.last) } : {}),
          Contents: page.items.map((item) => listed(s3, item, encode, input.FetchOwner === true)),
          CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        };
      },
    },
    ListObjects: {
      fields: [...FIELDS, "Marker"],
      async run(input): Promise<Output<"s3", "ListObjects">> {
        const { bucket, encode, page, limit } = await list(s3, input, input.Marker);
        const { last } = page;
        // Without a delimiter the client takes the last key as marker; AWS says so by leaving NextMarker out.
        const marker = page.truncated && input.Delimiter !== undefined && last !== undefined;
        return {
          ...echo(input, encode, limit),
          Name: bucket,
          Marker: encode(input.Marker ?? ""),
          IsTruncated: page.truncated,
          ...(marker ? { NextMarker: encode(typeof last === "string" ? last : last.key) } : {}),
          Contents: page.items.map((item) => listed(s3, item, encode, true)),
          CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        };
      },
    },
  };
}

type ListInput = Pick<
  Input<"s3", "ListObjectsV2">,
  "Bucket" | "Prefix" | "Delimiter" | "MaxKeys" | "EncodingType" | "ExpectedBucketOwner"
>;

/** Keys and common prefixes behind `after`. */
async function list(s3: S3, input: ListInput, after: string | undefined) {
  const bucket = required("Bucket", input.Bucket);
  checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
  s3.store.bucket(bucket);
  const limit = pageSize("max-keys", input.MaxKeys);
  const delimiter = input.Delimiter === "" ? undefined : input.Delimiter;
  const page = await listPage<VersionRecord>(
    (from) => s3.store.objectsFrom(bucket, from),
    {
      prefix: input.Prefix ?? "",
      delimiter,
      after,
      limit,
    },
    (item) => item.key !== after,
  );
  return { bucket, encode: encoder(input.EncodingType), page, limit };
}

export function pageSize(name: string, asked: number | undefined, most = MOST): number {
  if (asked === undefined) return most;
  if (!Number.isInteger(asked) || asked < 0 || asked > 2 ** 31 - 1) {
    throw invalidArgument(name, asked, `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return Math.min(asked, most);
}

/** encoding-type=url: keys that XML can't hold come percent-encoded, but for their slashes. */
export function encoder(type: string | undefined): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== "url") throw invalidArgument("encoding-type", type, "Invalid Encoding Method specified in Request");
  return (text) => text.split("/").map(uriEncode).join("/");
}

function echo(input: ListInput, encode: (text: string) => string, limit: number) {
  return {
    Prefix: encode(input.Prefix ?? ""),
    ...(input.Delimiter === undefined ? {} : { Delimiter: encode(input.Delimiter) }),
    MaxKeys: limit,
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
  };
}

export function ownerOf(s3: S3): { ID: string } {
  return { ID: s3.lake.accountId.padStart(64, "0") };
}

function listed(
  s3: S3,
  { key, modified, object }: VersionRecord,
  encode: (text: string) => string,
  owner: boolean,
): ListedObject {
  return {
    Key: encode(key),
    LastModified: timeOf(modified),
    ETag: quoted(object?.etag ?? ""),
    ...(object?.checksum === undefined
      ? {}
      : {
          ChecksumAlgorithm: [
            object.checksum.name.toUpperCase() as NonNullable<ListedObject["ChecksumAlgorithm"]>[number],
          ],
          ChecksumType: object.checksum.type,
        }),
    Size: object?.size ?? 0,
    ...(owner ? { Owner: ownerOf(s3) } : {}),
    StorageClass: (object?.storageClass ?? "STANDARD") as NonNullable<ListedObject["StorageClass"]>,
  };
}

/** Opaque to clients: the key or common prefix at which the page ended. */
function makeToken(last: VersionRecord | string | undefined): string {
  return Buffer.from(JSON.stringify([typeof last === "string" ? last : (last?.key ?? "")])).toString("base64url");
}

function readToken(token: string): string {
  try {
    const place: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (Array.isArray(place) && typeof place[0] === "string") return place[0];
  } catch {
    // Falls through to the refusal.
  }
  throw invalidArgument("continuation-token", token, "The continuation token provided is incorrect");
}
