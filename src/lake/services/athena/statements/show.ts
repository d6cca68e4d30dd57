// SHOW ... answered from the catalog, in the layouts of Athena's own output: one value a row.
import type { ColumnInfo } from "@aws-sdk/client-athena";
import type { Partition, Table } from "@aws-sdk/client-glue";
import { column } from "../results/columns.ts";
import { type GlueCatalog, HiveFailure, isView, viewDefinition } from "./glue.ts";

/** Rows of one value each. */
export interface CatalogAnswer {
  readonly columns: readonly ColumnInfo[];
  readonly lines: AsyncIterable<string> | Iterable<string>;
  /** 0 where AWS reports 0, undefined where it leaves it out. */
  readonly updateCount?: 0;
  /** Where Athena names the statement by what it found. */
  readonly substatement?: "DESC_VIEW";
}

/** Hive fills a field up to this many characters, and cuts nothing. */
const FIELD = 20;

export function padded(text: string): string {
  return text + " ".repeat(Math.max(0, FIELD - [...text].length));
}

/** The pattern is a regular expression on the whole name; a lone * is every name. */
export async function showDatabases(catalog: GlueCatalog, pattern: string | undefined): Promise<CatalogAnswer> {
  const names = (await catalog.databases()).map(({ Name }) => Name ?? "").sort();
  const test = pattern === undefined || pattern === "*" ? /^/ : wholeName(pattern);
  return { columns: [column("database_name")], lines: names.filter((name) => test.test(name)), updateCount: 0 };
}

function wholeName(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    throw new HiveFailure(
      "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. MetaException(message:Unable to get databases: " +
        `java.util.regex.PatternSyntaxException: ${error instanceof Error ? error.message : pattern})`,
      1006,
    );
  }
}

export async function showTables(
  catalog: GlueCatalog,
  database: string | undefined,
  pattern: string | undefined,
  views: boolean,
): Promise<CatalogAnswer> {
  const tables = (await catalog.tables(database)).filter((table) => !views || isView(table));
  const names = tables.map(({ Name }) => Name ?? "").sort();
  // Only * (any characters) and | (a choice) mean something.
  const expression = pattern?.replaceAll(/[^*|.\w]/g, "\\$&").replaceAll("*", ".*");
  const test = expression === undefined ? /^/ : new RegExp(`^(?:${expression})$`, "i");
  const columns = views ? [column("views", "varchar")] : [column("tab_name")];
  return { columns, lines: names.filter((name) => test.test(name)), updateCount: 0 };
}

export function showColumns(table: Table): CatalogAnswer {
  if (isView(table)) return viewColumns(table);
  const names = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])].map(({ Name }) =>
    padded(Name ?? ""),
  );
  return { columns: [column("field")], lines: names, updateCount: 0 };
}

/** DESCRIBE and SHOW COLUMNS of a view: its columns in the engine's spelling. */
export function viewColumns(table: Table): CatalogAnswer {
  const own = (table.StorageDescriptor?.Columns ?? []).map(({ Name = "", Type = "" }) => ({ name: Name, type: Type }));
  const columns = viewDefinition(table)?.columns ?? own;
  return {
    columns: [column("column", "varchar"), column("type", "varchar")],
    lines: columns.map(({ name, type }) => `${name}\t${type}`),
    updateCount: 0,
    substatement: "DESC_VIEW",
  };
}

export async function showPartitions(catalog: GlueCatalog, table: Table): Promise<CatalogAnswer> {
  const keys = (table.PartitionKeys ?? []).map(({ Name }) => Name ?? "");
  if (keys.length === 0) {
    throw new HiveFailure(
      `FAILED: SemanticException [Error 10241]: Table ${table.DatabaseName}.${table.Name} is not a partitioned table`,
      1100,
    );
  }
  const names: string[] = [];
  for await (const partition of catalog.partitions(table)) names.push(partitionName(keys, partition));
  return { columns: [column("partition")], lines: names.sort(), updateCount: 0 };
}

function partitionName(keys: readonly string[], { Values = [] }: Partition): string {
  return keys.map((key, at) => `${escapePath(key)}=${escapePath(Values[at] ?? "")}`).join("/");
}

/** As Hive escapes a folder's name: control characters and these. */
const ESCAPED = "\"#%'*/:=?\\\u007f{[]^";

function escapePath(text: string): string {
  return [...text]
    .map((character) => {
      if (character >= " " && !ESCAPED.includes(character)) return character;
      return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

export function showProperties(table: Table, property: string | undefined): CatalogAnswer {
  const columns = [column("prpt_name"), column("prpt_value")];
  const own = tableProperties(table);
  if (property === undefined) {
    return { columns, lines: [...own].map(([name, value]) => `${name}\t${value}`), updateCount: 0 };
  }
  const name = `${table.DatabaseName}.${table.Name}`;
  return { columns, lines: [own.get(property) ?? `Table ${name} does not have property: ${property}`], updateCount: 0 };
}

/** Hive shows EXTERNAL among the properties. */
function tableProperties(table: Table): Map<string, string> {
  const external: [string, string][] = table.TableType === "EXTERNAL_TABLE" ? [["EXTERNAL", "TRUE"]] : [];
  return new Map([...external, ...Object.entries(table.Parameters ?? {})]);
}

export function showCreateView(table: Table): CatalogAnswer {
  if (!isView(table)) throw new HiveFailure(`FAILED: SemanticException ${table.Name} is not a view`, 1100);
  const sql = viewDefinition(table)?.originalSql ?? table.ViewOriginalText ?? "";
  const text = `CREATE VIEW ${table.DatabaseName}.${table.Name} AS\n${sql}`;
  return { columns: [column("create view", "varchar")], lines: text.split("\n"), updateCount: 0 };
}
