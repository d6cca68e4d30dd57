// A run as it is asked for, the record that it begins with, and the one that follows a failed attempt.
import { randomBytes } from "node:crypto";
import type { Cause, RunMembers, StoredJob, StoredRun } from "../jobs/jobs.ts";
import { runArguments } from "./arguments.ts";
import { logPlace } from "./logs.ts";

export interface RunRequest {
  /** Members of the run that the caller gave: Arguments, Timeout, WorkerType ... */
  readonly overrides: RunMembers;
  /** The run's id, where it is not to be made. */
  readonly id?: string;
  readonly cause?: Cause;
  /** Waits for a place where the job runs already, instead of being refused. */
  readonly queued: boolean;
  /** Attempts that may follow this one. */
  readonly retriesLeft: number;
}

/** Runs that began within the same millisecond sort by this. */
let count = 0;

/** The record of a new run of `job`; `waiting` where the job runs as often as it may. */
export function newRun(job: StoredJob, request: RunRequest, now: Date, waiting: boolean): StoredRun {
  const { overrides, cause, retriesLeft } = request;
  const id = request.id ?? `jr_${randomBytes(32).toString("hex")}`;
  return {
    order: `${String(now.getTime()).padStart(14, "0")}-${String(count++).padStart(8, "0")}`,
    retriesLeft,
    ...(cause === undefined ? {} : { cause }),
    run: {
      Attempt: 0,
      StartedOn: now,
      LastModifiedOn: now,
      JobMode: job.JobMode,
      GlueVersion: job.GlueVersion,
      ExecutionClass: job.ExecutionClass,
      WorkerType: job.WorkerType,
      NumberOfWorkers: job.NumberOfWorkers,
      MaxCapacity: job.MaxCapacity,
      AllocatedCapacity: job.AllocatedCapacity,
      Timeout: job.Timeout,
      NotificationProperty: job.NotificationProperty,
      LogGroupName: logPlace(runArguments(job, overrides), id).prefix,
      PredecessorRuns: [],
      ExecutionTime: 0,
      ...overrides,
      ...(cause === undefined ? {} : { TriggerName: cause.trigger }),
      Id: id,
      JobName: job.Name,
      JobRunState: waiting ? "WAITING" : "STARTING",
      ...(waiting ? { StateDetail: "The job has reached its maximum of concurrent runs." } : {}),
    },
  };
}

/** The next attempt of a failed run: a run of its own, with the same arguments. It waits where it must. */
export function nextAttempt({ run, cause, retriesLeft }: StoredRun): RunRequest {
  const attempt = (run.Attempt ?? 0) + 1;
  const { Arguments, Timeout, WorkerType, NumberOfWorkers, MaxCapacity, AllocatedCapacity, PredecessorRuns } = run;
  return {
    id: `${run.Id.replace(/_attempt_\d+$/, "")}_attempt_${attempt}`,
    overrides: {
      ...(Arguments === undefined ? {} : { Arguments }),
      Timeout,
      WorkerType,
      NumberOfWorkers,
      MaxCapacity,
      AllocatedCapacity,
      PredecessorRuns,
      Attempt: attempt,
      PreviousRunId: run.Id,
    },
    ...(cause === undefined ? {} : { cause }),
    queued: true,
    retriesLeft: retriesLeft - 1,
  };
}
