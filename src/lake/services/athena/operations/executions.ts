// GetQueryExecution, BatchGetQueryExecution, ListQueryExecutions, StopQueryExecution, GetQueryRuntimeStatistics.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html
import type { QueryExecution, QueryExecutionStatistics } from "@aws-sdk/client-athena";
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Executions } from "../executions.ts";
import { pageSize, required } from "../faults.ts";
import { pageOf } from "../pages.ts";
import { type ExecutionRecord, type ExecutionStatistics, keys } from "../store.ts";
import { ENGINE_VERSION, PRIMARY, type WorkGroups } from "../workgroups.ts";
import { batch } from "./named.ts";

type Names =
  | "GetQueryExecution"
  | "BatchGetQueryExecution"
  | "ListQueryExecutions"
  | "StopQueryExecution"
  | "GetQueryRuntimeStatistics";

export function executionOperations(
  lake: Lake,
  workGroups: WorkGroups,
  executions: Executions,
): Pick<Operations<"athena">, Names> {
  return {
    GetQueryExecution: {
      fields: ["QueryExecutionId"],
      run: ({ QueryExecutionId }) => ({
        QueryExecution: describe(executions.get(required(QueryExecutionId, "queryExecutionId"))),
      }),
    },
    BatchGetQueryExecution: {
      fields: ["QueryExecutionIds"],
      run({ QueryExecutionIds }) {
        const found: QueryExecution[] = [];
        const unknown: { QueryExecutionId: string; ErrorCode: string; ErrorMessage: string }[] = [];
        for (const id of batch(required(QueryExecutionIds, "queryExecutionIds"), "queryExecutionIds")) {
          try {
            found.push(describe(executions.get(id)));
          } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            unknown.push({ QueryExecutionId: id, ErrorCode: "QUERY_EXECUTION_NOT_FOUND", ErrorMessage: error.message });
          }
        }
        return { QueryExecutions: found, UnprocessedQueryExecutionIds: unknown };
      },
    },
    ListQueryExecutions: {
      fields: ["WorkGroup", "NextToken", "MaxResults"],
      async run({ WorkGroup = PRIMARY, NextToken, MaxResults }) {
        const prefix = keys.executionsOf(workGroups.get(WorkGroup).name);
        const limit = pageSize(MaxResults, 50);
        const { items, token } = await pageOf<string>(lake.store, prefix, { token: NextToken, limit, reverse: true });
        return { QueryExecutionIds: items, ...(token === undefined ? {} : { NextToken: token }) };
      },
    },
    StopQueryExecution: {
      fields: ["QueryExecutionId"],
      async run({ QueryExecutionId }) {
        await executions.stop(required(QueryExecutionId, "queryExecutionId"));
        return {};
      },
    },
    GetQueryRuntimeStatistics: {
      fields: ["QueryExecutionId"],
      run({ QueryExecutionId }) {
        const { statistics } = executions.get(required(QueryExecutionId, "queryExecutionId"));
        if (statistics === undefined) return { QueryRuntimeStatistics: {} };
        const { inputRows, inputBytes, outputRows, outputBytes } = statistics;
        return {
          QueryRuntimeStatistics: {
            Timeline: timeline(statistics),
            Rows: {
              InputRows: inputRows,
              InputBytes: inputBytes,
              OutputRows: outputRows,
              OutputBytes: outputBytes,
            },
          },
        };
      },
    },
  };
}

/** Kinds that Athena gives no SubstatementType of its own. */
const UNNAMED = new Set(["UNKNOWN", "EXECUTE", "ALTER_TABLE", "ALTER_DATABASE"]);

function describe(record: ExecutionRecord): QueryExecution {
  const { catalog, database, failure } = record;
  return {
    QueryExecutionId: record.id,
    Query: record.query,
    StatementType: record.type,
    ...(UNNAMED.has(record.kind) ? {} : { SubstatementType: record.substatement ?? record.kind }),
    WorkGroup: record.workGroup,
    EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: ENGINE_VERSION },
    QueryExecutionContext: {
      ...(catalog === undefined ? {} : { Catalog: catalog }),
      ...(database === undefined ? {} : { Database: database }),
    },
    ResultConfiguration: {
      OutputLocation: record.output,
      ...(record.encryption === undefined ? {} : { EncryptionConfiguration: { EncryptionOption: record.encryption } }),
      ...(record.bucketOwner === undefined ? {} : { ExpectedBucketOwner: record.bucketOwner }),
    },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    ...(record.parameters === undefined ? {} : { ExecutionParameters: [...record.parameters] }),
    Status: {
      State: record.state,
      SubmissionDateTime: new Date(record.submitted),
      ...(record.completed === undefined ? {} : { CompletionDateTime: new Date(record.completed) }),
      ...(record.reason === undefined ? {} : { StateChangeReason: record.reason }),
      ...(failure === undefined
        ? {}
        : {
            AthenaError: {
              ErrorCategory: failure.category,
              ErrorType: failure.type,
              Retryable: failure.retryable,
              ErrorMessage: failure.message,
            },
          }),
    },
    Statistics: record.statistics === undefined ? {} : statistics(record.statistics),
  };
}

function statistics(given: ExecutionStatistics): QueryExecutionStatistics {
  return {
    ...timeline(given),
    DataScannedInBytes: given.scannedBytes,
    ResultReuseInformation: { ReusedPreviousResult: false },
  };
}

/** ServicePreProcessing is what AWS does before the queue; here it is part of StartQueryExecution. */
function timeline({ queueTime, planningTime, engineTime, processingTime, totalTime }: ExecutionStatistics) {
  return {
    QueryQueueTimeInMillis: queueTime,
    ServicePreProcessingTimeInMillis: 0,
    QueryPlanningTimeInMillis: planningTime,
    EngineExecutionTimeInMillis: engineTime,
    ServiceProcessingTimeInMillis: processingTime,
    TotalExecutionTimeInMillis: totalTime,
  };
}
