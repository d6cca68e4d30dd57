// The result of an execution: its columns with types, its rows streamed. NULL and '' stay apart.
import { parse } from "csv-parse";
import type { Readable } from "node:stream";
import { calling } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import type { Execution } from "./executions.ts";

export interface Column {
  readonly name: string;
  /** Athena's type name, e.g. "varchar", "decimal". */
  readonly type: string;
  readonly precision: number | undefined;
  readonly scale: number | undefined;
}

/** A value as Athena prints it, or null. */
export type Row = readonly (string | null)[];

export interface Result {
  readonly columns: readonly Column[];
  /** Rows as they arrive, the header left out. To be walked once. */
  readonly rows: AsyncIterable<Row>;
}

/**
 * Opens the result of an execution that SUCCEEDED.
 * Rows of a SELECT are streamed from its CSV object in S3; other statements' through GetQueryResults.
 * @throws BoathouseError `notFound` where the object is gone.
 */
export async function openResult(session: AwsSession, execution: Execution, signal?: AbortSignal): Promise<Result> {
  const { GetQueryResultsCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  const first = await calling(`result of query ${execution.id}`, () =>
    client.send(
      new GetQueryResultsCommand({
        QueryExecutionId: execution.id,
        MaxResults: execution.outputLocation?.endsWith(".csv") ? 1 : 1000,
      }),
    ),
  );
  const columns = (first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map((column) => ({
    name: column.Label ?? column.Name ?? "",
    type: column.Type ?? "varchar",
    precision: column.Precision,
    scale: column.Scale,
  }));
  if (execution.outputLocation?.endsWith(".csv") && execution.statementType === "DML") {
    return { columns, rows: csvRows(session, execution.outputLocation, signal) };
  }
  async function* pagedRows(): AsyncGenerator<Row> {
    let page = first;
    for (;;) {
      for (const row of page.ResultSet?.Rows ?? []) yield (row.Data ?? []).map((datum) => datum.VarCharValue ?? null);
      if (page.NextToken === undefined) return;
      signal?.throwIfAborted();
      const token = page.NextToken;
      page = await calling(`result of query ${execution.id}`, () =>
        client.send(new GetQueryResultsCommand({ QueryExecutionId: execution.id, NextToken: token })),
      );
    }
  }
  return { columns, rows: pagedRows() };
}

async function* csvRows(session: AwsSession, location: string, signal?: AbortSignal): AsyncGenerator<Row> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  const { bucket, key } = splitLocation(location);
  const object = await calling(location, () =>
    client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key }),
      signal === undefined ? {} : { abortSignal: signal },
    ),
  );
  if (object.Body === undefined)
    throw new BoathouseError("notFound", "The result object has no body.", { resource: location });
  let header = true;
  for await (const row of (object.Body as Readable).pipe(athenaCsv())) {
    if (header) header = false;
    else yield row as Row;
  }
}

/**
 * Athena's CSV as rows: every value quoted, NULL an unquoted empty field.
 * https://docs.aws.amazon.com/athena/latest/ug/querying.html
 */
export function athenaCsv() {
  return parse({
    cast: (value, { quoting }) => (quoting || value !== "" ? value : null),
    relax_column_count: true,
    skip_empty_lines: false,
  });
}

export function splitLocation(location: string): { bucket: string; key: string } {
  const match = /^s3a?:\/\/([^/]+)\/?(.*)$/.exec(location);
  if (match === null) throw new BoathouseError("invalid", `${location} is not an s3:// location.`);
  return { bucket: match[1] ?? "", key: match[2] ?? "" };
}
