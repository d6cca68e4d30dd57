// Conditions: true or false once parameters are known.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
import { invalidTemplate } from "./fault.ts";
import { resolve, type Scope } from "./functions.ts";
import type { Json } from "./syntax.ts";
import { isObject, type Template } from "./template.ts";

/** Evaluates all conditions. `scope` has parameters and mappings only: conditions can't refer to resources. */
export function evaluateConditions(
  conditions: Template["conditions"],
  scope: Pick<Scope, "mappings" | "parameter" | "zones">,
): Map<string, boolean> {
  const done = new Map<string, boolean>();
  const open = new Set<string>();
  const whole: Scope = {
    ...scope,
    conditions: done,
    reference: (name) => {
      throw invalidTemplate(
        `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
      );
    },
    attribute: () => {
      throw invalidTemplate("Template error: Fn::GetAtt cannot be used in the Conditions block of the template");
    },
    importValue: () => {
      throw invalidTemplate("Template error: Fn::ImportValue cannot be used in the Conditions block of the template");
    },
  };

  const named = (name: string): boolean => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
    if (condition === undefined) {
      throw invalidTemplate(
        `Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`,
      );
    }
    if (open.has(name))
      throw invalidTemplate(`Template error: Found circular condition dependency between ${[...open].join(" and ")}`);
    open.add(name);
    const value = test(condition);
    open.delete(name);
    done.set(name, value);
    return value;
  };

  const test = (value: Json): boolean => {
    const [name, argument] = soleEntry(value);
    if (name === "Condition" && typeof argument === "string") return named(argument);
    if (name === "Fn::Equals") {
      if (!Array.isArray(argument) || argument.length !== 2) {
        throw invalidTemplate("Template error: every Fn::Equals object requires a list of 2 string parameters.");
      }
      const [left, right] = argument.map((side) => JSON.stringify(plain(resolve(withIf(side), whole))));
      return left === right;
    }
    if (name === "Fn::Not") {
      if (!Array.isArray(argument) || argument.length !== 1) {
        throw invalidTemplate("Template error: every Fn::Not object requires one boolean parameter.");
      }
      return !test(argument[0] as Json);
    }
    if (name === "Fn::And" || name === "Fn::Or") {
      if (!Array.isArray(argument) || argument.length < 2 || argument.length > 10) {
        throw invalidTemplate(
          `Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`,
        );
      }
      const results = argument.map(test);
      return name === "Fn::And" ? results.every(Boolean) : results.some(Boolean);
    }
    throw invalidTemplate(
      "Template format error: Every Conditions member must be one of Fn::And, Fn::Equals, Fn::Not, Fn::Or or Condition.",
    );
  };

  /** Fn::If within a condition needs the conditions it names to be known first. */
  const withIf = (value: Json): Json => {
    if (Array.isArray(value)) value.forEach(withIf);
    else if (isObject(value)) {
      const branch = value["Fn::If"];
      if (Array.isArray(branch) && typeof branch[0] === "string") named(branch[0]);
      Object.values(value).forEach(withIf);
    }
    return value;
  };

  for (const name of Object.keys(conditions)) named(name);
  return done;
}

function soleEntry(value: Json): [string, Json] {
  if (isObject(value)) {
    const entries = Object.entries(value);
    if (entries.length === 1) return entries[0] as [string, Json];
  }
  return ["", null];
}

/** Numbers and booleans are their text: "true" equals true. */
function plain(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? value.map(plain) : value;
}
