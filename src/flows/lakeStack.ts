// The names that a deployed lake stack answers for, from its outputs.
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { findStack, listStacks, type Stack } from "../stacks/stack.ts";
import { stackPhase } from "../stacks/state.ts";

export interface LakeStack {
  readonly stack: Stack;
  readonly dataBucket: string;
  readonly artifactsBucket: string;
  readonly database: string;
  readonly workGroup: string;
  readonly crawler: string;
  readonly customersJob: string;
  readonly ordersJob: string;
  readonly loaderJob: string;
}

/** Reads the outputs of a stack that stands. Throws `notFound` where there is none, `conflict` where it does not stand. */
export async function lakeStack(session: AwsSession, name: string): Promise<LakeStack> {
  const stack = await findStack(session, name);
  const phase = stackPhase(stack?.status);
  if (stack === undefined || phase === "none" || phase === "review" || phase === "deleted") {
    throw new BoathouseError("notFound", `There is no stack ${name} on ${session.name}.`, {
      resource: `stack ${name}`,
      next: await adviceFor(session, name),
    });
  }
  if (phase === "running") {
    throw new BoathouseError("conflict", `Stack ${name} is ${stack.status}.`, {
      resource: `stack ${name}`,
      next: "Wait until it has ended.",
    });
  }
  // An update that was rolled back left the stack as it was; a creation left nothing.
  if (phase === "failed" && Object.keys(stack.outputs).length === 0) {
    throw new BoathouseError("conflict", `Stack ${name} is ${stack.status}: it was not made.`, {
      resource: `stack ${name}`,
      next: `Run \`boathouse destroy --stack ${name}\`, then deploy again.`,
    });
  }
  return namesOf(stack);
}

async function adviceFor(session: AwsSession, name: string): Promise<string> {
  const others = (await listStacks(session))
    .filter((stack) => stackPhase(stack.status) === "succeeded")
    .map((stack) => stack.name);
  const deploy = `Run \`boathouse deploy${name === DEFAULT_STACK ? "" : ` --stack ${name}`}\` first`;
  return others.length === 0 ? `${deploy}.` : `${deploy}, or name one that stands with --stack: ${others.join(", ")}.`;
}

export const DEFAULT_STACK = "boathouse";

export function namesOf(stack: Stack): LakeStack {
  const output = (key: string) => {
    const value = stack.outputs[key];
    if (value !== undefined) return value;
    throw new BoathouseError(
      "invalid",
      `Stack ${stack.name} (${stack.status}) has no output ${key}: it is not a lake of Boathouse, or not whole.`,
      {
        resource: `stack ${stack.name}`,
        next: "Deploy it again, or name another stack.",
      },
    );
  };
  return {
    stack,
    dataBucket: output("DataBucketName"),
    artifactsBucket: output("ArtifactsBucketName"),
    database: output("GlueDatabaseName"),
    workGroup: output("WorkGroupName"),
    crawler: output("CrawlerName"),
    customersJob: output("CustomersJobName"),
    ordersJob: output("OrdersJobName"),
    loaderJob: output("LoaderJobName"),
  };
}
