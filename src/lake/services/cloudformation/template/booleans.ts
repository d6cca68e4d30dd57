// The functions that give true or false: those of conditions, and those of rules.
import { invalidTemplate } from "./fault.ts";
import { resolve, type Scope } from "./functions.ts";
import { isObject, type Json } from "./syntax.ts";
import { Unresolved } from "./unresolved.ts";

/** The scope of a section that knows parameters and mappings only. */
export type ParameterScope = Pick<Scope, "mappings" | "parameter" | "zones">;

export interface BooleanContext {
  readonly scope: Scope;
  /** The value of a condition by its name; throws where the section can't refer to conditions. */
  readonly named: (name: string) => boolean;
  /** The functions that the section has beside those of conditions. */
  readonly more?: Readonly<Record<string, (argument: Json, context: BooleanContext) => boolean>>;
  /** What a value must be that is none of these functions. */
  readonly otherwise: string;
}

/** A scope in which resources and exports can't be referred to. */
export function closedScope(scope: ParameterScope, conditions: ReadonlyMap<string, boolean>, section: string): Scope {
  const refuse = (what: string) => () => {
    throw invalidTemplate(`Template error: ${what} cannot be used in the ${section} block of the template`);
  };
  return {
    ...scope,
    conditions,
    reference: (name) => {
      throw invalidTemplate(
        `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the ${section} block of the template`,
      );
    },
    attribute: refuse("Fn::GetAtt"),
    importValue: refuse("Fn::ImportValue"),
  };
}

export function test(value: Json, context: BooleanContext): boolean {
  const [name, argument] = soleEntry(value);
  if (name === "Condition" && typeof argument === "string") return context.named(argument);
  if (name === "Fn::Equals") {
    if (!Array.isArray(argument) || argument.length !== 2) {
      throw invalidTemplate("Template error: every Fn::Equals object requires a list of 2 string parameters.");
    }
    const [left, right] = argument.map((side) => JSON.stringify(textual(side, context)));
    return left === right;
  }
  if (name === "Fn::Not") {
    if (!Array.isArray(argument) || argument.length !== 1) {
      throw invalidTemplate("Template error: every Fn::Not object requires one boolean parameter.");
    }
    return !test(argument[0] as Json, context);
  }
  if (name === "Fn::And" || name === "Fn::Or") {
    if (!Array.isArray(argument) || argument.length < 2 || argument.length > 10) {
      throw invalidTemplate(
        `Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`,
      );
    }
    const results = argument.map((item) => test(item, context));
    return name === "Fn::And" ? results.every(Boolean) : results.some(Boolean);
  }
  const run = Object.hasOwn(context.more ?? {}, name) ? context.more?.[name] : undefined;
  if (run === undefined) throw invalidTemplate(context.otherwise);
  return run(argument, context);
}

/** A resolved value whose numbers and booleans are their text: "true" equals true. */
export function textual(value: Json, context: BooleanContext): unknown {
  needIfs(value, context);
  const resolved = resolve(value, context.scope);
  return resolved instanceof Unresolved ? undefined : plain(resolved);
}

/** Fn::If within a condition needs the conditions that it names to be known first. */
function needIfs(value: Json, context: BooleanContext): void {
  if (typeof value !== "object" || value === null) return;
  const branch = isObject(value) ? value["Fn::If"] : undefined;
  if (Array.isArray(branch) && typeof branch[0] === "string") context.named(branch[0]);
  for (const item of Object.values(value)) needIfs(item, context);
}

function soleEntry(value: Json): [string, Json] {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.length === 1 ? (entries[0] as [string, Json]) : ["", null];
}

function plain(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? value.map(plain) : value;
}
