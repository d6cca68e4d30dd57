// Takes the bytes of an object from whoever calls: a client's checked payload, or bytes of another service of the lake.
import { Readable } from "node:stream";
import { ServiceError } from "../../fault.ts";
import { type ChecksumName, type DigestName } from "../../hashing/checksums.ts";
import { Payload } from "../../payload.ts";
import type { Files, Segment } from "./files.ts";
import type { StoredChecksum } from "./records.ts";

export interface TakenBody {
  readonly size: number;
  /** Hex MD5: the ETag of what was put whole. */
  readonly etag: string;
  readonly segments: readonly Segment[];
  readonly checksum: StoredChecksum | undefined;
}

/** 5 GiB: what one put or one part takes. */
const LARGEST = 5 * 1024 ** 3;

export type Body = Readable | Uint8Array | string | undefined;

/** Writes `body` to disk, durable once it resolves. `wanted`: the checksum to keep where the client sent none. */
export async function takeBody(
  files: Files,
  body: Body,
  signal: AbortSignal,
  wanted?: ChecksumName,
): Promise<TakenBody> {
  const payload = body instanceof Payload ? body : undefined;
  const { stream, size } = payload === undefined ? local(body) : { stream: payload, size: payload.expectedSize };
  if (size !== undefined && size > LARGEST) {
    throw new ServiceError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      members: { ProposedSize: size, MaxSizeAllowed: LARGEST },
    });
  }
  const sent = payload?.checksum;
  const kept = sent ?? wanted;
  const names = new Set<DigestName>(["md5", ...(payload?.digestNames ?? []), ...(kept === undefined ? [] : [kept])]);
  const written = await files.write(stream, {
    names: [...names],
    size,
    signal,
    ...(payload === undefined ? {} : { check: (digests) => payload.verify(digests) }),
  });
  const text = (name: DigestName, encoding: "hex" | "base64") =>
    Buffer.from(written.digests.get(name) ?? []).toString(encoding);
  return {
    size: written.size,
    etag: text("md5", "hex"),
    segments: written.segments,
    checksum: kept === undefined ? undefined : { name: kept, value: text(kept, "base64"), type: "FULL_OBJECT" },
  };
}

function local(body: Body): { stream: Readable; size: number | undefined } {
  if (body instanceof Readable) return { stream: body, size: undefined };
  const bytes = Buffer.from(body ?? "");
  return { stream: Readable.from(bytes.length === 0 ? [] : [bytes]), size: bytes.length };
}
