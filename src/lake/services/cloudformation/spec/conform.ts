// Resolved properties held against AWS's specification: what does not conform, in the words of CloudFormation's schema validation,
// and the same properties with text turned into the numbers and booleans that the specification asks for, as CloudFormation does.
import { Unresolved } from "../template/unresolved.ts";
import type { CompactProperty, CompactType, ResourceSpec } from "./spec.ts";

export interface Problem {
  /** JSON pointer below the resource's properties; "" is the properties themselves. */
  readonly path: string;
  readonly message: string;
}

export interface Conformed {
  readonly properties: Record<string, unknown>;
  readonly problems: readonly Problem[];
}

interface Checked {
  readonly value: unknown;
  readonly problems: Problem[];
}

/** Values that are Unresolved are taken as they are: they are looked at again once they are known. */
export function conform(spec: ResourceSpec, properties: Readonly<Record<string, unknown>>): Conformed {
  const { value, problems } = checkObject(spec, spec.properties, properties, "");
  return { properties: value as Record<string, unknown>, problems };
}

/** The sentence that CloudFormation puts before a resource's problems. */
export function problemText(logicalId: string, problems: readonly Problem[]): string {
  const lines = problems.map(({ path, message }) => `#${path}: ${message}`);
  return `Properties validation failed for resource ${logicalId} with message:\n${lines.join("\n")}`;
}

function fault(path: string, message: string, value: unknown): Checked {
  return { value, problems: [{ path, message }] };
}

function checkObject(
  spec: ResourceSpec,
  known: Readonly<Record<string, CompactProperty>>,
  value: unknown,
  path: string,
): Checked {
  if (kindOf(value) !== "JSONObject") return fault(path, `expected type: JSONObject, found: ${kindOf(value)}`, value);
  const result: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, { required }] of Object.entries(known)) {
    if (required === true && (value as Record<string, unknown>)[name] === undefined) {
      problems.push({ path, message: `required key [${name}] not found` });
    }
  }
  for (const [name, item] of Object.entries(value as Record<string, unknown>)) {
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (property === undefined) {
      problems.push({ path, message: `extraneous key [${name}] is not permitted` });
      continue;
    }
    const checked = check(spec, property.type, item, `${path}/${name}`);
    result[name] = checked.value;
    problems.push(...checked.problems);
  }
  return { value: result, problems };
}

function check(spec: ResourceSpec, type: CompactType, value: unknown, path: string): Checked {
  if (value instanceof Unresolved) return { value, problems: [] };
  if (typeof type === "string") return checkScalar(type, value, path);
  if ("values" in type) return checkValues(type.values, value, path);
  if ("list" in type) {
    if (!Array.isArray(value)) return fault(path, `expected type: JSONArray, found: ${kindOf(value)}`, value);
    const items = value.map((item, index) => check(spec, type.list, item, `${path}/${index}`));
    return { value: items.map((item) => item.value), problems: items.flatMap((item) => item.problems) };
  }
  if ("map" in type) {
    if (kindOf(value) !== "JSONObject") return fault(path, `expected type: JSONObject, found: ${kindOf(value)}`, value);
    const items = Object.entries(value as object).map(
      ([name, item]) => [name, check(spec, type.map, item, `${path}/${name}`)] as const,
    );
    return {
      value: Object.fromEntries(items.map(([name, item]) => [name, item.value])),
      problems: items.flatMap(([, item]) => item.problems),
    };
  }
  if ("definition" in type) return checkObject(spec, spec.definitions[type.definition] ?? {}, value, path);
  const tries = type.anyOf.map((one) => check(spec, one, value, path));
  const fits = tries.find(({ problems }) => problems.length === 0);
  // Where none fits, the one with the fewest faults is what was meant.
  return fits ?? tries.reduce((best, next) => (next.problems.length < best.problems.length ? next : best));
}

function checkScalar(type: CompactType & string, value: unknown, path: string): Checked {
  const found = kindOf(value);
  const simple = found === "String" || found === "Number" || found === "Boolean";
  switch (type) {
    case "json":
      return { value, problems: [] };
    case "tag":
      return checkTag(value, path);
    case "boolean":
      if (value === true || value === "true") return { value: true, problems: [] };
      if (value === false || value === "false") return { value: false, problems: [] };
      return fault(path, `expected type: Boolean, found: ${found}`, value);
    case "integer":
    case "number": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      const fits =
        typeof number === "number" && (type === "number" ? Number.isFinite(number) : Number.isInteger(number));
      const expected = type === "number" ? "Number" : "Integer";
      return fits ? { value: number, problems: [] } : fault(path, `expected type: ${expected}, found: ${found}`, value);
    }
    default:
      return simple
        ? { value: String(value), problems: [] }
        : fault(path, `expected type: String, found: ${found}`, value);
  }
}

function checkValues(values: readonly (string | number)[], value: unknown, path: string): Checked {
  const match = values.find((allowed) => allowed === value || String(allowed) === String(value));
  return match === undefined || typeof value === "object"
    ? fault(path, `${typeof value === "object" ? kindOf(value) : String(value)} is not a valid enum value`, value)
    : { value: match, problems: [] };
}

const TAG: Readonly<Record<string, CompactProperty>> = {
  Key: { type: "string", required: true },
  Value: { type: "string" },
  PropagateAtLaunch: { type: "boolean" },
};

function checkTag(value: unknown, path: string): Checked {
  return checkObject({ type: "", properties: {}, attributes: {}, identifier: [], definitions: {} }, TAG, value, path);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "JSONArray";
  if (value === null || value === undefined) return "Null";
  if (typeof value === "object") return "JSONObject";
  return typeof value === "string" ? "String" : typeof value === "number" ? "Number" : "Boolean";
}
