// Watches a started execution to its end and tells the run; a network that fails meanwhile does not end the watching.
import type { AwsSession } from "../../aws/session.ts";
import { BoathouseError } from "../../base/errors.ts";
import { sleep } from "../../base/wait.ts";
import type { Execution } from "../../queries/executions.ts";
import { known } from "../shell/failures.ts";
import type { Run } from "./run.ts";

/** Runs a call on a connection's session. */
export type Use = <T>(act: (session: AwsSession) => Promise<T>) => Promise<T>;

/** How long looking may fail without a pause, ms: a laptop changes its network. */
const PATIENCE = 3 * 60_000;
const BETWEEN = 2000;

/**
 * Resolves once the run has ended, whichever way; `Run.state` says how.
 * @param use runs a call on the run's connection; credentials may expire within a long query.
 * @throws `cancelled` where `signal` aborts: the window closes, the execution goes on.
 */
export async function watchRun(run: Run, id: string, use: Use, signal: AbortSignal): Promise<void> {
  const { executionFailure, pollExecution } = await import("../../queries/executions.ts");
  let lastSeen = Date.now();
  for (;;) {
    try {
      await use(async (session) => {
        for await (const execution of pollExecution(session, id, signal)) {
          lastSeen = Date.now();
          if (execution.state === "SUCCEEDED") succeeded(run, session, execution, signal);
          else if (execution.state === "FAILED" || execution.state === "CANCELLED") {
            run.failed(executionFailure(execution), execution);
          } else run.seen(execution);
        }
      });
      return;
    } catch (thrown) {
      const error = known(thrown);
      if (signal.aborted) throw error;
      const passing = error.kind === "network" || error.kind === "throttled";
      if (!passing || Date.now() - lastSeen > PATIENCE || error.resource === "the local lake") {
        run.failed(lostSight(error, id));
        return;
      }
      run.hindered(error.kind === "throttled" ? "Throttled, looking again" : "No connection, looking again");
      await sleep(BETWEEN, signal);
    }
  }
}

function succeeded(run: Run, session: AwsSession, execution: Execution, signal: AbortSignal): void {
  const reading = run.succeeded(execution).map((tab) => tab.succeeded(session, execution));
  run.reading = Promise.all([...reading, countRows(run, session, execution.id, signal)]);
}

function lostSight(error: BoathouseError, id: string): BoathouseError {
  return new BoathouseError(error.kind, `The query could no longer be watched: ${error.message}`, {
    resource: `query ${id}`,
    next: "It may still run: the Queries view shows what became of it.",
    cause: error,
  });
}

/** Athena counts behind the end, for a moment without an answer. */
async function countRows(run: Run, session: AwsSession, id: string, signal: AbortSignal): Promise<void> {
  const { countRows: count } = await import("../../queries/results.ts");
  for (const wait of [0, 500, 2000]) {
    try {
      await sleep(wait, signal);
      const rows = await count(session, id, signal);
      if (rows === undefined) continue;
      run.counted(rows);
      return;
    } catch {
      // The panel counts by itself; the lens goes without.
      return;
    }
  }
}
