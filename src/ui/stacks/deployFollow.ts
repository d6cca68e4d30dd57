// A plan that was decided on, to its end: executed, followed, finished; or cancelled, by what Cancel means at each of these.
import { randomUUID } from "node:crypto";
import { isCancelled } from "../../base/errors.ts";
import type { Operation } from "../../base/journal.ts";
import type { Deployed, Executing, ScriptsUp } from "../../flows/deployStages.ts";
import type { Plan } from "../../stacks/changeSet.ts";
import type { StackEvent } from "../../stacks/events.ts";
import { attend, type Answer } from "../shell/attend.ts";
import { askCancel, cancelOnStack, endOfCancelled } from "./cancel.ts";
import type { DeployData } from "./deployData.ts";
import { failing, replacedScripts, tellEnd, tellTooLate, tellUnfinished } from "./deployEnd.ts";
import { drop } from "./deployPlanning.ts";
import type { UnderWay } from "./underWay.ts";
import type { Work } from "./views.ts";

export async function execute(work: Work, operation: Operation, underWay: UnderWay, planned: Plan): Promise<void> {
  operation.note({
    executing: true,
    token: operation.data["token"] ?? randomUUID(),
    stackId: planned.stackId,
    changeSetId: planned.changeSetId,
    kind: planned.kind,
    total: planned.changes.length,
    since: operation.data["since"] ?? new Date(Date.now() - 1000).toISOString(),
  });
  await follow(work, operation, underWay, planned);
}

/** Executes what was not executed yet, follows it to its end, and tells the end. */
export async function follow(work: Work, operation: Operation, underWay: UnderWay, planned?: Plan): Promise<void> {
  const { stackName, since } = operation.data as unknown as DeployData;
  const began = since === undefined ? operation.at.getTime() : new Date(since).getTime();
  const execution = new Execution(work, operation, underWay, planned);
  const deployed = await failing(work, stackName, () => execution.run());
  for (const what of ["stacks", "jobs", "catalog", "queries"] as const) work.shell.tell(what);
  // What may have ended before this window opened took as long as its events say.
  const ended = (planned === undefined ? execution.lastEvent?.getTime() : undefined) ?? Date.now();
  if (deployed !== undefined) tellEnd(work, deployed, Math.max(0, ended - began) / 1000);
}

/** The plan would change nothing: scripts and triggers are still brought up to date. */
export async function finishSame(work: Work, stackName: string, underWay: UnderWay): Promise<void> {
  const stopping = new AbortController();
  let scripts: ScriptsUp | undefined;
  try {
    const deployed = await attend({
      title: `Stack ${stackName} is as the template says`,
      stoppingTitle: `Stopping the deploy of stack ${stackName}`,
      work: (told) =>
        finish(work, stackName, {
          report: (event) => (event.kind === "progress" ? told(event.text) : undefined),
          signal: AbortSignal.any([stopping.signal, work.on.ending]),
          onScripts: (seen) => (scripts = seen),
        }),
      onCancel: async () => {
        stopping.abort();
        return "stopping";
      },
      cancelFrom: (press) => underWay.enter("finishing", press),
    });
    tellEnd(work, { ...deployed, changed: false }, undefined);
  } catch (error) {
    if (!stopping.signal.aborted || !isCancelled(error)) throw error;
    tellUnfinished(stackName, scripts);
  } finally {
    work.views.changedSoon();
  }
}

/** What stands behind the execution; its calls can all be made again, so that an abort waits for none of them. */
async function finish(work: Work, stackName: string, finishing: Executing): Promise<Omit<Deployed, "changed">> {
  const { finishDeploy } = await import("../../flows/deployStages.ts");
  const { abandonable } = await import("../../base/wait.ts");
  const { signal = work.on.ending } = finishing;
  return abandonable(
    work.on.use((session) => finishDeploy(session, stackName, finishing)),
    signal,
  );
}

class Execution {
  private readonly data: DeployData;
  private readonly stackId: string;
  /** Ends what is not CloudFormation's: uploads and looks. */
  private readonly stopping = new AbortController();
  private readonly signal: AbortSignal;
  private scripts: ScriptsUp | undefined;
  lastEvent: Date | undefined;
  private executed: Promise<void> = Promise.resolve();
  /** Whether CloudFormation took the cancellation; there once one was asked for. */
  private asked: Promise<boolean> | undefined;

  constructor(
    private readonly work: Work,
    private readonly operation: Operation,
    private readonly underWay: UnderWay,
    private readonly planned: Plan | undefined,
  ) {
    this.data = operation.data as unknown as DeployData;
    this.stackId = this.data.stackId ?? "";
    this.signal = AbortSignal.any([this.stopping.signal, work.on.ending]);
  }

  /** Undefined where it was cancelled, and that was told. */
  async run(): Promise<Deployed | undefined> {
    const { work, underWay } = this;
    const { stackName, kind } = this.data;
    try {
      return await attend<Deployed | undefined>({
        title: `${kind === "UPDATE" ? "Updating" : "Creating"} stack ${stackName}`,
        stoppingTitle: () =>
          underWay.phase !== "executing"
            ? `Stopping the deploy of stack ${stackName}`
            : kind === "UPDATE"
              ? `Rolling back stack ${stackName}`
              : `Deleting stack ${stackName}`,
        work: (told) => this.toItsEnd(told),
        onCancel: () => this.cancel(),
        cancelFrom: (press) => underWay.enter(this.planned?.kind === "UPDATE" ? "uploading" : "executing", press),
      });
    } catch (error) {
      if (!this.stopping.signal.aborted || work.on.ending.aborted || !isCancelled(error)) throw error;
      if (underWay.phase === "uploading") await this.dropUpdate();
      else tellUnfinished(stackName, this.scripts);
      return undefined;
    }
  }

  private async toItsEnd(told: (message: string) => void): Promise<Deployed | undefined> {
    const { work, planned, stackId, underWay } = this;
    const { stackName, token = "", since } = this.data;
    const stages = await import("../../flows/deployStages.ts");
    const following = await this.following(told);
    if (planned !== undefined) {
      this.executed = work.on.use((session) => stages.executeDeploy(session, planned, token, following));
      await this.executed;
    }
    work.views.changedSoon();
    // Followed again from the same time where credentials were renewed: events come twice, and count once.
    const executed = { stackName, stackId, since: new Date(since ?? this.operation.at) };
    let failed: unknown;
    try {
      await work.on.use((session) => stages.followDeploy(session, executed, following));
    } catch (error) {
      if (this.asked === undefined) throw error;
      failed = error;
    }
    if (this.asked !== undefined && (await this.asked)) {
      await endOfCancelled(work, { name: stackName, id: stackId }, following, replacedScripts(this.scripts));
      return undefined;
    }
    if (failed !== undefined) throw failed;
    underWay.enter("finishing");
    return { ...(await finish(work, stackName, following)), changed: true };
  }

  private async following(told: (message: string) => void): Promise<Executing> {
    const { progressOf } = await import("../../stacks/events.ts");
    const events: StackEvent[] = [];
    return {
      report: (event) => (event.kind === "progress" ? told(event.text) : undefined),
      onEvent: (event) => {
        events.push(event);
        this.lastEvent = event.at;
        const { done, total, last } = progressOf(events, this.stackId, this.data.total);
        if (last !== undefined) told(`${done} of ${total} · ${last.logicalId} ${last.status}`);
        this.work.views.changedSoon();
      },
      onExecuting: () => this.underWay.enter("executing"),
      onScripts: (seen) => (this.scripts = seen),
      signal: this.signal,
    };
  }

  private async cancel(): Promise<Answer> {
    const { work, underWay, stackId } = this;
    const { stackName, kind } = this.data;
    if (underWay.phase !== "executing") {
      // Of an update nothing is executed: the next window must not do it either.
      if (underWay.phase === "uploading") this.operation.note({ dropping: true });
      underWay.seal();
      this.stopping.abort();
      return "stopping";
    }
    if (!(await askCancel(stackName, kind))) return "background";
    if (underWay.phase !== "executing" || work.views.underWay.get(stackName) !== underWay) {
      tellTooLate(stackName, kind);
      return "again";
    }
    this.asked = this.executed.then(
      () => cancelOnStack(work, { name: stackName, id: stackId }, kind),
      // It did not begin, and says so itself.
      () => false,
    );
    const taken = await this.asked;
    if (taken) underWay.seal();
    return taken ? "stopping" : "again";
  }

  /** Cancelled before anything of the stack was changed. */
  private async dropUpdate(): Promise<void> {
    await drop(this.work, this.operation, this.underWay, this.planned, { more: replacedScripts(this.scripts) });
  }
}
