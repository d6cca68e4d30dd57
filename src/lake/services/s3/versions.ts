// What a write or a delete does to the versions of a key, in buckets that are versioned, were, or never have been.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
import type { Lake } from "../../lake.ts";
import type { Writer } from "../../state/store.ts";
import type { Files, Segment } from "./files.ts";
import type { BucketRecord, ObjectRecord, VersionRecord } from "./records.ts";
import { currentKey, fileKey, type S3Store, sortBefore, versionIdOf, versionKey } from "./store.ts";

export interface S3 {
  readonly lake: Lake;
  readonly store: S3Store;
  readonly files: Files;
}

export interface PutOptions {
  /** Throws where a condition on what is there now does not hold; runs alone on the key. */
  readonly check?: (current: VersionRecord | undefined) => void | Promise<void>;
  /** Further records of the same batch, and files of theirs that fall away with it. */
  readonly also?: (writer: Writer) => void;
  readonly drops?: () => readonly Segment[];
  /** The segments stand in the index already, as parts. */
  readonly indexed?: boolean;
}

/** Makes `object` the newest version of the key. Its files are dropped where that fails. */
export async function putVersion(
  s3: S3,
  bucket: string,
  key: string,
  object: ObjectRecord,
  options: PutOptions = {},
): Promise<VersionRecord> {
  // Once the batch is handed over, only the next start's sweep may judge the files: a batch that failed may still have reached the disk.
  let handedOver = options.indexed === true;
  try {
    return await s3.store.changeKey(bucket, key, async (found) => {
      await options.check?.(s3.store.current(bucket, key));
      const { version, replaced } = await nextVersion(s3, found, key, object);
      handedOver = true;
      await s3.store.write((writer) => {
        if (replaced !== undefined) forget(writer, bucket, replaced);
        writer.put(versionKey(bucket, key, version.sort), version);
        writer.put(currentKey(bucket, key), version);
        for (const { file } of object.segments) writer.put(fileKey(file), 1);
        options.also?.(writer);
      });
      s3.files.settle(object.segments);
      await s3.files.discard([...(replaced?.object?.segments ?? []), ...(options.drops?.() ?? [])]);
      return version;
    });
  } catch (error) {
    if (!handedOver) await s3.files.discard(object.segments);
    throw error;
  }
}

/** Deletes without naming a version: a delete marker where the bucket is or was versioned. */
export async function deleteLatest(
  s3: S3,
  bucket: string,
  key: string,
  check?: (current: VersionRecord | undefined) => void,
): Promise<VersionRecord | undefined> {
  return s3.store.changeKey(bucket, key, async (found) => {
    const current = s3.store.current(bucket, key);
    check?.(current);
    if (found.versioning === undefined) {
      if (current !== undefined) await remove(s3, bucket, current);
      return undefined;
    }
    const { version, replaced } = await nextVersion(s3, found, key, undefined);
    await s3.store.write((writer) => {
      if (replaced !== undefined) forget(writer, bucket, replaced);
      writer.put(versionKey(bucket, key, version.sort), version);
      writer.delete(currentKey(bucket, key));
    });
    await s3.files.discard(replaced?.object?.segments ?? []);
    return version;
  });
}

/** Deletes one version for good; the newest that is left becomes current. Undefined where there is no such version. */
export async function deleteVersion(
  s3: S3,
  bucket: string,
  key: string,
  versionId: string,
  check?: (version: VersionRecord | undefined) => void,
): Promise<VersionRecord | undefined> {
  return s3.store.changeKey(bucket, key, async () => {
    const version = await s3.store.version(bucket, key, versionId);
    check?.(version);
    if (version !== undefined) await remove(s3, bucket, version);
    return version;
  });
}

/** Changes what is said of a version (its tags) and nothing of its bytes. */
export async function describeVersion(
  s3: S3,
  bucket: string,
  key: string,
  find: () => Promise<VersionRecord & { object: ObjectRecord }>,
  change: (object: ObjectRecord) => ObjectRecord,
): Promise<VersionRecord> {
  return s3.store.changeKey(bucket, key, async () => {
    const found = await find();
    const changed = { ...found, object: change(found.object) };
    const isCurrent = s3.store.current(bucket, key)?.sort === found.sort;
    await s3.store.write((writer) => {
      writer.put(versionKey(bucket, key, found.sort), changed);
      if (isCurrent) writer.put(currentKey(bucket, key), changed);
    });
    return changed;
  });
}

async function nextVersion(s3: S3, bucket: BucketRecord, key: string, object: ObjectRecord | undefined) {
  const now = s3.lake.clock.now();
  const latest = await s3.store.latest(bucket.name, key);
  const sort = sortBefore(latest, now);
  const enabled = bucket.versioning === "Enabled";
  const version: VersionRecord = { key, versionId: enabled ? versionIdOf(sort) : "null", sort, modified: now, object };
  const replaced = latest?.versionId === "null" ? latest : await s3.store.version(bucket.name, key, "null");
  return { version, replaced: enabled ? undefined : replaced };
}

async function remove(s3: S3, bucket: string, version: VersionRecord): Promise<void> {
  const { key } = version;
  const latest = await s3.store.latest(bucket, key);
  let next: VersionRecord | undefined;
  if (latest?.sort === version.sort) {
    for await (const older of s3.store.versionsOf(bucket, key, version.sort)) {
      next = older;
      break;
    }
  }
  await s3.store.write((writer) => {
    forget(writer, bucket, version);
    if (latest?.sort !== version.sort) return;
    if (next?.object === undefined) writer.delete(currentKey(bucket, key));
    else writer.put(currentKey(bucket, key), next);
  });
  await s3.files.discard(version.object?.segments ?? []);
}

function forget(writer: Writer, bucket: string, { key, sort, object }: VersionRecord): void {
  writer.delete(versionKey(bucket, key, sort));
  for (const { file } of object?.segments ?? []) writer.delete(fileKey(file));
}
