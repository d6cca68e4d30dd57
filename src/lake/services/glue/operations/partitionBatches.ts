// Partitions by the batch: each one succeeds or fails by itself. AWS page: Glue Web API Reference, "Partitions".
import type { PartitionError } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { Catalog, type StoredPartition, type StoredTable } from "../catalog/catalog.ts";
import { alreadyExists, catalogName, checkCatalog, invalidInput, required } from "../faults.ts";
import { checkValues, existing, newPartition, PARTITION_INPUT, replacePartition } from "./partitions.ts";

interface OfTable {
  CatalogId?: string | undefined;
  DatabaseName: string | undefined;
  TableName: string | undefined;
}

const TABLE = ["CatalogId", "DatabaseName", "TableName"];

export function partitionBatchOperations(catalog: Catalog): Operations<"glue"> {
  const { keys } = Catalog;
  const tableOf = (input: OfTable): StoredTable => {
    checkCatalog(input.CatalogId, catalog.lake.accountId);
    return catalog.table(catalogName(input.DatabaseName, "databaseName"), catalogName(input.TableName, "tableName"));
  };
  const change = <T>(input: OfTable, act: (table: StoredTable) => Promise<T>): Promise<T> =>
    catalog.change(catalogName(input.DatabaseName, "databaseName"), () => act(tableOf(input)));
  return {
    BatchCreatePartition: {
      fields: [...TABLE, ...PARTITION_INPUT.map((name) => `PartitionInputList.${name}`)],
      run: (input) =>
        change(input, async (table) => {
          const made = new Map<string, StoredPartition>();
          const Errors = each(
            atMost(input.PartitionInputList, 100, "partitionInputList"),
            (item) => item.Values,
            (item) => {
              const partition = newPartition(catalog, table, item);
              const key = partition.Values.join("\0");
              if (made.has(key) || catalog.partition(table.DatabaseName, table.Name, partition.Values) !== undefined) {
                throw alreadyExists("Partition already exists.");
              }
              made.set(key, partition);
            },
          );
          await catalog.write((writer) => {
            for (const partition of made.values())
              writer.put(keys.partition(table.DatabaseName, table.Name, partition.Values), partition);
          });
          return { Errors };
        }),
    },
    BatchGetPartition: {
      fields: [...TABLE, "PartitionsToGet.Values", "AuditContext"],
      run(input) {
        const table = tableOf(input);
        const wanted = atMost(input.PartitionsToGet, 1000, "partitionsToGet");
        const found = wanted.map(({ Values }) =>
          catalog.partition(table.DatabaseName, table.Name, checkValues(table, Values)),
        );
        // Partitions that are not there are left out, not "unprocessed": that means "ask again".
        return { Partitions: found.filter((partition) => partition !== undefined), UnprocessedKeys: [] };
      },
    },
    BatchUpdatePartition: {
      fields: [
        ...TABLE,
        "Entries.PartitionValueList",
        ...PARTITION_INPUT.map((name) => `Entries.PartitionInput.${name}`),
      ],
      run: (input) =>
        change(input, async (table) => {
          const changes: ReturnType<typeof replacePartition>[] = [];
          const errors = each(
            atMost(input.Entries, 100, "entries"),
            (entry) => entry.PartitionValueList,
            (entry) => {
              const values = checkValues(table, entry.PartitionValueList);
              changes.push(
                replacePartition(catalog, table, values, required(entry.PartitionInput, "entries.partitionInput")),
              );
            },
          );
          await catalog.write((writer) => {
            for (const { gone, key, partition } of changes) {
              gone.forEach((old) => writer.delete(old));
              writer.put(key, partition);
            }
          });
          return {
            Errors: errors.map(({ PartitionValues, ErrorDetail }) => ({
              PartitionValueList: PartitionValues,
              ErrorDetail,
            })),
          };
        }),
    },
    BatchDeletePartition: {
      fields: [...TABLE, "PartitionsToDelete.Values"],
      run: (input) =>
        change(input, async (table) => {
          const gone: string[][] = [];
          const Errors = each(
            atMost(input.PartitionsToDelete, 25, "partitionsToDelete"),
            (item) => item.Values,
            (item) => {
              gone.push(existing(catalog, table, checkValues(table, item.Values)).Values);
            },
          );
          const statistics = (
            await Promise.all(
              gone.map((values) => catalog.keysBelow(keys.statistics(table.DatabaseName, table.Name, values))),
            )
          ).flat();
          await catalog.write((writer) => {
            for (const values of gone) writer.delete(keys.partition(table.DatabaseName, table.Name, values));
            for (const key of statistics) writer.delete(key);
          });
          return { Errors };
        }),
    },
  };
}

function atMost<T>(list: T[] | undefined, largest: number, path: string): T[] {
  const given = required(list, path);
  if (given.length > largest) {
    throw invalidInput(
      `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${largest}`,
    );
  }
  return given;
}

/** Does `act` for each item; AWS's errors become entries of the answer, ours go on. */
function each<T>(
  items: readonly T[],
  values: (item: T) => string[] | undefined,
  act: (item: T) => void,
): PartitionError[] {
  const errors: PartitionError[] = [];
  for (const item of items) {
    try {
      act(item);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors.push({
        PartitionValues: values(item) ?? [],
        ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message },
      });
    }
  }
  return errors;
}
