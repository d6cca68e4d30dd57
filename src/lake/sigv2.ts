// Signature Version 2 in the query of a URL: what boto3 and the AWS CLI 1 still presign for S3 unless they are told otherwise.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ServiceError } from "./fault.ts";
import type { SignedParts } from "./sigv4.ts";

/** Query parameters that belong to the resource that is signed. */
const SUBRESOURCE =
  /^(acl|cors|delete|lifecycle|location|logging|notification|partNumber|policy|requestPayment|tagging|torrent|uploadId|uploads|versionId|versioning|versions|website|response-[a-z-]+)$/;

/** The parts of a presigned URL, or undefined where it is none. */
export function presignedPartsV2(url: URL): SignedParts | undefined {
  const query = url.searchParams;
  const [accessKeyId = "", signature = "", expires = ""] = ["AWSAccessKeyId", "Signature", "Expires"].map(
    (name) => query.get(name) ?? "",
  );
  if (accessKeyId === "" || signature === "" || expires === "") return undefined;
  return {
    version: 2,
    accessKeyId,
    signature,
    // The second at which it ends, since the epoch.
    date: expires,
    service: "s3",
    region: "",
    scope: "",
    signedHeaders: [],
    sessionToken: query.get("x-amz-security-token") ?? undefined,
    payload: "UNSIGNED-PAYLOAD",
    expires: undefined,
  };
}

export function verifyPresignedV2(
  method: string,
  url: URL,
  rawPath: string,
  headers: IncomingHttpHeaders,
  parts: SignedParts,
  secret: string,
): void {
  const ends = Number(parts.date);
  if (!Number.isInteger(ends) || ends * 1000 < Date.now())
    throw new ServiceError("AccessDenied", "Request has expired", { status: 403 });
  // What was a header for the signer may have moved to the query.
  const given = (name: string) => String(headers[name] ?? url.searchParams.get(name) ?? "").trim();
  const names = new Set([...Object.keys(headers), ...[...url.searchParams.keys()].map((name) => name.toLowerCase())]);
  const amz = [...names].filter((name) => name.startsWith("x-amz-")).sort();
  const lines = [
    method,
    given("content-md5"),
    given("content-type"),
    parts.date,
    ...amz.map((name) => `${name}:${given(name)}`),
  ];
  const toSign = `${lines.join("\n")}\n${rawPath}${subresources(url)}`;
  const expected = createHmac("sha1", secret).update(toSign).digest();
  const signature = Buffer.from(parts.signature, "base64");
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new ServiceError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      { status: 403 },
    );
  }
}

function subresources(url: URL): string {
  const found = [...url.searchParams]
    .filter(([name]) => SUBRESOURCE.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return found.length === 0 ? "" : `?${found.join("&")}`;
}
