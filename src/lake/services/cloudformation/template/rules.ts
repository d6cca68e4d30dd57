// Rules: what parameters must be together, checked before anything is made.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
import { notImplemented } from "../../../fault.ts";
import { type BooleanContext, closedScope, type ParameterScope, test, textual } from "./booleans.ts";
import { invalidTemplate } from "./fault.ts";
import { isObject, type Json, type JsonObject } from "./syntax.ts";

export interface RuleDeclaration {
  readonly condition: Json | undefined;
  readonly assertions: readonly { readonly assert: Json; readonly description: string | undefined }[];
}

export function readRules(rules: JsonObject): Record<string, RuleDeclaration> {
  const result: Record<string, RuleDeclaration> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const assertions = isObject(rule) ? rule["Assertions"] : undefined;
    if (!isObject(rule) || !Array.isArray(assertions) || assertions.length === 0) {
      throw invalidTemplate(`Template format error: Rule ${name} must have a list of Assertions.`);
    }
    const strange = Object.keys(rule).find((member) => member !== "Assertions" && member !== "RuleCondition");
    if (strange !== undefined) throw invalidTemplate(`Invalid template rule property '${strange}'`);
    result[name] = {
      condition: rule["RuleCondition"],
      assertions: assertions.map((assertion) => {
        const assert = isObject(assertion) ? assertion["Assert"] : undefined;
        const description = isObject(assertion) ? assertion["AssertDescription"] : undefined;
        if (assert === undefined || (description !== undefined && typeof description !== "string")) {
          throw invalidTemplate(`Template format error: Every assertion of rule ${name} must have an Assert.`);
        }
        return { assert, description };
      }),
    };
  }
  return result;
}

/** Throws ServiceError ValidationError with the descriptions of all assertions that do not hold. */
export function assertRules(rules: Readonly<Record<string, RuleDeclaration>>, scope: ParameterScope): void {
  const broken: string[] = [];
  for (const [name, { condition, assertions }] of Object.entries(rules)) {
    const context: BooleanContext = {
      scope: closedScope(scope, new Map(), "Rules"),
      named: (condition_) => {
        throw invalidTemplate(
          `Template error: rule ${name} refers to condition ${condition_}; rules know parameters only.`,
        );
      },
      more: FUNCTIONS,
      otherwise: `Template format error: Rule ${name} must evaluate to true or false.`,
    };
    if (condition !== undefined && !test(condition, context)) continue;
    for (const { assert, description } of assertions) {
      if (!test(assert, context)) broken.push(description ?? `Assertion of rule ${name} does not hold.`);
    }
  }
  if (broken.length > 0) throw invalidTemplate(broken.join("; "));
}

const FUNCTIONS: NonNullable<BooleanContext["more"]> = {
  "Fn::Contains": (argument, context) => {
    const [list, value] = pair("Fn::Contains", argument, context);
    return listOf("Fn::Contains", list).includes(value);
  },
  "Fn::EachMemberEquals": (argument, context) => {
    const [list, value] = pair("Fn::EachMemberEquals", argument, context);
    return listOf("Fn::EachMemberEquals", list).every((item) => item === value);
  },
  "Fn::EachMemberIn": (argument, context) => {
    const [left, right] = pair("Fn::EachMemberIn", argument, context);
    const allowed = listOf("Fn::EachMemberIn", right);
    return listOf("Fn::EachMemberIn", left).every((item) => allowed.includes(item));
  },
};

function pair(name: string, argument: Json, context: BooleanContext): [unknown, unknown] {
  if (!Array.isArray(argument) || argument.length !== 2) {
    throw invalidTemplate(`Template error: every ${name} object requires a list of 2 parameters.`);
  }
  const asks = JSON.stringify(argument).match(/"(Fn::RefAll|Fn::ValueOf|Fn::ValueOfAll)"/)?.[1];
  // These ask about resources of the account that the lake does not keep.
  if (asks !== undefined) throw notImplemented(`${asks} in Rules`);
  const [left, right] = argument.map((side) => textual(side, context));
  return [left, right];
}

function listOf(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw invalidTemplate(`Template error: ${name} requires a list.`);
  return value;
}
