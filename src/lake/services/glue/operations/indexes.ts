// Partition indexes: kept and shown, so that tools may make them; the lake finds partitions without. AWS page: Glue Web API Reference, "Partitions".
import type { PartitionIndexDescriptor } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { Catalog, type StoredTable } from "../catalog/catalog.ts";
import { alreadyExists, catalogName, checkCatalog, invalidInput, notFound, required } from "../faults.ts";

interface OfTable {
  CatalogId?: string | undefined;
  DatabaseName: string | undefined;
  TableName: string | undefined;
}

const TABLE = ["CatalogId", "DatabaseName", "TableName"];
/** Indexes a table may have (page: "Working with partition indexes"). */
const MOST = 3;

export function indexOperations(catalog: Catalog): Operations<"glue"> {
  const tableOf = (input: OfTable): StoredTable => {
    checkCatalog(input.CatalogId, catalog.lake.accountId);
    return catalog.table(catalogName(input.DatabaseName, "databaseName"), catalogName(input.TableName, "tableName"));
  };
  const alone = <T>(input: OfTable, act: (table: StoredTable) => Promise<T>): Promise<T> =>
    catalog.change(catalogName(input.DatabaseName, "databaseName"), () => act(tableOf(input)));
  const save = (table: StoredTable) =>
    catalog.write((writer) => writer.put(Catalog.keys.table(table.DatabaseName, table.Name), table));
  return {
    GetPartitionIndexes: {
      fields: [...TABLE, "NextToken"],
      run(input) {
        const table = tableOf(input);
        const typeOf = (name: string): string =>
          table.PartitionKeys?.find((key) => key.Name === name)?.Type ?? "string";
        const list = (table.Indexes ?? []).map(
          (index): PartitionIndexDescriptor => ({
            IndexName: index.IndexName,
            Keys: (index.Keys ?? []).map((name) => ({ Name: name, Type: typeOf(name) })),
            IndexStatus: "ACTIVE",
          }),
        );
        return { PartitionIndexDescriptorList: list };
      },
    },
    CreatePartitionIndex: {
      fields: [...TABLE, "PartitionIndex"],
      run: (input) =>
        alone(input, async (table) => {
          const index = required(input.PartitionIndex, "partitionIndex");
          const before = table.Indexes ?? [];
          if (before.some(({ IndexName }) => IndexName === index.IndexName))
            throw alreadyExists(`Index ${index.IndexName} already exists.`);
          const unknown = index.Keys?.find((name) => !table.PartitionKeys?.some((key) => key.Name === name));
          if (unknown !== undefined)
            throw invalidInput(`Index key ${unknown} is not a partition key of table ${table.Name}.`);
          if (before.length >= MOST) throw invalidInput(`A table can have ${MOST} partition indexes at most.`);
          await save({ ...table, Indexes: [...before, index] });
          return {};
        }),
    },
    DeletePartitionIndex: {
      fields: [...TABLE, "IndexName"],
      run: (input) =>
        alone(input, async (table) => {
          const rest = (table.Indexes ?? []).filter(({ IndexName }) => IndexName !== input.IndexName);
          if (rest.length === (table.Indexes ?? []).length) throw notFound(`Index ${input.IndexName} not found.`);
          await save({ ...table, Indexes: rest });
          return {};
        }),
    },
  };
}
