// Where statements run when a person has chosen nothing: workgroup and database of the lake that stands, else what every account has.
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { firstDatabase } from "../catalog/catalog.ts";
import { findStack, listStacks, type Stack } from "../stacks/stack.ts";
import { stackPhase } from "../stacks/state.ts";
import { DEFAULT_STACK } from "./lakeStack.ts";

export interface QueryTarget {
  readonly workGroup: string;
  readonly database: string | undefined;
}

/** The workgroup that every account has. */
export const PRIMARY = "primary";

export async function defaultTarget(session: AwsSession): Promise<QueryTarget> {
  const stack = await unlessRefused(() => standingLake(session));
  if (stack !== undefined) return stack;
  return { workGroup: PRIMARY, database: await unlessRefused(() => firstDatabase(session)) };
}

async function standingLake(session: AwsSession): Promise<QueryTarget | undefined> {
  const own = await findStack(session, DEFAULT_STACK);
  const target = own === undefined ? undefined : targetOf(own);
  if (target !== undefined) return target;
  for (const stack of await listStacks(session)) {
    const other = targetOf(stack);
    if (other !== undefined) return other;
  }
  return undefined;
}

/** Of a lake's stack: its outputs are there from its first success on, whatever a later update came to. */
export function targetOf({ status, outputs }: Pick<Stack, "status" | "outputs">): QueryTarget | undefined {
  const workGroup = outputs["WorkGroupName"];
  const phase = stackPhase(status);
  if (workGroup === undefined || phase === "deleted" || phase === "none" || status.startsWith("DELETE_"))
    return undefined;
  return { workGroup, database: outputs["GlueDatabaseName"] };
}

/** Who may query need not be allowed to look at stacks, or at all databases; some endpoints know no stacks. */
async function unlessRefused<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof BoathouseError)) throw error;
    if (error.kind === "credentials" || error.kind === "network" || error.kind === "throttled") throw error;
    return undefined;
  }
}
