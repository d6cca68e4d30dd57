// The stages of a deploy, each of which can be gone on with from what the one before wrote down: plan, execute, finish.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { objectFacts, putFile } from "../aws/objects.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError, isCancelled } from "../base/errors.ts";
import { reasonOf } from "../base/system.ts";
import { throwIfAborted } from "../base/wait.ts";
import { executePlan, makePlan, type Plan, TEMPLATE_BODY_LIMIT } from "../stacks/changeSet.ts";
import { firstFailure, type StackEvent, watchStack } from "../stacks/events.ts";
import { findStack, type Stack, stackResources } from "../stacks/stack.ts";
import { stackPhase } from "../stacks/state.ts";
import { getTrigger, startTrigger } from "../jobs/triggers.ts";
import { SCRIPTS, scriptFile, templateFile } from "./assets.ts";
import { isPresent } from "./presence.ts";
import type { Report } from "./report.ts";

export interface PlanningRequest {
  readonly stackName: string;
  /** A template file; the lake of Boathouse when left out. */
  readonly template?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Parameters that keep the value that the stack has. */
  readonly previous?: readonly string[];
  /** Known before the call goes out, so that a change set that nobody took up can be found again. */
  readonly changeSetName?: string;
  readonly report: Report;
  /** Of what is under way on the stack, which is waited for. */
  readonly onEvent?: (event: StackEvent) => void;
  readonly signal?: AbortSignal;
}

export interface Following {
  readonly report: Report;
  readonly onEvent?: (event: StackEvent) => void;
  readonly signal?: AbortSignal;
}

export interface Executing extends Following {
  /** From here on CloudFormation works: `signal` ends nothing any more. */
  readonly onExecuting?: () => void;
  /** At each change; never called for a stack that has no place for job scripts. */
  readonly onScripts?: (scripts: ScriptsUp) => void;
}

/** How far the upload of the job scripts is. */
export interface ScriptsUp {
  readonly of: number;
  /** Those that were missing, or another version: these are, or are being, replaced. */
  readonly replaced: readonly string[];
  /** Those that are there as they should be: put, or found so. */
  readonly up: readonly string[];
}

export interface Deployed {
  readonly stack: Stack;
  /** False where the stack already was as the template says. */
  readonly changed: boolean;
  readonly resources: { readonly live: number; readonly recorded: number };
}

/** Waits for the end of what is under way on the stack, whoever began it: nothing can be planned until then. */
export async function joinRunning(
  session: AwsSession,
  stackName: string,
  { report, onEvent, signal }: Following,
): Promise<void> {
  const stack = await findStack(session, stackName, signal);
  if (stack === undefined || stackPhase(stack.status) !== "running") return;
  report({ kind: "progress", text: `Stack ${stack.name} is ${stack.status}: waiting for its end first` });
  for await (const event of watchStack(session, stack.id, stack.created ?? new Date(0), signal)) onEvent?.(event);
}

/**
 * Plans, once nothing is under way on the stack; undefined where nothing would change. Aborting drops the change set again.
 * @throws BoathouseError `invalid` for a template that CloudFormation refuses, with the line that it names.
 */
export async function planDeploy(session: AwsSession, request: PlanningRequest): Promise<Plan | undefined> {
  const { stackName, signal } = request;
  const file = request.template ?? templateFile();
  const templateBody = readTemplate(file);
  for (;;) {
    await joinRunning(session, stackName, request);
    request.report({ kind: "progress", text: `Planning stack ${stackName} on ${session.name}` });
    try {
      return await makePlan(session, {
        stackName,
        templateBody,
        parameters: request.parameters ?? {},
        ...(request.previous === undefined ? {} : { previous: request.previous }),
        ...(request.changeSetName === undefined ? {} : { changeSetName: request.changeSetName }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      // What began on the stack between the look at it and the plan (a plan that is dropped, say) is waited for, too.
      if (isCancelled(error) || !(await isUnderWay(session, stackName, signal)))
        throw atItsLine(error, file, templateBody);
    }
  }
}

async function isUnderWay(session: AwsSession, stackName: string, signal: AbortSignal | undefined): Promise<boolean> {
  const stack = await findStack(session, stackName, signal).catch(() => undefined);
  return stackPhase(stack?.status) === "running";
}

/** Starts what the plan says; with the same token again it is the same call. An update's scripts go up before: aborting them executes nothing. */
export async function executeDeploy(
  session: AwsSession,
  plan: Pick<Plan, "stackName" | "changeSetId" | "kind">,
  token: string,
  executing: Executing,
): Promise<void> {
  const { signal } = executing;
  // An update may start jobs by a trigger at once.
  if (plan.kind === "UPDATE") await uploadScripts(session, await stackNow(session, plan.stackName, signal), executing);
  throwIfAborted(signal);
  executing.onExecuting?.();
  await executePlan(session, plan, token);
}

/**
 * Follows an execution to the stack's terminal status, however long ago it began.
 * @throws BoathouseError `service` with the first cause where the stack did not come to stand.
 */
export async function followDeploy(
  session: AwsSession,
  executed: { readonly stackName: string; readonly stackId: string; readonly since: Date },
  following: Following,
): Promise<void> {
  const events: StackEvent[] = [];
  const watching = watchStack(session, executed.stackId, executed.since, following.signal);
  let next = await watching.next();
  while (next.done !== true) {
    events.push(next.value);
    following.onEvent?.(next.value);
    next = await watching.next();
  }
  const stack = next.value;
  if (stackPhase(stack?.status) === "succeeded") return;
  throw notStanding(executed.stackName, stack, firstFailure(events));
}

function notStanding(stackName: string, stack: Stack | undefined, cause: StackEvent | undefined): BoathouseError {
  const status = stack?.status ?? "gone";
  // A rolled back update left what was there before; anything else that failed can only be deleted.
  const next =
    stack?.status === "UPDATE_ROLLBACK_COMPLETE"
      ? "The stack is as it was before (UPDATE_ROLLBACK_COMPLETE). Correct the cause and deploy again."
      : `The stack is ${status}. Correct the cause, run \`boathouse destroy --stack ${stackName}\` and deploy again.`;
  return new BoathouseError(
    "service",
    cause === undefined
      ? `Stack ${stackName} ended ${stack?.status ?? "deleted"}: ${stack?.statusReason ?? "no reason given"}.`
      : `${cause.logicalId} (${cause.type}): ${cause.reason ?? ""}`,
    { resource: `stack ${stackName}`, next },
  );
}

/** What a stack that stands needs beside it: scripts up and looked at, triggers on, every resource read back. */
export async function finishDeploy(
  session: AwsSession,
  stackName: string,
  finishing: Executing,
): Promise<Omit<Deployed, "changed">> {
  const { report, signal } = finishing;
  const stack = await stackNow(session, stackName, signal);
  await uploadScripts(session, stack, finishing);
  await activateTriggers(session, stack, report, signal);
  throwIfAborted(signal);
  return { stack, resources: await readBack(session, stackName) };
}

/** Where CloudFormation names a line of the template, that line is shown. */
function atItsLine(error: unknown, file: string, template: string): unknown {
  if (!(error instanceof BoathouseError)) return error;
  const [, line] = /\(line (\d+), column \d+\)/.exec(error.message) ?? [];
  const text = template.split("\n")[Number(line) - 1];
  if (text === undefined) return error;
  return new BoathouseError(error.kind, error.message, {
    resource: file,
    next: `Correct it and deploy again. It is line ${line} of ${file}: ${text}`,
    cause: error,
  });
}

function readTemplate(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new BoathouseError("invalid", `The template ${file} can't be read: ${reasonOf(error)}.`, {
      resource: file,
      next: "Name a CloudFormation template with --template, or leave it out for the lake of Boathouse.",
      cause: error,
    });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > TEMPLATE_BODY_LIMIT) {
    throw new BoathouseError(
      "invalid",
      `The template has ${bytes} bytes; CloudFormation takes ${TEMPLATE_BODY_LIMIT} in a call.`,
      {
        resource: file,
        next: "Make it smaller, or stage it in S3.",
      },
    );
  }
  return text;
}

async function stackNow(session: AwsSession, stackName: string, signal: AbortSignal | undefined): Promise<Stack> {
  const stack = await findStack(session, stackName, signal);
  if (stack === undefined) {
    throw new BoathouseError("notFound", `Stack ${stackName} is gone.`, {
      resource: `stack ${stackName}`,
      next: "Deploy it again.",
    });
  }
  return stack;
}

/** Sees that the job scripts are up and whole where the stack is a lake of ours; those that are there already are let be. */
async function uploadScripts(session: AwsSession, stack: Stack, executing: Executing): Promise<void> {
  const bucket = stack.outputs["ArtifactsBucketName"];
  if (bucket === undefined) return;
  const { report, signal } = executing;
  const replaced: string[] = [];
  const up: string[] = [];
  const tell = () => executing.onScripts?.({ of: SCRIPTS.length, replaced: [...replaced], up: [...up] });
  tell();
  report({ kind: "progress", text: `Uploading ${SCRIPTS.length} job scripts to s3://${bucket}/scripts/` });
  await Promise.all(
    SCRIPTS.map(async (name) => {
      const key = `scripts/${name}`;
      const bytes = readFileSync(scriptFile(name));
      const there = await objectFacts(session, bucket, key, signal);
      if (there?.size !== bytes.length || there.etag !== createHash("md5").update(bytes).digest("hex")) {
        throwIfAborted(signal);
        replaced.push(name);
        tell();
        await putFile(session, bucket, key, scriptFile(name), signal);
        const put = await objectFacts(session, bucket, key, signal);
        if (put?.size !== bytes.length) {
          throw new BoathouseError("service", `s3://${bucket}/${key} is not what was uploaded.`, {
            resource: `s3://${bucket}/${key}`,
            next: "Deploy again.",
          });
        }
      }
      up.push(name);
      tell();
    }),
  );
}

/** Scheduled and conditional triggers start only now that the scripts they run are there. */
async function activateTriggers(
  session: AwsSession,
  stack: Stack,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Of a stack that is no lake of ours nothing was held back.
  if (stack.outputs["ArtifactsBucketName"] === undefined) return;
  for (const resource of await stackResources(session, stack.name)) {
    throwIfAborted(signal);
    if (resource.type !== "AWS::Glue::Trigger" || resource.physicalId === undefined) continue;
    const trigger = await getTrigger(session, resource.physicalId);
    if (trigger === undefined || trigger.type === "ON_DEMAND") continue;
    // One that a person has stopped stays so.
    if (trigger.state !== "CREATED") continue;
    throwIfAborted(signal);
    report({ kind: "progress", text: `Activating trigger ${trigger.name}` });
    await startTrigger(session, trigger.name);
  }
}

async function readBack(session: AwsSession, stackName: string): Promise<Deployed["resources"]> {
  const resources = await stackResources(session, stackName);
  const present = await Promise.all(
    resources.map(async (resource) => ({
      resource,
      there: resource.recorded ? undefined : await isPresent(session, resource),
    })),
  );
  const missing = present.find(({ there }) => there === false);
  if (missing !== undefined) {
    throw new BoathouseError(
      "service",
      `${missing.resource.logicalId} (${missing.resource.type}) is said to stand, but its service does not know it.`,
      {
        resource: missing.resource.physicalId ?? missing.resource.logicalId,
        next: "The endpoint does not make what it says; use another one.",
      },
    );
  }
  const recorded = resources.filter((resource) => resource.recorded).length;
  return { live: resources.length - recorded, recorded };
}
