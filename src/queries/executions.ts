// Query executions: start a statement, watch it, stop it.
import type { QueryExecution as SdkExecution } from "@aws-sdk/client-athena";
import { calling } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { pollInterval, sleep } from "../base/wait.ts";
import { type ExecutionState, isTerminal, nextExecutionState } from "./executionState.ts";

export interface Execution {
  readonly id: string;
  readonly sql: string;
  readonly state: ExecutionState;
  readonly reason: string | undefined;
  readonly database: string | undefined;
  readonly workGroup: string | undefined;
  /** DDL, DML or UTILITY. */
  readonly statementType: string | undefined;
  /** s3://bucket/key of the result object. */
  readonly outputLocation: string | undefined;
  readonly submitted: Date | undefined;
  readonly queueMilliseconds: number | undefined;
  readonly engineMilliseconds: number | undefined;
  readonly totalMilliseconds: number | undefined;
  readonly scannedBytes: number | undefined;
}

export interface StatementRequest {
  readonly sql: string;
  readonly workGroup: string;
  readonly database: string | undefined;
  /** Makes a repeated start the same execution; 32 to 128 characters. */
  readonly clientRequestToken?: string;
  /** Values of the statement's `?`, in order, as SQL: 42, 'text', DATE '2024-01-01'. */
  readonly parameters?: readonly string[];
  /** Where results go, for a workgroup that names no place and lets its callers choose. */
  readonly outputLocation?: string;
}

export async function startStatement(session: AwsSession, request: StatementRequest): Promise<string> {
  const { StartQueryExecutionCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  const { QueryExecutionId } = await calling("query", () =>
    client.send(
      new StartQueryExecutionCommand({
        QueryString: request.sql,
        WorkGroup: request.workGroup,
        ClientRequestToken: request.clientRequestToken,
        ...(request.parameters === undefined || request.parameters.length === 0
          ? {}
          : { ExecutionParameters: [...request.parameters] }),
        ...(request.outputLocation === undefined
          ? {}
          : { ResultConfiguration: { OutputLocation: request.outputLocation } }),
        ...(request.database === undefined ? {} : { QueryExecutionContext: { Database: request.database } }),
      }),
    ),
  );
  return QueryExecutionId ?? "";
}

export async function getExecution(session: AwsSession, id: string): Promise<Execution> {
  const { GetQueryExecutionCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  const { QueryExecution } = await calling(`query ${id}`, () =>
    client.send(new GetQueryExecutionCommand({ QueryExecutionId: id })),
  );
  return toExecution(QueryExecution ?? {});
}

/** Yields the execution at each look and ends behind the terminal one. Aborting ends the waiting, not the query. */
export async function* pollExecution(session: AwsSession, id: string, signal?: AbortSignal): AsyncGenerator<Execution> {
  const started = Date.now();
  let known: ExecutionState | undefined;
  for (;;) {
    const execution = await getExecution(session, id);
    known = nextExecutionState(known, execution.state);
    yield { ...execution, state: known };
    if (isTerminal(known)) return;
    await sleep(pollInterval(Date.now() - started), signal);
  }
}

/** `pollExecution`, at each change of state only. */
export async function* watchExecution(
  session: AwsSession,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Execution> {
  let known: ExecutionState | undefined;
  for await (const execution of pollExecution(session, id, signal)) {
    if (execution.state !== known) yield execution;
    known = execution.state;
  }
}

/**
 * Watches an execution to its end.
 * @throws BoathouseError `invalid` with Athena's own message (line and column in it) where it failed, `cancelled` where it was stopped.
 */
export async function finishExecution(session: AwsSession, id: string, signal?: AbortSignal): Promise<Execution> {
  let last: Execution | undefined;
  for await (const execution of watchExecution(session, id, signal)) last = execution;
  if (last === undefined) throw new BoathouseError("bug", `The query ${id} has no state.`);
  if (last.state === "SUCCEEDED") return last;
  throw executionFailure(last);
}

/** What an execution that ended without success says: `invalid` where it failed, `cancelled` where it was stopped. */
export function executionFailure({ id, state, reason }: Execution): BoathouseError {
  const message = reason ?? `The query ended ${state}.`;
  const resource = `query ${id}`;
  if (state !== "CANCELLED") {
    return new BoathouseError("invalid", message, {
      resource,
      next: "Correct the statement where the message points and run it again.",
    });
  }
  const byLimit = /\blimit\b/i.test(message);
  return new BoathouseError("cancelled", message, {
    resource,
    next: byLimit ? "Scan less, or raise the workgroup's limit, and run it again." : "Run it again.",
  });
}

export async function stopExecution(session: AwsSession, id: string): Promise<void> {
  const { StopQueryExecutionCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  await calling(`query ${id}`, () => client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })));
}

/** Where in the statement an error stands, 1-based, from Athena's "line 3:14: ..."; Hive's parser counts columns from 0. */
export function errorPosition(message: string): { line: number; column: number } | undefined {
  const match = /(ParseException )?\bline (\d+):(\d+)/.exec(message);
  if (match === null) return undefined;
  return { line: Number(match[2]), column: Number(match[3]) + (match[1] === undefined ? 0 : 1) };
}

export function toExecution(execution: SdkExecution): Execution {
  const { Status, Statistics } = execution;
  return {
    id: execution.QueryExecutionId ?? "",
    sql: execution.Query ?? "",
    state: (Status?.State ?? "QUEUED") as ExecutionState,
    reason: Status?.StateChangeReason ?? Status?.AthenaError?.ErrorMessage,
    database: execution.QueryExecutionContext?.Database,
    workGroup: execution.WorkGroup,
    statementType: execution.StatementType,
    outputLocation: execution.ResultConfiguration?.OutputLocation,
    submitted: Status?.SubmissionDateTime,
    queueMilliseconds: Statistics?.QueryQueueTimeInMillis,
    engineMilliseconds: Statistics?.EngineExecutionTimeInMillis,
    totalMilliseconds: Statistics?.TotalExecutionTimeInMillis,
    scannedBytes: Statistics?.DataScannedInBytes,
  };
}
