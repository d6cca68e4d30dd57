// A plan before it acts: make a change set, read what it would do, execute it or drop it.
import { randomUUID } from "node:crypto";
import { abortable } from "../aws/abortable.ts";
import { calling, ifFound } from "../aws/failure.ts";
import { collect, pages } from "../aws/pages.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError, isCancelled } from "../base/errors.ts";
import { pollInterval, sleep, throwIfAborted } from "../base/wait.ts";
import { stackPhase } from "./state.ts";
import { findStack } from "./stack.ts";

export interface PlannedChange {
  readonly action: "Add" | "Modify" | "Remove" | "Import" | "Dynamic";
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  /** "True", "False", "Conditional": whether the resource would be replaced; only for Modify. */
  readonly replacement: string | undefined;
}

export interface Plan {
  readonly stackName: string;
  readonly stackId: string;
  readonly changeSetId: string;
  readonly kind: "CREATE" | "UPDATE";
  readonly changes: readonly PlannedChange[];
  readonly parameters: Readonly<Record<string, string>>;
}

export interface PlanRequest {
  readonly stackName: string;
  /** Exactly one of body and url. A body holds 51,200 bytes at most; url is an S3 address that CloudFormation reads. */
  readonly templateBody?: string;
  readonly templateUrl?: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters that keep the value that the stack has, which nobody need know (NoEcho). */
  readonly previous?: readonly string[];
  /** The change set's name, where who asks wants to find it again. */
  readonly changeSetName?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** CloudFormation's limit for a template that is sent in the call. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const TEMPLATE_BODY_LIMIT = 51_200;

/** A name that no other change set of the stack has. */
export function newChangeSetName(): string {
  return `boathouse-${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`;
}

/**
 * Makes a change set and waits until it can be executed. Aborting gives up what only reads; a change set that was asked for is dropped
 * again, once the service has said that it is there.
 * @returns undefined where nothing would change.
 * @throws BoathouseError `invalid` with CloudFormation's reason where the change set failed, `conflict` where the stack can't be changed now.
 */
export async function makePlan(session: AwsSession, request: PlanRequest): Promise<Plan | undefined> {
  const { CreateChangeSetCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const resource = `stack ${request.stackName}`;
  const kind = await changeSetKind(session, request.stackName, request.signal);
  const changeSetName = request.changeSetName ?? newChangeSetName();
  throwIfAborted(request.signal);
  // Never given up: its answer alone tells whether there is something to drop.
  const made = await calling(resource, () =>
    client.send(
      new CreateChangeSetCommand({
        StackName: request.stackName,
        ChangeSetName: changeSetName,
        ChangeSetType: kind,
        TemplateBody: request.templateBody,
        TemplateURL: request.templateUrl,
        Parameters: [
          ...Object.entries(request.parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          })),
          ...(request.previous ?? []).map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
        ],
        Tags: Object.entries(request.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
        Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        Description: "Made by Boathouse",
        ClientToken: changeSetName,
      }),
    ),
  );
  const changeSetId = made.Id ?? "";
  try {
    return await readyPlan(session, { changeSetId, kind, stackName: request.stackName }, request.signal);
  } catch (error) {
    if (isCancelled(error)) await dropPlan(session, { changeSetId, kind, stackName: request.stackName });
    throw error;
  }
}

/** The plan of a change set that was made earlier: undefined where it is gone, or was executed. */
export async function findPlan(
  session: AwsSession,
  stackName: string,
  changeSetName: string,
  signal?: AbortSignal,
): Promise<Plan | undefined> {
  const made = await findChangeSet(session, stackName, changeSetName, signal);
  return made === undefined ? undefined : readyPlan(session, made, signal);
}

/** A change set that can still be executed or dropped, whether it is ready or not. */
export async function findChangeSet(
  session: AwsSession,
  stackName: string,
  changeSetName: string,
  signal?: AbortSignal,
): Promise<Pick<Plan, "changeSetId" | "kind" | "stackName"> | undefined> {
  const { DescribeChangeSetCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const found = await ifFound(`stack ${stackName}`, () =>
    client.send(
      new DescribeChangeSetCommand({ StackName: stackName, ChangeSetName: changeSetName }),
      abortable(signal),
    ),
  );
  if (found?.ChangeSetId === undefined || found.ExecutionStatus?.startsWith("EXECUTE_") === true) return undefined;
  if (found.Status === "FAILED" || found.Status?.startsWith("DELETE") === true) return undefined;
  const stack = await findStack(session, found.StackId ?? stackName, signal);
  const kind = stackPhase(stack?.status) === "review" ? "CREATE" : "UPDATE";
  return { changeSetId: found.ChangeSetId, kind, stackName };
}

/** Waits until the change set can be executed; undefined where nothing would change, and then it is dropped. */
async function readyPlan(
  session: AwsSession,
  made: Pick<Plan, "changeSetId" | "kind" | "stackName">,
  signal?: AbortSignal,
): Promise<Plan | undefined> {
  const { DescribeChangeSetCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const resource = `stack ${made.stackName}`;
  const started = Date.now();
  for (;;) {
    const described = await calling(resource, () =>
      client.send(new DescribeChangeSetCommand({ ChangeSetName: made.changeSetId }), abortable(signal)),
    );
    if (described.Status === "CREATE_COMPLETE") {
      return {
        ...made,
        stackId: described.StackId ?? "",
        changes: await changesOf(session, made.changeSetId, signal),
        parameters: Object.fromEntries(
          (described.Parameters ?? []).map((p) => [p.ParameterKey ?? "", p.ParameterValue ?? ""]),
        ),
      };
    }
    if (described.Status === "FAILED") {
      const reason = described.StatusReason ?? "The change set failed without a reason.";
      await dropPlan(session, made);
      if (/didn't contain changes|No updates are to be performed/.test(reason)) return undefined;
      throw new BoathouseError("invalid", reason, {
        resource,
        next: "Correct the template or its parameters and deploy again.",
      });
    }
    await sleep(pollInterval(Date.now() - started), signal);
  }
}

async function changeSetKind(session: AwsSession, name: string, signal?: AbortSignal): Promise<"CREATE" | "UPDATE"> {
  const stack = await findStack(session, name, signal);
  const phase = stackPhase(stack?.status);
  if (phase === "none" || phase === "review" || phase === "deleted") return "CREATE";
  if (phase === "running") {
    throw new BoathouseError("conflict", `Stack ${name} is ${stack?.status ?? ""}.`, {
      resource: `stack ${name}`,
      next: "Wait until it has ended, then deploy again.",
    });
  }
  if (
    stack?.status === "ROLLBACK_COMPLETE" ||
    stack?.status === "ROLLBACK_FAILED" ||
    stack?.status === "DELETE_FAILED" ||
    stack?.status === "CREATE_FAILED"
  ) {
    throw new BoathouseError("conflict", `Stack ${name} is ${stack.status}: it can only be deleted.`, {
      resource: `stack ${name}`,
      next: `Run \`boathouse destroy --stack ${name}\`, then deploy again.`,
    });
  }
  return "UPDATE";
}

async function changesOf(session: AwsSession, changeSetId: string, signal?: AbortSignal): Promise<PlannedChange[]> {
  const { DescribeChangeSetCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const changes = await collect(
    pages(async (token) => {
      const page = await calling("change set", () =>
        client.send(new DescribeChangeSetCommand({ ChangeSetName: changeSetId, NextToken: token }), abortable(signal)),
      );
      return { items: page.Changes, next: page.NextToken };
    }),
  );
  return changes.flatMap(({ ResourceChange: change }) =>
    change === undefined
      ? []
      : {
          action: (change.Action ?? "Dynamic") as PlannedChange["action"],
          logicalId: change.LogicalResourceId ?? "",
          physicalId: change.PhysicalResourceId,
          type: change.ResourceType ?? "",
          replacement: change.Replacement,
        },
  );
}

/**
 * Starts what the plan says. The token makes a repeated call the same call.
 * @throws BoathouseError `conflict` where the plan does not hold any more: it, or another one of its stack, was executed, or it was deleted.
 */
export async function executePlan(
  session: AwsSession,
  plan: Pick<Plan, "stackName" | "changeSetId">,
  clientRequestToken: string,
): Promise<void> {
  const { ExecuteChangeSetCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const resource = `stack ${plan.stackName}`;
  try {
    await calling(resource, () =>
      client.send(
        new ExecuteChangeSetCommand({ ChangeSetName: plan.changeSetId, ClientRequestToken: clientRequestToken }),
      ),
    );
  } catch (error) {
    throw isStale(error) ? stale(plan.stackName, error) : error;
  }
}

/** CloudFormation deletes a stack's other change sets when it executes one, and executes none twice. */
function isStale(error: unknown): boolean {
  if (!(error instanceof BoathouseError)) return false;
  return error.kind === "notFound" || /cannot be executed in its current/.test(error.message);
}

function stale(stackName: string, cause: unknown): BoathouseError {
  return new BoathouseError(
    "conflict",
    "This plan does not hold any more: it, or another plan of the stack, was executed or discarded elsewhere.",
    {
      resource: `stack ${stackName}`,
      next: "Look at the stack, then deploy again: a new plan tells what is left to do.",
      cause,
    },
  );
}

/** Drops a plan that is not wanted; for a stack that was only reviewed the empty stack, too, unless others have plans for it. */
export async function dropPlan(
  session: AwsSession,
  plan: Pick<Plan, "changeSetId" | "kind" | "stackName">,
  signal?: AbortSignal,
): Promise<void> {
  const { DeleteChangeSetCommand, DeleteStackCommand, ListChangeSetsCommand } = await import(
    "@aws-sdk/client-cloudformation"
  );
  const client = await session.cloudformation();
  const { changeSetId, stackName } = plan;
  await ifFound("change set", () =>
    client.send(new DeleteChangeSetCommand({ ChangeSetName: changeSetId }), abortable(signal)),
  );
  if (plan.kind !== "CREATE") return;
  const stack = await findStack(session, stackName, signal);
  if (stack?.status !== "REVIEW_IN_PROGRESS") return;
  const plans = await ifFound("change set", () =>
    client.send(new ListChangeSetsCommand({ StackName: stack.id }), abortable(signal)),
  );
  const others = (plans?.Summaries ?? []).filter(
    ({ ChangeSetId, Status }) => ChangeSetId !== changeSetId && Status?.startsWith("DELETE") !== true,
  );
  if (others.length > 0) return;
  await calling(`stack ${stackName}`, () =>
    client.send(new DeleteStackCommand({ StackName: stack.id }), abortable(signal)),
  );
}
