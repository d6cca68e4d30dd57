// DESCRIBE, with EXTENDED and FORMATTED, in Hive's layout: fields of 20 characters with tabs between, partition keys shown twice.
import type { Column, Table } from "@aws-sdk/client-glue";
import { column } from "../results/columns.ts";
import { isView } from "./glue.ts";
import { type CatalogAnswer, padded, viewColumns } from "./show.ts";

const EMPTY = "\t \t ";
const HEAD = `${padded("# col_name")}\t${padded("data_type")}\t${padded("comment")}`;

export function describeTable(table: Table, detail: "EXTENDED" | "FORMATTED" | undefined): CatalogAnswer {
  if (isView(table)) return viewColumns(table);
  const columns = [column("col_name"), column("data_type"), column("comment")];
  const keys = table.PartitionKeys ?? [];
  const own = (table.StorageDescriptor?.Columns ?? []).map(fields);
  const lines = detail === "FORMATTED" ? [HEAD, EMPTY, ...own] : [...own, ...keys.map(fields)];
  if (keys.length > 0) lines.push(EMPTY, `# Partition Information${EMPTY}`, HEAD, EMPTY, ...keys.map(fields));
  if (detail === "EXTENDED") lines.push(EMPTY, `Detailed Table Information\t${thrift(table)}\t`);
  if (detail === "FORMATTED") lines.push(EMPTY, ...formatted(table));
  return { columns, lines };
}

function fields({ Name = "", Type = "", Comment = "" }: Column): string {
  return [Name, Type, Comment]
    .map(padded)
    .join("\t")
    .replace(/^([^\t]*\t[^\t]*\t[^\t]*)\t.*$/s, "$1");
}

function formatted(table: Table): string[] {
  const storage = table.StorageDescriptor ?? {};
  const pairs = (entries: Record<string, string> | undefined): string[] =>
    Object.entries(entries ?? {}).map(([name, value]) => `\t${padded(name)}\t${padded(value)}`);
  const line = (name: string, value: string): string => `${padded(name)}\t${padded(value)}\t `;
  return [
    `# Detailed Table Information${EMPTY}`,
    line("Database:", table.DatabaseName ?? ""),
    line("Owner:", table.Owner ?? ""),
    line("CreateTime:", table.CreateTime === undefined ? "UNKNOWN" : hiveTime(table.CreateTime)),
    line("LastAccessTime:", "UNKNOWN"),
    line("Retention:", String(table.Retention ?? 0)),
    line("Location:", storage.Location ?? ""),
    line("Table Type:", table.TableType ?? ""),
    `Table Parameters:${EMPTY}`,
    ...pairs(table.Parameters),
    EMPTY,
    `# Storage Information${EMPTY}`,
    line("SerDe Library:", storage.SerdeInfo?.SerializationLibrary ?? ""),
    line("InputFormat:", storage.InputFormat ?? ""),
    line("OutputFormat:", storage.OutputFormat ?? ""),
    line("Compressed:", storage.Compressed === true ? "Yes" : "No"),
    line("Num Buckets:", String(storage.NumberOfBuckets ?? -1)),
    line("Bucket Columns:", `[${(storage.BucketColumns ?? []).join(", ")}]`),
    line("Sort Columns:", `[${(storage.SortColumns ?? []).map((sort) => sort.Column).join(", ")}]`),
    `Storage Desc Params:${EMPTY}`,
    ...pairs(storage.SerdeInfo?.Parameters),
  ];
}

/** "Tue Nov 24 06:36:35 UTC 2026" */
function hiveTime(time: Date): string {
  const [, weekday = "", day = "", month = "", year = "", clock = ""] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(time.toUTCString()) ?? [];
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`;
}

/** The table as Hive's thrift text prints it, with what the catalog holds. */
function thrift(table: Table): string {
  const storage = table.StorageDescriptor ?? {};
  const schemas = (list: readonly Column[] | undefined): string =>
    `[${(list ?? []).map(({ Name, Type, Comment }) => `FieldSchema(name:${Name}, type:${Type}, comment:${Comment ?? "null"})`).join(", ")}]`;
  const map = (entries: Record<string, string> | undefined): string =>
    `{${Object.entries(entries ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join(", ")}}`;
  const seconds = Math.floor((table.CreateTime?.getTime() ?? 0) / 1000);
  const serde = `SerDeInfo(name:${storage.SerdeInfo?.Name ?? "null"}, serializationLib:${storage.SerdeInfo?.SerializationLibrary ?? "null"}, parameters:${map(storage.SerdeInfo?.Parameters)})`;
  return (
    `Table(tableName:${table.Name}, dbName:${table.DatabaseName}, owner:${table.Owner ?? "null"}, createTime:${seconds}, lastAccessTime:0, ` +
    `retention:${table.Retention ?? 0}, sd:StorageDescriptor(cols:${schemas(storage.Columns)}, location:${storage.Location}, ` +
    `inputFormat:${storage.InputFormat}, outputFormat:${storage.OutputFormat}, compressed:${storage.Compressed ?? false}, ` +
    `numBuckets:${storage.NumberOfBuckets ?? -1}, serdeInfo:${serde}), partitionKeys:${schemas(table.PartitionKeys)}, ` +
    `parameters:${map(table.Parameters)}, viewOriginalText:${table.ViewOriginalText ?? "null"}, viewExpandedText:${table.ViewExpandedText ?? "null"}, ` +
    `tableType:${table.TableType})`
  );
}
