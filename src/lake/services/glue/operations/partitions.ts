// Partitions of a table, one at a time and as filtered pages. AWS page: Glue Web API Reference, "Partitions".
import type { Partition, PartitionInput } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { Catalog, type StoredPartition, type StoredTable } from "../catalog/catalog.ts";
import { partitionFilter } from "../expression/filter.ts";
import { alreadyExists, catalogName, checkCatalog, invalidInput, notFound, required } from "../faults.ts";
import { page, pageSize } from "../paging.ts";

export const PARTITION_INPUT = ["Values", "LastAccessTime", "StorageDescriptor", "Parameters", "LastAnalyzedTime"];
const INPUT = PARTITION_INPUT.map((name) => `PartitionInput.${name}`);

export function partitionOperations(catalog: Catalog): Operations<"glue"> {
  const { accountId, store } = catalog.lake;
  const { keys } = Catalog;
  const tableOf = (input: {
    CatalogId?: string | undefined;
    DatabaseName: string | undefined;
    TableName: string | undefined;
  }): StoredTable => {
    checkCatalog(input.CatalogId, accountId);
    return catalog.table(catalogName(input.DatabaseName, "databaseName"), catalogName(input.TableName, "tableName"));
  };
  return {
    CreatePartition: {
      fields: ["CatalogId", "DatabaseName", "TableName", ...INPUT],
      async run(input) {
        return catalog.change(catalogName(input.DatabaseName, "databaseName"), async () => {
          const table = tableOf(input);
          const partition = newPartition(catalog, table, required(input.PartitionInput, "partitionInput"));
          if (catalog.partition(table.DatabaseName, table.Name, partition.Values) !== undefined)
            throw alreadyExists("Partition already exists.");
          await catalog.write((writer) =>
            writer.put(keys.partition(table.DatabaseName, table.Name, partition.Values), partition),
          );
          return {};
        });
      },
    },
    GetPartition: {
      fields: ["CatalogId", "DatabaseName", "TableName", "PartitionValues", "AuditContext"],
      run(input) {
        const table = tableOf(input);
        return { Partition: existing(catalog, table, checkValues(table, input.PartitionValues)) };
      },
    },
    GetPartitions: {
      fields: [
        "CatalogId",
        "DatabaseName",
        "TableName",
        "Expression",
        "NextToken",
        "Segment",
        "MaxResults",
        "ExcludeColumnSchema",
        "AuditContext",
      ],
      async run(input) {
        const table = tableOf(input);
        const matches =
          input.Expression === undefined || input.Expression.trim() === ""
            ? () => true
            : partitionFilter(input.Expression, table.PartitionKeys ?? []);
        const inSegment = segment(input.Segment);
        const { items, token } = await page<StoredPartition>(store, keys.partitions(table.DatabaseName, table.Name), {
          token: input.NextToken,
          limit: pageSize(input.MaxResults, 1000),
          where: ({ Values }) => inSegment(Values) && matches(Values),
        });
        return { Partitions: input.ExcludeColumnSchema === true ? items.map(withoutColumns) : items, NextToken: token };
      },
    },
    UpdatePartition: {
      fields: ["CatalogId", "DatabaseName", "TableName", "PartitionValueList", ...INPUT],
      async run(input) {
        return catalog.change(catalogName(input.DatabaseName, "databaseName"), async () => {
          const table = tableOf(input);
          const change = replacePartition(
            catalog,
            table,
            checkValues(table, input.PartitionValueList),
            required(input.PartitionInput, "partitionInput"),
          );
          await catalog.write((writer) => {
            change.gone.forEach((key) => writer.delete(key));
            writer.put(change.key, change.partition);
          });
          return {};
        });
      },
    },
    DeletePartition: {
      fields: ["CatalogId", "DatabaseName", "TableName", "PartitionValues"],
      async run(input) {
        return catalog.change(catalogName(input.DatabaseName, "databaseName"), async () => {
          const table = tableOf(input);
          const values = checkValues(table, input.PartitionValues);
          existing(catalog, table, values);
          const statistics = await catalog.keysBelow(keys.statistics(table.DatabaseName, table.Name, values));
          await catalog.write((writer) => {
            writer.delete(keys.partition(table.DatabaseName, table.Name, values));
            statistics.forEach((key) => writer.delete(key));
          });
          return {};
        });
      },
    },
  };
}

/** The values of a partition, one for each key. */
export function checkValues(table: StoredTable, values: readonly string[] | undefined): string[] {
  const given = required(values, "partitionValues");
  const wanted = table.PartitionKeys?.length ?? 0;
  if (given.length !== wanted) {
    throw invalidInput(
      `The number of partition keys do not match the number of partition values: ${wanted} keys, ${given.length} values.`,
    );
  }
  return [...given];
}

export function existing(catalog: Catalog, table: StoredTable, values: readonly string[]): StoredPartition {
  const found = catalog.partition(table.DatabaseName, table.Name, values);
  if (found === undefined) throw notFound("Cannot find partition.");
  return found;
}

export function newPartition(catalog: Catalog, table: StoredTable, input: PartitionInput): StoredPartition {
  return {
    ...input,
    Values: checkValues(table, input.Values),
    DatabaseName: table.DatabaseName,
    TableName: table.Name,
    CreationTime: new Date(catalog.lake.clock.now()),
    CatalogId: catalog.lake.accountId,
  };
}

/** What an update writes: the partition keeps its creation time; where its values change, it moves. */
export function replacePartition(
  catalog: Catalog,
  table: StoredTable,
  values: readonly string[],
  input: PartitionInput,
) {
  const { keys } = Catalog;
  const before = existing(catalog, table, values);
  const partition = newPartition(catalog, table, { ...input, Values: input.Values ?? before.Values });
  if (before.CreationTime !== undefined) partition.CreationTime = before.CreationTime;
  const key = keys.partition(table.DatabaseName, table.Name, partition.Values);
  const oldKey = keys.partition(table.DatabaseName, table.Name, values);
  const moved = key.join("\0") !== oldKey.join("\0");
  if (moved && catalog.partition(table.DatabaseName, table.Name, partition.Values) !== undefined)
    throw alreadyExists("Partition already exists.");
  return { key, partition, gone: moved ? [oldKey] : [] };
}

function withoutColumns(partition: StoredPartition): Partition {
  if (partition.StorageDescriptor === undefined) return partition;
  const { Columns: _columns, ...descriptor } = partition.StorageDescriptor;
  return { ...partition, StorageDescriptor: descriptor };
}

/** Segments split the partitions into lists that can be read side by side: here by a hash of the values. */
function segment(
  input: { SegmentNumber: number | undefined; TotalSegments: number | undefined } | undefined,
): (values: readonly string[]) => boolean {
  if (input === undefined) return () => true;
  const number = required(input.SegmentNumber, "segment.segmentNumber");
  const total = required(input.TotalSegments, "segment.totalSegments");
  if (total < 1 || total > 10 || number < 0 || number >= total) {
    throw invalidInput(`Segment ${number} of ${total} is not valid: 1 to 10 segments, numbered from 0.`);
  }
  return (values) => hash(values.join("\0")) % total === number;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
