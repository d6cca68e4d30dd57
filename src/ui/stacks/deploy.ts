// Deploy: questions, the plan as a document, the person's yes, and the execution followed to its end, across windows.
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { AwsSession } from "../../aws/session.ts";
import type { Operation } from "../../base/journal.ts";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import type { Deployed } from "../../flows/deployStages.ts";
import type { Plan } from "../../stacks/changeSet.ts";
import type { StackEvent } from "../../stacks/events.ts";
import type { Stack } from "../../stacks/stack.ts";
import { attend, type Answer } from "../shell/attend.ts";
import { known, messageFor } from "../shell/failures.ts";
import { withProgress } from "../shell/progress.ts";
import { isFresh } from "../shell/resuming.ts";
import { duration } from "../shell/times.ts";
import { askDeploy, type DeployChoice } from "./deployQuestions.ts";
import { counts, planDocument } from "./planDocument.ts";
import { busy, resumeWork, type StackEntry, type Work } from "./views.ts";
import { say } from "../shell/say.ts";

/** What the journal keeps of a deploy. No parameter values: some are secret, and the change set has them. */
interface DeployData {
  readonly stackName: string;
  readonly changeSetName: string;
  readonly hidden: readonly string[];
  /** From the execution on. */
  readonly executing?: boolean;
  readonly token?: string;
  readonly stackId?: string;
  readonly changeSetId?: string;
  readonly kind?: Plan["kind"];
  readonly total?: number;
  /** ISO 8601: events before it are of an earlier operation. */
  readonly since?: string;
}

export const DEPLOY = "deploy";

export async function deployCommand(work: Work, given: Stack | undefined): Promise<void> {
  const name = work.on.name;
  const choice = await work.on.use((session) => askDeploy(session, name, given));
  await deployChosen(work, choice);
}

/** Plans, asks and deploys as an operation of the journal. */
export async function deployChosen(work: Work, choice: DeployChoice): Promise<void> {
  await work.views.once(`stack ${choice.stackName}`, busy(choice.stackName), () => deployOnce(work, choice));
}

async function deployOnce(work: Work, choice: DeployChoice): Promise<void> {
  const { newChangeSetName } = await import("../../stacks/changeSet.ts");
  const data = {
    connection: work.on.choice,
    stackName: choice.stackName,
    changeSetName: newChangeSetName(),
    hidden: choice.hidden,
  };
  await work.shell.operations.run(DEPLOY, `Deploy stack ${choice.stackName}`, data, async (operation) => {
    const planned = await failing(work, choice.stackName, () => plan(work, choice, data.changeSetName));
    if (planned === undefined) return;
    if (planned === "same") return finishSame(work, choice.stackName);
    if (!(await review(work, planned, data.hidden))) return;
    await execute(work, operation, planned);
  });
}

/** Goes on where a closed window was: shows the plan again, or follows the execution to its end. */
export async function resumeDeploy(entry: StackEntry, operation: Operation): Promise<void> {
  const { stackName } = operation.data as unknown as DeployData;
  await resumeWork(entry, operation, `stack ${stackName}`, busy(stackName), (work) => resumeOnce(work, operation));
}

async function resumeOnce(work: Work, operation: Operation): Promise<void> {
  const data = operation.data as unknown as DeployData;
  const { findPlan } = await import("../../stacks/changeSet.ts");
  const planned = await work.on.use((session) => findPlan(session, data.stackName, data.changeSetName));
  if (data.executing === true) {
    // A plan that still stands was never executed: the window closed before the call went out.
    if (planned !== undefined && isFresh(operation)) return execute(work, operation, planned);
    if (planned === undefined) return follow(work, operation, data);
  }
  if (planned === undefined) {
    const again = "Deploy Stack";
    const pressed = await say.info(
      `The plan for stack ${data.stackName} was not finished when its window closed. Nothing was made or changed.`,
      again,
    );
    if (pressed === again) await vscode.commands.executeCommand("boathouse.stacks.deploy");
    return;
  }
  if (await review(work, planned, data.hidden)) await execute(work, operation, planned);
}

async function plan(work: Work, choice: DeployChoice, changeSetName: string): Promise<Plan | "same" | undefined> {
  return withProgress(
    {
      title: `Planning stack ${choice.stackName}`,
      cancelled: "The plan was dropped. Nothing was made or changed.",
    },
    async ({ signal, report }) => {
      try {
        const { joinRunning, planDeploy } = await import("../../flows/deployStages.ts");
        await work.on.use((session) => joinRunning(session, choice.stackName, { report, signal }));
        const made = await work.on.use((session) =>
          planDeploy(session, {
            stackName: choice.stackName,
            ...(choice.template === undefined ? {} : { template: choice.template }),
            parameters: choice.parameters,
            previous: choice.previous,
            changeSetName,
            report,
            signal,
          }),
        );
        return made ?? "same";
      } catch (error) {
        if (!isCancelled(error)) throw error;
        void say.info("The plan was dropped. Nothing was made or changed.");
        return undefined;
      }
    },
  );
}

/** Shows the plan and waits for Execute; anything else drops it. */
async function review(work: Work, planned: Plan, hidden: readonly string[]): Promise<boolean> {
  const [{ standingCosts }, { isLiveOnLake }] = await Promise.all([
    import("../../flows/cost.ts"),
    import("../../flows/liveTypes.ts"),
  ]);
  const local = work.shell.connections.choice?.kind === "local";
  const text = planDocument({
    plan: planned,
    connection: work.on.name,
    costs: standingCosts(planned),
    isLive: local ? isLiveOnLake : undefined,
    hidden: new Set(hidden),
  });
  const verb = planned.kind === "CREATE" ? "create" : "update";
  const decision = await work.views.reviews.ask(
    planned.stackName,
    text,
    `Plan to ${verb} stack ${planned.stackName} on ${work.on.name}. ${counts(planned)}`,
  );
  if (decision === "execute") return true;
  const { dropPlan } = await import("../../stacks/changeSet.ts");
  await work.on.use((session) => dropPlan(session, planned));
  work.shell.tell("stacks");
  void say.info(`The plan for stack ${planned.stackName} was discarded. Nothing was made or changed.`);
  return false;
}

async function execute(work: Work, operation: Operation, planned: Plan): Promise<void> {
  const data = {
    executing: true,
    token: operation.data["token"] ?? randomUUID(),
    stackId: planned.stackId,
    changeSetId: planned.changeSetId,
    kind: planned.kind,
    total: planned.changes.length,
    since: operation.data["since"] ?? new Date(Date.now() - 1000).toISOString(),
  };
  operation.note(data);
  await follow(work, operation, operation.data as unknown as DeployData, planned);
}

/** Executes what was not executed yet, follows it to its end, and tells the end. */
async function follow(work: Work, operation: Operation, data: DeployData, planned?: Plan): Promise<void> {
  const { stackName, stackId = "", kind, total, token = "" } = data;
  const since = new Date(data.since ?? operation.at);
  const began = since.getTime();
  const waiting = new AbortController();
  let phase: "executing" | "finishing" = "executing";
  const deployed = await failing(work, stackName, () =>
    attend<Deployed | undefined>({
      title: `${kind === "UPDATE" ? "Updating" : "Creating"} stack ${stackName}`,
      stoppingTitle: kind === "UPDATE" ? `Rolling back stack ${stackName}` : `Deleting stack ${stackName}`,
      work: async (say) => {
        const stages = await import("../../flows/deployStages.ts");
        const { progressOf } = await import("../../stacks/events.ts");
        const events: StackEvent[] = [];
        const following = {
          report: (event: { kind: string; text?: string }) => {
            if (event.text !== undefined) say(event.text);
          },
          onEvent: (event: StackEvent) => {
            events.push(event);
            const { done, total: of, last } = progressOf(events, stackId, total);
            if (last !== undefined) say(`${done} of ${of} · ${last.logicalId} ${last.status}`);
            work.views.changedSoon();
          },
          signal: AbortSignal.any([waiting.signal, work.on.ending]),
        };
        if (planned !== undefined)
          await work.on.use((session) => stages.executeDeploy(session, planned, token, following));
        work.views.changedSoon();
        // Followed again from the same time where credentials were renewed: events come twice, and count once.
        await work.on.use((session) => stages.followDeploy(session, { stackName, stackId, since }, following));
        phase = "finishing";
        const finished = await work.on.use((session) => stages.finishDeploy(session, stackName, following));
        return { ...finished, changed: true };
      },
      onCancel: async () => {
        if (phase === "finishing") {
          waiting.abort(new BoathouseError("cancelled", "Stopped."));
          return "stopping";
        }
        return cancelOperation(work, stackName, stackId, kind);
      },
    }).catch((error: unknown) => {
      if (work.views.cancelled.delete(stackId)) return endOfCancelled(work, stackName, stackId);
      if (!isCancelled(error) || work.on.ending.aborted) throw error;
      void say.warn(
        `Stack ${stackName} stands, but its job scripts may not be uploaded and its triggers may be off. Deploy it again to finish.`,
      );
      return undefined;
    }),
  );
  work.shell.tell("stacks");
  work.shell.tell("jobs");
  work.shell.tell("catalog");
  work.shell.tell("queries");
  if (deployed !== undefined) tellEnd(work, deployed, (Date.now() - began) / 1000);
}

/** Asks what Cancel means while CloudFormation works, and does it. */
export async function cancelOperation(
  work: Work,
  stackName: string,
  stackId: string,
  kind: Plan["kind"] | undefined,
): Promise<Answer> {
  const waitOn = "Keep Going in Background";
  const [stop, what] =
    kind === "UPDATE"
      ? ["Cancel Update", "Cancelling rolls the stack back to what it was before."]
      : [
          "Delete Stack",
          "CloudFormation can't stop a creation half way: cancelling deletes the stack and what was made of it.",
        ];
  const pressed = await say.warn(
    `Stack ${stackName} is still being ${kind === "UPDATE" ? "updated" : "created"}. ${what}`,
    waitOn,
    stop,
  );
  if (pressed !== stop) return "background";
  const { cancelUpdate, deleteStack } = await import("../../stacks/deletion.ts");
  const act = kind === "UPDATE" ? cancelUpdate : deleteStack;
  // Before the call: the operation's end may be seen before the call's own.
  work.views.cancelled.add(stackId);
  try {
    await work.on.use((session) => act(session, stackId, randomUUID()));
  } catch (error) {
    work.views.cancelled.delete(stackId);
    throw error;
  }
  work.shell.tell("stacks");
  return "stopping";
}

async function endOfCancelled(work: Work, stackName: string, stackId: string): Promise<undefined> {
  const { findStack } = await import("../../stacks/stack.ts");
  const status = await work.on.use(async (session) => (await findStack(session, stackId))?.status);
  if (status === "UPDATE_ROLLBACK_COMPLETE") {
    void say.info(`The update was cancelled. Stack ${stackName} is as it was before (${status}).`);
  } else if (status === undefined || status === "DELETE_COMPLETE") {
    void say.info(`The creation of stack ${stackName} was cancelled and the stack deleted.`);
  } else {
    throw new BoathouseError("service", `Stack ${stackName} is ${status} after its operation was cancelled.`, {
      resource: `stack ${stackName}`,
      next: "The events say what stood in the way; tear it down.",
    });
  }
  return undefined;
}

/** The plan would change nothing: scripts and triggers are still brought up to date. */
async function finishSame(work: Work, stackName: string): Promise<void> {
  const deployed = await withProgress(
    { title: `Stack ${stackName} is as the template says`, cancelled: "Stopped." },
    async ({ report, signal }) => {
      const { finishDeploy } = await import("../../flows/deployStages.ts");
      return work.on.use((session) => finishDeploy(session, stackName, { report, signal }));
    },
  );
  work.views.changedSoon();
  tellEnd(work, { ...deployed, changed: false }, undefined);
}

function tellEnd(work: Work, { stack, changed, resources }: Deployed, seconds: number | undefined): void {
  const { live, recorded } = resources;
  const load = "Load Sample Data";
  const lake = stack.outputs["LoaderJobName"] !== undefined;
  const text = changed
    ? `Stack ${stack.name} stands on ${work.on.name}${seconds === undefined ? "" : ` after ${duration(seconds)}`}`
    : `Stack ${stack.name} was already as the template says`;
  void say
    .info(
      `${text}: ${live} resources live${recorded > 0 ? `, ${recorded} recorded only` : ""}.`,
      ...(lake && changed ? [load] : []),
    )
    .then((pressed) =>
      pressed === load
        ? vscode.commands.executeCommand("boathouse.stacks.load", { kind: "stackName", id: stack.name })
        : undefined,
    );
}

/** Runs `act`; a failure of the stack is told with the buttons that help with a stack, and then counts as told. */
async function failing<T>(work: Work, stackName: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (thrown) {
    const error = known(thrown);
    const ofStack = error.kind === "service" || error.kind === "conflict" || error.kind === "invalid";
    if (!ofStack) throw error;
    work.shell.log.error(`stack ${stackName}`, error);
    work.shell.tell("stacks");
    void tellFailure(work, stackName, error);
    return undefined;
  }
}

async function tellFailure(work: Work, stackName: string, error: BoathouseError): Promise<void> {
  const events = "Show Events";
  const tearDown = "Tear Down Stack";
  const stands = await work.on
    .use(async (session: AwsSession) => {
      const { findStack } = await import("../../stacks/stack.ts");
      return findStack(session, stackName);
    })
    .catch(() => undefined);
  const broken = stands !== undefined && /^(ROLLBACK_|CREATE_FAILED|DELETE_FAILED)/.test(stands.status);
  const pressed = await say.error(
    `Stack ${stackName}: ${messageFor(error)}`,
    ...(stands === undefined ? [] : [events]),
    ...(broken ? [tearDown] : []),
    ...(stands === undefined ? ["Show Log"] : []),
  );
  const node = { kind: "stackName", id: stackName };
  if (pressed === events) await vscode.commands.executeCommand("boathouse.stacks.showEvents", node);
  else if (pressed === tearDown) await vscode.commands.executeCommand("boathouse.stacks.tearDown", node);
  else if (pressed !== undefined) await vscode.commands.executeCommand("boathouse.showLog");
}
