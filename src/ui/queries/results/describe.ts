// Columns, executions and numbers as the results panel words them.
import type { BoathouseError } from "../../../base/errors.ts";
import type { Execution } from "../../../queries/executions.ts";
import { valueKind } from "../../../queries/compare.ts";
import { PRICE_PER_TB, queryCost } from "../../../queries/cost.ts";
import type { Column, Row } from "../../../queries/results.ts";
import { type Cell, type ColumnShown, type Fact, type Hint, LONGEST_CELL } from "../../../messages/results.ts";
import { oneLine } from "../../shell/text.ts";
import type { NoRows } from "../noRows.ts";

/** A column is at first no wider than so many characters. */
const WIDEST = 60;

export function describeColumns(columns: readonly Column[], sample: readonly Row[]): ColumnShown[] {
  return columns.map((column, index) => ({
    name: column.name,
    type: spellType(column),
    kind: valueKind(column.type),
    about: aboutType(column),
    characters: longestValue(sample, index, WIDEST),
  }));
}

/** Characters of the longest value, at most `most`. */
export function longestValue(rows: readonly Row[], index: number, most: number): number {
  let longest = 0;
  for (const row of rows) longest = Math.max(longest, row[index]?.length ?? "NULL".length);
  return Math.min(longest, most);
}

/** As Athena's DDL spells it. */
export function spellType({ type, precision, scale }: Column): string {
  if (type === "decimal" && precision !== undefined) return `decimal(${precision},${scale ?? 0})`;
  const longest = 2_147_483_647;
  if ((type === "varchar" || type === "char") && precision !== undefined && precision > 0 && precision < longest)
    return `${type}(${precision})`;
  return type;
}

const ABOUT: Readonly<Record<string, string>> = {
  tinyint: "whole number, 8 bits",
  smallint: "whole number, 16 bits",
  integer: "whole number, 32 bits",
  int: "whole number, 32 bits",
  bigint: "whole number, 64 bits",
  double: "floating point, 64 bits",
  float: "floating point, 32 bits",
  real: "floating point, 32 bits",
  boolean: "true or false",
  varchar: "text",
  char: "text of fixed length",
  string: "text",
  varbinary: "bytes, in hexadecimal",
  date: "calendar date",
  timestamp: "date and time without time zone",
  "timestamp with time zone": "instant with its time zone",
  time: "time of day",
  "time with time zone": "time of day with its time zone",
  array: "list",
  map: "keys and values",
  row: "named fields",
  json: "JSON",
};

function aboutType(column: Column): string {
  const { type, precision, scale } = column;
  if (type === "decimal") return `exact number, ${precision ?? 38} digits, ${scale ?? 0} of them behind the point`;
  return ABOUT[type] ?? "";
}

export function toCell(value: string | null): Cell {
  if (value === null || value.length <= LONGEST_CELL) return value;
  // Not between the two halves of a character.
  const end = /[\ud800-\udbff]/.test(value.charAt(LONGEST_CELL - 1)) ? LONGEST_CELL - 1 : LONGEST_CELL;
  return { cut: value.slice(0, end), length: value.length };
}

/** What the status line says of an execution. `local`: nothing is charged. */
export function describeFacts(execution: Execution | undefined, local: boolean, pricePerTB = PRICE_PER_TB): Fact[] {
  if (execution === undefined) return [];
  const { id, workGroup, queueMilliseconds, engineMilliseconds, totalMilliseconds, scannedBytes } = execution;
  const facts: Fact[] = [];
  const add = (name: string, value: string, about: string) => facts.push({ name, value, about, copies: false });
  const time = totalMilliseconds ?? engineMilliseconds;
  if (time !== undefined) {
    const engine = engineMilliseconds === undefined ? "" : `; ${duration(engineMilliseconds)} of it in the engine`;
    add("Time", duration(time), `From submission to its end${engine}.`);
  }
  if (queueMilliseconds !== undefined)
    add("Queue", duration(queueMilliseconds), "Waited for its turn in the workgroup's queue.");
  if (scannedBytes !== undefined)
    add("Scanned", bytes(scannedBytes), `${count(scannedBytes)} bytes read from the tables.`);
  const cost = queryCost(execution, pricePerTB);
  if (cost !== undefined) {
    const rule = `at $${pricePerTB} a TB scanned, 10 MB at least, DDL and failed queries free (boathouse.queries.pricePerTerabyte).`;
    if (cost === 0) add("Cost", "free", `Nothing was scanned, or it is free: ${rule}`);
    else if (local)
      add("Cost", `free here, ${dollars(cost)} on AWS`, `The local lake charges nothing. On AWS: ${rule}`);
    else add("Cost", dollars(cost), `An estimate: ${rule}`);
  }
  facts.push({
    name: "Query ID",
    value: id,
    about: `Copy ${id}, of workgroup ${workGroup ?? "unknown"}`,
    copies: true,
  });
  return facts;
}

/** What is said of a statement that has no result; of one that a person cancelled, one sentence in place of Athena's reason. */
export function endText({ kind, message, next = "" }: BoathouseError): { message: string; next: string } {
  if (kind === "cancelled" && /\bcancel(?:l)?ed by (?:the )?user\b/i.test(message))
    return { message: "The query was stopped before its end, so it has no result.", next: "" };
  return { message, next };
}

/** Why a query found nothing, and what helps. */
export function describeNoRows({ table, crawler }: NoRows): Hint {
  const why = `${oneLine(table)} has no partitions in the catalog yet, so nothing of it was read.`;
  return crawler === undefined
    ? { text: `${why} A crawler or MSCK REPAIR TABLE adds them.`, button: null }
    : { text: `${why} Its crawler adds them; then run the query again.`, button: `Run Crawler ${oneLine(crawler)}` };
}

export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** "1 row", "10,000 rows". */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

const UNITS = ["bytes", "KB", "MB", "GB", "TB", "PB"];

/** In units of 1,024, as Athena counts: "12.3 MB". */
export function bytes(size: number): string {
  let value = size;
  let unit = 0;
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** "85 ms", "1.2 s", "2 min 5 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** Small amounts keep two digits that say something: "$0.00005". */
export function dollars(amount: number): string {
  if (amount === 0) return "$0";
  if (amount >= 0.01) return `$${amount.toFixed(2)}`;
  const digits = Math.min(8, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(digits).replace(/0+$/, "")}`;
}
