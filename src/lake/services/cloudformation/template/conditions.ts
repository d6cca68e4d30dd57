// Conditions: true or false once parameters are known.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
import { type BooleanContext, closedScope, type ParameterScope, test } from "./booleans.ts";
import { invalidTemplate } from "./fault.ts";
import type { Template } from "./template.ts";

/** Evaluates all conditions: they know parameters and mappings, and each other. */
export function evaluateConditions(conditions: Template["conditions"], scope: ParameterScope): Map<string, boolean> {
  const done = new Map<string, boolean>();
  const open = new Set<string>();
  const named = (name: string): boolean => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
    if (condition === undefined) {
      throw invalidTemplate(
        `Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`,
      );
    }
    if (open.has(name)) {
      throw invalidTemplate(`Template error: Found circular condition dependency between ${[...open].join(" and ")}`);
    }
    open.add(name);
    const value = test(condition, context);
    open.delete(name);
    done.set(name, value);
    return value;
  };
  const context: BooleanContext = {
    scope: closedScope(scope, done, "Conditions"),
    named,
    otherwise:
      "Template format error: Every Conditions member must be one of Fn::And, Fn::Equals, Fn::Not, Fn::Or or Condition.",
  };
  for (const name of Object.keys(conditions)) named(name);
  return done;
}
