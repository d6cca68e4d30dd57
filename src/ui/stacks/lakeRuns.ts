// Load and run all: the job runs of a lake, begun or found again, followed to their end, stopped where a person cancels.
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import type { Operation } from "../../base/journal.ts";
import type { RunRequest } from "../../flows/runJob.ts";
import type { JobRun } from "../../jobs/runs.ts";
import { attend } from "../shell/attend.ts";
import { known, messageFor } from "../shell/failures.ts";
import { isFresh } from "../shell/resuming.ts";
import { say } from "../shell/say.ts";
import { LOAD } from "../shell/kinds.ts";
import { dataOf, type Ended, notBegun } from "./lakeData.ts";
import type { Work } from "./views.ts";

/** Undefined where it was not gone on with, which was told. @throws BoathouseError `cancelled` once what was begun was told to stop. */
export async function run(work: Work, operation: Operation, resumed: boolean): Promise<Ended | undefined> {
  const open = resumed ? await findRuns(work, operation) : undefined;
  if (dataOf(operation).cancelled === true) {
    await stopRuns(work, dataOf(operation).runs ?? {});
    throw new BoathouseError("cancelled", "Cancelled.");
  }
  // Steps that were not begun are begun without a question only by a window that opens soon.
  const begins = !resumed || isFresh(operation);
  if (!begins && Object.keys(dataOf(operation).runs ?? {}).length === 0) return notBegun(operation);
  const runs = await new LakeRuns(work, operation, resumed).toTheirEnd(begins);
  if (!begins && open !== undefined && open.length > 0) {
    void say.info(
      `${open.join(" and ")} had not begun when the window of “${operation.title}” closed. Run what is still wanted.`,
    );
  }
  const ends = runs.map(({ completed }) => completed?.getTime() ?? Date.now());
  const text =
    operation.kind === LOAD
      ? `${dataOf(operation).stackName} is loaded`
      : `${runs.map(({ job }) => job).join(" and ")} succeeded`;
  return { text, at: new Date(Math.max(...ends)) };
}

/** Notes the runs whose ids were not written down when the window closed; the jobs of which there is none. */
async function findRuns(work: Work, operation: Operation): Promise<string[]> {
  const [{ lakeStack }, { findStarted }] = await Promise.all([
    import("../../flows/lakeStack.ts"),
    import("../../jobs/runs.ts"),
  ]);
  const { stackName } = dataOf(operation);
  const { loaderJob, customersJob, ordersJob } = await work.on.use((session) => lakeStack(session, stackName));
  const open: string[] = [];
  for (const job of operation.kind === LOAD ? [loaderJob] : [customersJob, ordersJob]) {
    const runs = dataOf(operation).runs ?? {};
    if (runs[job] !== undefined) continue;
    const found = await work.on.use((session) => findStarted(session, job, operation.at, {}));
    if (found === undefined) open.push(job);
    else operation.note({ runs: { ...runs, [job]: found.id } });
  }
  return open;
}

class LakeRuns {
  private readonly stopping = new AbortController();
  private readonly stops: Promise<void>[] = [];
  private readonly states = new Map<string, JobRun>();

  constructor(
    private readonly work: Work,
    private readonly operation: Operation,
    private readonly resumed: boolean,
  ) {}

  /** @param begins also what is not begun yet */
  async toTheirEnd(begins: boolean): Promise<readonly JobRun[]> {
    const { title } = this.operation;
    try {
      return await attend<readonly JobRun[]>({
        title,
        stoppingTitle: `Stopping: ${title}`,
        work: (told) => (begins ? this.flow(this.request(told)) : this.followed((states) => told(states))),
        // A person's Cancel ends the work: what was begun is stopped, and a window that opens later knows.
        onCancel: async () => {
          this.operation.note({ cancelled: true });
          this.stop(this.runs);
          this.stopping.abort(new BoathouseError("cancelled", "Cancelled."));
          return "stopping";
        },
      });
    } catch (error) {
      // What the calls that were out have begun is told by them, and stopped, before it counts as cancelled.
      if (isCancelled(error)) await Promise.all(this.stops);
      throw error;
    }
  }

  private get runs(): Readonly<Record<string, string>> {
    return dataOf(this.operation).runs ?? {};
  }

  private request(told: (message: string) => void): RunRequest {
    return {
      signal: AbortSignal.any([this.stopping.signal, this.work.on.ending]),
      ...(this.resumed ? { earlier: { runs: this.runs, since: this.operation.at } } : {}),
      // Once runs are under way, the states of all of them are said instead.
      report: (event) => {
        if (event.kind === "progress" && this.states.size === 0) told(event.text);
      },
      onStarted: (job, id) => {
        if (this.runs[job] !== id) this.operation.note({ runs: { ...this.runs, [job]: id } });
        this.work.shell.tell("jobs");
        // Cancelled while the call was out: what it began is stopped, too.
        if (this.stopping.signal.aborted) this.stop({ [job]: id });
      },
      onState: (seen) => told(this.stateOf(seen)),
    };
  }

  private stateOf(seen: JobRun): string {
    this.states.set(seen.job, seen);
    return [...this.states.values()].map(({ job, state }) => `${job} ${state}`).join(", ");
  }

  private async flow(request: RunRequest): Promise<readonly JobRun[]> {
    const { stackName, rows } = dataOf(this.operation);
    return this.work.on.use(async (session) => {
      if (this.operation.kind === LOAD) {
        const { load } = await import("../../flows/load.ts");
        return [await load(session, { ...request, stackName, ...(rows === undefined ? {} : { rows }) })];
      }
      const { runAll } = await import("../../flows/runJob.ts");
      return runAll(session, stackName, request);
    });
  }

  /** Only what was begun already. */
  private async followed(told: (states: string) => void): Promise<readonly JobRun[]> {
    const { finishRun } = await import("../../jobs/runs.ts");
    const signal = AbortSignal.any([this.stopping.signal, this.work.on.ending]);
    const onState = (seen: JobRun) => told(this.stateOf(seen));
    return this.work.on.use((session) =>
      Promise.all(Object.entries(this.runs).map(([job, id]) => finishRun(session, job, id, { signal, onState }))),
    );
  }

  private stop(runs: Readonly<Record<string, string>>): void {
    this.stops.push(stopRuns(this.work, runs));
  }
}

/** Asks each run to stop; one that could not be asked is told. */
async function stopRuns(work: Work, runs: Readonly<Record<string, string>>): Promise<void> {
  const { stopRun } = await import("../../jobs/runs.ts");
  await Promise.all(
    Object.entries(runs).map(async ([job, id]) => {
      try {
        await work.on.use((session) => stopRun(session, job, id));
      } catch (error) {
        const failed = known(error);
        work.shell.log.warn(`run ${id} of job ${job} was not stopped`, failed);
        // One that has ended meanwhile need not be.
        if (failed.kind !== "conflict")
          void say.error(`Run ${id} of job ${job} was not stopped. ${messageFor(failed)}`);
      }
    }),
  );
  work.shell.tell("jobs");
}
