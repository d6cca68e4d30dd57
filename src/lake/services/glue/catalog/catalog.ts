// The catalog's records: databases, tables with their versions, partitions, statistics. Keys, reads and writes; no wire shapes.
import type {
  ColumnStatistics,
  Database,
  Partition,
  PartitionIndex,
  Table,
  UserDefinedFunction,
} from "@aws-sdk/client-glue";
import type { Key } from "../../../state/store.ts";
import { notFound } from "../faults.ts";
import { Records } from "../records.ts";

export type StoredDatabase = Database & { Name: string };
export type StoredTable = Table & { Name: string; DatabaseName: string; VersionId: string; Indexes?: PartitionIndex[] };
export type StoredPartition = Partition & { Values: string[] };

export class Catalog extends Records {
  static readonly keys = {
    databases: (): Key => ["glue", "database"],
    database: (database: string): Key => ["glue", "database", database],
    tables: (database: string): Key => ["glue", "table", database],
    table: (database: string, table: string): Key => ["glue", "table", database, table],
    versions: (database: string, table: string): Key => ["glue", "tableVersion", database, table],
    version: (database: string, table: string, version: string): Key => [
      "glue",
      "tableVersion",
      database,
      table,
      version.padStart(10, "0"),
    ],
    partitions: (database: string, table: string): Key => ["glue", "partition", database, table],
    partition: (database: string, table: string, values: readonly string[]): Key => [
      "glue",
      "partition",
      database,
      table,
      ...values,
    ],
    /** Statistics of a table (no values) or of one of its partitions, one record a column. */
    statistics: (database: string, table: string, values: readonly string[]): Key => [
      "glue",
      "statistics",
      database,
      table,
      String(values.length),
      ...values,
    ],
    functions: (database: string): Key => ["glue", "function", database],
    function: (database: string, name: string): Key => ["glue", "function", database, name],
  };

  /** Alone among the changes of one database. */
  change<T>(database: string, action: () => Promise<T>): Promise<T> {
    return this.alone(`database/${database}`, action);
  }

  database(name: string): StoredDatabase {
    const found = this.get<StoredDatabase>(Catalog.keys.database(name));
    if (found === undefined) throw notFound(`Database ${name} not found.`);
    return found;
  }

  table(database: string, name: string): StoredTable {
    const found = this.get<StoredTable>(Catalog.keys.table(database, name));
    if (found !== undefined) return found;
    this.database(database);
    throw notFound(`Table ${name} not found.`);
  }

  partition(database: string, table: string, values: readonly string[]): StoredPartition | undefined {
    return this.get<StoredPartition>(Catalog.keys.partition(database, table, values));
  }

  statistics(database: string, table: string, values: readonly string[], column: string): ColumnStatistics | undefined {
    return this.get<ColumnStatistics>([...Catalog.keys.statistics(database, table, values), column]);
  }

  userFunction(database: string, name: string): UserDefinedFunction | undefined {
    return this.get<UserDefinedFunction>(Catalog.keys.function(database, name));
  }

  /** Everything that a table owns, itself included. */
  async keysOfTable(database: string, table: string): Promise<Key[]> {
    return [
      Catalog.keys.table(database, table),
      ...(await this.keysBelow(Catalog.keys.versions(database, table))),
      ...(await this.keysBelow(Catalog.keys.partitions(database, table))),
      ...(await this.keysBelow(["glue", "statistics", database, table])),
    ];
  }
}
