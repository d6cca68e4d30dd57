// Job runs: start, read, watch to the end, stop.
import type { JobRun as SdkRun } from "@aws-sdk/client-glue";
import { calling } from "../aws/failure.ts";
import { collect, pages } from "../aws/pages.ts";
import { Patience } from "../aws/patience.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { pollInterval, sleep } from "../base/wait.ts";
import { isTerminal, nextRunState, type RunState } from "./runState.ts";

export interface JobRun {
  readonly id: string;
  readonly job: string;
  readonly state: RunState;
  readonly attempt: number;
  readonly started: Date | undefined;
  readonly completed: Date | undefined;
  /** Seconds that the run consumed, start-up left out. */
  readonly executionSeconds: number;
  readonly dpuSeconds: number | undefined;
  readonly error: string | undefined;
  /** Prefix of its log groups, e.g. "/aws-glue/jobs". */
  readonly logGroup: string | undefined;
  readonly trigger: string | undefined;
  /** What this run was given beside the job's own arguments. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly workerType: string | undefined;
  readonly workers: number | undefined;
}

/** Some runs of a job, newest first, and the token of the page behind them. */
export interface RunPage {
  readonly runs: readonly JobRun[];
  readonly next: string | undefined;
}

export async function startRun(
  session: AwsSession,
  job: string,
  runArguments: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { StartJobRunCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const { JobRunId } = await calling(`job ${job}`, () =>
    client.send(new StartJobRunCommand({ JobName: job, Arguments: { ...runArguments } })),
  );
  return JobRunId ?? "";
}

export async function getRun(session: AwsSession, job: string, id: string): Promise<JobRun> {
  const { GetJobRunCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const { JobRun: run } = await calling(`run ${id} of job ${job}`, () =>
    client.send(new GetJobRunCommand({ JobName: job, RunId: id })),
  );
  return toRun(run ?? {});
}

/**
 * One page of a job's runs, newest first.
 * @param most 1 to 200. https://docs.aws.amazon.com/glue/latest/webapi/API_GetJobRuns.html
 */
export async function runPage(session: AwsSession, job: string, most: number, token?: string): Promise<RunPage> {
  const { GetJobRunsCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const page = await calling(`job ${job}`, () =>
    client.send(new GetJobRunsCommand({ JobName: job, MaxResults: most, NextToken: token })),
  );
  // Some services send an empty token on the last page.
  return { runs: (page.JobRuns ?? []).map(toRun), next: page.NextToken === "" ? undefined : page.NextToken };
}

/**
 * The run that a person's start made, where its id was lost: the oldest since `since` that no trigger started and that has the same arguments.
 * StartJobRun has no client token, so this is what there is to find it by.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_StartJobRun.html
 */
export async function findStarted(
  session: AwsSession,
  job: string,
  since: Date,
  runArguments: Readonly<Record<string, string>>,
): Promise<JobRun | undefined> {
  const { runs } = await runPage(session, job, 50);
  return runs.findLast(
    (run) =>
      run.trigger === undefined &&
      // A service's clock may be behind ours by a little.
      (run.started?.getTime() ?? 0) >= since.getTime() - 2000 &&
      sameArguments(run.arguments, runArguments),
  );
}

function sameArguments(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}

/** Runs of a job, newest first. */
export async function listRuns(session: AwsSession, job: string, most?: number): Promise<readonly JobRun[]> {
  if (most !== undefined) return (await runPage(session, job, most)).runs;
  const { GetJobRunsCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const runs = await collect(
    pages(async (token) => {
      const page = await calling(`job ${job}`, () =>
        client.send(new GetJobRunsCommand({ JobName: job, NextToken: token })),
      );
      return { items: page.JobRuns, next: page.NextToken };
    }),
  );
  return runs.map(toRun);
}

/** Yields the run at each change of state and ends behind the terminal one. Aborting ends the waiting, not the run. */
export async function* watchRun(
  session: AwsSession,
  job: string,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<JobRun> {
  const started = Date.now();
  const patience = new Patience(session, signal);
  let known: RunState | undefined;
  for (;;) {
    const run = await patience.try(() => getRun(session, job, id));
    const state = nextRunState(known, run.state);
    if (state !== known) yield { ...run, state };
    known = state;
    if (isTerminal(state)) return;
    await sleep(pollInterval(Date.now() - started, session.connection.kind === "local" ? 500 : 5000), signal);
  }
}

/** Watches a run to its end. Throws `service` with the run's own error where it did not succeed. */
export async function finishRun(
  session: AwsSession,
  job: string,
  id: string,
  options: { signal?: AbortSignal; onState?: (run: JobRun) => void } = {},
): Promise<JobRun> {
  let last: JobRun | undefined;
  for await (const run of watchRun(session, job, id, options.signal)) {
    last = run;
    options.onState?.(run);
  }
  if (last === undefined) throw new BoathouseError("bug", `The run ${id} has no state.`, { resource: `job ${job}` });
  if (last.state !== "SUCCEEDED") {
    throw new BoathouseError("service", `Job ${job} ended ${last.state}: ${last.error ?? "no error message"}`, {
      resource: `run ${id} of job ${job}`,
      next: `Read its log: \`boathouse jobs monitor ${job} --run ${id}\`.`,
    });
  }
  return last;
}

/** Asks a run to stop; the run's state tells when it has. */
export async function stopRun(session: AwsSession, job: string, id: string): Promise<void> {
  const { BatchStopJobRunCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const { Errors } = await calling(`run ${id} of job ${job}`, () =>
    client.send(new BatchStopJobRunCommand({ JobName: job, JobRunIds: [id] })),
  );
  const detail = Errors?.[0]?.ErrorDetail;
  if (detail !== undefined) {
    throw new BoathouseError("conflict", detail.ErrorMessage ?? "The run can't be stopped.", {
      resource: `run ${id} of job ${job}`,
      next: "It may have ended already: look at its state.",
    });
  }
}

function toRun(run: SdkRun): JobRun {
  return {
    id: run.Id ?? "",
    job: run.JobName ?? "",
    state: (run.JobRunState ?? "STARTING") as RunState,
    attempt: run.Attempt ?? 0,
    started: run.StartedOn,
    completed: run.CompletedOn,
    executionSeconds: run.ExecutionTime ?? 0,
    dpuSeconds: run.DPUSeconds,
    error: run.ErrorMessage,
    logGroup: run.LogGroupName,
    trigger: run.TriggerName,
    arguments: run.Arguments ?? {},
    workerType: run.WorkerType,
    workers: run.NumberOfWorkers,
  };
}
