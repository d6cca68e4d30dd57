// Whether a resource's properties can be what the template says: AWS's specification, known values, and what the lake implements.
import type { ResourceType } from "../../../resource.ts";
import { conform, type Problem, problemText } from "../spec/conform.ts";
import { wrongValues } from "../spec/values.ts";
import { invalidTemplate } from "../template/fault.ts";
import { refusedReferences } from "./dynamic.ts";
import type { Types } from "./types.ts";

export interface CheckedProperties {
  /** With text turned into numbers and booleans where the specification asks for them. */
  readonly properties: Record<string, unknown>;
  /** Against AWS's specification or known values: AWS would refuse them too. */
  readonly problems: readonly Problem[];
  /** What only the lake refuses, whole sentences. */
  readonly refused: readonly string[];
}

export async function checkProperties(
  types: Types,
  logicalId: string,
  typeName: string,
  given: Readonly<Record<string, unknown>>,
): Promise<CheckedProperties> {
  const spec = await types.spec(typeName);
  const { properties, problems } = conform(spec, given);
  const values = problems.length > 0 ? [] : wrongValues(typeName, properties);
  const type = await types.get(typeName);
  const refused = [
    ...refusedProperties(type, properties).map((path) => `property ${path}`),
    ...refusedReferences(properties),
  ].map((what) => `The local lake does not implement ${what} of ${typeName} (resource ${logicalId}).`);
  return { properties, problems: [...problems, ...values], refused: problems.length > 0 ? [] : refused };
}

/** Throws where there is any problem: for properties that became known only now. */
export function assertChecked(logicalId: string, { problems, refused }: CheckedProperties): void {
  if (problems.length > 0) throw invalidTemplate(problemText(logicalId, problems));
  if (refused[0] !== undefined) throw invalidTemplate(refused.join(" "));
}

/** Paths that no path of the type's `properties` admits. Lists are walked as if they were their items. */
function refusedProperties(type: ResourceType, properties: Readonly<Record<string, unknown>>): string[] {
  const found = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, path);
      return;
    }
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return;
    for (const [name, item] of Object.entries(value)) {
      const here = path === "" ? name : `${path}.${name}`;
      if (type.properties.includes(here)) continue;
      if (type.properties.some((known) => known.startsWith(`${here}.`))) walk(item, here);
      else found.add(here);
    }
  };
  walk(properties, "");
  return [...found];
}
