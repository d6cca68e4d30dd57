// The digests that S3 clients send and want back, as running hashes: MD5, the SHA family, and the CRCs.
import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";

/** x-amz-checksum-<name>, in lower case; "md5" is Content-MD5 and the ETag. */
export const CHECKSUMS = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256", "sha512"] as const;
export type ChecksumName = (typeof CHECKSUMS)[number];
export type DigestName = ChecksumName | "md5";

/** A running hash. `digest` may be called once, after the last `update`. */
export interface Digest {
  update(chunk: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

export function createDigest(name: DigestName): Digest {
  if (name === "crc32") return new NativeCrc32();
  if (name === "crc32c") return new Crc32c();
  if (name === "crc64nvme") return new Crc64Nvme();
  return new NativeHash(createHash(name));
}

/** Digests of the same bytes by name. */
export type Digests = ReadonlyMap<DigestName, Uint8Array>;

export async function finishDigests(running: ReadonlyMap<DigestName, Digest>): Promise<Digests> {
  const results = new Map<DigestName, Uint8Array>();
  for (const [name, digest] of running) results.set(name, await digest.digest());
  return results;
}

export function isChecksum(name: string): name is ChecksumName {
  return (CHECKSUMS as readonly string[]).includes(name);
}

class NativeHash implements Digest {
  constructor(private readonly hash: Hash) {}

  update(chunk: Uint8Array): void {
    this.hash.update(chunk);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
}

/** zlib's, which is ten times quicker than one in JavaScript. */
class NativeCrc32 implements Digest {
  private value = 0;

  update(chunk: Uint8Array): void {
    this.value = crc32(chunk, this.value);
  }

  digest(): Promise<Uint8Array> {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.value);
    return Promise.resolve(bytes);
  }
}
