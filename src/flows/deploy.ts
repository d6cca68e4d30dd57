// Deploy: plan, the person's yes, execute, scripts up and verified, triggers on, every resource read back.
import { readFileSync, statSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { objectSize, putFile } from "../aws/objects.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { reasonOf } from "../base/system.ts";
import { dropPlan, executePlan, makePlan, type Plan, TEMPLATE_BODY_LIMIT } from "../stacks/changeSet.ts";
import { firstFailure, type StackEvent, watchStack } from "../stacks/events.ts";
import { findStack, type Stack, stackResources } from "../stacks/stack.ts";
import { stackPhase } from "../stacks/state.ts";
import { getTrigger, startTrigger } from "../jobs/triggers.ts";
import { SCRIPTS, scriptFile, templateFile } from "./assets.ts";
import { isPresent } from "./presence.ts";
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

export interface Deployed {
  readonly stack: Stack;
  /** False where the stack already was as the template says. */
  readonly changed: boolean;
  readonly resources: { readonly live: number; readonly recorded: number };
}

/**
 * Deploys and returns once the stack stands and answers; undefined where the person said no.
 * A deploy that was left half way is joined. Aborting ends the waiting, never the stack's work.
 * @throws BoathouseError `invalid` for a template that CloudFormation refuses, `service` with the first cause where the stack rolled back.
 */
export async function deploy(session: AwsSession, request: DeployRequest): Promise<Deployed | undefined> {
  const { stackName, report, signal } = request;
  await joinRunning(session, request);
  const templateBody = readTemplate(request.template ?? templateFile());
  report({ kind: "progress", text: `Planning stack ${stackName} on ${session.name}` });
  const plan = await makePlan(session, {
    stackName,
    templateBody,
    parameters: request.parameters ?? {},
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    throw atItsLine(error, request.template ?? templateFile(), templateBody);
  });
  if (plan !== undefined) {
    if (!(await confirmed(session, plan, request))) return undefined;
    // An update may start jobs by a trigger at once: its scripts go up before.
    if (plan.kind === "UPDATE") await uploadScripts(session, await stackNow(session, stackName), report, signal);
    const since = new Date(Date.now() - 1000);
    await executePlan(session, plan, randomUUID());
    await follow(session, plan.stackId, since, request);
  }
  const stack = await stackNow(session, stackName);
  await uploadScripts(session, stack, report, signal);
  await activateTriggers(session, stack, report);
  return { stack, changed: plan !== undefined, resources: await readBack(session, stackName) };
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

async function joinRunning(session: AwsSession, request: DeployRequest): Promise<void> {
  const stack = await findStack(session, request.stackName);
  if (stack === undefined || stackPhase(stack.status) !== "running") return;
  request.report({ kind: "progress", text: `Stack ${stack.name} is ${stack.status}: waiting for its end first` });
  for await (const event of watchStack(session, stack.id, stack.created ?? new Date(0), request.signal))
    request.onEvent?.(event);
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

async function follow(session: AwsSession, stackId: string, since: Date, request: DeployRequest): Promise<void> {
  const events: StackEvent[] = [];
  const watching = watchStack(session, stackId, since, request.signal);
  let next = await watching.next();
  while (next.done !== true) {
    events.push(next.value);
    request.onEvent?.(next.value);
    next = await watching.next();
  }
  const stack = next.value;
  if (stackPhase(stack?.status) === "succeeded") return;
  const cause = firstFailure(events);
  throw new BoathouseError(
    "service",
    cause === undefined
      ? `Stack ${request.stackName} ended ${stack?.status ?? "deleted"}: ${stack?.statusReason ?? "no reason given"}`
      : `${cause.logicalId} (${cause.type}): ${cause.reason ?? ""}`,
    {
      resource: `stack ${request.stackName}`,
      next: `The stack is ${stack?.status ?? "gone"}. Correct the cause, run \`boathouse destroy --stack ${request.stackName}\` and deploy again.`,
    },
  );
}

async function stackNow(session: AwsSession, stackName: string): Promise<Stack> {
  const stack = await findStack(session, stackName);
  if (stack === undefined) {
    throw new BoathouseError("notFound", `Stack ${stackName} is gone.`, {
      resource: `stack ${stackName}`,
      next: "Deploy it again.",
    });
  }
  return stack;
}

/** Uploads the job scripts where the stack is a lake of ours, and looks whether they are there whole. */
async function uploadScripts(session: AwsSession, stack: Stack, report: Report, signal?: AbortSignal): Promise<void> {
  const bucket = stack.outputs["ArtifactsBucketName"];
  if (bucket === undefined) return;
  report({ kind: "progress", text: `Uploading ${SCRIPTS.length} job scripts to s3://${bucket}/scripts/` });
  await Promise.all(
    SCRIPTS.map(async (name) => {
      const key = `scripts/${name}`;
      await putFile(session, bucket, key, scriptFile(name), signal);
      const size = await objectSize(session, bucket, key);
      if (size !== statSync(scriptFile(name)).size) {
        throw new BoathouseError("service", `s3://${bucket}/${key} is not what was uploaded.`, {
          resource: `s3://${bucket}/${key}`,
          next: "Deploy again.",
        });
      }
    }),
  );
}

/** Scheduled and conditional triggers start only now that the scripts they run are there. */
async function activateTriggers(session: AwsSession, stack: Stack, report: Report): Promise<void> {
  for (const resource of await stackResources(session, stack.name)) {
    if (resource.type !== "AWS::Glue::Trigger" || resource.physicalId === undefined) continue;
    const trigger = await getTrigger(session, resource.physicalId);
    if (trigger === undefined || trigger.type === "ON_DEMAND") continue;
    if (trigger.state !== "CREATED" && trigger.state !== "DEACTIVATED") continue;
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
