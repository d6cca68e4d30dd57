// A table's CREATE statement from what the Glue catalog knows, for where Athena can't be asked.
// https://docs.aws.amazon.com/athena/latest/ug/create-table.html
import { quoteDdlName, quoteString, qualifiedName } from "../sql/quote.ts";
import { type CatalogColumn, type CatalogTable, isView } from "./catalog.ts";

export function createStatement(table: CatalogTable): string {
  if (isView(table)) {
    return `CREATE VIEW ${qualifiedName(table.database, table.name)} AS\n${table.viewSql ?? "-- The catalog does not hold the view's text."}`;
  }
  const own = table.columns.filter(({ partitionKey }) => !partitionKey);
  const keys = table.columns.filter(({ partitionKey }) => partitionKey);
  const { storage } = table;
  const lines = [
    `CREATE EXTERNAL TABLE ${quoteDdlName(table.database)}.${quoteDdlName(table.name)}(`,
    columnLines(own),
  ];
  if (table.description !== undefined && table.description !== "")
    lines.push(`COMMENT ${quoteString(table.description)}`);
  if (keys.length > 0) lines.push("PARTITIONED BY (", columnLines(keys));
  if (storage.serde !== undefined) {
    lines.push(
      `ROW FORMAT SERDE\n  ${quoteString(storage.serde)}`,
      ...properties("WITH SERDEPROPERTIES", storage.serdeParameters),
    );
  }
  if (storage.inputFormat !== undefined) lines.push(`STORED AS INPUTFORMAT\n  ${quoteString(storage.inputFormat)}`);
  if (storage.outputFormat !== undefined) lines.push(`OUTPUTFORMAT\n  ${quoteString(storage.outputFormat)}`);
  if (table.location !== undefined) lines.push(`LOCATION\n  ${quoteString(table.location)}`);
  lines.push(...properties("TBLPROPERTIES", table.parameters));
  return lines.join("\n");
}

function columnLines(columns: readonly CatalogColumn[]): string {
  const lines = columns.map(({ name, type, comment }) => {
    const remark = comment === undefined || comment === "" ? "" : ` COMMENT ${quoteString(comment)}`;
    return `  ${quoteDdlName(name)} ${type}${remark}`;
  });
  return `${lines.join(",\n")})`;
}

function properties(word: string, values: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  return [`${word} (\n${entries.map(([name, value]) => `  ${quoteString(name)}=${quoteString(value)}`).join(",\n")})`];
}
