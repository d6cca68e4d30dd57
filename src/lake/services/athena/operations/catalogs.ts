// Data catalogs: the account's own, AwsDataCatalog, which is the lake's Glue catalog. Databases and tables as Athena names them.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_ListTableMetadata.html
import type { TableMetadata } from "@aws-sdk/client-athena";
import type { Column, Database, Table } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import { invalidRequest, pageSize, required } from "../faults.ts";

type Names =
  | "ListDataCatalogs"
  | "GetDataCatalog"
  | "ListDatabases"
  | "GetDatabase"
  | "ListTableMetadata"
  | "GetTableMetadata"
  | "ListEngineVersions";

const CATALOG = "AwsDataCatalog";

export function catalogOperations(lake: Lake): Pick<Operations<"athena">, Names> {
  return {
    ListDataCatalogs: {
      fields: ["NextToken", "MaxResults", "WorkGroup"],
      run({ MaxResults }) {
        pageSize(MaxResults, 50);
        return { DataCatalogsSummary: [{ CatalogName: CATALOG, Type: "GLUE" }] };
      },
    },
    GetDataCatalog: {
      fields: ["Name", "WorkGroup"],
      run({ Name }) {
        checkCatalog(required(Name, "name"));
        return { DataCatalog: { Name: CATALOG, Type: "GLUE", Parameters: { "catalog-id": lake.accountId } } };
      },
    },
    ListDatabases: {
      fields: ["CatalogName", "NextToken", "MaxResults", "WorkGroup"],
      async run({ CatalogName, NextToken, MaxResults }, { principal }) {
        checkCatalog(required(CatalogName, "catalogName"));
        const input = { MaxResults: pageSize(MaxResults, 50), ...(NextToken === undefined ? {} : { NextToken }) };
        const page = await translated(() => lake.call("glue", "GetDatabases", input, { principal }));
        return { DatabaseList: (page.DatabaseList ?? []).map(database), ...next(page.NextToken) };
      },
    },
    GetDatabase: {
      fields: ["CatalogName", "DatabaseName", "WorkGroup"],
      async run({ CatalogName, DatabaseName }, { principal }) {
        checkCatalog(required(CatalogName, "catalogName"));
        const Name = required(DatabaseName, "databaseName");
        const found = await translated(() => lake.call("glue", "GetDatabase", { Name }, { principal }));
        return { Database: database(found.Database) };
      },
    },
    ListTableMetadata: {
      fields: ["CatalogName", "DatabaseName", "Expression", "NextToken", "MaxResults", "WorkGroup"],
      async run({ CatalogName, DatabaseName, Expression, NextToken, MaxResults }, { principal }) {
        checkCatalog(required(CatalogName, "catalogName"));
        const input = {
          DatabaseName: required(DatabaseName, "databaseName"),
          MaxResults: pageSize(MaxResults, 50),
          ...(Expression === undefined ? {} : { Expression }),
          ...(NextToken === undefined ? {} : { NextToken }),
        };
        const page = await translated(() => lake.call("glue", "GetTables", input, { principal }));
        return { TableMetadataList: (page.TableList ?? []).map(table), ...next(page.NextToken) };
      },
    },
    GetTableMetadata: {
      fields: ["CatalogName", "DatabaseName", "TableName", "WorkGroup"],
      async run({ CatalogName, DatabaseName, TableName }, { principal }) {
        checkCatalog(required(CatalogName, "catalogName"));
        const input = { DatabaseName: required(DatabaseName, "databaseName"), Name: required(TableName, "tableName") };
        const found = await translated(() => lake.call("glue", "GetTable", input, { principal }));
        return { TableMetadata: table(found.Table ?? { Name: input.Name }) };
      },
    },
    ListEngineVersions: {
      fields: ["NextToken", "MaxResults"],
      run: () => ({
        EngineVersions: [
          { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" },
          { SelectedEngineVersion: "Athena engine version 3", EffectiveEngineVersion: "Athena engine version 3" },
        ],
      }),
    },
  };
}

function checkCatalog(name: string): void {
  if (name.toLowerCase() === CATALOG.toLowerCase()) return;
  throw invalidRequest(`Data catalog ${name} is not found.`, "DATACATALOG_NOT_FOUND");
}

function next(token: string | undefined): { NextToken?: string } {
  return token === undefined ? {} : { NextToken: token };
}

/** Glue's errors come out of Athena as a MetadataException. */
async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status >= 500) throw error;
    throw new ServiceError("MetadataException", error.message, { cause: error });
  }
}

function database({ Name = "", Description, Parameters }: Database = { Name: "" }) {
  return {
    Name,
    ...(Description === undefined ? {} : { Description }),
    ...(Parameters === undefined ? {} : { Parameters }),
  };
}

function table({
  Name = "",
  CreateTime,
  LastAccessTime,
  TableType,
  StorageDescriptor,
  PartitionKeys,
  Parameters,
}: Table): TableMetadata {
  const serde = StorageDescriptor?.SerdeInfo;
  const storage: Record<string, string> = {};
  if (StorageDescriptor?.InputFormat !== undefined) storage["inputformat"] = StorageDescriptor.InputFormat;
  if (StorageDescriptor?.Location !== undefined) storage["location"] = StorageDescriptor.Location;
  if (StorageDescriptor?.OutputFormat !== undefined) storage["outputformat"] = StorageDescriptor.OutputFormat;
  if (serde?.SerializationLibrary !== undefined) storage["serde.serialization.lib"] = serde.SerializationLibrary;
  for (const [name, value] of Object.entries(serde?.Parameters ?? {})) storage[`serde.param.${name}`] = value;
  return {
    Name,
    ...(CreateTime === undefined ? {} : { CreateTime }),
    ...(LastAccessTime === undefined ? {} : { LastAccessTime }),
    ...(TableType === undefined ? {} : { TableType }),
    Columns: (StorageDescriptor?.Columns ?? []).map(columnOf),
    PartitionKeys: (PartitionKeys ?? []).map(columnOf),
    Parameters: { ...Parameters, ...storage },
  };
}

function columnOf({ Name, Type, Comment }: Column) {
  return {
    Name: Name ?? "",
    ...(Type === undefined ? {} : { Type }),
    ...(Comment === undefined ? {} : { Comment }),
  };
}
