// Tear-down: say what will go, empty its buckets, delete the stack, and look by recorded physical ids whether anything is left.
import { randomUUID } from "node:crypto";
import { parseDocument, visit } from "yaml";
import { emptyBucket } from "../aws/objects.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { listRuns, stopRun, watchRun } from "../jobs/runs.ts";
import { isTerminal } from "../jobs/runState.ts";
import { deleteStack } from "../stacks/deletion.ts";
import { firstFailure, type StackEvent, watchStack } from "../stacks/events.ts";
import { findStack, listStacks, type Stack, type StackResource, stackResources } from "../stacks/stack.ts";
import { stackPhase } from "../stacks/state.ts";
import { deployedTemplate } from "../stacks/template.ts";
import { isPresent } from "./presence.ts";
import type { Report } from "./report.ts";

export interface TearDown {
  readonly stack: Stack;
  readonly resources: readonly StackResource[];
  /** Logical ids that the template keeps (DeletionPolicy Retain or Snapshot). */
  readonly kept: readonly string[];
}

export interface DestroyRequest {
  readonly stackName: string;
  /** Asked before anything goes; false leaves all as it is. */
  readonly confirm: (what: TearDown) => Promise<boolean>;
  readonly report: Report;
  readonly onEvent?: (event: StackEvent) => void;
  readonly signal?: AbortSignal;
}

/** A resource that its service still knows after the stack is gone. */
export interface LeftOver {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

async function stacksAdvice(session: AwsSession): Promise<string> {
  const names = (await listStacks(session)).map((stack) => stack.name);
  return names.length === 0
    ? "There is no stack at all: nothing is to be done."
    : `Stacks there are: ${names.join(", ")}. --stack names one.`;
}

/**
 * Returns what is left (an empty list when all is gone), or undefined where the person said no.
 * A tear-down that was left half way goes on from there.
 */
export async function destroy(session: AwsSession, request: DestroyRequest): Promise<LeftOver[] | undefined> {
  const what = await lookAtTearDown(session, request.stackName);
  if (!(await request.confirm(what))) return undefined;
  return tearDown(session, what, { ...request, token: randomUUID(), since: new Date(Date.now() - 1000) });
}

/** What a tear-down of the stack of that name or id would take. @throws BoathouseError `notFound` where there is none. */
export async function lookAtTearDown(session: AwsSession, stackName: string): Promise<TearDown> {
  const stack = await findStack(session, stackName);
  if (stack === undefined || stackPhase(stack.status) === "deleted") {
    throw new BoathouseError("notFound", `There is no stack ${stackName} on ${session.name}.`, {
      resource: `stack ${stackName}`,
      next: await stacksAdvice(session),
    });
  }
  const resources = await stackResources(session, stack.id);
  return { stack, resources, kept: await keptResources(session, stack.id) };
}

export interface TearingDown extends Pick<DestroyRequest, "report" | "onEvent" | "signal"> {
  /** Makes a repeated deletion the same call. */
  readonly token: string;
  /** Events before it are of an earlier operation. */
  readonly since: Date;
  /** Called when the deletion itself is about to be asked for: from there on CloudFormation can't be stopped. */
  readonly onDeleting?: () => void;
}

/** Goes on with a tear-down of which only the stack's id was kept: CloudFormation knows a deleted stack by it for 90 days. */
export async function resumeTearDown(session: AwsSession, stackId: string, request: TearingDown): Promise<LeftOver[]> {
  const stack = await findStack(session, stackId);
  if (stack === undefined) return [];
  const what = {
    stack,
    resources: await stackResources(session, stackId),
    kept: await keptResources(session, stackId),
  };
  if (stackPhase(stack.status) === "deleted") return leftOvers(session, what.resources, what.kept);
  return tearDown(session, what, request);
}

/** Ends runs, empties buckets, deletes the stack and looks what is left. @throws BoathouseError `service` with the first cause. */
export async function tearDown(session: AwsSession, what: TearDown, request: TearingDown): Promise<LeftOver[]> {
  const { stack, resources, kept } = what;
  const { report, signal } = request;
  await stopRuns(session, resources, report, signal);
  const events: StackEvent[] = [];
  // The log delivers late and jobs end late: a bucket may get an object between emptying and deletion. Twice is enough for that.
  for (let attempt = 1; ; attempt++) {
    await emptyBuckets(session, resources, report, signal);
    request.onDeleting?.();
    await deleteStack(session, stack.id, `${request.token}-${attempt}`);
    const end = await followDeletion(session, stack.id, request.since, events, request);
    if (end === undefined || stackPhase(end.status) === "deleted") break;
    const cause = firstFailure(events);
    if (attempt < 2 && /not empty/i.test(cause?.reason ?? "")) continue;
    throw new BoathouseError(
      "service",
      cause === undefined
        ? `Stack ${stack.name} ended ${end.status}.`
        : `${cause.logicalId} (${cause.type}): ${cause.reason ?? ""}`,
      {
        resource: `stack ${stack.name}`,
        next: "Remove what the message names and run destroy again: it goes on from there.",
      },
    );
  }
  return leftOvers(session, resources, kept);
}

async function followDeletion(
  session: AwsSession,
  stackId: string,
  since: Date,
  events: StackEvent[],
  request: Pick<DestroyRequest, "onEvent" | "signal">,
): Promise<Stack | undefined> {
  const watching = watchStack(session, stackId, since, request.signal);
  for (;;) {
    const next = await watching.next();
    if (next.done === true) return next.value;
    events.push(next.value);
    request.onEvent?.(next.value);
  }
}

async function stopRuns(
  session: AwsSession,
  resources: readonly StackResource[],
  report: Report,
  signal?: AbortSignal,
): Promise<void> {
  for (const { type, physicalId } of resources) {
    if (type !== "AWS::Glue::Job" || physicalId === undefined) continue;
    const runs = await listRuns(session, physicalId, 20).catch((error: unknown) => {
      if (error instanceof BoathouseError && error.kind === "notFound") return [];
      throw error;
    });
    for (const run of runs.filter(({ state }) => !isTerminal(state))) {
      report({ kind: "progress", text: `Stopping run ${run.id} of ${physicalId}` });
      await stopRun(session, physicalId, run.id);
      for await (const _ of watchRun(session, physicalId, run.id, signal));
    }
  }
}

async function emptyBuckets(
  session: AwsSession,
  resources: readonly StackResource[],
  report: Report,
  signal?: AbortSignal,
): Promise<void> {
  for (const { type, physicalId, status } of resources) {
    if (type !== "AWS::S3::Bucket" || physicalId === undefined || physicalId === "" || status === "DELETE_COMPLETE")
      continue;
    const gone = await emptyBucket(session, physicalId, signal);
    if (gone > 0) report({ kind: "progress", text: `Emptied bucket ${physicalId}: ${gone} object versions` });
  }
}

async function keptResources(session: AwsSession, stackId: string): Promise<string[]> {
  return keptInTemplate(await deployedTemplate(session, stackId));
}

/** Logical ids whose DeletionPolicy keeps them or a snapshot of them. Conditions are not evaluated: ids that were never made may be among them. */
export function keptInTemplate(template: string): string[] {
  const document = parseDocument(template, { logLevel: "silent" });
  const kept: string[] = [];
  visit(document, {
    Pair(_key, pair, path) {
      if (String(pair.key) !== "DeletionPolicy" || !/^(Retain|Snapshot)/.test(String(pair.value))) return;
      const owner = path.at(-2);
      if (owner !== undefined && "key" in owner) kept.push(String(owner.key));
    },
  });
  return kept;
}

async function leftOvers(
  session: AwsSession,
  resources: readonly StackResource[],
  kept: readonly string[],
): Promise<LeftOver[]> {
  const left: LeftOver[] = [];
  for (const resource of resources) {
    if (kept.includes(resource.logicalId)) continue;
    if (await isPresent(session, resource)) {
      left.push({ logicalId: resource.logicalId, type: resource.type, physicalId: resource.physicalId ?? "" });
    }
  }
  return left;
}
