// The S3 index over the lake's store: reads, and changes that are alone on their key and never cross a bucket's deletion.
import { randomBytes } from "node:crypto";
import type { Key, Store, Writer } from "../../state/store.ts";
import { noSuchBucket } from "./errors.ts";
import { BucketGate } from "./gate.ts";
import { escapeKey } from "./keys.ts";
import type { BucketRecord, PartRecord, UploadRecord, VersionRecord } from "./records.ts";

export class S3Store {
  private readonly gate = new BucketGate();

  constructor(private readonly store: Store) {}

  findBucket(name: string): BucketRecord | undefined {
    return this.store.get<BucketRecord>(bucketKey(name));
  }

  /** Throws NoSuchBucket. */
  bucket(name: string): BucketRecord {
    const found = this.findBucket(name);
    if (found === undefined) throw noSuchBucket(name);
    return found;
  }

  /** All buckets behind `after`, by name. */
  async *buckets(after?: string): AsyncGenerator<BucketRecord> {
    const options = after === undefined ? {} : { after: bucketKey(after) };
    for await (const [, bucket] of this.store.entries<BucketRecord>(["s3", "bucket"], options)) yield bucket;
  }

  /** Reads and writes a bucket's record alone; nothing is put into the bucket meanwhile. */
  changeBucket<T>(name: string, action: () => Promise<T>): Promise<T> {
    return this.gate.alone(name, action);
  }

  /** Reads and writes what belongs to a key alone, in a bucket that stays. */
  changeKey<T>(bucket: string, key: string, action: (bucket: BucketRecord) => Promise<T>): Promise<T> {
    return this.gate.share(bucket, () => this.store.lock(`s3/${bucket}/${key}`, () => action(this.bucket(bucket))));
  }

  write(fill: (writer: Writer) => void): Promise<void> {
    return this.store.write(fill);
  }

  /** The version that a plain GET gives; none where the newest is a delete marker. */
  current(bucket: string, key: string): VersionRecord | undefined {
    return this.store.get<VersionRecord>(currentKey(bucket, key));
  }

  /** The newest version, which may be a delete marker. */
  async latest(bucket: string, key: string): Promise<VersionRecord | undefined> {
    const current = this.current(bucket, key);
    if (current !== undefined) return current;
    for await (const version of this.versionsOf(bucket, key)) return version;
    return undefined;
  }

  async version(bucket: string, key: string, versionId: string): Promise<VersionRecord | undefined> {
    if (versionId !== "null") {
      const sort = sortOf(versionId);
      const found = sort === undefined ? undefined : this.store.get<VersionRecord>(versionKey(bucket, key, sort));
      return found?.versionId === versionId ? found : undefined;
    }
    for await (const version of this.versionsOf(bucket, key)) if (version.versionId === "null") return version;
    return undefined;
  }

  /** Versions of a key, newest first, behind `sort` where it is given. */
  async *versionsOf(bucket: string, key: string, sort?: string): AsyncGenerator<VersionRecord> {
    const options = sort === undefined ? {} : { after: versionKey(bucket, key, sort) };
    for await (const [, version] of this.store.entries<VersionRecord>(
      ["s3", "version", bucket, escapeKey(key)],
      options,
    ))
      yield version;
  }

  /** Objects of a bucket from a key on, in UTF-8 order. */
  async *objectsFrom(bucket: string, key: string): AsyncGenerator<VersionRecord> {
    const first = key === "" ? undefined : this.current(bucket, key);
    if (first !== undefined) yield first;
    const options = key === "" ? {} : { after: currentKey(bucket, key) };
    for await (const [, version] of this.store.entries<VersionRecord>(["s3", "current", bucket], options))
      yield version;
  }

  /** Versions and delete markers of a bucket from a key on, each key's newest first. */
  async *versionsFrom(bucket: string, key: string): AsyncGenerator<VersionRecord> {
    // No sort value is before "", so this starts with the key's own newest version.
    const options = key === "" ? {} : { after: versionKey(bucket, key, "") };
    for await (const [, version] of this.store.entries<VersionRecord>(["s3", "version", bucket], options))
      yield version;
  }

  upload(bucket: string, key: string, uploadId: string): UploadRecord | undefined {
    return this.store.get<UploadRecord>(uploadKey(bucket, key, uploadId));
  }

  /** Uploads of a bucket from a key on, each key's oldest first. */
  async *uploadsFrom(bucket: string, key: string): AsyncGenerator<UploadRecord> {
    const options = key === "" ? {} : { after: uploadKey(bucket, key, "") };
    for await (const [, upload] of this.store.entries<UploadRecord>(["s3", "upload", bucket], options)) yield upload;
  }

  part(uploadId: string, number: number): PartRecord | undefined {
    return this.store.get<PartRecord>(partKey(uploadId, number));
  }

  async *parts(uploadId: string, after = 0): AsyncGenerator<PartRecord> {
    for await (const [, part] of this.store.entries<PartRecord>(["s3", "part", uploadId], {
      after: partKey(uploadId, after),
    }))
      yield part;
  }

  /** Whether the index holds this file of bytes. */
  holdsFile(file: string): boolean {
    return this.store.get(fileKey(file)) !== undefined;
  }

  async isEmpty(bucket: string): Promise<boolean> {
    for await (const _ of this.versionsFrom(bucket, "")) return false;
    return true;
  }
}

export function bucketKey(name: string): Key {
  return ["s3", "bucket", name];
}

export function currentKey(bucket: string, key: string): Key {
  return ["s3", "current", bucket, escapeKey(key)];
}

export function versionKey(bucket: string, key: string, sort: string): Key {
  return ["s3", "version", bucket, escapeKey(key), sort];
}

export function uploadKey(bucket: string, key: string, uploadId: string): Key {
  return ["s3", "upload", bucket, escapeKey(key), uploadId];
}

export function partKey(uploadId: string, number: number): Key {
  return ["s3", "part", uploadId, String(number).padStart(5, "0")];
}

export function fileKey(file: string): Key {
  return ["s3", "file", file];
}

const SORT_LENGTH = 14;
/** Versions within one millisecond that can be told apart. */
const STEPS = 4096;

/** The sort value of a new version: below that of `latest`, so that it lists first, whatever the clock says. */
export function sortBefore(latest: VersionRecord | undefined, now: number): string {
  const byTime = Number.MAX_SAFE_INTEGER - now * STEPS;
  const value = latest === undefined ? byTime : Math.min(byTime, Number.parseInt(latest.sort, 16) - 1);
  return value.toString(16).padStart(SORT_LENGTH, "0");
}

/** A version id, from which its sort value can be read again. */
export function versionIdOf(sort: string): string {
  return sort + randomBytes(9).toString("hex");
}

/** The sort value in a version id, or undefined where it is none. */
export function sortOf(versionId: string): string | undefined {
  return /^[0-9a-f]{32}$/.test(versionId) ? versionId.slice(0, SORT_LENGTH) : undefined;
}

/** An upload id: those of a key list in the order they were begun. */
export function uploadIdAt(now: number): string {
  return now.toString(16).padStart(12, "0") + randomBytes(26).toString("hex");
}
