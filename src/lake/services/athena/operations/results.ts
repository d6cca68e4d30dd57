// GetQueryResults: pages of at most 1,000 rows, checked in AWS's order.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
import type { Operation } from "../../../call.ts";
import type { Lake } from "../../../lake.ts";
import type { Executions } from "../executions.ts";
import { constraint, invalidRequest, required } from "../faults.ts";
import { readPage } from "../results/reader.ts";

const MOST_ROWS = 1000;

export function getQueryResults(lake: Lake, executions: Executions): Operation<"athena", "GetQueryResults"> {
  return {
    fields: ["QueryExecutionId", "NextToken", "MaxResults", "QueryResultType"],
    async run({ QueryExecutionId, NextToken, MaxResults = MOST_ROWS, QueryResultType }, { principal }) {
      const id = required(QueryExecutionId, "queryExecutionId");
      if (NextToken === "") throw constraint("nextToken", "have length greater than or equal to 1");
      if (MaxResults < 1) throw constraint("maxResults", "have value greater than or equal to 1");
      const execution = executions.get(id);
      if (MaxResults > MOST_ROWS) {
        throw invalidRequest(`MaxResults is more than maximum allowed length ${MOST_ROWS}`);
      }
      checkState(execution.state);
      const counts = execution.kind === "INSERT" || execution.kind === "CREATE_TABLE_AS_SELECT";
      const { rows, token } =
        counts || QueryResultType === "DATA_MANIFEST"
          ? { rows: [], token: undefined }
          : await readPage(lake, execution, { token: NextToken, limit: MaxResults, principal });
      return {
        ResultSet: {
          Rows: rows.map((row) => ({
            Data: row.map((value) => (value === undefined ? {} : { VarCharValue: value })),
          })),
          ResultSetMetadata: { ColumnInfo: [...(execution.columns ?? [])] },
        },
        ...(execution.updateCount === undefined ? {} : { UpdateCount: execution.updateCount }),
        ...(token === undefined ? {} : { NextToken: token }),
      };
    },
  };
}

function checkState(state: string): void {
  const wrong = "INVALID_QUERY_EXECUTION_STATE";
  if (state === "QUEUED" || state === "RUNNING") {
    throw invalidRequest(`Query has not yet finished. Current state: ${state}`, wrong);
  }
  if (state === "FAILED") {
    throw invalidRequest(`Query did not finish successfully. Final query state: ${state}`, wrong);
  }
  if (state === "CANCELLED") throw invalidRequest("Could not find results", "RESULT_NOT_FOUND");
}
