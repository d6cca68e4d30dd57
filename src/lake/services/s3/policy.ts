// Bucket policies: what one may say here without losing its effect.
import { isDeepStrictEqual } from "node:util";
import { notImplemented, ServiceError } from "../../fault.ts";

interface Statement {
  readonly Effect?: unknown;
  readonly Condition?: unknown;
}

/**
 * A policy's text, if it is one whose effect this lake has. Its keys may do everything and nobody without a key may do anything,
 * so that no Allow changes a thing. Of the Denies one is known: that requests without TLS are refused. The lake listens on loopback,
 * in the clear; this one is kept for the stack's sake and has no effect. Any other Deny is refused by name.
 */
export function checkPolicy(text: string): string {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (typeof policy !== "object" || policy === null || Array.isArray(policy))
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  const { Statement: given } = policy as { Statement?: unknown };
  const statements = (Array.isArray(given) ? given : [given]) as (Statement | undefined)[];
  if (statements.length === 0) throw malformed("Missing required field Statement");
  for (const statement of statements) {
    if (typeof statement !== "object" || statement === null) throw malformed("Missing required field Statement");
    if (statement.Effect === "Deny" && !isTlsOnly(statement.Condition)) {
      throw notImplemented("a bucket policy that denies anything but requests without TLS");
    }
    if (statement.Effect !== "Deny" && statement.Effect !== "Allow") throw malformed("Missing required field Effect");
    if (
      statement.Effect === "Allow" &&
      isEverybody((statement as { Principal?: unknown }).Principal) &&
      statement.Condition === undefined
    ) {
      // What AWS says while public policies are blocked, as they are in every new bucket.
      throw new ServiceError(
        "AccessDenied",
        "User is not authorized to perform: s3:PutBucketPolicy because public policies are blocked by the BlockPublicPolicy setting",
        {
          status: 403,
        },
      );
    }
  }
  return text;
}

function isTlsOnly(condition: unknown): boolean {
  return [false, "false"].some((value) => isDeepStrictEqual(condition, { Bool: { "aws:SecureTransport": value } }));
}

function isEverybody(principal: unknown): boolean {
  return principal === "*" || isDeepStrictEqual(principal, { AWS: "*" });
}

function malformed(message: string): ServiceError {
  return new ServiceError("MalformedPolicy", message);
}
