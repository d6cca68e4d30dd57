// Checks AWS Signature Version 4 on a request, in headers or presigned in the query.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ServiceError } from "./fault.ts";

export interface SignedParts {
  /** 2 only in presigned URLs of S3 (sigv2.ts). */
  readonly version: 2 | 4;
  readonly accessKeyId: string;
  /** "20261124/us-east-1/s3/aws4_request" */
  readonly scope: string;
  readonly service: string;
  readonly region: string;
  /** "20261124T062118Z" */
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** The declared payload hash, or a marker such as UNSIGNED-PAYLOAD or STREAMING-... */
  readonly payload: string;
  /** Seconds that a presigned URL holds. */
  readonly expires: number | undefined;
}

/** Time a signed request stays good, seconds. */
const SKEW = 15 * 60;

/** Reads the signature's parts, or undefined where the request bears none. */
export function signedParts(url: URL, headers: IncomingHttpHeaders): SignedParts | undefined {
  const query = url.searchParams;
  if (query.get("X-Amz-Algorithm") === "AWS4-HMAC-SHA256") {
    const [accessKeyId, ...scope] = (query.get("X-Amz-Credential") ?? "").split("/");
    return {
      ...scopeParts(accessKeyId, scope),
      date: query.get("X-Amz-Date") ?? "",
      signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
      signature: query.get("X-Amz-Signature") ?? "",
      sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
      payload: one(headers["x-amz-content-sha256"]) ?? "UNSIGNED-PAYLOAD",
      expires: Number(query.get("X-Amz-Expires") ?? "0"),
    };
  }
  const match = /^AWS4-HMAC-SHA256 (.*)$/.exec(headers.authorization ?? "");
  if (match === null) return undefined;
  const fields = new Map(
    (match[1] ?? "").split(",").map((field) => {
      const [name = "", ...value] = field.trim().split("=");
      return [name, value.join("=")];
    }),
  );
  const [accessKeyId, ...scope] = (fields.get("Credential") ?? "").split("/");
  return {
    ...scopeParts(accessKeyId, scope),
    date: one(headers["x-amz-date"]) ?? "",
    signedHeaders: (fields.get("SignedHeaders") ?? "").split(";"),
    signature: fields.get("Signature") ?? "",
    sessionToken: one(headers["x-amz-security-token"]),
    payload: one(headers["x-amz-content-sha256"]) ?? "",
    expires: undefined,
  };
}

/** Throws ServiceError unless `parts.signature` is what `secret` gives for this request. `bodyHash`: hex SHA-256 where no header declares it. */
export function verifySignature(
  method: string,
  url: URL,
  rawPath: string,
  headers: IncomingHttpHeaders,
  parts: SignedParts,
  secret: string,
  bodyHash: () => string,
): void {
  checkTime(parts);
  if (!parts.signedHeaders.includes("host")) throw mismatch("The host header must be signed.");
  const canonical = [
    method,
    canonicalPath(rawPath, parts.service),
    canonicalQuery(url),
    ...parts.signedHeaders.map((name) => `${name}:${headerValue(headers[name])}`),
    "",
    parts.signedHeaders.join(";"),
    parts.payload === "" ? bodyHash() : parts.payload,
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", parts.date, parts.scope, sha256(canonical)].join("\n");
  const expected = createHmac("sha256", signingKey(secret, parts.scope)).update(toSign).digest();
  const given = Buffer.from(parts.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw mismatch("The request signature we calculated does not match the signature you provided. Check your key.");
  }
}

export function signingKey(secret: string, scope: string): Buffer {
  return scope
    .split("/")
    .reduce<Buffer>((key, part) => createHmac("sha256", key).update(part).digest(), Buffer.from(`AWS4${secret}`));
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function scopeParts(accessKeyId: string | undefined, scope: string[]) {
  return {
    version: 4 as const,
    accessKeyId: accessKeyId ?? "",
    scope: scope.join("/"),
    region: scope[1] ?? "",
    service: scope[2] ?? "",
  };
}

function checkTime(parts: SignedParts): void {
  const stamp = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(parts.date);
  const at =
    stamp === null
      ? Number.NaN
      : Date.parse(`${stamp[1]}-${stamp[2]}-${stamp[3]}T${stamp[4]}:${stamp[5]}:${stamp[6]}Z`);
  if (Number.isNaN(at)) throw mismatch("The request's date is missing or malformed.");
  const age = (Date.now() - at) / 1000;
  if (parts.expires !== undefined) {
    if (age > parts.expires) throw new ServiceError("AccessDenied", "Request has expired.", { status: 403 });
  } else if (Math.abs(age) > SKEW) {
    throw new ServiceError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      {
        status: 403,
      },
    );
  }
}

function mismatch(message: string): ServiceError {
  return new ServiceError("SignatureDoesNotMatch", message, { status: 403 });
}

/** RFC 3986 encoding, as SigV4 wants it. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function canonicalPath(rawPath: string, service: string): string {
  const once = rawPath.split("/").map((segment) => uriEncode(decode(segment)));
  // S3 encodes the path once, every other service twice.
  return (service === "s3" ? once : once.map(uriEncode)).join("/") || "/";
}

function canonicalQuery(url: URL): string {
  const query = url.search.slice(1);
  if (query === "") return "";
  return query
    .split("&")
    .filter((pair) => pair !== "" && !pair.startsWith("X-Amz-Signature="))
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      // A plus in a query is a space: the Java SDK 1 sends one and signs the other.
      return [name, value].map((text) => uriEncode(decode(text.replaceAll("+", " ")))) as [string, string];
    })
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function headerValue(value: string | string[] | undefined): string {
  const text = Array.isArray(value) ? value.join(",") : (value ?? "");
  return text.trim().replace(/ +/g, " ");
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
