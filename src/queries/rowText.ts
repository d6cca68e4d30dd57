// Rows as text that other programs take: TSV, CSV, JSON, Markdown.
import { valueKind } from "./compare.ts";
import type { Column, Row } from "./results.ts";

export type TextFormat = "tsv" | "csv" | "json" | "markdown";

interface Writer {
  /** What stands before all rows. */
  head(columns: readonly Column[], names: boolean): string;
  row(row: Row, columns: readonly Column[], first: boolean): string;
  /** What stands behind all rows. */
  readonly tail: string;
}

/** Tab-separated as spreadsheets paste it: a value with a tab, a line break or a quote is quoted. NULL and '' are both empty. */
const tsv: Writer = {
  head: (columns, names) => (names ? line(columns.map(({ name }) => tsvCell(name))) : ""),
  row: (row, _, first) => `${first ? "" : "\n"}${row.map((value) => tsvCell(value ?? "")).join("\t")}`,
  tail: "",
};
const line = (cells: readonly string[]) => `${cells.join("\t")}\n`;
const tsvCell = (text: string) => (/[\t\n\r"]/.test(text) ? quoted(text) : text);

/** As Athena writes it: every value quoted, so that NULL, which is empty, is not ''. */
const csv: Writer = {
  head: (columns, names) => (names ? `${columns.map(({ name }) => quoted(name)).join(",")}\n` : ""),
  row: (row) => `${row.map((value) => (value === null ? "" : quoted(value))).join(",")}\n`,
  tail: "",
};

/** An array of objects; numbers in all their digits. A name that comes twice gets a number behind it. */
const json: Writer = {
  head: () => "[",
  row: (row, columns, first) => {
    const fields = uniqueNames(columns).map(
      (name, at) => `${JSON.stringify(name)}: ${jsonValue(row[at] ?? null, columns[at])}`,
    );
    return `${first ? "\n" : ",\n"}  { ${fields.join(", ")} }`;
  },
  tail: "\n]\n",
};

const markdown: Writer = {
  head: (columns) => {
    const rule = columns.map(({ type }) => (valueKind(type) === "number" ? "---:" : "---"));
    return `${pipes(columns.map(({ name }) => markdownCell(name)))}${pipes(rule)}`;
  },
  row: (row) => pipes(row.map((value) => (value === null ? "*NULL*" : markdownCell(value)))),
  tail: "",
};
const pipes = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;

export const WRITERS: Readonly<Record<TextFormat, Writer>> = { tsv, csv, json, markdown };

/** `names`: with the columns' names as a first line; JSON and Markdown always have them. */
export function toText(format: TextFormat, columns: readonly Column[], rows: readonly Row[], names: boolean): string {
  const writer = WRITERS[format];
  const parts = [writer.head(columns, names)];
  for (const [index, row] of rows.entries()) parts.push(writer.row(row, columns, index === 0));
  parts.push(writer.tail);
  return parts.join("");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function jsonValue(value: string | null, column: Column | undefined): string {
  if (value === null) return "null";
  const kind = valueKind(column?.type ?? "varchar");
  if (kind === "boolean" && /^(true|false)$/.test(value)) return value;
  // JSON's numbers have any length; NaN and Infinity are none of them.
  if (kind === "number" && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return value;
  return JSON.stringify(value);
}

const unique = new WeakMap<readonly Column[], readonly string[]>();

function uniqueNames(columns: readonly Column[]): readonly string[] {
  const known = unique.get(columns);
  if (known !== undefined) return known;
  const taken = new Set<string>();
  const names = columns.map(({ name }) => {
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    return free;
  });
  unique.set(columns, names);
  return names;
}

/** Nothing in it is taken for Markdown or HTML. */
function markdownCell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, (mark) => `\\${mark}`).replace(/\r\n|\r|\n/g, "<br>");
}
