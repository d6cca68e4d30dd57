// SHOW CREATE TABLE: the statement that would make the table, in Hive's layout (blanks at the ends of lines included).
import type { Column, Table } from "@aws-sdk/client-glue";
import { column } from "../results/columns.ts";
import { HiveFailure, isView } from "./glue.ts";
import type { CatalogAnswer } from "./show.ts";

export function showCreateTable(table: Table): CatalogAnswer {
  if (isView(table)) {
    throw new HiveFailure(
      `FAILED: SemanticException [Error 10001]: Table not found ${table.DatabaseName}.${table.Name}`,
      1301,
    );
  }
  return { columns: [column("createtab_stmt")], lines: createStatement(table).split("\n") };
}

function createStatement(table: Table): string {
  const storage = table.StorageDescriptor ?? {};
  const external = table.TableType === "EXTERNAL_TABLE" ? "EXTERNAL " : "";
  const lines = [`CREATE ${external}TABLE \`${table.DatabaseName}.${table.Name}\`(`, columnList(storage.Columns ?? [])];
  if (table.Description !== undefined && table.Description !== "")
    lines.push("COMMENT ", `  ${quoted(table.Description)}`);
  const keys = table.PartitionKeys ?? [];
  if (keys.length > 0) lines.push("PARTITIONED BY ( ", columnList(keys));
  const buckets = storage.NumberOfBuckets ?? 0;
  if (buckets > 0) {
    lines.push("CLUSTERED BY ( ");
    lines.push(`${(storage.BucketColumns ?? []).map((name) => `  ${name}`).join(", \n")}) `, `INTO ${buckets} BUCKETS`);
  }
  const serde = storage.SerdeInfo;
  if (serde?.SerializationLibrary !== undefined) {
    lines.push("ROW FORMAT SERDE ", `  ${quoted(serde.SerializationLibrary)} `);
    const parameters = Object.entries(serde.Parameters ?? {});
    if (parameters.length > 0) lines.push("WITH SERDEPROPERTIES ( ", `${pairs(parameters)} `);
  }
  if (storage.InputFormat !== undefined) {
    lines.push("STORED AS INPUTFORMAT ", `  ${quoted(storage.InputFormat)} `);
    lines.push("OUTPUTFORMAT ", `  ${quoted(storage.OutputFormat ?? "")}`);
  }
  if (storage.Location !== undefined) lines.push("LOCATION", `  ${quoted(storage.Location)}`);
  const properties = Object.entries(table.Parameters ?? {}).filter(([name]) => name !== "EXTERNAL");
  if (properties.length > 0) lines.push("TBLPROPERTIES (", pairs(properties));
  return lines.join("\n");
}

function columnList(columns: readonly Column[]): string {
  const lines = columns.map(({ Name, Type, Comment }) => {
    const comment = Comment === undefined || Comment === "" ? "" : ` COMMENT ${quoted(Comment)}`;
    return `  \`${Name}\` ${Type}${comment}`;
  });
  return `${lines.join(", \n")})`;
}

function pairs(entries: readonly [string, string][]): string {
  return `${entries.map(([name, value]) => `  ${quoted(name)}=${quoted(value)}`).join(", \n")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
