// Names in a statement: reading `catalog.database.table`, and the tables that a statement reads or writes.
import { meaningful, type Token, unquote } from "./tokens.ts";

export interface TableName {
  readonly catalog: string | undefined;
  readonly database: string | undefined;
  readonly table: string;
  /** Offsets of the whole name. */
  readonly start: number;
  readonly end: number;
}

/** Reads a dotted name of at most `most` parts that begins at `at`; `next` is the token behind it. */
export function readName(list: readonly Token[], at: number, most = 3): { parts: string[]; next: number } | undefined {
  const parts: string[] = [];
  let next = at;
  while (parts.length < most) {
    const token = list[next];
    if (token === undefined || (token.kind !== "word" && token.kind !== "quoted")) return undefined;
    parts.push(unquote(token));
    next++;
    if (list[next]?.text !== ".") return { parts, next };
    next++;
  }
  return undefined;
}

export function tableName(parts: readonly string[], start = 0, end = 0): TableName {
  const [table = "", database, catalog] = [...parts].reverse();
  return { catalog, database, table, start, end };
}

/** Words behind which a table stands, and those that end a list of tables in FROM. */
const BEFORE_TABLE = new Set(["FROM", "JOIN", "INTO", "TABLE", "UPDATE", "USING"]);
const ENDS_LIST = new Set([
  "WHERE",
  "GROUP",
  "ORDER",
  "HAVING",
  "LIMIT",
  "OFFSET",
  "UNION",
  "INTERSECT",
  "EXCEPT",
  "WINDOW",
  "ON",
  "SELECT",
  "SET",
]);
/** Functions that take FROM inside their parentheses. */
const FROM_FUNCTIONS = new Set(["EXTRACT", "TRIM", "SUBSTRING"]);
const NO_TABLE = new Set(["UNNEST", "LATERAL", "VALUES", "TABLE", "SELECT", "IF", "EXISTS", "NOT", "SET"]);

/**
 * Tables named behind FROM, JOIN, INTO, UPDATE and TABLE, in order and without repetition, without the statement's own WITH names.
 * Simple on purpose: good enough to link and to warn, not to decide rights.
 */
export function tableReferences(text: string): TableName[] {
  const list = [...meaningful(text)];
  const own = new Set<string>();
  const found = new Map<string, TableName>();
  const open: string[] = [];
  let inFrom: number | undefined;
  for (let at = 0; at < list.length; at++) {
    const token = list[at] as Token;
    const word = token.kind === "word" ? token.text.toUpperCase() : token.text;
    if (word === "(") {
      open.push((list[at - 1]?.text ?? "").toUpperCase());
      // `name AS (` and `name (columns) AS (` begin a WITH query.
      if (list[at - 1]?.text.toUpperCase() === "AS") own.add(withName(list, at - 2));
    } else if (word === ")") {
      open.pop();
      if (inFrom !== undefined && open.length < inFrom) inFrom = undefined;
    } else if (ENDS_LIST.has(word) && inFrom === open.length) {
      inFrom = undefined;
    }
    const lists = word === "," && inFrom === open.length;
    if (!lists && !(token.kind === "word" && BEFORE_TABLE.has(word))) continue;
    if (word === "FROM") {
      if (FROM_FUNCTIONS.has(open.at(-1) ?? "")) continue;
      inFrom = open.length;
    }
    const name = readName(list, at + 1);
    const follower = list[name?.next ?? 0]?.text;
    if (
      name === undefined ||
      (name.parts.length === 1 && NO_TABLE.has((name.parts[0] ?? "").toUpperCase())) ||
      follower === "("
    )
      continue;
    const table = tableName(name.parts, list[at + 1]?.start, list[name.next - 1]?.end);
    if (!found.has(name.parts.join("."))) found.set(name.parts.join("."), table);
  }
  return [...found].filter(([key]) => !own.has(key)).map(([, table]) => table);
}

function withName(list: readonly Token[], at: number): string {
  let place = at;
  if (list[place]?.text === ")") {
    while (place > 0 && list[place]?.text !== "(") place--;
    place--;
  }
  const token = list[place];
  return token === undefined ? "" : unquote(token);
}
