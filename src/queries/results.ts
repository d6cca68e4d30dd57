// The result of an execution: its columns with types, its rows streamed. NULL and '' stay apart.
import type { Readable } from "node:stream";
import type { GetQueryResultsOutput } from "@aws-sdk/client-athena";
import { abortable } from "../aws/abortable.ts";
import { calling, failure } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { classify, hasHeaderRow } from "../sql/classify.ts";
import { type Row, rowsOfCsv } from "./athenaCsv.ts";
import type { Execution } from "./executions.ts";

export interface Column {
  readonly name: string;
  /** Athena's type name, e.g. "varchar", "decimal". */
  readonly type: string;
  readonly precision: number | undefined;
  readonly scale: number | undefined;
}

export type { Row } from "./athenaCsv.ts";

export interface Result {
  readonly columns: readonly Column[];
  /** Rows as they arrive, the header left out. To be walked once; leaving the walk ends the download. */
  readonly rows: AsyncIterable<Row>;
}

/** True where the result lies in S3 as CSV with a header; false where it is text that only GetQueryResults takes apart. */
export function hasCsv({ outputLocation, statementType }: Execution): boolean {
  return outputLocation?.endsWith(".csv") === true && statementType === "DML";
}

/**
 * Opens the result of an execution that SUCCEEDED.
 * Rows of a SELECT are streamed from its CSV object in S3, which is asked for at the same time as the columns' types; other statements'
 * through GetQueryResults. https://docs.aws.amazon.com/athena/latest/ug/querying.html
 * @throws BoathouseError `notFound` where the object is gone.
 */
export async function openResult(session: AwsSession, execution: Execution, signal?: AbortSignal): Promise<Result> {
  const { outputLocation } = execution;
  if (outputLocation === undefined || !hasCsv(execution)) {
    const first = await resultPage(session, execution.id, { MaxResults: 1000 }, signal);
    const columns = columnsOf(first);
    const rows = pagedRows(session, execution.id, first, signal);
    return { columns, rows: hasHeaderRow(classify(execution.sql).kind) ? behindNames(rows, columns) : rows };
  }
  const [object, page] = await Promise.allSettled([
    openObject(session, outputLocation, signal),
    resultPage(session, execution.id, { MaxResults: 1 }, signal),
  ]);
  // The object's own error first: where it is gone, both calls fail, and S3 says so in plainer words.
  if (object.status === "rejected") throw object.reason;
  if (page.status === "rejected") {
    object.value.destroy();
    throw page.reason;
  }
  return { columns: columnsOf(page.value), rows: csvRows(object.value, outputLocation) };
}

/**
 * How many rows the whole result has, or undefined where Athena does not say. It counts after the query's end, for a while without an answer.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryRuntimeStatistics.html
 */
export async function countRows(session: AwsSession, id: string, signal?: AbortSignal): Promise<number | undefined> {
  const { GetQueryRuntimeStatisticsCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  const { QueryRuntimeStatistics } = await calling(`query ${id}`, () =>
    client.send(new GetQueryRuntimeStatisticsCommand({ QueryExecutionId: id }), abortable(signal)),
  );
  return QueryRuntimeStatistics?.Rows?.OutputRows;
}

async function resultPage(
  session: AwsSession,
  id: string,
  page: { readonly MaxResults?: number; readonly NextToken?: string },
  signal: AbortSignal | undefined,
): Promise<GetQueryResultsOutput> {
  const { GetQueryResultsCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  return calling(`result of query ${id}`, () =>
    client.send(new GetQueryResultsCommand({ QueryExecutionId: id, ...page }), abortable(signal)),
  );
}

function columnsOf(page: GetQueryResultsOutput): Column[] {
  return (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map((column) => ({
    name: column.Label ?? column.Name ?? "",
    type: column.Type ?? "varchar",
    precision: column.Precision,
    scale: column.Scale,
  }));
}

async function* pagedRows(
  session: AwsSession,
  id: string,
  first: GetQueryResultsOutput,
  signal: AbortSignal | undefined,
): AsyncGenerator<Row> {
  let page = first;
  for (;;) {
    for (const row of page.ResultSet?.Rows ?? []) yield (row.Data ?? []).map((datum) => datum.VarCharValue ?? null);
    if (page.NextToken === undefined) return;
    signal?.throwIfAborted();
    page = await resultPage(session, id, { NextToken: page.NextToken }, signal);
  }
}

/** Leaves out a first row that holds the columns' names, as Athena gives it for EXPLAIN. */
async function* behindNames(rows: AsyncIterable<Row>, columns: readonly Column[]): AsyncGenerator<Row> {
  let first = true;
  for await (const row of rows) {
    const names = first && row.length === columns.length && row.every((value, at) => value === columns[at]?.name);
    first = false;
    if (!names) yield row;
  }
}

async function openObject(session: AwsSession, location: string, signal: AbortSignal | undefined): Promise<Readable> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  const { bucket, key } = splitLocation(location);
  const object = await calling(location, () =>
    client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), abortable(signal)),
  );
  if (object.Body === undefined)
    throw new BoathouseError("notFound", "The result object has no body.", { resource: location });
  return object.Body as Readable;
}

async function* csvRows(body: Readable, location: string): AsyncGenerator<Row> {
  let header = true;
  try {
    // Leaving the walk destroys the body, and with it the download.
    for await (const row of rowsOfCsv(body)) {
      if (header) header = false;
      else yield row;
    }
  } catch (error) {
    throw failure(error, location);
  }
}

export function splitLocation(location: string): { bucket: string; key: string } {
  const match = /^s3a?:\/\/([^/]+)\/?(.*)$/.exec(location);
  if (match === null) throw new BoathouseError("invalid", `${location} is not an s3:// location.`);
  return { bucket: match[1] ?? "", key: match[2] ?? "" };
}
