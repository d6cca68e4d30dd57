// SHOW and DESCRIBE in Athena's (Hive's) forms, read by hand.
// https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html
import { begins, type StatementKind } from "../../../../sql/classify.ts";
import { readName, type TableName, tableName } from "../../../../sql/names.ts";
import { meaningful, type Token, unquote } from "../../../../sql/tokens.ts";
import { notImplemented } from "../../../fault.ts";
import { invalidRequest } from "../faults.ts";

export type CatalogStatement =
  | { readonly kind: "SHOW_DATABASES"; readonly pattern: string | undefined }
  | {
      readonly kind: "SHOW_TABLES" | "SHOW_VIEWS";
      readonly database: string | undefined;
      readonly pattern: string | undefined;
    }
  | {
      readonly kind: "SHOW_COLUMNS" | "SHOW_PARTITIONS" | "SHOW_CREATE_TABLE" | "SHOW_CREATE_VIEW";
      readonly table: TableName;
    }
  | { readonly kind: "SHOW_TABLE_PROPERTIES"; readonly table: TableName; readonly property: string | undefined }
  | {
      readonly kind: "DESCRIBE_TABLE";
      readonly table: TableName;
      readonly detail: "EXTENDED" | "FORMATTED" | undefined;
    };

/** The statement where the catalog answers it, undefined where the engine does. Throws AWS's error for a text cut short or too long. */
export function parseCatalogStatement(query: string, kind: StatementKind): CatalogStatement | undefined {
  const read = new Reader(query);
  switch (kind) {
    case "SHOW_DATABASES":
      read.skip(2);
      return read.end({ kind, pattern: read.pattern() });
    case "SHOW_TABLES":
    case "SHOW_VIEWS":
      read.skip(2);
      return read.end({ kind, database: read.database(), pattern: read.pattern() });
    case "SHOW_COLUMNS": {
      read.skip(2);
      if (!read.word("FROM") && !read.word("IN")) throw read.mismatch("'FROM', 'IN'");
      const table = read.table();
      const database = read.database();
      return read.end({ kind, table: database === undefined ? table : { ...table, database } });
    }
    case "SHOW_PARTITIONS":
      read.skip(2);
      return read.end({ kind, table: read.table() });
    case "SHOW_CREATE_TABLE":
    case "SHOW_CREATE_VIEW":
      read.skip(3);
      return read.end({ kind, table: read.table() });
    case "SHOW_TABLE_PROPERTIES":
      read.skip(2);
      return read.end({ kind, table: read.table(), property: read.parenthesized() });
    case "DESCRIBE_TABLE": {
      read.skip(1);
      const detail = read.word("EXTENDED") ? "EXTENDED" : read.word("FORMATTED") ? "FORMATTED" : undefined;
      const table = read.table();
      if (read.more()) throw notImplemented("DESCRIBE of one column or partition");
      return { kind, table, detail };
    }
    default:
      return undefined;
  }
}

class Reader {
  private readonly list: readonly Token[];
  private at = 0;

  constructor(private readonly query: string) {
    this.list = [...meaningful(query)];
  }

  skip(words: number): void {
    this.at += words;
  }

  word(word: string): boolean {
    const found = begins(this.list, this.at, word);
    if (found) this.at++;
    return found;
  }

  more(): boolean {
    return this.at < this.list.length;
  }

  table(): TableName {
    const name = readName(this.list, this.at);
    if (name === undefined) throw this.mismatch("<identifier>");
    this.at = name.next;
    return tableName(name.parts);
  }

  /** IN or FROM with a database; a catalog before it is Athena's one and only. */
  database(): string | undefined {
    if (!this.word("IN") && !this.word("FROM")) return undefined;
    const name = readName(this.list, this.at, 2);
    if (name === undefined) throw this.mismatch("<identifier>");
    this.at = name.next;
    return name.parts.at(-1);
  }

  pattern(): string | undefined {
    const like = this.word("LIKE");
    const token = this.list[this.at];
    if (token?.kind !== "string" && !(token?.kind === "quoted" && token.text.startsWith('"'))) {
      if (like) throw this.mismatch("<string>");
      return undefined;
    }
    this.at++;
    return token.kind === "string" ? unquote(token) : token.text.slice(1, -1);
  }

  /** ('name') */
  parenthesized(): string | undefined {
    if (this.list[this.at]?.text !== "(") return undefined;
    const token = this.list[this.at + 1];
    if (token === undefined || this.list[this.at + 2]?.text !== ")") throw this.mismatch("('property')");
    this.at += 3;
    return token.kind === "string" || token.kind === "quoted" ? token.text.slice(1, -1) : token.text;
  }

  end<T>(statement: T): T {
    if (this.more()) throw this.mismatch("<EOF>");
    return statement;
  }

  mismatch(expected: string): Error {
    const token = this.list[this.at];
    const before = this.query.slice(0, token?.start ?? this.query.length);
    const place = `line ${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`;
    const message = `${place}: mismatched input '${token?.text ?? "<EOF>"}'. Expecting: ${expected}`;
    return invalidRequest(message, "MALFORMED_QUERY");
  }
}
