// A bucket's settings as its record holds them, changed alone.
import { noSuchBucket } from "./errors.ts";
import type { BucketRecord } from "./records.ts";
import { bucketKey } from "./store.ts";
import type { S3 } from "./versions.ts";

export async function changeSettings(
  s3: S3,
  name: string,
  change: (bucket: BucketRecord) => BucketRecord,
): Promise<void> {
  await s3.store.changeBucket(name, async () => {
    const found = s3.store.findBucket(name);
    if (found === undefined) throw noSuchBucket(name);
    await s3.store.write((writer) => writer.put(bucketKey(name), change(found)));
  });
}

/** One of a bucket's settings, put (or, undefined, taken away) under its name. */
export function withSetting(bucket: BucketRecord, name: string, value: unknown): BucketRecord {
  const { [name]: _, ...others } = bucket.settings;
  return { ...bucket, settings: value === undefined ? others : { ...others, [name]: value } };
}
