// Takes the bytes of an object from whoever calls: a client's checked payload, or bytes of another service of the lake.
import { pipeline, Readable } from "node:stream";
import { CHECKSUMS, type ChecksumName } from "../../checksums.ts";
import { DigestStream } from "../../digestStream.ts";
import type { Files, Segment } from "./files.ts";
import type { StoredChecksum } from "./records.ts";

export interface TakenBody {
  readonly size: number;
  /** Hex MD5: the ETag of what was put whole. */
  readonly etag: string;
  readonly segments: readonly Segment[];
  readonly checksum: StoredChecksum | undefined;
}

/** Writes `body` to disk, durable once it resolves. `wanted`: the checksum to compute where the client sent none. */
export async function takeBody(
  files: Files,
  body: Readable | Uint8Array | string | undefined,
  signal: AbortSignal,
  wanted?: ChecksumName,
): Promise<TakenBody> {
  const stream = asDigestStream(body);
  stream.add("md5");
  if (wanted !== undefined) stream.add(wanted);
  const segment = await files.write(stream, signal);
  const segments = segment === undefined ? [] : [segment];
  const found = CHECKSUMS.map((name) => ({ name, bytes: stream.digest(name) })).find(
    ({ bytes }) => bytes !== undefined,
  );
  return {
    size: stream.size,
    etag: hex(stream.digest("md5")),
    segments,
    checksum:
      found === undefined
        ? undefined
        : { name: found.name, value: Buffer.from(found.bytes ?? []).toString("base64"), type: "FULL_OBJECT" },
  };
}

function asDigestStream(body: Readable | Uint8Array | string | undefined): DigestStream {
  if (body instanceof DigestStream) return body;
  const stream = new DigestStream();
  if (body instanceof Readable) pipeline(body, stream, () => undefined);
  else stream.end(body === undefined ? undefined : Buffer.from(body as Uint8Array));
  return stream;
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("hex");
}
