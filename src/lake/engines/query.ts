// What a query engine is to the Athena service: text in, typed pages out. Trino stands behind it; a faster embedded one may stand beside.

/** A column's type as Trino's protocol describes it: `decimal` with its digits, `row` with its fields. */
export interface ColumnType {
  /** "varchar", "decimal", "array", "timestamp with time zone" ... */
  readonly name: string;
  /** Lengths, precision and scale: varchar(n), decimal(p, s), timestamp(p). */
  readonly numbers: readonly number[];
  /** Item of an array, key and value of a map, fields of a row (with `field` where it is named). */
  readonly inner: readonly { readonly field?: string; readonly type: ColumnType }[];
}

export interface QueryColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A value as it came: numbers keep the engine's own spelling (no bigint or decimal is rounded), binary is base64, rows are lists. */
export type QueryValue = string | boolean | null | readonly QueryValue[] | { readonly [key: string]: QueryValue };

/** Where a query stands; all times in ms, all sizes in bytes. */
export interface QueryStats {
  readonly queued: boolean;
  readonly queuedTime: number;
  readonly analysisTime: number;
  readonly planningTime: number;
  readonly elapsedTime: number;
  /** Bytes really read from storage. */
  readonly physicalInputBytes: number;
  readonly physicalWrittenBytes: number;
  readonly processedRows: number;
  readonly processedBytes: number;
}

/** What has become known since the page before: statistics always, rows when there are some. */
export interface QueryPage {
  readonly queryId: string;
  readonly stats: QueryStats;
  /** Known from some page on, then on every page. */
  readonly columns: readonly QueryColumn[] | undefined;
  readonly rows: readonly (readonly QueryValue[])[];
  /** "INSERT", "CREATE TABLE", "CREATE VIEW"; undefined for queries. */
  readonly updateType: string | undefined;
  readonly updateCount: number | undefined;
}

export interface QueryOptions {
  readonly catalog: string;
  /** The database of names without one. */
  readonly schema?: string;
  /** Aborting ends the query in the engine too. */
  readonly signal: AbortSignal;
  /** The engine's session properties. */
  readonly session?: Readonly<Record<string, string>>;
}

export interface QueryEngine {
  /**
   * Runs a statement, starting the engine where it is not running. Ends in the engine what is left early (break, throw, abort).
   * Throws QueryError where the statement is at fault, EngineError where the engine is, the signal's reason where it was aborted.
   */
  run(statement: string, options: QueryOptions): AsyncGenerator<QueryPage>;
  /** Starts the engine beside other work, so that a first query need not wait; never throws. */
  warm(): void;
  /** True while it starts or runs queries. */
  readonly busy: boolean;
  stop(): Promise<void>;
}

/** The engine's answer to a statement that can't be run or went wrong. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  constructor(
    /** The engine's name of the error: "COLUMN_NOT_FOUND". */
    readonly code: string,
    /** Whose fault. */
    readonly fault: "USER_ERROR" | "INTERNAL_ERROR" | "INSUFFICIENT_RESOURCES" | "EXTERNAL",
    message: string,
    readonly stats: QueryStats | undefined,
  ) {
    super(message);
  }
}

/** The engine is missing, did not start, or ended while a query ran. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}
