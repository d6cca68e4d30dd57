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
/** What may follow a table and is no other name for it. */
const NO_ALIAS = new Set([
  ...ENDS_LIST,
  ...BEFORE_TABLE,
  ..."INNER LEFT RIGHT FULL CROSS NATURAL VALUES WITH TABLESAMPLE FETCH FOR WHEN MATCH_RECOGNIZE AS".split(" "),
]);

/** A word upper-cased, any other token as it is written. */
export function upper({ kind, text }: Token): string {
  return kind === "word" ? text.toUpperCase() : text;
}

/** Follows a statement token by token, and knows where tables stand. */
export class TablePlaces {
  private readonly open: string[] = [];
  private inFrom: number | undefined;

  /** @returns whether a table's name may follow the token, which stands behind `before`. */
  next(token: Token, before: Token | undefined): boolean {
    const { open } = this;
    const word = upper(token);
    if (word === "(") {
      open.push((before?.text ?? "").toUpperCase());
    } else if (word === ")") {
      open.pop();
      if (this.inFrom !== undefined && open.length < this.inFrom) this.inFrom = undefined;
    } else if (ENDS_LIST.has(word) && this.inFrom === open.length) {
      this.inFrom = undefined;
    }
    if (word === "," && this.inFrom === open.length) return true;
    if (token.kind !== "word" || !BEFORE_TABLE.has(word)) return false;
    if (word === "FROM") {
      // EXTRACT(YEAR FROM x), IS DISTINCT FROM x
      if (FROM_FUNCTIONS.has(open.at(-1) ?? "") || before?.text.toUpperCase() === "DISTINCT") return false;
      this.inFrom = open.length;
    }
    return true;
  }
}

/** A table where a statement names it. */
export interface TableReference extends TableName {
  /** The other name that the statement gives it. */
  readonly alias: string | undefined;
}

/**
 * Tables named behind FROM, JOIN, INTO, UPDATE and TABLE, in order, each as often as it stands there, and the names of WITH queries.
 * Simple on purpose: good enough to link, to complete and to warn, not to decide rights.
 */
export function readTables(text: string): {
  readonly tables: readonly TableReference[];
  readonly expressions: ReadonlySet<string>;
} {
  const list = [...meaningful(text)];
  const expressions = new Set<string>();
  const tables: TableReference[] = [];
  const places = new TablePlaces();
  for (const [at, token] of list.entries()) {
    // `name AS (` and `name (columns) AS (` begin a WITH query.
    if (token.text === "(" && list[at - 1]?.text.toUpperCase() === "AS") expressions.add(withName(list, at - 2));
    if (!places.next(token, list[at - 1])) continue;
    const name = readName(list, at + 1);
    const follower = list[name?.next ?? 0]?.text;
    if (
      name === undefined ||
      (name.parts.length === 1 && NO_TABLE.has((name.parts[0] ?? "").toUpperCase())) ||
      follower === "("
    )
      continue;
    const table = tableName(name.parts, list[at + 1]?.start, list[name.next - 1]?.end);
    tables.push({ ...table, alias: aliasAt(list, name.next) });
  }
  return { tables, expressions };
}

/** As `readTables`, each once, without the statement's own WITH names and without aliases. */
export function tableReferences(text: string): TableName[] {
  const { tables, expressions } = readTables(text);
  const found = new Map<string, TableName>();
  for (const { alias: _alias, ...table } of tables) {
    const key = [table.catalog, table.database, table.table].filter((part) => part !== undefined).join(".");
    if (!expressions.has(key) && !found.has(key)) found.set(key, table);
  }
  return [...found.values()];
}

function aliasAt(list: readonly Token[], at: number): string | undefined {
  const first = list[at];
  const token = first !== undefined && upper(first) === "AS" ? list[at + 1] : first;
  if (token === undefined || (token.kind !== "word" && token.kind !== "quoted")) return undefined;
  return NO_ALIAS.has(upper(token)) ? undefined : unquote(token);
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
