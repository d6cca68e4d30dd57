// Deploy: plan, the person's yes, execute, scripts up and verified, triggers on, every resource read back.
import { randomUUID } from "node:crypto";
import type { AwsSession } from "../aws/session.ts";
import { dropPlan, type Plan } from "../stacks/changeSet.ts";
import type { StackEvent } from "../stacks/events.ts";
import { type Deployed, executeDeploy, finishDeploy, followDeploy, planDeploy } from "./deployStages.ts";
import type { Report } from "./report.ts";

export interface DeployRequest {
  readonly stackName: string;
  /** A template file; the lake of Boathouse when left out. */
  readonly template?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Asked before anything is made; false drops the plan. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
  readonly report: Report;
  readonly onEvent?: (event: StackEvent) => void;
  readonly signal?: AbortSignal;
}

/**
 * Deploys and returns once the stack stands and answers; undefined where the person said no.
 * A deploy that was left half way is joined. Aborting ends the waiting, never the stack's work.
 * @throws BoathouseError `invalid` for a template that CloudFormation refuses, `service` with the first cause where the stack rolled back.
 */
export async function deploy(session: AwsSession, request: DeployRequest): Promise<Deployed | undefined> {
  const { stackName } = request;
  const plan = await planDeploy(session, request);
  if (plan !== undefined) {
    if (!(await confirmed(session, plan, request))) return undefined;
    const since = new Date(Date.now() - 1000);
    await executeDeploy(session, plan, randomUUID(), request);
    await followDeploy(session, { stackName, stackId: plan.stackId, since }, request);
  }
  return { ...(await finishDeploy(session, stackName, request)), changed: plan !== undefined };
}

/** Asks; a plan that is not wanted, or that nobody could be asked about, leaves nothing behind. */
async function confirmed(session: AwsSession, plan: Plan, request: DeployRequest): Promise<boolean> {
  let wanted = false;
  try {
    wanted = await request.confirm(plan);
    return wanted;
  } finally {
    if (!wanted) await dropPlan(session, plan);
  }
}
