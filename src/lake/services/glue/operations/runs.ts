// Job runs: start, look, stop. AWS page: Glue Web API Reference, "Job runs".
import type { BatchStopJobRunError, BatchStopJobRunSuccessfulSubmission } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { invalidInput, plainName, required } from "../faults.ts";
import { Jobs, type RunMembers, type StoredRun } from "../jobs/jobs.ts";
import { workers } from "../jobs/rules.ts";
import { page, pageSize } from "../paging.ts";
import type { RunManager } from "../runs/manager.ts";
import { isTerminal } from "../runs/states.ts";
import { missingJob } from "./jobs.ts";

export function runOperations(jobs: Jobs, runs: RunManager): Operations<"glue"> {
  return {
    StartJobRun: {
      fields: [
        "JobName",
        "JobRunQueuingEnabled",
        "JobRunId",
        "Arguments",
        "AllocatedCapacity",
        "Timeout",
        "MaxCapacity",
        "NotificationProperty",
        "WorkerType",
        "NumberOfWorkers",
        "ExecutionClass",
      ],
      async run(input) {
        const job = jobs.find(plainName(input.JobName, "jobName"));
        if (job === undefined) throw missingJob();
        const again = input.JobRunId === undefined ? undefined : jobs.run(job.Name, input.JobRunId);
        const { run } = await runs.start(job, {
          overrides: { ...repeated(again), ...given(input) },
          queued: input.JobRunQueuingEnabled ?? job.JobRunQueuingEnabled ?? false,
          retriesLeft: job.MaxRetries ?? 0,
        });
        return { JobRunId: run.Id };
      },
    },
    GetJobRun: {
      fields: ["JobName", "RunId", "PredecessorsIncluded"],
      run: ({ JobName, RunId }) => ({
        JobRun: runs.shown(jobs.run(plainName(JobName, "jobName"), plainName(RunId, "runId"))),
      }),
    },
    GetJobRuns: {
      fields: ["JobName", "NextToken", "MaxResults"],
      async run({ JobName, NextToken, MaxResults }) {
        const name = plainName(JobName, "jobName");
        const { items, token } = await page<StoredRun>(jobs.lake.store, Jobs.keys.runs(name), {
          token: NextToken,
          limit: pageSize(MaxResults, 200),
          reverse: true,
        });
        // A trigger may have tried to run a job that is gone: its run is all that is left of it.
        if (items.length === 0) jobs.job(name);
        return { JobRuns: items.map((item) => runs.shown(item)), NextToken: token };
      },
    },
    BatchStopJobRun: {
      fields: ["JobName", "JobRunIds"],
      async run({ JobName, JobRunIds }) {
        const name = plainName(JobName, "jobName");
        const ids = required(JobRunIds, "jobRunIds");
        if (ids.length < 1 || ids.length > 25) throw invalidInput("1 to 25 job run ids are stopped at once.");
        const SuccessfulSubmissions: BatchStopJobRunSuccessfulSubmission[] = [];
        const Errors: BatchStopJobRunError[] = [];
        for (const id of ids) {
          try {
            await stop(name, id);
            SuccessfulSubmissions.push({ JobName: name, JobRunId: id });
          } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            Errors.push({
              JobName: name,
              JobRunId: id,
              ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message },
            });
          }
        }
        return { SuccessfulSubmissions, Errors };
      },
    },
  };

  async function stop(job: string, id: string): Promise<void> {
    const { run } = jobs.run(job, id);
    const live = runs.find(id);
    if (live !== undefined && (await runs.end(live, { state: "STOPPED", reason: "" }))) return;
    const state = isTerminal(run.JobRunState) ? run.JobRunState : jobs.run(job, id).run.JobRunState;
    throw invalidInput(`Job run ${id} can't be stopped: it is ${state}.`);
  }
}

/** What a retried run takes over from the one before. */
function repeated(before: StoredRun | undefined): RunMembers {
  if (before === undefined) return {};
  const { run } = before;
  return {
    PreviousRunId: run.Id,
    Attempt: (run.Attempt ?? 0) + 1,
    ...(run.Arguments === undefined ? {} : { Arguments: run.Arguments }),
  };
}

function given(input: RunMembers): RunMembers {
  const {
    Arguments,
    Timeout,
    WorkerType,
    NumberOfWorkers,
    MaxCapacity,
    AllocatedCapacity,
    NotificationProperty,
    ExecutionClass,
  } = input;
  if (Timeout !== undefined && (Timeout < 1 || Timeout > 10_080))
    throw invalidInput(`Timeout must be between 1 and 10080; it is ${Timeout}.`);
  const capacity = [WorkerType, NumberOfWorkers, MaxCapacity, AllocatedCapacity].some((value) => value !== undefined)
    ? workers({ WorkerType, NumberOfWorkers, MaxCapacity, AllocatedCapacity })
    : {};
  const members = Object.entries({ Arguments, Timeout, NotificationProperty, ExecutionClass });
  return { ...Object.fromEntries(members.filter(([, value]) => value !== undefined)), ...capacity };
}
