// What the S3 index holds: buckets, object versions, uploads and their parts, as stored in the lake's store.
import type { ChecksumName } from "../../hashing/checksums.ts";
import type { Segment } from "./files.ts";

export interface BucketRecord {
  readonly name: string;
  /** Epoch ms. */
  readonly created: number;
  /** Absent: never versioned. */
  readonly versioning?: "Enabled" | "Suspended";
  readonly tags?: Readonly<Record<string, string>>;
  /** Configurations as the SDK shapes them, by operation family ("Encryption", "LifecycleConfiguration", ...). */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Headers that are kept with an object and sent with it, by their SDK member. */
export interface ContentHeaders {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
  /** As sent: a date, or what the client took for one. */
  readonly Expires?: string;
  readonly WebsiteRedirectLocation?: string;
}

export interface StoredChecksum {
  readonly name: ChecksumName;
  /** Base64, with `-N` behind it where it was made of the checksums of N parts. */
  readonly value: string;
  readonly type: "FULL_OBJECT" | "COMPOSITE";
}

/** What a client says of an object when it is written; an upload keeps it until it is completed. */
export interface Description {
  readonly headers: ContentHeaders;
  /** User metadata, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly storageClass?: string;
}

export interface StoredPart {
  readonly size: number;
  readonly checksum?: string;
}

export interface VersionRecord {
  readonly key: string;
  /** "null" where it was written without versioning. */
  readonly versionId: string;
  /** Orders the versions of a key, newest first. */
  readonly sort: string;
  /** Epoch ms. */
  readonly modified: number;
  readonly object: ObjectRecord | undefined;
}

/** The content of a version; a delete marker has none. */
export interface ObjectRecord extends Description {
  readonly size: number;
  /** Without its quotes. */
  readonly etag: string;
  readonly segments: readonly Segment[];
  readonly checksum?: StoredChecksum;
  /** Where it was uploaded in parts, by part number from 1, gaps closed. */
  readonly parts?: readonly StoredPart[];
}

export interface UploadRecord extends Description {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: number;
  readonly checksumName?: ChecksumName;
  readonly checksumType?: StoredChecksum["type"];
}

export interface PartRecord {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly segments: readonly Segment[];
  readonly checksum?: { readonly name: ChecksumName; readonly value: string };
}
