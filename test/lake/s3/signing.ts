// Signature Version 4 by hand, for requests that no SDK at hand makes: presigned URLs, and `aws-chunked` bodies as the Java SDK 1 sends them.
import { createHash, createHmac } from "node:crypto";
import type { TestLake } from "../harness.ts";

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

export interface Signer {
  readonly date: string;
  readonly scope: string;
  readonly credential: string;
  sign(text: string): string;
}

export function signer(lake: TestLake, at = new Date()): Signer {
  const date = at.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const { accessKeyId, secretAccessKey } = lake.config.credentials;
  const key = scope
    .split("/")
    .reduce<Buffer>((before, part) => hmac(before, part), Buffer.from(`AWS4${secretAccessKey}`));
  return { date, scope, credential: `${accessKeyId}/${scope}`, sign: (text) => hmac(key, text).toString("hex") };
}

function canonicalPath(path: string): string {
  return path.split("/").map(encode).join("/");
}

function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
}

/** A presigned URL. `path` is "/bucket/key", not encoded. */
export function presign(
  lake: TestLake,
  method: string,
  path: string,
  { query = {}, expires = 900, at = new Date() }: { query?: Record<string, string>; expires?: number; at?: Date } = {},
): string {
  const { date, scope, credential, sign } = signer(lake, at);
  const all = canonicalQuery({
    ...query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": credential,
    "X-Amz-Date": date,
    "X-Amz-Expires": String(expires),
    "X-Amz-SignedHeaders": "host",
  });
  const host = new URL(lake.endpoint).host;
  const canonical = [method, canonicalPath(path), all, `host:${host}`, "", "host", "UNSIGNED-PAYLOAD"].join("\n");
  const signature = sign(["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n"));
  return `${lake.endpoint}${canonicalPath(path)}?${all}&X-Amz-Signature=${signature}`;
}

export interface SignedRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  /** The signature that the first chunk's follows. */
  readonly signature: string;
  readonly signer: Signer;
}

/** A request signed in its headers; `payload` is what x-amz-content-sha256 says. */
export function signHeaders(
  lake: TestLake,
  method: string,
  path: string,
  payload: string,
  { query = {}, headers = {} }: { query?: Record<string, string>; headers?: Record<string, string> } = {},
): SignedRequest {
  const made = signer(lake);
  const host = new URL(lake.endpoint).host;
  const all: Record<string, string> = {
    ...headers,
    host,
    "x-amz-date": made.date,
    ...(payload === "" ? {} : { "x-amz-content-sha256": payload }),
  };
  const names = Object.keys(all).sort();
  const search = canonicalQuery(query);
  const canonical = [
    method,
    canonicalPath(path),
    search,
    ...names.map((name) => `${name}:${all[name]?.trim()}`),
    "",
    names.join(";"),
    payload === "" ? sha256("") : payload,
  ].join("\n");
  const signature = made.sign(["AWS4-HMAC-SHA256", made.date, made.scope, sha256(canonical)].join("\n"));
  all["authorization"] =
    `AWS4-HMAC-SHA256 Credential=${made.credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return {
    url: `${lake.endpoint}${canonicalPath(path)}${search === "" ? "" : `?${search}`}`,
    headers: all,
    signature,
    signer: made,
  };
}

/** The chunks of an `aws-chunked` body, each signed after the one before. */
export function chunked(request: SignedRequest, data: Buffer, size: number, trailers?: Record<string, string>): Buffer {
  const { signer: made } = request;
  const pieces: Buffer[] = [];
  let previous = request.signature;
  for (let at = 0; ; at += size) {
    const chunk = data.subarray(at, at + size);
    const toSign = ["AWS4-HMAC-SHA256-PAYLOAD", made.date, made.scope, previous, sha256(""), sha256(chunk)].join("\n");
    previous = made.sign(toSign);
    pieces.push(Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`), chunk);
    if (chunk.length === 0) break;
    pieces.push(Buffer.from("\r\n"));
  }
  if (trailers !== undefined) {
    const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}`);
    const toSign = [
      "AWS4-HMAC-SHA256-TRAILER",
      made.date,
      made.scope,
      previous,
      sha256(lines.map((line) => `${line}\n`).join("")),
    ].join("\n");
    pieces.push(Buffer.from(`${[...lines, `x-amz-trailer-signature:${made.sign(toSign)}`].join("\r\n")}\r\n`));
  }
  pieces.push(Buffer.from("\r\n"));
  return Buffer.concat(pieces);
}
