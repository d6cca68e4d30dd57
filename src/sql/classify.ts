// What kind of statement a text is, in Athena's own terms. Comments count as space, also between keywords.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html (StatementType, SubstatementType)
import { readName } from "./names.ts";
import { meaningful, type Token } from "./tokens.ts";

export type StatementType = "DDL" | "DML" | "UTILITY";

export interface StatementClass {
  /** Athena's SubstatementType where it has one ("SELECT", "SHOW_TABLES"); "UNKNOWN" where the first words say nothing. */
  readonly kind: StatementKind;
  readonly type: StatementType;
}

/** First words of a statement -> its kind. Longer beginnings stand before shorter ones. */
const BEGINNINGS = [
  ["SELECT", "SELECT", "DML"],
  ["WITH", "SELECT", "DML"],
  ["VALUES", "SELECT", "DML"],
  ["TABLE", "SELECT", "DML"],
  ["EXPLAIN", "EXPLAIN", "DML"],
  ["INSERT INTO", "INSERT", "DML"],
  ["INSERT OVERWRITE", "INSERT_OVERWRITE", "DML"],
  ["UPDATE", "UPDATE", "DML"],
  ["DELETE FROM", "DELETE", "DML"],
  ["MERGE INTO", "MERGE", "DML"],
  ["UNLOAD", "UNLOAD", "DML"],
  ["VACUUM", "VACUUM", "DML"],
  ["EXECUTE", "EXECUTE", "DML"],
  ["PREPARE", "PREPARE", "UTILITY"],
  ["DEALLOCATE PREPARE", "DEALLOCATE", "UTILITY"],
  ["OPTIMIZE", "OPTIMIZE", "DDL"],
  ["SHOW CREATE TABLE", "SHOW_CREATE_TABLE", "UTILITY"],
  ["SHOW CREATE VIEW", "SHOW_CREATE_VIEW", "UTILITY"],
  ["SHOW TABLES", "SHOW_TABLES", "UTILITY"],
  ["SHOW VIEWS", "SHOW_VIEWS", "UTILITY"],
  ["SHOW DATABASES", "SHOW_DATABASES", "UTILITY"],
  ["SHOW SCHEMAS", "SHOW_DATABASES", "UTILITY"],
  ["SHOW COLUMNS", "SHOW_COLUMNS", "UTILITY"],
  ["SHOW PARTITIONS", "SHOW_PARTITIONS", "UTILITY"],
  ["SHOW TBLPROPERTIES", "SHOW_TABLE_PROPERTIES", "UTILITY"],
  ["SHOW FUNCTIONS", "SHOW_FUNCTIONS", "UTILITY"],
  ["DESCRIBE", "DESCRIBE_TABLE", "UTILITY"],
  ["DESC", "DESCRIBE_TABLE", "UTILITY"],
  ["CREATE DATABASE", "CREATE_DATABASE", "DDL"],
  ["CREATE SCHEMA", "CREATE_DATABASE", "DDL"],
  ["DROP DATABASE", "DROP_DATABASE", "DDL"],
  ["DROP SCHEMA", "DROP_DATABASE", "DDL"],
  ["CREATE OR REPLACE VIEW", "CREATE_VIEW", "DDL"],
  ["CREATE VIEW", "CREATE_VIEW", "DDL"],
  ["DROP VIEW", "DROP_VIEW", "DDL"],
  ["CREATE EXTERNAL TABLE", "CREATE_TABLE", "DDL"],
  ["CREATE TABLE", "CREATE_TABLE", "DDL"],
  ["DROP TABLE", "DROP_TABLE", "DDL"],
  ["MSCK REPAIR TABLE", "MSCK_REPAIR", "DDL"],
  ["ALTER TABLE", "ALTER_TABLE", "DDL"],
  ["ALTER DATABASE", "ALTER_DATABASE", "DDL"],
  ["ALTER SCHEMA", "ALTER_DATABASE", "DDL"],
] as const;

/** What stands behind ALTER TABLE's name. */
const ALTERATIONS = [
  ["ADD COLUMNS", "ALTER_TABLE_ADD_COLUMN"],
  ["ADD IF NOT EXISTS PARTITION", "ALTER_TABLE_ADD_PARTITION"],
  ["ADD PARTITION", "ALTER_TABLE_ADD_PARTITION"],
  ["DROP IF EXISTS PARTITION", "ALTER_TABLE_DROP_PARTITION"],
  ["DROP PARTITION", "ALTER_TABLE_DROP_PARTITION"],
  ["REPLACE COLUMNS", "ALTER_TABLE_REPLACE_COLUMN"],
  ["CHANGE COLUMN", "ALTER_TABLE_CHANGE_COLUMN"],
  ["SET LOCATION", "ALTER_TABLE_SET_LOCATION"],
  ["RENAME TO", "ALTER_TABLE_RENAME"],
] as const;

export type StatementKind =
  | (typeof BEGINNINGS)[number][1]
  | (typeof ALTERATIONS)[number][1]
  | "CREATE_TABLE_AS_SELECT"
  | "UNKNOWN";

export function classify(text: string): StatementClass {
  const all = [...meaningful(text)];
  const list = all.slice(all.findIndex((token) => token.text !== "("));
  const found = BEGINNINGS.find(([words]) => begins(list, 0, words));
  if (found === undefined) return { kind: "UNKNOWN", type: "UTILITY" };
  const [words, kind, type] = found;
  const behind = words.split(" ").length;
  if (kind === "CREATE_TABLE" && isAsSelect(list)) return { kind: "CREATE_TABLE_AS_SELECT", type };
  if (kind === "ALTER_TABLE") {
    const next = readName(list, behind)?.next ?? behind;
    const alteration = ALTERATIONS.find(([alteration]) => begins(list, next, alteration));
    return { kind: alteration?.[1] ?? kind, type };
  }
  return { kind, type };
}

/** True where the first words of `words` stand at `at`. */
export function begins(list: readonly Token[], at: number, words: string): boolean {
  return words.split(" ").every((word, place) => {
    const token = list[at + place];
    return token?.kind === "word" && token.text.toUpperCase() === word;
  });
}

/** CREATE TABLE ... AS followed by a query. */
function isAsSelect(list: readonly Token[]): boolean {
  let depth = 0;
  return list.some((token, at) => {
    if (token.text === "(") depth++;
    else if (token.text === ")") depth--;
    if (depth > 0 || token.kind !== "word" || token.text.toUpperCase() !== "AS") return false;
    const next = list[at + 1]?.text.toUpperCase() ?? "";
    return ["SELECT", "WITH", "VALUES", "TABLE", "("].includes(next);
  });
}

/** True where GetQueryResults' first row (and the CSV's first line) holds the column names: Athena's DML that returns rows. */
export function hasHeaderRow(kind: StatementKind): boolean {
  return kind === "SELECT" || kind === "EXPLAIN" || kind === "SHOW_FUNCTIONS" || kind === "EXECUTE";
}
