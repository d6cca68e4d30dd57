// The Glue Data Catalog as it is read: databases, tables with their columns, partitions.
import type { Table as SdkTable } from "@aws-sdk/client-glue";
import { calling } from "../aws/failure.ts";
import { pages } from "../aws/pages.ts";
import type { AwsSession } from "../aws/session.ts";

export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string | undefined;
  readonly partitionKey: boolean;
}

export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly location: string | undefined;
  readonly columns: readonly CatalogColumn[];
}

export interface Partition {
  readonly values: readonly string[];
  readonly location: string | undefined;
}

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

/** Partitions in the catalog's order; `expression` as Glue's GetPartitions takes it. */
export async function* listPartitions(
  session: AwsSession,
  database: string,
  table: string,
  expression?: string,
  signal?: AbortSignal,
): AsyncGenerator<Partition> {
  const { GetPartitionsCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  yield* pages(async (token) => {
    const page = await calling(`table ${database}.${table}`, () =>
      client.send(
        new GetPartitionsCommand({
          DatabaseName: database,
          TableName: table,
          Expression: expression,
          NextToken: token,
          ExcludeColumnSchema: true,
        }),
      ),
    );
    return {
      items: page.Partitions?.map((partition) => ({
        values: partition.Values ?? [],
        location: partition.StorageDescriptor?.Location,
      })),
      next: page.NextToken,
    };
  }, signal);
}

function toTable(database: string, table: SdkTable): CatalogTable {
  const columns =
    (partitionKey: boolean) =>
    (column: { Name?: string | undefined; Type?: string | undefined; Comment?: string | undefined }) => ({
      name: column.Name ?? "",
      type: column.Type ?? "",
      comment: column.Comment,
      partitionKey,
    });
  return {
    database,
    name: table.Name ?? "",
    type: table.TableType,
    location: table.StorageDescriptor?.Location,
    columns: [
      ...(table.StorageDescriptor?.Columns ?? []).map(columns(false)),
      ...(table.PartitionKeys ?? []).map(columns(true)),
    ],
  };
}
