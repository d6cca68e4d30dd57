// Result columns as Athena reports them, from the engine's types.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html
import type { ColumnInfo } from "@aws-sdk/client-athena";
import type { ColumnType, QueryColumn } from "../../../engines/query.ts";

/** Digits that Athena reports for types whose length says nothing. */
const PRECISION: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  float: 17,
  double: 17,
  varbinary: 1_073_741_824,
  timestamp: 3,
  "timestamp with time zone": 3,
  time: 3,
  "time with time zone": 3,
};

export function columnInfo({ name, type }: QueryColumn): ColumnInfo {
  const sized = type.name === "varchar" || type.name === "char" || type.name === "decimal";
  const athena = type.name === "real" ? "float" : type.name;
  return column(name, athena, {
    precision: sized ? (type.numbers[0] ?? 0) : (PRECISION[athena] ?? 0),
    scale: type.name === "decimal" ? (type.numbers[1] ?? 0) : 0,
    caseSensitive: type.name === "varchar" || type.name === "char",
  });
}

/** A column of a statement that the catalog answers: type `string` unless told. */
export function column(
  name: string,
  type = "string",
  { precision = 0, scale = 0, caseSensitive = false } = {},
): ColumnInfo {
  return {
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: "UNKNOWN",
    CaseSensitive: caseSensitive,
  };
}

/** A type in the engine's own spelling, for view columns: "varchar(1)", "row(a integer)". */
export function spellType({ name, numbers, inner }: ColumnType): string {
  if (inner.length > 0) {
    const parts = inner.map(({ field, type }) => (field === undefined ? "" : `${field} `) + spellType(type));
    return `${name}(${parts.join(", ")})`;
  }
  if (numbers.length === 0 || (name === "varchar" && (numbers[0] ?? 0) >= 2_147_483_647)) return name;
  return `${name}(${numbers.join(",")})`;
}
