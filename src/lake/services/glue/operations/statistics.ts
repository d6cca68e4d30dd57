// Column statistics of tables and partitions, as a query engine stores and reads them. AWS page: Glue Web API Reference, "Column Statistics".
import type { ColumnError, ColumnStatistics, ColumnStatisticsError } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { Catalog, type StoredTable } from "../catalog/catalog.ts";
import { catalogName, checkCatalog, invalidInput, required } from "../faults.ts";
import { checkValues, existing } from "./partitions.ts";

interface OfTable {
  CatalogId?: string | undefined;
  DatabaseName: string | undefined;
  TableName: string | undefined;
}

const TABLE = ["CatalogId", "DatabaseName", "TableName"];

export function statisticsOperations(catalog: Catalog): Operations<"glue"> {
  /** The table, and the partition's values (none: the table's own statistics). */
  const subject = (input: OfTable, values?: { of: string[] | undefined }): [StoredTable, string[]] => {
    checkCatalog(input.CatalogId, catalog.lake.accountId);
    const table = catalog.table(
      catalogName(input.DatabaseName, "databaseName"),
      catalogName(input.TableName, "tableName"),
    );
    return [table, values === undefined ? [] : existing(catalog, table, checkValues(table, values.of)).Values];
  };

  const read = (table: StoredTable, values: string[], names: string[] | undefined) => {
    const ColumnStatisticsList: ColumnStatistics[] = [];
    const Errors: ColumnError[] = [];
    for (const name of upTo100(names, "columnNames")) {
      const found = catalog.statistics(table.DatabaseName, table.Name, values, name.toLowerCase());
      if (found !== undefined) ColumnStatisticsList.push(found);
      else if (!hasColumn(table, name)) Errors.push({ ColumnName: name, Error: missing(name, table) });
    }
    return { ColumnStatisticsList, Errors };
  };

  const write = async (table: StoredTable, values: string[], list: ColumnStatistics[] | undefined) => {
    const Errors: ColumnStatisticsError[] = [];
    await catalog.write((writer) => {
      for (const statistics of upTo100(list, "columnStatisticsList")) {
        const name = required(statistics.ColumnName, "columnStatisticsList.columnName").toLowerCase();
        if (hasColumn(table, name))
          writer.put([...Catalog.keys.statistics(table.DatabaseName, table.Name, values), name], statistics);
        else Errors.push({ ColumnStatistics: statistics, Error: missing(name, table) });
      }
    });
    return { Errors };
  };

  const remove = async (table: StoredTable, values: string[], column: string | undefined) => {
    const name = required(column, "columnName").toLowerCase();
    // Statistics that are not there are deleted already: Trino deletes them behind each CREATE TABLE and takes "not found" for the table's.
    await catalog.write((writer) =>
      writer.delete([...Catalog.keys.statistics(table.DatabaseName, table.Name, values), name]),
    );
    return {};
  };

  const alone = <T>(input: OfTable, act: () => Promise<T>): Promise<T> =>
    catalog.change(catalogName(input.DatabaseName, "databaseName"), act);

  return {
    GetColumnStatisticsForTable: {
      fields: [...TABLE, "ColumnNames"],
      run: (input) => read(...subject(input), input.ColumnNames),
    },
    GetColumnStatisticsForPartition: {
      fields: [...TABLE, "PartitionValues", "ColumnNames"],
      run: (input) => read(...subject(input, { of: input.PartitionValues }), input.ColumnNames),
    },
    UpdateColumnStatisticsForTable: {
      fields: [...TABLE, "ColumnStatisticsList"],
      run: (input) => alone(input, () => write(...subject(input), input.ColumnStatisticsList)),
    },
    UpdateColumnStatisticsForPartition: {
      fields: [...TABLE, "PartitionValues", "ColumnStatisticsList"],
      run: (input) =>
        alone(input, () => write(...subject(input, { of: input.PartitionValues }), input.ColumnStatisticsList)),
    },
    DeleteColumnStatisticsForTable: {
      fields: [...TABLE, "ColumnName"],
      run: (input) => alone(input, () => remove(...subject(input), input.ColumnName)),
    },
    DeleteColumnStatisticsForPartition: {
      fields: [...TABLE, "PartitionValues", "ColumnName"],
      run: (input) => alone(input, () => remove(...subject(input, { of: input.PartitionValues }), input.ColumnName)),
    },
  };
}

function hasColumn(table: StoredTable, name: string): boolean {
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  return columns.some((column) => column.Name?.toLowerCase() === name.toLowerCase());
}

function missing(name: string, table: StoredTable) {
  return { ErrorCode: "EntityNotFoundException", ErrorMessage: `Column ${name} of table ${table.Name} not found.` };
}

function upTo100<T>(list: T[] | undefined, path: string): T[] {
  const given = required(list, path);
  if (given.length > 100)
    throw invalidInput(`At most 100 members are allowed at '${path}'; ${given.length} were given.`);
  return given;
}
