// The executions of a workgroup, newest first, a page at a time.
import { calling } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import { type Execution, toExecution } from "./executions.ts";

export interface HistoryPage {
  readonly executions: readonly Execution[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * 50 a page, the most that both calls take. Athena keeps 45 days.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_ListQueryExecutions.html
 */
export async function historyPage(
  session: AwsSession,
  workGroup: string,
  token: string | undefined,
): Promise<HistoryPage> {
  const { BatchGetQueryExecutionCommand, ListQueryExecutionsCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  return calling(`workgroup ${workGroup}`, async () => {
    const { QueryExecutionIds: ids = [], NextToken } = await client.send(
      new ListQueryExecutionsCommand({ WorkGroup: workGroup, NextToken: token, MaxResults: 50 }),
    );
    const next = NextToken === "" ? undefined : NextToken;
    if (ids.length === 0) return { executions: [], next };
    const { QueryExecutions = [] } = await client.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds: ids }));
    const found = new Map(QueryExecutions.map((execution) => [execution.QueryExecutionId, toExecution(execution)]));
    // In the list's order: the batch promises none.
    return { executions: ids.flatMap((id) => found.get(id) ?? []), next };
  });
}
