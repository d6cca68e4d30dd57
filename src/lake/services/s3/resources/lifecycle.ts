// A template's lifecycle rules as the S3 API's: the two spell the same things differently.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-s3-bucket-rule.html
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { notImplemented } from "../../../fault.ts";

type Plain = Readonly<Record<string, unknown>>;

export function lifecycleRule(rule: Plain): LifecycleRule {
  const {
    Id,
    Status,
    Prefix = "",
    Transitions,
    ExpirationInDays,
    ExpiredObjectDeleteMarker,
    NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload,
    ...rest
  } = rule;
  const [other] = Object.keys(rest);
  if (other !== undefined) throw notImplemented(`AWS::S3::Bucket lifecycle rules with ${other}`);
  const expiration = {
    ...(ExpirationInDays === undefined ? {} : { Days: Number(ExpirationInDays) }),
    ...(ExpiredObjectDeleteMarker === undefined
      ? {}
      : { ExpiredObjectDeleteMarker: isTrue(ExpiredObjectDeleteMarker) }),
  };
  return {
    ...(Id === undefined ? {} : { ID: String(Id) }),
    Status: Status as NonNullable<LifecycleRule["Status"]>,
    Filter: { Prefix: String(Prefix) },
    ...(Transitions === undefined ? {} : { Transitions: (Transitions as Plain[]).map(transition) }),
    ...(Object.keys(expiration).length === 0 ? {} : { Expiration: expiration }),
    ...(NoncurrentVersionExpiration === undefined
      ? {}
      : { NoncurrentVersionExpiration: numbers(NoncurrentVersionExpiration) }),
    ...(AbortIncompleteMultipartUpload === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: numbers(AbortIncompleteMultipartUpload) }),
  };
}

function transition({ TransitionInDays, StorageClass }: Plain): NonNullable<LifecycleRule["Transitions"]>[number] {
  return { Days: Number(TransitionInDays), StorageClass: StorageClass as "INTELLIGENT_TIERING" };
}

/** Templates may write numbers as text. */
function numbers(value: unknown): Record<string, number> {
  return Object.fromEntries(Object.entries(value as Plain).map(([name, number]) => [name, Number(number)]));
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
