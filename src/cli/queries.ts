// boathouse query FILE|--sql S, named list|run
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { BoathouseError } from "../base/errors.ts";
import { reasonOf } from "../base/system.ts";
import { lakeStack } from "../flows/lakeStack.ts";
import { runQuery } from "../flows/query.ts";
import { type Execution, errorPosition } from "../queries/executions.ts";
import { listNamedQueries } from "../queries/named.ts";
import type { Column, Row } from "../queries/results.ts";
import { splitStatements } from "../sql/split.ts";
import { action, type Context } from "./context.ts";
import { table } from "./output.ts";
import { wholeNumber } from "./stack.ts";

/** Rows held for the terminal's table or the JSON answer; more are said to be more. */
const DEFAULT_MOST = 1000;

interface QueryOptions {
  readonly sql?: string;
  readonly workgroup?: string;
  readonly database?: string;
  readonly most: number;
}

interface Answer {
  readonly sql: string;
  readonly execution: Execution;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** True where the result has more rows than were asked for. */
  readonly more: boolean;
}

export function addQueryCommands(program: Command): void {
  const placed = (command: Command) =>
    command
      .option("--workgroup <name>", "Athena workgroup (default: the stack's)")
      .option("--database <name>", "database of the catalog (default: the stack's)")
      .option("--most <n>", "rows to print at most", wholeNumber, DEFAULT_MOST);

  placed(
    program.command("query [file]").description("run the statements of a .sql file, or of --sql, and print their rows"),
  )
    .option("--sql <text>", "the statement itself")
    .action(
      action(async (context, file: string | undefined, options: QueryOptions) => {
        if ((file === undefined) === (options.sql === undefined)) {
          throw new BoathouseError("invalid", "Name either a file or --sql.", {
            next: "boathouse query FILE, or boathouse query --sql 'SELECT 1'",
          });
        }
        const statements = splitStatements(options.sql ?? readText(file ?? "")).map((statement) => statement.text);
        if (statements.length === 0) throw new BoathouseError("invalid", "There is no statement in it.");
        await answerAll(context, statements, options);
      }),
    );

  const named = program.command("named").description("named queries of the stack's workgroup");
  named
    .command("list")
    .description("their names and what they tell")
    .action(
      action(async (context) => {
        const session = await context.session();
        const { workGroup } = await lakeStack(session, context.stackName);
        const queries = await listNamedQueries(session, workGroup);
        context.output.result(
          { queries },
          table(
            ["name", "description"],
            queries.map(({ name, description }) => [name, description]),
          ),
        );
      }),
    );
  placed(named.command("run <name>").description("run one and print its rows")).action(
    action(async (context, name: string, options: QueryOptions) => {
      const session = await context.session(["trino"]);
      const { workGroup } = await lakeStack(session, context.stackName);
      const queries = await listNamedQueries(session, workGroup);
      const query = queries.find((one) => one.name === name);
      if (query === undefined) {
        throw new BoathouseError("notFound", `There is no named query ${name}.`, {
          next: `Named queries are: ${queries.map((one) => one.name).join(", ")}.`,
        });
      }
      await answerAll(context, [query.sql], options);
    }),
  );
}

async function answerAll(context: Context, statements: readonly string[], options: QueryOptions): Promise<void> {
  const session = await context.session(["trino"]);
  const place =
    options.workgroup === undefined || options.database === undefined
      ? await lakeStack(session, context.stackName)
      : { workGroup: options.workgroup, database: options.database };
  context.onCancel = "Stopped, and the query with it.";
  const answers: Answer[] = [];
  for (const sql of statements) {
    answers.push(
      await answer(
        context,
        sql,
        options.workgroup ?? place.workGroup,
        options.database ?? place.database,
        options.most,
      ),
    );
  }
  context.output.result({ statements: answers }, answers.map(text).join("\n\n"));
}

async function answer(
  context: Context,
  sql: string,
  workGroup: string,
  database: string,
  most: number,
): Promise<Answer> {
  const session = await context.session();
  context.output.status("running the query");
  try {
    const { execution, result } = await runQuery(session, { sql, workGroup, database, signal: context.signal });
    const rows: Row[] = [];
    let more = false;
    for await (const row of result.rows) {
      if (rows.length === most) {
        more = true;
        break;
      }
      rows.push(row);
    }
    return { sql, execution, columns: result.columns, rows, more };
  } catch (error) {
    const place = error instanceof Error ? errorPosition(error.message) : undefined;
    // The line that Athena names, with a mark below the column.
    if (place !== undefined)
      context.output.note(`${sql.split("\n")[place.line - 1] ?? ""}\n${" ".repeat(Math.max(0, place.column - 1))}^`);
    throw error;
  }
}

function text({ execution, columns, rows, more }: Answer): string {
  const seconds = ((execution.totalMilliseconds ?? 0) / 1000).toFixed(2);
  const count = `${more ? `first ${rows.length} rows` : `${rows.length} row${rows.length === 1 ? "" : "s"}`}`;
  const foot = `${count} in ${seconds} s, ${bytes(execution.scannedBytes ?? 0)} scanned`;
  if (columns.length === 0) return foot;
  return `${table(
    columns.map(({ name }) => name),
    rows,
  )}\n${foot}`;
}

export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ""}`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new BoathouseError("invalid", `The file ${file} can't be read: ${reasonOf(error)}.`, {
      resource: file,
      next: "Name a .sql file, or say the statement with --sql.",
      cause: error,
    });
  }
}
