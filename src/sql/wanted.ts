// What a name at some place of a statement could be: half a statement is enough. For completion.
import { readTables, TablePlaces, type TableReference, upper } from "./names.ts";
import { type Token, tokens, unquote } from "./tokens.ts";

/** What could stand at a place of a statement. */
export interface Wanted {
  /** "table": tables and databases; "column": columns, or a table's name before them. */
  readonly kind: "table" | "column";
  /** Names before it, each with a dot: of "sales.orders.to" it is ["sales", "orders"]. */
  readonly qualifier: readonly string[];
  /** Offset from which on the name is replaced: that of its first letter, or its quote. */
  readonly from: number;
  /** Where the name ends: behind the cursor where that stands within it. */
  readonly to: number;
  /** It begins with a quote. */
  readonly quoted: boolean;
  /** Every table of the statement, whichever query inside it reads it. */
  readonly tables: readonly TableReference[];
  /** Names of its common table expressions (WITH). */
  readonly expressions: ReadonlySet<string>;
}

/** Words that begin or go on with a clause, so that what follows is an expression. */
const BEFORE_EXPRESSION = new Set(
  `SELECT WHERE AND OR NOT ON BY HAVING WHEN THEN ELSE CASE DISTINCT ALL BETWEEN IN LIKE SET IS EXISTS FILTER ESCAPE VALUES
  FROM`.split(/\s+/),
);
/** At the beginning of a statement. */
const DESCRIBES = new Set(["DESCRIBE", "DESC"]);

/** Undefined where no name of the catalog can stand: in a string, a comment, behind AS, right behind a name. */
export function wantedAt(statement: string, offset: number): Wanted | undefined {
  const before: Token[] = [];
  let part: Token | undefined;
  for (const token of tokens(statement)) {
    if (token.start >= offset) break;
    if (isOpenAt(token, offset)) return undefined;
    if (isName(token) && offset <= token.end) part = token;
    else if (token.kind === "number" && offset <= token.end) return undefined;
    else if (token.kind !== "space" && token.kind !== "comment") before.push(token);
  }
  const qualifier: string[] = [];
  while (before.at(-1)?.text === ".") {
    const name = before.at(-2);
    if (name === undefined || !isName(name)) return undefined;
    before.splice(-2);
    qualifier.unshift(unquote(name));
  }
  const kind = kindBehind(before);
  if (kind === undefined) return undefined;
  return {
    kind,
    qualifier,
    from: part?.start ?? offset,
    to: part?.end ?? offset,
    quoted: part?.kind === "quoted",
    ...readTables(statement),
  };
}

/** Strings and comments, unclosed ones to their end; a line comment holds what is typed at its end. */
function isOpenAt({ kind, text, end }: Token, offset: number): boolean {
  if (kind === "comment") return offset < end || text.startsWith("--") || !text.endsWith("*/");
  if (kind === "string") return offset < end || text.length === 1 || !text.endsWith("'");
  return false;
}

function isName({ kind }: Token): boolean {
  return kind === "word" || kind === "quoted";
}

function kindBehind(before: readonly Token[]): Wanted["kind"] | undefined {
  const last = before.at(-1);
  if (last === undefined) return undefined;
  const places = new TablePlaces();
  let follows = false;
  for (const [at, token] of before.entries()) follows = places.next(token, before[at - 1]);
  const word = upper(last);
  if (follows || (before.length === 1 && DESCRIBES.has(word))) return "table";
  if (last.kind === "word") return BEFORE_EXPRESSION.has(word) ? "column" : undefined;
  // Behind a quoted name, a number or a string nothing new begins.
  if (last.kind !== "symbol" || [")", "]", ";"].includes(word) || isStar(before)) return undefined;
  return "column";
}

/** The asterisk that stands for all columns, not the sign between two factors. */
function isStar(before: readonly Token[]): boolean {
  const [behind, last] = before.slice(-2);
  return last?.text === "*" && ["select", "distinct", ",", ".", "("].includes(behind?.text.toLowerCase() ?? "");
}
