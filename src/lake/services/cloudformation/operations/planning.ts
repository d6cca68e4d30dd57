// A plan for a checked version of a stack.
import type { Checked } from "../engine/intake.ts";
import { makePlan, type Plan } from "../engine/plan.ts";
import type { StackRecord } from "../records.ts";
import type { Parts } from "./parts.ts";

/** @param stack the stack as it stands; undefined for one that is new */
export async function planFor(
  { store, types }: Parts,
  checked: Checked,
  stack: StackRecord | undefined,
): Promise<Plan> {
  const records = stack === undefined ? [] : await store.resources(stack.stackId);
  return makePlan({
    types,
    evaluation: checked.evaluation,
    stack,
    records: new Map(records.map((record) => [record.logicalId, record])),
    tags: checked.version.tags,
    parameters: checked.version.parameters,
  });
}
