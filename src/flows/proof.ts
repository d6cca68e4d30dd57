// The proof: each named query through Athena and, written by hand, on the source database; names, types and rows must be equal.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import type { Column, Row } from "../queries/results.ts";
import { listNamedQueries } from "../queries/named.ts";
import { collect } from "../aws/pages.ts";
import { type LakeStack } from "./lakeStack.ts";
import { runQuery } from "./query.ts";
import { SourceDatabase, type SourceAnswer } from "./source.ts";

export interface ProvenQuery {
  readonly name: string;
  readonly rows: number;
  readonly equal: boolean;
  /** The first difference, in words, where there is one. */
  readonly difference?: string;
  readonly seconds: number;
  readonly scannedBytes: number;
}

export interface Totals {
  readonly customers: number;
  readonly orders: number;
  /** Sum of all orders' amounts, exact, as text. */
  readonly amount: string;
}

export interface Proof {
  readonly queries: readonly ProvenQuery[];
  readonly totals: Totals;
  readonly holds: boolean;
}

const LAKE_TOTALS = `SELECT (SELECT count(DISTINCT customer_id) FROM customers) AS customers,
  count(DISTINCT order_id) AS orders, sum(amount) AS amount, count(*) AS lines,
  (SELECT count(*) FROM customers) AS customer_lines FROM orders`;
const SOURCE_TOTALS = `SELECT (SELECT count(*) FROM customers) AS customers,
  count(*) AS orders, sum(amount)::numeric(38, 2) AS amount, count(*) AS lines,
  (SELECT count(*) FROM customers) AS customer_lines FROM orders`;

/**
 * Proves a lake against its source. `texts`: a folder with one `<named query>.pg.sql` for each named query of the workgroup.
 * Throws `invalid` where a named query has no text of its own there.
 */
export async function prove(session: AwsSession, lake: LakeStack, texts: string, signal?: AbortSignal): Promise<Proof> {
  const source = await SourceDatabase.connect(session, lake.stack);
  try {
    const queries: ProvenQuery[] = [];
    for (const query of await listNamedQueries(session, lake.workGroup)) {
      const expected = await source.ask(readText(texts, query.name));
      queries.push(await compare(session, lake, query.name, query.sql, expected, signal));
    }
    const totals = await compare(session, lake, "totals", LAKE_TOTALS, await source.ask(SOURCE_TOTALS), signal);
    const [row] = (await source.ask(SOURCE_TOTALS)).rows;
    return {
      queries: [...queries, totals],
      totals: { customers: Number(row?.[0]), orders: Number(row?.[1]), amount: row?.[2] ?? "0" },
      holds: queries.length > 0 && [...queries, totals].every(({ equal }) => equal),
    };
  } finally {
    await source.close();
  }
}

async function compare(
  session: AwsSession,
  lake: LakeStack,
  name: string,
  sql: string,
  expected: SourceAnswer,
  signal?: AbortSignal,
): Promise<ProvenQuery> {
  const started = performance.now();
  const { execution, result } = await runQuery(session, {
    sql,
    workGroup: lake.workGroup,
    database: lake.database,
    ...(signal === undefined ? {} : { signal }),
  });
  const rows = await collect(result.rows);
  const difference = firstDifference(expected, result.columns, rows);
  return {
    name,
    rows: rows.length,
    equal: difference === undefined,
    ...(difference === undefined ? {} : { difference }),
    seconds: Math.round(performance.now() - started) / 1000,
    scannedBytes: execution.scannedBytes ?? 0,
  };
}

/** The first difference between what the source says and what the lake says, or undefined. No rows is a difference too: it proves nothing. */
export function firstDifference(
  expected: SourceAnswer,
  columns: readonly Column[],
  rows: readonly Row[],
): string | undefined {
  if (columns.length !== expected.columns.length)
    return `${expected.columns.length} columns in the source, ${columns.length} in the lake`;
  for (const [index, want] of expected.columns.entries()) {
    const have = columns[index];
    if (have?.name !== want.name)
      return `column ${index + 1} is ${want.name} in the source, ${have?.name ?? "missing"} in the lake`;
    if (typeText(have) !== typeText(want))
      return `column ${want.name} is ${typeText(want)} in the source, ${typeText(have)} in the lake`;
  }
  if (rows.length !== expected.rows.length)
    return `${expected.rows.length} rows in the source, ${rows.length} in the lake`;
  if (rows.length === 0) return "no rows";
  for (const [at, want] of expected.rows.entries()) {
    for (const [index, column] of expected.columns.entries()) {
      const [a, b] = [want[index] ?? null, rows[at]?.[index] ?? null];
      if (a !== b) return `row ${at + 1}, ${column.name}: ${a ?? "NULL"} in the source, ${b ?? "NULL"} in the lake`;
    }
  }
  return undefined;
}

function typeText({
  type,
  precision,
  scale,
}: {
  type: string;
  precision?: number | undefined;
  scale?: number | undefined;
}): string {
  return type === "decimal" ? `decimal(${precision ?? "?"},${scale ?? "?"})` : type;
}

function readText(folder: string, name: string): string {
  // The stack's name may stand before the query's own.
  const file = join(folder, `${name}.pg.sql`);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new BoathouseError("invalid", `The named query ${name} has no text of its own to compare with.`, {
      resource: file,
      next: "Write the same question for PostgreSQL into that file.",
      cause: error,
    });
  }
}
