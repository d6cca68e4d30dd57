// Jobs and their runs as records: keys and reads. Runs sort by the time they were started, so that lists come newest first.
import type { Job, JobRun, JobRunState } from "@aws-sdk/client-glue";
import type { Key } from "../../../state/store.ts";
import { notFound } from "../faults.ts";
import { Records } from "../records.ts";

export interface StoredJob extends Job {
  Name: string;
  /** What a script gets as --JOB_ID. */
  JobId: string;
}

/** Why a run was started, where a trigger did: conditional triggers follow one firing from trigger to trigger. */
export interface Cause {
  readonly trigger: string;
  /** Id of the firing of the scheduled or on-demand trigger that all began with. */
  readonly firing: string;
}

/** Members of a run that may change or be given; its identity and state are the manager's. */
export type RunMembers = Omit<JobRun, "Id" | "JobName" | "JobRunState">;

export interface StoredRun {
  readonly order: string;
  readonly run: RunMembers & { Id: string; JobName: string; JobRunState: JobRunState };
  readonly cause?: Cause;
  /** Attempts that may still follow this one. */
  readonly retriesLeft: number;
  /** Bookmark states that job.commit() handed over; they count once the run has succeeded. */
  readonly committed?: { readonly version: number; readonly state: Record<string, unknown> };
}

export class Jobs extends Records {
  static readonly keys = {
    jobs: (): Key => ["glue", "job"],
    job: (name: string): Key => ["glue", "job", name],
    runs: (job: string): Key => ["glue", "run", job],
    run: (job: string, order: string): Key => ["glue", "run", job, order],
    /** Where a run lies, by its id. */
    runPlace: (job: string, id: string): Key => ["glue", "runPlace", job, id],
    /** Runs in flight: what a lake that starts again has to end. */
    active: (): Key => ["glue", "activeRun"],
    activeRun: (id: string): Key => ["glue", "activeRun", id],
  };

  find(name: string): StoredJob | undefined {
    return this.get<StoredJob>(Jobs.keys.job(name));
  }

  job(name: string): StoredJob {
    const found = this.find(name);
    if (found === undefined) throw notFound(`Job with name: ${name} not found.`);
    return found;
  }

  findRun(job: string, id: string): StoredRun | undefined {
    const order = this.get<string>(Jobs.keys.runPlace(job, id));
    return order === undefined ? undefined : this.get<StoredRun>(Jobs.keys.run(job, order));
  }

  run(job: string, id: string): StoredRun {
    const found = this.findRun(job, id);
    if (found === undefined) throw notFound(`Job run ${id} of job ${job} not found.`);
    return found;
  }

  /** Everything that a job owns, itself included. */
  async keysOfJob(name: string): Promise<Key[]> {
    const families = ["run", "runPlace", "bookmark", "bookmarkHistory"];
    const below = await Promise.all(families.map((family) => this.keysBelow(["glue", family, name])));
    return [Jobs.keys.job(name), ["glue", "bookmark", name], ...below.flat()];
  }
}
