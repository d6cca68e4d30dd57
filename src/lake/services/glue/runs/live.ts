// One run in flight: its record, its process, why it is to end, and each change of its state, written before it is seen.
import type { JobRunState } from "@aws-sdk/client-glue";
import { randomBytes } from "node:crypto";
import type { SparkProcess } from "../../../engines/spark.ts";
import type { Writer } from "../../../state/store.ts";
import { Jobs, type RunMembers, type StoredJob, type StoredRun } from "../jobs/jobs.ts";
import { isTerminal, nextState } from "./states.ts";

/** Why a run is ended from outside. */
export type Ending = { readonly state: "STOPPED" | "TIMEOUT" | "FAILED"; readonly reason: string };

export class LiveRun {
  /** Bearer token of the run's private route. */
  readonly token = randomBytes(24).toString("base64url");
  process: SparkProcess | undefined;
  ending: Ending | undefined;
  /** When its process began, by the lake's clock; epoch ms. */
  began: number | undefined;
  /** Version of the bookmark that the run read first. */
  bookmarkVersion: number | undefined;
  /** Resolved once the run has ended and is recorded so. */
  readonly over: Promise<void>;
  isOver: () => void = () => undefined;
  /** Frees the timer of its timeout. */
  cancelTimeout: () => void = () => undefined;

  constructor(
    private readonly jobs: Jobs,
    readonly job: StoredJob,
    private record: StoredRun,
  ) {
    this.over = new Promise((resolve) => {
      this.isOver = resolve;
    });
  }

  get stored(): StoredRun {
    return this.record;
  }

  get run(): StoredRun["run"] {
    return this.record.run;
  }

  get id(): string {
    return this.run.Id;
  }

  /** First write of the run; resolved once it is on disk. */
  async create(): Promise<void> {
    const { keys } = Jobs;
    await this.jobs.write((writer) => {
      writer.put(keys.run(this.job.Name, this.record.order), this.record);
      writer.put(keys.runPlace(this.job.Name, this.id), this.record.order);
      if (!isTerminal(this.run.JobRunState)) writer.put(keys.activeRun(this.id), [this.job.Name, this.id]);
    });
  }

  /** Moves to `wanted` where that may follow; what `also` puts is written with it. False where it may not. */
  async move(
    wanted: JobRunState,
    patch: RunMembers = {},
    also: (writer: Writer) => void = () => undefined,
  ): Promise<boolean> {
    return this.jobs.alone(`run/${this.id}`, async () => {
      if (nextState(this.run.JobRunState, wanted) !== wanted) return false;
      const after: StoredRun = {
        ...this.record,
        run: { ...this.run, ...patch, JobRunState: wanted, LastModifiedOn: this.jobs.now() },
      };
      await this.jobs.write((writer) => {
        writer.put(Jobs.keys.run(this.job.Name, this.record.order), after);
        if (isTerminal(wanted)) {
          writer.delete(Jobs.keys.activeRun(this.id));
          also(writer);
        }
      });
      this.record = after;
      return true;
    });
  }

  /** Keeps what job.commit() handed over; it counts only once the run has succeeded. */
  async commit(state: Record<string, unknown>, version: number): Promise<void> {
    await this.jobs.alone(`run/${this.id}`, async () => {
      const after: StoredRun = { ...this.record, committed: { version, state } };
      await this.jobs.write((writer) => writer.put(Jobs.keys.run(this.job.Name, this.record.order), after));
      this.record = after;
    });
  }
}
