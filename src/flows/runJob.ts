// Runs jobs to their end; a run that is already under way is joined, so that a flow left half way can be started again.
import { BoathouseError } from "../base/errors.ts";
import type { AwsSession } from "../aws/session.ts";
import { findStarted, finishRun, type JobRun, listRuns, startRun } from "../jobs/runs.ts";
import { isTerminal } from "../jobs/runState.ts";
import { lakeStack } from "./lakeStack.ts";
import type { Report } from "./report.ts";

export interface RunRequest {
  readonly report: Report;
  readonly arguments?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What an earlier attempt of the same flow left: its runs by job, and when it began, to find a run whose id was not written down. */
  readonly earlier?: { readonly runs: Readonly<Record<string, string>>; readonly since: Date };
  /** The id of each run as soon as it is known, before it is waited for. */
  readonly onStarted?: (job: string, id: string) => void;
  readonly onState?: (run: JobRun) => void;
}

export async function runToEnd(session: AwsSession, job: string, request: RunRequest): Promise<JobRun> {
  const id = (await startedEarlier(session, job, request)) ?? (await startOrJoin(session, job, request));
  request.onStarted?.(job, id);
  return finishRun(session, job, id, {
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    onState: (run) => {
      request.onState?.(run);
      request.report({
        kind: "progress",
        text: `${job} ${run.state}${run.state === "SUCCEEDED" ? ` in ${run.executionSeconds} s` : ""}`,
      });
    },
  });
}

async function startedEarlier(session: AwsSession, job: string, request: RunRequest): Promise<string | undefined> {
  const { earlier } = request;
  if (earlier === undefined) return undefined;
  return earlier.runs[job] ?? (await findStarted(session, job, earlier.since, request.arguments ?? {}))?.id;
}

async function startOrJoin(session: AwsSession, job: string, request: RunRequest): Promise<string> {
  try {
    return await startRun(session, job, request.arguments);
  } catch (error) {
    if (!(error instanceof BoathouseError) || error.kind !== "conflict") throw error;
    const running = (await listRuns(session, job, 10)).find((run) => !isTerminal(run.state));
    if (running === undefined) throw error;
    request.report({ kind: "progress", text: `${job} already runs (${running.id}): joining it` });
    return running.id;
  }
}

/** Both ETL jobs of a lake stack, side by side. Where one fails, the other is still waited for; then the failure is thrown. */
export async function runAll(session: AwsSession, stackName: string, request: RunRequest): Promise<JobRun[]> {
  const { customersJob, ordersJob } = await lakeStack(session, stackName);
  const runs = await Promise.allSettled([customersJob, ordersJob].map((job) => runToEnd(session, job, request)));
  const failed = runs.find((run) => run.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return runs.flatMap((run) => (run.status === "fulfilled" ? [run.value] : []));
}
