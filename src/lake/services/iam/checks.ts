// The rules for names, paths, tags and policy documents.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
import { ServiceError } from "../../fault.ts";

export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationError", message);
}

export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined) {
    throw invalid(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

export function checkName(value: string | undefined, member: string, most: number): string {
  const name = required(value, member);
  if (!/^[\w+=,.@-]+$/.test(name) || name.length > most) {
    throw invalid(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-, and be at most ${most} characters long`,
    );
  }
  return name;
}

export function checkPath(value: string | undefined): string {
  const path = value ?? "/";
  if (!/^\/([!-.0-~]+\/)*$/.test(path) || path.length > 512) {
    throw invalid(
      "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    );
  }
  return path;
}

export function checkSession(seconds: number | undefined): number {
  const most = seconds ?? 3600;
  if (!Number.isInteger(most) || most < 3600 || most > 43_200) {
    throw invalid(
      `Value '${most}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200`,
    );
  }
  return most;
}

export type TagList = readonly { Key?: string | undefined; Value?: string | undefined }[];

export function tagsOf(tags: TagList | undefined): Record<string, string> {
  if ((tags ?? []).length > 50)
    throw new ServiceError("LimitExceeded", "The number of tags has reached the maximum limit.", { status: 409 });
  return Object.fromEntries(
    (tags ?? []).map(({ Key, Value }) => {
      const key = required(Key, "tags.key");
      if (key.toLowerCase().startsWith("aws:") || key.length > 128 || (Value ?? "").length > 256) {
        throw new ServiceError("InvalidInput", `The tag "${key}" is not valid.`);
      }
      return [key, Value ?? ""];
    }),
  );
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** A policy document's JSON, checked for what AWS refuses at once. `trust`: it says who may assume a role, not what may be done. */
export function checkDocument(text: string | undefined, member: string, { trust }: { trust: boolean }): string {
  const document = required(text, member);
  const statements = statementsOf(document);
  for (const statement of statements) {
    const has = (name: string) => statement[name] !== undefined;
    const { Effect } = statement as { Effect?: unknown };
    if (Effect !== "Allow" && Effect !== "Deny")
      throw malformed(
        Effect === undefined ? "Missing required field Effect" : `Invalid effect: ${JSON.stringify(Effect)}`,
      );
    if (!has("Action") && !has("NotAction")) throw malformed("Missing required field Action");
    if (trust) {
      if (has("Resource") || has("NotResource")) throw malformed("Has prohibited field Resource");
      if (!has("Principal") && !has("NotPrincipal")) throw malformed("Missing required field Principal");
    } else {
      if (has("Principal") || has("NotPrincipal")) throw malformed("Policy document should not specify a principal.");
      if (!has("Resource") && !has("NotResource")) throw malformed("Policy statement must contain resources.");
    }
  }
  return document;
}

function statementsOf(text: string): Record<string, unknown>[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed("Syntax errors in policy.");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw malformed("Syntax errors in policy.");
  const { Version, Statement } = document as { Version?: unknown; Statement?: unknown };
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17") {
    throw malformed("The policy must contain a valid version string");
  }
  const statements: unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  if (Statement === undefined || statements.length === 0) throw malformed("Syntax errors in policy.");
  if (statements.some((statement) => typeof statement !== "object" || statement === null))
    throw malformed("Syntax errors in policy.");
  return statements as Record<string, unknown>[];
}

function malformed(message: string): ServiceError {
  return new ServiceError("MalformedPolicyDocument", message);
}

/** Documents travel percent-encoded in answers: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

interface PageInput {
  readonly MaxItems?: number | undefined;
  readonly Marker?: string | undefined;
}

/** One page of `items`, which are in the order of `key`; the marker is the last key given. */
export function page<T>(items: readonly T[], key: (item: T) => string, input: PageInput) {
  const size = input.MaxItems ?? 100;
  if (!Number.isInteger(size) || size < 1 || size > 1000) throw invalid("MaxItems must be between 1 and 1000.");
  const after = input.Marker === undefined ? undefined : Buffer.from(input.Marker, "base64url").toString("utf8");
  if (after !== undefined && !items.some((item) => key(item) === after))
    throw new ServiceError("InvalidInput", "Invalid Marker.");
  const start = after === undefined ? 0 : items.findIndex((item) => key(item) === after) + 1;
  const shown = items.slice(start, start + size);
  const last = shown.at(-1);
  const IsTruncated = start + size < items.length;
  return {
    items: shown,
    rest: {
      IsTruncated,
      ...(IsTruncated && last !== undefined ? { Marker: Buffer.from(key(last)).toString("base64url") } : {}),
    },
  };
}
