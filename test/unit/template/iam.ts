// Evaluates identity policies: whether a role's own policies allow a call. Only what the lake's policies use; anything else throws.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
import type { Resource, Stack } from "./stack.ts";
import { entries, get, items, text, texts } from "./values.ts";

export interface Statement {
  readonly sid: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: unknown;
  /** The statement as it stands, for members that no policy of the lake should have. */
  readonly raw: unknown;
}

export interface Call {
  /** As IAM names it: "s3:GetObject". */
  readonly action: string;
  /** An ARN, or "*" where the action has no resource. */
  readonly resource: string;
  /** Condition keys of the request; a key that is not here is not in the request. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export function statementsOf(role: Resource): Statement[] {
  return items(role.properties["Policies"])
    .flatMap((policy) => items(get(policy, "PolicyDocument/Statement")))
    .map((raw) => ({
      sid: text(raw, "Sid"),
      effect: text(raw, "Effect"),
      actions: texts(get(raw, "Action")),
      resources: texts(get(raw, "Resource")),
      conditions: get(raw, "Condition"),
      raw,
    }));
}

/** The role of a job, a crawler or whoever else assumes it, by logical id. */
export function roleOf(stack: Stack, id: string): Resource {
  const role = stack.resources.get(id);
  if (role?.type !== "AWS::IAM::Role") throw new Error(`${id} is no role of the stack`);
  return role;
}

/** Whether the role's policies allow the call, and none denies it. */
export function allows(role: Resource, call: Call): boolean {
  const matching = statementsOf(role).filter((statement) => matches(statement, call));
  return matching.some(({ effect }) => effect === "Allow") && !matching.some(({ effect }) => effect === "Deny");
}

function matches({ actions, resources, conditions }: Statement, { action, resource, context }: Call): boolean {
  return (
    // Actions are matched whatever their case, resources are not.
    actions.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
    resources.some((pattern) => like(pattern, resource)) &&
    entries(conditions).every(([operator, keys]) =>
      entries(keys).every(([key, wanted]) => meets(operator, texts(wanted), context?.[key])),
    )
  );
}

function meets(operator: string, wanted: readonly string[], given: string | readonly string[] | undefined): boolean {
  const values = given === undefined ? [] : typeof given === "string" ? [given] : given;
  const one = (value: string): boolean =>
    operator.includes("Like") ? wanted.some((pattern) => like(pattern, value)) : wanted.includes(value);
  switch (operator) {
    case "StringEquals":
    case "StringLike":
      return values.length > 0 && values.every(one);
    case "StringLikeIfExists":
    case "ForAllValues:StringEquals":
      return values.every(one);
    default:
      throw new Error(`condition operator ${operator} is not one that the lake's policies use`);
  }
}

/** IAM's wildcards: `*` any number of characters, slashes and colons too, `?` one. */
function like(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(value);
}
