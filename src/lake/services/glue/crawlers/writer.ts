// What a crawl found, written to the catalog as the crawler's policies say: tables, columns, partitions, and what is gone.
import type { PartitionInput, StorageDescriptor, Table } from "@aws-sdk/client-glue";
import { createHash } from "node:crypto";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import { type Column, mergeColumns, sameColumns } from "./columns.ts";

import { type FoundPartition, type FoundTable, tableName } from "./layout.ts";
import type { CrawlParts } from "./parts.ts";
import type { CrawlerSettings } from "./settings.ts";

export interface CrawlCounts {
  tablesCreated: number;
  tablesUpdated: number;
  tablesDeleted: number;
  partitionsAdded: number;
  partitionsUpdated: number;
  partitionsDeleted: number;
  filesRead: number;
}

export interface CrawledPartition {
  readonly found: FoundPartition;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly bytes: number;
}

export class CatalogWriter {
  readonly counts: CrawlCounts = {
    tablesCreated: 0,
    tablesUpdated: 0,
    tablesDeleted: 0,
    partitionsAdded: 0,
    partitionsUpdated: 0,
    partitionsDeleted: 0,
    filesRead: 0,
  };

  constructor(
    private readonly parts: Pick<CrawlParts, "lake" | "crawler" | "log" | "signal">,
    private readonly settings: CrawlerSettings,
  ) {}

  /** Makes or updates the table of an S3 target; returns its name. */
  async writeTable(bucket: string, table: FoundTable, crawled: readonly CrawledPartition[]): Promise<string> {
    const { lake, crawler } = this.parts;
    const database = crawler.DatabaseName ?? "";
    const location = `s3://${bucket}/${table.prefix}`;
    const keys = table.partitionKeys.map((key) => key.toLowerCase());
    const columns = columnsOf(crawled).filter(({ name }) => !keys.includes(name));
    const name = await this.freeName(
      database,
      `${crawler.TablePrefix ?? ""}${tableName(bucket, table.prefix)}`,
      location,
    );
    const known = await findTable(lake, database, name);
    if (known !== undefined) {
      await this.updateTable(database, known, bucket, table, crawled);
      return name;
    }
    await lake.call("glue", "CreateTable", {
      DatabaseName: database,
      TableInput: {
        Name: name,
        Owner: "owner",
        TableType: "EXTERNAL_TABLE",
        PartitionKeys: keys.map((key) => ({ Name: key, Type: "string" })),
        StorageDescriptor: parquetDescriptor(location, columns),
        Parameters: { ...this.statistics(crawled), EXTERNAL: "TRUE" },
      },
    });
    this.counts.tablesCreated++;
    this.parts.log(
      `table ${database}.${name} made: ${columns.length} columns${keys.length > 0 ? `, partitioned by ${keys.join(", ")}` : ""}`,
    );
    const made = await findTable(lake, database, name);
    if (made !== undefined && keys.length > 0) await this.writePartitions(database, made, bucket, crawled);
    return name;
  }

  async updateTable(
    database: string,
    table: Table,
    bucket: string,
    layout: FoundTable,
    crawled: readonly CrawledPartition[],
  ): Promise<void> {
    const keys = (table.PartitionKeys ?? []).map((key) => key.Name?.toLowerCase() ?? "");
    const known = toColumns(table.StorageDescriptor);
    const seen = columnsOf(crawled).filter(({ name }) => !keys.includes(name));
    const wanted = this.settings.mergeNewColumns
      ? [...known, ...seen.filter(({ name }) => !known.some((column) => column.name === name))]
      : seen;
    let current = table;
    if (crawled.length > 0 && !sameColumns(known, wanted)) {
      const change = describeChange(known, wanted);
      if (this.settings.update === "LOG")
        this.parts.log(
          `table ${database}.${table.Name ?? ""} differs (${change}); the policy is LOG, it stays as it is`,
        );
      else {
        current = await this.replaceColumns(database, table, wanted, crawled);
        this.parts.log(`table ${database}.${table.Name ?? ""} updated: ${change}`);
      }
    }
    if (keys.length > 0) await this.writePartitions(database, current, bucket, crawled);
    if (keys.length > 0 && layout.partitionKeys.length > 0)
      await this.removeGonePartitions(database, current, bucket, layout);
  }

  private async replaceColumns(
    database: string,
    table: Table,
    columns: readonly Column[],
    crawled: readonly CrawledPartition[],
  ): Promise<Table> {
    const descriptor = { ...table.StorageDescriptor, Columns: columns.map(toSdkColumn) };
    const input = {
      Name: table.Name,
      Description: table.Description,
      Owner: table.Owner,
      Retention: table.Retention,
      PartitionKeys: table.PartitionKeys,
      TableType: table.TableType,
      Parameters: { ...table.Parameters, ...this.statistics(crawled) },
      StorageDescriptor: descriptor,
    };
    await this.parts.lake.call("glue", "UpdateTable", { DatabaseName: database, TableInput: input });
    this.counts.tablesUpdated++;
    return { ...table, StorageDescriptor: descriptor };
  }

  private async writePartitions(
    database: string,
    table: Table,
    bucket: string,
    crawled: readonly CrawledPartition[],
  ): Promise<void> {
    const { lake } = this.parts;
    const known = await partitionsOf(lake, database, table.Name ?? "");
    const inputOf = ({ found, columns }: CrawledPartition): PartitionInput => ({
      Values: [...found.values],
      StorageDescriptor: {
        ...table.StorageDescriptor,
        Location: `s3://${bucket}/${found.prefix}`,
        Columns: this.settings.inherit ? table.StorageDescriptor?.Columns : columns.map(toSdkColumn),
      },
      Parameters: this.settings.inherit
        ? table.Parameters?.["classification"] === undefined
          ? {}
          : { classification: table.Parameters["classification"] }
        : { classification: "parquet" },
    });
    const fresh = crawled.filter(({ found }) => !known.has(found.values.join("\0")));
    for (let at = 0; at < fresh.length; at += 100) {
      checkStopped(this.parts.signal);
      await lake.call("glue", "BatchCreatePartition", {
        DatabaseName: database,
        TableName: table.Name ?? "",
        PartitionInputList: fresh.slice(at, at + 100).map(inputOf),
      });
    }
    this.counts.partitionsAdded += fresh.length;
    if (fresh.length > 0) this.parts.log(`table ${database}.${table.Name ?? ""}: ${fresh.length} partitions added`);
    if (this.settings.update === "LOG" || this.settings.newFoldersOnly) return;
    for (const partition of crawled) {
      const before = known.get(partition.found.values.join("\0"));
      const after = inputOf(partition);
      if (
        before === undefined ||
        (before.StorageDescriptor?.Location === after.StorageDescriptor?.Location &&
          sameColumns(toColumns(before.StorageDescriptor), toColumns(after.StorageDescriptor)))
      )
        continue;
      await lake.call("glue", "UpdatePartition", {
        DatabaseName: database,
        TableName: table.Name ?? "",
        PartitionValueList: [...partition.found.values],
        PartitionInput: after,
      });
      this.counts.partitionsUpdated++;
    }
  }

  /** Partitions of the catalog whose folder holds nothing any more. */
  private async removeGonePartitions(
    database: string,
    table: Table,
    bucket: string,
    layout: FoundTable,
  ): Promise<void> {
    if (this.settings.newFoldersOnly) return;
    const there = new Set(layout.partitions.map(({ values }) => values.join("\0")));
    const below = `s3://${bucket}/${layout.prefix}`;
    const gone = [...(await partitionsOf(this.parts.lake, database, table.Name ?? "")).values()].filter(
      ({ Values, StorageDescriptor: at }) =>
        !there.has((Values ?? []).join("\0")) && (at?.Location ?? "").startsWith(below),
    );
    if (gone.length === 0) return;
    const name = `${database}.${table.Name ?? ""}`;
    if (this.settings.remove !== "DELETE_FROM_DATABASE") {
      this.parts.log(
        `table ${name}: ${gone.length} partitions have no files any more; the policy is ${this.settings.remove}, they stay`,
      );
      return;
    }
    for (let at = 0; at < gone.length; at += 25) {
      await this.parts.lake.call("glue", "BatchDeletePartition", {
        DatabaseName: database,
        TableName: table.Name ?? "",
        PartitionsToDelete: gone.slice(at, at + 25).map(({ Values }) => ({ Values })),
      });
    }
    this.counts.partitionsDeleted += gone.length;
    this.parts.log(`table ${name}: ${gone.length} partitions without files deleted`);
  }

  /** Tables that this crawler made below `path` and that are not there any more. */
  async removeGone(path: string, found: ReadonlySet<string>): Promise<void> {
    const { lake, crawler, log } = this.parts;
    const database = crawler.DatabaseName ?? "";
    let token: string | undefined;
    const gone: Table[] = [];
    do {
      const page = await lake.call("glue", "GetTables", {
        DatabaseName: database,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      for (const table of page.TableList ?? []) {
        const ours = table.Parameters?.["UPDATED_BY_CRAWLER"] === crawler.Name;
        const below = `${table.StorageDescriptor?.Location ?? ""}`.startsWith(path.endsWith("/") ? path : `${path}/`);
        if (ours && below && !found.has(table.Name ?? "")) gone.push(table);
      }
      token = page.NextToken;
    } while (token !== undefined);
    for (const table of gone) {
      const name = `${database}.${table.Name ?? ""}`;
      if (this.settings.remove === "DELETE_FROM_DATABASE") {
        await lake.call("glue", "DeleteTable", { DatabaseName: database, Name: table.Name ?? "" });
        this.counts.tablesDeleted++;
        log(`table ${name} deleted: its files are gone`);
      } else if (this.settings.remove === "DEPRECATE_IN_DATABASE") {
        const { Name, StorageDescriptor: descriptor, PartitionKeys, TableType, Parameters } = table;
        const marked = { ...Parameters, DEPRECATED_BY_CRAWLER: String(lake.clock.now()) };
        await lake.call("glue", "UpdateTable", {
          DatabaseName: database,
          TableInput: { Name, StorageDescriptor: descriptor, PartitionKeys, TableType, Parameters: marked },
        });
        this.counts.tablesUpdated++;
        log(`table ${name} deprecated: its files are gone`);
      } else log(`table ${name}: its files are gone; the policy is LOG, it stays`);
    }
  }

  /** The name, or where a table of that name lies elsewhere, the name with a hash of this one's location, as AWS does. */
  private async freeName(database: string, name: string, location: string): Promise<string> {
    const known = await findTable(this.parts.lake, database, name);
    const there = known?.StorageDescriptor?.Location;
    const taken = known !== undefined && there?.replace(/\/$/, "") !== location.replace(/\/$/, "");
    return taken ? `${name}_${createHash("md5").update(location).digest("hex")}` : name;
  }

  private statistics(crawled: readonly CrawledPartition[]): Record<string, string> {
    const objects = crawled.reduce((sum, { found }) => sum + found.objects.length, 0);
    const rows = crawled.reduce((sum, partition) => sum + partition.rows, 0);
    const bytes = crawled.reduce((sum, partition) => sum + partition.bytes, 0);
    return {
      UPDATED_BY_CRAWLER: this.parts.crawler.Name ?? "",
      classification: "parquet",
      compressionType: "none",
      typeOfData: "file",
      objectCount: String(objects),
      recordCount: String(rows),
      sizeKey: String(bytes),
      averageRecordSize: String(rows === 0 ? 0 : Math.round(bytes / rows)),
    };
  }
}

export function checkStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new ServiceError("CrawlerStopped", "The crawl was stopped.");
}

function columnsOf(crawled: readonly CrawledPartition[]): Column[] {
  return crawled.reduce<Column[]>((columns, partition) => mergeColumns(columns, partition.columns), []);
}

function describeChange(before: readonly Column[], after: readonly Column[]): string {
  const types = new Map(before.map(({ name, type }) => [name, type]));
  const changes = after.flatMap(({ name, type }) => {
    const was = types.get(name);
    return was === type ? [] : [was === undefined ? `${name} ${type} is new` : `${name} ${was} is ${type}`];
  });
  const gone = before
    .filter(({ name }) => !after.some((column) => column.name === name))
    .map(({ name }) => `${name} is gone`);
  return [...changes, ...gone].join(", ");
}

async function findTable(lake: Lake, database: string, name: string): Promise<Table | undefined> {
  try {
    return (await lake.call("glue", "GetTable", { DatabaseName: database, Name: name })).Table;
  } catch (error) {
    if (error instanceof ServiceError && error.code === "EntityNotFoundException" && error.message.startsWith("Table "))
      return undefined;
    throw error;
  }
}

async function partitionsOf(
  lake: Lake,
  database: string,
  table: string,
): Promise<Map<string, { Values?: string[] | undefined; StorageDescriptor?: StorageDescriptor | undefined }>> {
  const known = new Map<string, { Values?: string[] | undefined; StorageDescriptor?: StorageDescriptor | undefined }>();
  let token: string | undefined;
  do {
    const page = await lake.call("glue", "GetPartitions", {
      DatabaseName: database,
      TableName: table,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    for (const partition of page.Partitions ?? []) known.set((partition.Values ?? []).join("\0"), partition);
    token = page.NextToken;
  } while (token !== undefined);
  return known;
}

function toColumns(descriptor: StorageDescriptor | undefined): Column[] {
  return (descriptor?.Columns ?? []).map(({ Name, Type }) => ({ name: Name ?? "", type: Type ?? "" }));
}

function toSdkColumn({ name, type }: Column): { Name: string; Type: string } {
  return { Name: name, Type: type };
}

function parquetDescriptor(location: string, columns: readonly Column[]): StorageDescriptor {
  return {
    Columns: columns.map(toSdkColumn),
    Location: location,
    InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    Compressed: false,
    NumberOfBuckets: -1,
    SerdeInfo: {
      SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      Parameters: { "serialization.format": "1" },
    },
    BucketColumns: [],
    SortColumns: [],
    Parameters: { classification: "parquet" },
    StoredAsSubDirectories: false,
  };
}
