// Job runs: started, queued, given to Spark, ended. Keeps within a job's MaxConcurrentRuns and within what the machine bears.
import { rm } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../../../base/errors.ts";
import { installedSpark, startSparkJob, type SparkEnd } from "../../../engines/spark.ts";
import { ServiceError } from "../../../fault.ts";
import type { GlueEvents } from "../events.ts";
import { Jobs, type RunMembers, type StoredJob, type StoredRun } from "../jobs/jobs.ts";
import { commandLine, runArguments } from "./arguments.ts";
import type { Bookmarks } from "./bookmarks.ts";
import { roleCredentials } from "./credentials.ts";
import { type Ending, LiveRun } from "./live.ts";
import { logPlace, RunLogs } from "./logs.ts";
import { outcomeOf } from "./outcome.ts";
import { newRun, nextAttempt, type RunRequest } from "./request.ts";
import { isTerminal } from "./states.ts";

/** Memory a run takes with its JVM and Python; bytes. */
const RUN_MEMORY = 2 * 1024 ** 3;

export class RunManager {
  /** In the order in which they were started. */
  private readonly live = new Map<string, LiveRun>();
  private readonly processes = new Set<LiveRun>();
  private readonly slots = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / RUN_MEMORY)));
  private readonly folder: string;
  private closing = false;

  constructor(
    private readonly jobs: Jobs,
    private readonly bookmarks: Bookmarks,
    private readonly events: GlueEvents,
  ) {
    this.folder = join(jobs.lake.folder, "glue", "runs");
  }

  /** Starts a run of `job`; resolved once it is recorded. Throws ConcurrentRunsExceededException. */
  async start(job: StoredJob, request: RunRequest): Promise<StoredRun> {
    return this.jobs.alone(`jobRuns/${job.Name}`, async () => {
      const full = this.ofJob(job.Name).length >= maximum(job);
      if (full && !request.queued)
        throw new ServiceError("ConcurrentRunsExceededException", `Concurrent runs exceeded for ${job.Name}`);
      const run = new LiveRun(this.jobs, job, newRun(job, request, this.jobs.now(), full));
      await run.create();
      this.live.set(run.id, run);
      setImmediate(() => this.pump());
      return run.stored;
    });
  }

  /** Records a run that a trigger could not start, ended at once. */
  async refused(
    job: Pick<StoredJob, "Name">,
    request: RunRequest,
    state: "FAILED" | "ERROR",
    reason: string,
  ): Promise<void> {
    const record = newRun({ JobId: "", ...job }, request, this.jobs.now(), false);
    const run = new LiveRun(
      this.jobs,
      { JobId: "", ...job },
      {
        ...record,
        run: {
          ...record.run,
          JobRunState: state,
          ErrorMessage: reason,
          CompletedOn: this.jobs.now(),
          ExecutionTime: 0,
        },
      },
    );
    await run.create();
    this.tell(run);
  }

  find(runId: string): LiveRun | undefined {
    return this.live.get(runId);
  }

  ofJob(job: string): LiveRun[] {
    return [...this.live.values()].filter((run) => run.job.Name === job);
  }

  get busy(): boolean {
    return this.live.size > 0;
  }

  /** Ends a run from outside; resolved once STOPPING is on disk. False where it has ended already. */
  async end(run: LiveRun, ending: Ending): Promise<boolean> {
    if (run.ending !== undefined || isTerminal(run.run.JobRunState)) return run.ending !== undefined;
    run.ending = ending;
    if (ending.state === "STOPPED") await run.move("STOPPING");
    if (run.process !== undefined) void run.process.stop();
    else if (!this.processes.has(run)) await this.finish(run, undefined);
    return true;
  }

  /** Ends all runs of a job and waits for them. */
  async endAll(runs: readonly LiveRun[], ending: Ending): Promise<void> {
    await Promise.all(runs.map((run) => this.end(run, ending)));
    await Promise.all(runs.map((run) => run.over));
  }

  /** Ends what an earlier lake left in flight. */
  async recover(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    for (const [job, id] of await this.jobs.all<[string, string]>(Jobs.keys.active())) {
      const stored = this.jobs.findRun(job, id);
      if (stored === undefined) continue;
      const run = new LiveRun(this.jobs, this.jobs.find(job) ?? { Name: job, JobId: "" }, stored);
      const reason = `The local lake ended while the run was ${stored.run.JobRunState}.`;
      await run.move("FAILED", { ErrorMessage: reason, CompletedOn: this.jobs.now(), ...this.usage(run) });
    }
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.endAll([...this.live.values()], {
      state: "FAILED",
      reason: "The local lake was stopped while the run was in flight.",
    });
  }

  /** Gives free places to the runs that wait, oldest first. */
  private pump(): void {
    for (const run of this.live.values()) {
      if (this.closing || this.processes.size >= this.slots) return;
      const ofJob = [...this.processes].filter(({ job }) => job.Name === run.job.Name).length;
      if (this.processes.has(run) || run.ending !== undefined || ofJob >= maximum(run.job)) continue;
      this.processes.add(run);
      void this.carry(run);
    }
  }

  /** A run from its place to its end. */
  private async carry(run: LiveRun): Promise<void> {
    const logs = new RunLogs(this.jobs.lake, logPlace(runArguments(run.job, run.run), run.id));
    let end: SparkEnd | undefined;
    let broken: string | undefined;
    try {
      end = await this.work(run, logs);
    } catch (error) {
      broken = messageOf(error);
    }
    if (broken !== undefined) logs.system(broken);
    await logs.end();
    try {
      await this.finish(run, end, broken);
    } catch (error) {
      // Its record stays as it was; the next lake ends it.
      this.jobs.lake.log("job run not recorded", { run: run.id, message: messageOf(error) });
      this.leave(run);
    }
  }

  private async work(run: LiveRun, logs: RunLogs): Promise<SparkEnd | undefined> {
    const { lake } = this.jobs;
    if (run.run.JobRunState === "WAITING") await run.move("STARTING", { StateDetail: undefined });
    const engine = installedSpark(lake.cache);
    if (engine === undefined)
      throw new Error(`Apache Spark is not in ${lake.cache}: the engines have to be fetched first.`);
    for (const name of run.job.Connections?.Connections ?? []) {
      if (this.jobs.get(["glue", "connection", name]) === undefined) throw new Error(`Connection ${name} not found.`);
    }
    const minutes = run.run.Timeout ?? 480;
    const credentials = await roleCredentials(
      lake,
      run.job.Role ?? "",
      `GlueJobRunnerSession-${run.id.slice(3, 15)}`,
      minutes * 60 + 3600,
    );
    if (run.ending !== undefined) return undefined;
    run.process = startSparkJob({
      lakeFolder: lake.folder,
      folder: join(this.folder, run.id),
      engine,
      name: run.job.Name,
      script: run.job.Command?.ScriptLocation ?? "",
      arguments: commandLine(run.job, run.run),
      endpoint: lake.endpoint,
      region: lake.region,
      credentials,
      route: { url: `${lake.endpoint}/_lake/runs/${run.id}`, token: run.token },
      onLine: (source, line) => logs.line(source, line),
    });
    const began = lake.clock.now();
    run.began = began;
    run.cancelTimeout = lake.clock.at(began + minutes * 60_000, () => {
      void this.end(run, { state: "TIMEOUT", reason: `The job run exceeded its timeout of ${minutes} minutes.` });
    });
    await run.move("RUNNING");
    return run.process.ended;
  }

  private async finish(run: LiveRun, end: SparkEnd | undefined, broken?: string): Promise<void> {
    run.cancelTimeout();
    const outcome = outcomeOf(run.ending, end, broken);
    const patch = {
      ...this.usage(run),
      CompletedOn: this.jobs.now(),
      ...(outcome.reason === undefined ? {} : { ErrorMessage: outcome.reason }),
    };
    if (outcome.state === "STOPPED") await run.move("STOPPING");
    await run.move(outcome.state, patch, (writer) => {
      if (outcome.state === "SUCCEEDED") this.bookmarks.save(writer, run.stored);
    });
    this.leave(run);
    const job = this.jobs.find(run.job.Name);
    const again = outcome.state === "FAILED" && run.stored.retriesLeft > 0 && !this.closing;
    if (again && job !== undefined) await this.start(job, nextAttempt(run.stored));
    else this.tell(run);
    this.pump();
  }

  private leave(run: LiveRun): void {
    this.live.delete(run.id);
    this.processes.delete(run);
    run.isOver();
  }

  /** The run as it is now: while it goes on, so does its time. */
  shown({ run }: StoredRun): StoredRun["run"] {
    const live = this.live.get(run.Id);
    return live?.began === undefined ? run : { ...run, ...this.usage(live) };
  }

  private usage(run: LiveRun): RunMembers {
    const seconds =
      run.began === undefined ? 0 : Math.max(1, Math.round((this.jobs.lake.clock.now() - run.began) / 1000));
    return { ExecutionTime: seconds, DPUSeconds: seconds * (run.run.MaxCapacity ?? 0) };
  }

  private tell(run: LiveRun): void {
    this.events.runEnded({ job: run.job.Name, runId: run.id, state: run.run.JobRunState, cause: run.stored.cause });
  }
}

function maximum(job: StoredJob): number {
  return job.ExecutionProperty?.MaxConcurrentRuns ?? 1;
}
