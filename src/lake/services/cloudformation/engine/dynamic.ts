// Dynamic references in properties: read just before a resource is made, and never kept.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
import type { Lake } from "../../../lake.ts";
import { invalidTemplate } from "../template/fault.ts";

const REFERENCE = /\{\{resolve:([a-z-]+):([^{}]*)\}\}/g;

/** The kinds of reference that the lake refuses, as far as they occur. */
export function refusedReferences(value: unknown): string[] {
  const found = new Set<string>();
  eachText(value, (text) => {
    for (const [, kind] of text.matchAll(REFERENCE)) {
      if (kind !== "secretsmanager") found.add(`dynamic references {{resolve:${kind}:...}}`);
    }
    return text;
  });
  return [...found];
}

/** The properties with every reference replaced by the secret's value. */
export async function resolveReferences(
  lake: Lake,
  properties: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const wanted = new Set<string>();
  eachText(properties, (text) => {
    for (const [whole] of text.matchAll(REFERENCE)) wanted.add(whole);
    return text;
  });
  if (wanted.size === 0) return properties as Record<string, unknown>;
  const values = new Map<string, string>();
  for (const whole of wanted) values.set(whole, await secretValue(lake, whole));
  return eachText(properties, (text) => text.replace(REFERENCE, (whole) => values.get(whole) ?? whole)) as Record<
    string,
    unknown
  >;
}

async function secretValue(lake: Lake, whole: string): Promise<string> {
  const parts = whole.slice("{{resolve:secretsmanager:".length, -2).split(":");
  // An ARN has seven parts of its own.
  const idParts = parts[0] === "arn" ? 7 : 1;
  const id = parts.slice(0, idParts).join(":");
  const [kind = "SecretString", jsonKey = "", stage = "", version = ""] = parts.slice(idParts);
  if (kind !== "" && kind !== "SecretString") {
    throw invalidTemplate(`Could not parse SecretString ARN: ${whole}`);
  }
  const { SecretString } = await lake.call("secretsmanager", "GetSecretValue", {
    SecretId: id,
    ...(stage === "" ? {} : { VersionStage: stage }),
    ...(version === "" ? {} : { VersionId: version }),
  });
  if (SecretString === undefined) throw invalidTemplate(`Secret ${id} has no text.`);
  if (jsonKey === "") return SecretString;
  const found = jsonMember(SecretString, jsonKey);
  if (found === undefined) throw invalidTemplate(`Could not find a value associated with JSONKey in SecretString`);
  return found;
}

function jsonMember(text: string, name: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Record<string, unknown>)[name];
    return value === undefined ? undefined : String(value);
  } catch {
    return undefined;
  }
}

function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => eachText(item, change));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, eachText(item, change)]));
}
