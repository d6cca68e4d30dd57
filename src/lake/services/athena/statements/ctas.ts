// CREATE TABLE ... AS: Athena's table properties in the engine's terms, and where the rows go when nothing is said.
// https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html#ctas-table-properties
import { meaningful, type Token } from "../../../../sql/tokens.ts";
import { CATALOG } from "../../../engines/trinoConfig.ts";
import { notImplemented } from "../../../fault.ts";
import { stringLiteral } from "./dialect.ts";
import type { Edit } from "./rewrite.ts";

export interface CreateTableAs {
  readonly edits: readonly Edit[];
  /** Session properties of the engine. */
  readonly session: Readonly<Record<string, string>>;
}

/** Properties that the engine knows by the same name. */
const SAME = new Set(["external_location", "format", "partitioned_by", "bucketed_by", "bucket_count"]);
const COMPRESSION = new Set(["write_compression", "parquet_compression", "orc_compression"]);

interface Property {
  readonly name: string;
  /** As it is written. */
  readonly value: string;
}

/** `location`: s3:// address below the query's results, which is Athena's choice where the statement names none. */
export function createTableAs(query: string, location: string): CreateTableAs {
  const list = [...meaningful(query)];
  const as = topLevel(list, 0, (token) => isWord(token, "AS"));
  const at = topLevel(list.slice(0, as), 0, (token) => isWord(token, "WITH"));
  const close = at < 0 ? -1 : closing(list, at + 1);
  const given = at < 0 ? [] : properties(query, list.slice(at + 2, close));
  const session: Record<string, string> = {};
  const kept: string[] = [];
  for (const { name, value } of given) {
    if (COMPRESSION.has(name)) session[`${CATALOG}.compression_codec`] = unquoted(value).toUpperCase();
    else if (name === "field_delimiter") kept.push(`textfile_field_separator = ${value}`);
    else if (name === "table_type" && unquoted(value).toUpperCase() === "HIVE") continue;
    else if (SAME.has(name)) kept.push(`${name} = ${value}`);
    else throw notImplemented(`CREATE TABLE AS with ${name} = ${value}`);
  }
  if (!given.some(({ name }) => name === "external_location")) {
    kept.push(`external_location = ${stringLiteral(location)}`);
  }
  const text = `WITH (${kept.join(", ")})`;
  const start = at < 0 ? (list[as]?.start ?? query.length) : (list[at]?.start ?? 0);
  const end = at < 0 ? start : (list[close]?.end ?? start);
  return { edits: [{ start, end, text: at < 0 ? `${text} ` : text }], session };
}

function properties(query: string, list: readonly Token[]): Property[] {
  const found: Property[] = [];
  for (let at = 0; at < list.length; ) {
    const comma = topLevel(list, at, (token) => token.text === ",");
    const end = comma < 0 ? list.length : comma;
    const [name, value, last] = [list[at], list[at + 2], list[end - 1]];
    if (name !== undefined && value !== undefined && last !== undefined) {
      found.push({ name: name.text.toLowerCase(), value: query.slice(value.start, last.end) });
    }
    at = end + 1;
  }
  return found;
}

/** The first token from `from` on, outside all parentheses and brackets, that `is` takes; -1 where there is none. */
function topLevel(list: readonly Token[], from: number, is: (token: Token) => boolean): number {
  let depth = 0;
  for (let at = from; at < list.length; at++) {
    const token = list[at] as Token;
    if (token.text === "(" || token.text === "[") depth++;
    else if (token.text === ")" || token.text === "]") depth--;
    else if (depth === 0 && is(token)) return at;
  }
  return -1;
}

function closing(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < list.length; at++) {
    if (list[at]?.text === "(") depth++;
    else if (list[at]?.text === ")" && --depth === 0) return at;
  }
  return list.length;
}

function isWord(token: Token, word: string): boolean {
  return token.kind === "word" && token.text.toUpperCase() === word;
}

function unquoted(value: string): string {
  return value.replace(/^'|'$/g, "");
}
