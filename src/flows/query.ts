// One statement from start to an open result; a person's cancel stops the query itself.
import { randomUUID } from "node:crypto";
import type { AwsSession } from "../aws/session.ts";
import { isCancelled } from "../base/errors.ts";
import { type Execution, finishExecution, startStatement, stopExecution } from "../queries/executions.ts";
import { openResult, type Result } from "../queries/results.ts";

export interface QueryRequest {
  readonly sql: string;
  readonly workGroup: string;
  readonly database: string | undefined;
  readonly onStart?: (id: string) => void;
  /** Aborting it is a person's cancel: the query ends. */
  readonly signal?: AbortSignal;
}

export async function runQuery(
  session: AwsSession,
  request: QueryRequest,
): Promise<{ execution: Execution; result: Result }> {
  const { sql, workGroup, database, signal } = request;
  const id = await startStatement(session, { sql, workGroup, database, clientRequestToken: randomUUID() });
  request.onStart?.(id);
  try {
    const execution = await finishExecution(session, id, signal);
    return { execution, result: await openResult(session, execution, signal) };
  } catch (error) {
    if (isCancelled(error) && signal?.aborted === true) await stopExecution(session, id);
    throw error;
  }
}
