// What the Athena service keeps: its records and their keys. Everything below "athena".
import type { ColumnInfo, WorkGroupConfiguration } from "@aws-sdk/client-athena";
import type { StatementKind, StatementType } from "../../../sql/classify.ts";
import type { Key } from "../../state/store.ts";

/** Times are epoch ms. */
export interface WorkGroupRecord {
  readonly name: string;
  readonly description: string;
  readonly state: "ENABLED" | "DISABLED";
  readonly configuration: WorkGroupConfiguration;
  readonly created: number;
}

export interface NamedQueryRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly database: string;
  readonly query: string;
  readonly workGroup: string;
}

export interface PreparedStatementRecord {
  readonly name: string;
  readonly workGroup: string;
  readonly query: string;
  readonly description: string | undefined;
  readonly modified: number;
}

export type ExecutionState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

/** Status.AthenaError. https://docs.aws.amazon.com/athena/latest/APIReference/API_AthenaError.html */
export interface Failure {
  /** 1 system, 2 user, 3 other. */
  readonly category: number;
  readonly type: number;
  readonly retryable: boolean;
  readonly message: string;
}

/** Times in ms, sizes in bytes. */
export interface ExecutionStatistics {
  readonly queueTime: number;
  readonly planningTime: number;
  readonly engineTime: number;
  /** From the engine's last answer to the results being in place. */
  readonly processingTime: number;
  readonly totalTime: number;
  readonly scannedBytes: number;
  readonly inputRows: number;
  readonly inputBytes: number;
  readonly outputRows: number;
  readonly outputBytes: number;
}

/** A query execution as StartQueryExecution wrote it, and as its end completed it. */
export interface ExecutionRecord {
  readonly id: string;
  readonly query: string;
  readonly workGroup: string;
  readonly kind: StatementKind;
  readonly type: StatementType;
  readonly catalog: string | undefined;
  readonly database: string | undefined;
  readonly parameters: readonly string[] | undefined;
  /** The result file, "s3://bucket/key"; what it is called depends on the statement. */
  readonly output: string;
  readonly encryption: "SSE_S3" | undefined;
  readonly bucketOwner: string | undefined;
  /** Bytes after which the query is cancelled. */
  readonly cutoff: number | undefined;
  readonly submitted: number;
  readonly state: ExecutionState;
  readonly completed?: number;
  readonly reason?: string;
  readonly failure?: Failure;
  readonly statistics?: ExecutionStatistics;
  readonly columns?: readonly ColumnInfo[];
  readonly updateCount?: number;
  /** What Athena calls it once it has looked, e.g. DESC_VIEW. */
  readonly substatement?: string;
}

/** What a ClientRequestToken was first used for. */
export interface TokenRecord {
  readonly id: string;
  readonly parameters: string;
}

export const keys = {
  workGroups: ["athena", "workgroup"] as Key,
  workGroup: (name: string): Key => ["athena", "workgroup", name],
  namedQueries: (workGroup: string): Key => ["athena", "named-in", workGroup],
  namedQueryIn: (workGroup: string, id: string): Key => ["athena", "named-in", workGroup, id],
  namedQuery: (id: string): Key => ["athena", "named", id],
  preparedStatements: (workGroup: string): Key => ["athena", "prepared", workGroup],
  preparedStatement: (workGroup: string, name: string): Key => ["athena", "prepared", workGroup, name],
  executions: ["athena", "execution"] as Key,
  execution: (id: string): Key => ["athena", "execution", id],
  executionsOf: (workGroup: string): Key => ["athena", "execution-in", workGroup],
  /** Sorts by time of submission. */
  executionIn: (workGroup: string, submitted: number, id: string): Key => [
    "athena",
    "execution-in",
    workGroup,
    String(submitted).padStart(16, "0"),
    id,
  ],
  /** Those that have not ended, so that a start finds them without reading the whole history. */
  inFlight: ["athena", "in-flight"] as Key,
  inFlightOne: (id: string): Key => ["athena", "in-flight", id],
  token: (token: string): Key => ["athena", "token", token],
  tags: (arn: string): Key => ["athena", "tags", arn],
};
