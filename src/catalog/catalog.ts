// The Glue Data Catalog as it is read: databases, tables with their columns, partitions; a page at a time.
import type { Table as SdkTable } from "@aws-sdk/client-glue";
import { calling } from "../aws/failure.ts";
import { pages } from "../aws/pages.ts";
import type { AwsSession } from "../aws/session.ts";
import type { Page } from "./pagedList.ts";

export interface CatalogDatabase {
  readonly name: string;
  readonly description: string | undefined;
  readonly location: string | undefined;
}

/** A table as a list of many names it. */
export interface TableEntry {
  readonly database: string;
  readonly name: string;
  /** EXTERNAL_TABLE, VIRTUAL_VIEW ... as Glue has it. */
  readonly type: string | undefined;
}

export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string | undefined;
  readonly partitionKey: boolean;
}

export interface CatalogTable extends TableEntry {
  readonly description: string | undefined;
  readonly location: string | undefined;
  readonly columns: readonly CatalogColumn[];
  /** "parquet", "csv" ... as the crawler or the table's maker wrote it; "iceberg" for Iceberg tables. */
  readonly format: string | undefined;
  /** Rows, where the catalog says: crawlers and Hive's statistics write it; nobody keeps it exact. */
  readonly rows: number | undefined;
  readonly updated: Date | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly storage: {
    readonly inputFormat: string | undefined;
    readonly outputFormat: string | undefined;
    readonly serde: string | undefined;
    readonly serdeParameters: Readonly<Record<string, string>>;
  };
  /** A view's SQL, decoded. */
  readonly viewSql: string | undefined;
}

export interface Partition {
  readonly values: readonly string[];
  readonly location: string | undefined;
}

/** Members a page, the most that GetDatabases and GetTables give. */
const LIST_PAGE = 100;

/** A page of databases. https://docs.aws.amazon.com/glue/latest/webapi/API_GetDatabases.html */
export async function databasePage(session: AwsSession, token: string | undefined): Promise<Page<CatalogDatabase>> {
  const { GetDatabasesCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const page = await calling("the Glue catalog", () =>
    client.send(new GetDatabasesCommand({ NextToken: token, MaxResults: LIST_PAGE })),
  );
  return {
    items: (page.DatabaseList ?? []).map((database) => ({
      name: database.Name ?? "",
      description: database.Description,
      location: database.LocationUri,
    })),
    next: page.NextToken,
  };
}

/**
 * A page of a database's tables, names and types only: 10,000 of them are 100 calls, not as many megabytes.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_GetTables.html
 */
export async function tablePage(
  session: AwsSession,
  database: string,
  token: string | undefined,
): Promise<Page<TableEntry>> {
  const { GetTablesCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const page = await calling(`database ${database}`, () =>
    client.send(
      new GetTablesCommand({
        DatabaseName: database,
        NextToken: token,
        MaxResults: LIST_PAGE,
        AttributesToGet: ["NAME", "TABLE_TYPE"],
      }),
    ),
  );
  return {
    items: (page.TableList ?? []).map(({ Name = "", TableType }) => ({ database, name: Name, type: TableType })),
    next: page.NextToken,
  };
}

/** @throws BoathouseError `notFound` where it was dropped. */
export async function getTable(session: AwsSession, database: string, name: string): Promise<CatalogTable> {
  const { GetTableCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const { Table } = await calling(`table ${database}.${name}`, () =>
    client.send(new GetTableCommand({ DatabaseName: database, Name: name })),
  );
  return toTable(database, Table ?? { Name: name });
}

/** A page of partitions in the catalog's order. */
export async function partitionPage(
  session: AwsSession,
  database: string,
  table: string,
  page: { readonly token: string | undefined; readonly size: number },
): Promise<Page<Partition>> {
  const { GetPartitionsCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const { Partitions, NextToken } = await calling(`table ${database}.${table}`, () =>
    client.send(
      new GetPartitionsCommand({
        DatabaseName: database,
        TableName: table,
        NextToken: page.token,
        MaxResults: page.size,
        ExcludeColumnSchema: true,
      }),
    ),
  );
  return {
    items: (Partitions ?? []).map((partition) => ({
      values: partition.Values ?? [],
      location: partition.StorageDescriptor?.Location,
    })),
    next: NextToken,
  };
}

/** All tables with their columns; where only names are wanted, `tablePage` is the lighter one. */
export async function* listTables(
  session: AwsSession,
  database: string,
  signal?: AbortSignal,
): AsyncGenerator<CatalogTable> {
  const { GetTablesCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  yield* pages(async (token) => {
    const page = await calling(`database ${database}`, () =>
      client.send(new GetTablesCommand({ DatabaseName: database, NextToken: token })),
    );
    return { items: page.TableList?.map((table) => toTable(database, table)), next: page.NextToken };
  }, signal);
}

/** All partitions in the catalog's order. */
export async function* listPartitions(
  session: AwsSession,
  database: string,
  table: string,
  signal?: AbortSignal,
): AsyncGenerator<Partition> {
  yield* pages((token) => partitionPage(session, database, table, { token, size: 1000 }), signal);
}

/** The first database's name, or undefined where the catalog has none. */
export async function firstDatabase(session: AwsSession): Promise<string | undefined> {
  for await (const { name } of pages((token) => databasePage(session, token))) return name;
  return undefined;
}

export function isView({ type }: TableEntry): boolean {
  return type === "VIRTUAL_VIEW" || type === "MATERIALIZED_VIEW";
}

export function toTable(database: string, table: SdkTable): CatalogTable {
  const columns =
    (partitionKey: boolean) =>
    (column: { Name?: string | undefined; Type?: string | undefined; Comment?: string | undefined }) => ({
      name: column.Name ?? "",
      type: column.Type ?? "",
      comment: column.Comment,
      partitionKey,
    });
  const { StorageDescriptor: storage, Parameters: parameters = {} } = table;
  return {
    database,
    name: table.Name ?? "",
    type: table.TableType,
    description: table.Description,
    location: storage?.Location,
    columns: [...(storage?.Columns ?? []).map(columns(false)), ...(table.PartitionKeys ?? []).map(columns(true))],
    format: parameters["table_type"]?.toLowerCase() ?? parameters["classification"],
    rows: rowsOf(parameters),
    updated: table.UpdateTime,
    parameters,
    storage: {
      inputFormat: storage?.InputFormat,
      outputFormat: storage?.OutputFormat,
      serde: storage?.SerdeInfo?.SerializationLibrary,
      serdeParameters: storage?.SerdeInfo?.Parameters ?? {},
    },
    viewSql: table.ViewOriginalText === undefined ? undefined : viewSql(table.ViewOriginalText),
  };
}

/** recordCount is the crawler's, numRows Hive's. */
function rowsOf(parameters: Readonly<Record<string, string>>): number | undefined {
  const text = parameters["recordCount"] ?? parameters["numRows"];
  const rows = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isSafeInteger(rows) && rows >= 0 ? rows : undefined;
}

/** Athena keeps a view as "/* Presto View: <base64 of JSON> *\/"; other makers as its plain SQL. */
function viewSql(text: string): string {
  const encoded = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(text.trim())?.[1];
  if (encoded === undefined) return text;
  try {
    const { originalSql } = JSON.parse(Buffer.from(encoded, "base64").toString("utf8")) as { originalSql?: unknown };
    return typeof originalSql === "string" ? originalSql : text;
  } catch {
    return text;
  }
}
