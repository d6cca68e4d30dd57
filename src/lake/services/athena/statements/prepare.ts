// A statement made ready for the engine: parameters in their places, Athena's literals, and the way back for error places.
import { CATALOG } from "../../../engines/trinoConfig.ts";
import { EngineError, type QueryEngine, QueryError } from "../../../engines/query.ts";
import { invalidRequest } from "../faults.ts";
import type { ExecutionRecord } from "../store.ts";
import { createTableAs } from "./ctas.ts";
import { doubleLiterals, isPlainParameter, parameterEdits, stringLiteral } from "./dialect.ts";
import { expandExecute } from "./execute.ts";
import { rewrite, type Rewritten } from "./rewrite.ts";

export interface Prepared extends Rewritten {
  /** Session properties of the engine. */
  readonly session: Readonly<Record<string, string>>;
}

export interface Preparation {
  readonly engine: QueryEngine;
  readonly signal: AbortSignal;
  /** The text of a prepared statement of the execution's workgroup. */
  readonly find: (name: string) => string | undefined;
}

/** Puts in parameters and writes Athena's SQL as the engine's. Asks the engine what a parameter is where that isn't plain. */
export async function prepareStatement(
  { engine, signal, find }: Preparation,
  { query, kind, parameters = [], output }: ExecutionRecord,
): Promise<Prepared> {
  const values: string[] = [];
  for (const parameter of parameters) {
    values.push((await isExpression(engine, parameter, signal)) ? parameter : stringLiteral(parameter));
  }
  const filled = rewrite(query, parameterEdits(query, values));
  if (kind === "EXECUTE") {
    // Places in a prepared statement are places in that statement.
    const text = expandExecute(filled.text, find);
    return { ...rewrite(text, doubleLiterals(text)), session: {} };
  }
  const table = kind === "CREATE_TABLE_AS_SELECT" ? createTableAs(filled.text, `${output}/`) : undefined;
  const placed = rewrite(filled.text, table?.edits ?? []);
  const written = rewrite(placed.text, doubleLiterals(placed.text));
  return {
    text: written.text,
    message: (message) => filled.message(placed.message(written.message(message))),
    session: table?.session ?? {},
  };
}

/**
 * Athena takes a parameter that parses and names no column as an expression, all else as a string.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements-querying-using-execution-parameters.html
 */
async function isExpression(engine: QueryEngine, parameter: string, signal: AbortSignal): Promise<boolean> {
  if (isPlainParameter(parameter)) return true;
  try {
    await drain(engine, `EXPLAIN (TYPE VALIDATE) SELECT (${parameter}\n)`, signal);
    return true;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return !["SYNTAX_ERROR", "COLUMN_NOT_FOUND"].includes(error.code);
  }
}

/**
 * Throws MALFORMED_QUERY where the text is no SQL, as StartQueryExecution does on AWS. An engine that is not there says nothing: the
 * execution will tell.
 */
export async function checkSyntax(engine: QueryEngine, query: string, signal: AbortSignal): Promise<void> {
  const written = rewrite(query, doubleLiterals(query));
  try {
    await drain(engine, `PREPARE checked FROM\n${written.text}`, signal);
  } catch (error) {
    if (error instanceof EngineError) return;
    if (!(error instanceof QueryError)) throw error;
    if (error.code !== "SYNTAX_ERROR") return;
    const own = error.message.replace(/^line (\d+):/, (_match, line: string) => `line ${Number(line) - 1}:`);
    throw invalidRequest(written.message(own), "MALFORMED_QUERY");
  }
}

async function drain(engine: QueryEngine, text: string, signal: AbortSignal): Promise<void> {
  for await (const _page of engine.run(text, { catalog: CATALOG, signal }));
}
