// Values as Athena prints them, in GetQueryResults and in the CSV alike.
import type { ColumnType, QueryValue } from "../../../engines/query.ts";

/** A value as text; undefined for NULL. Numbers come in the engine's own spelling and stay so. */
export function formatValue(value: QueryValue, type: ColumnType): string | undefined {
  if (value === null) return undefined;
  switch (type.name) {
    case "varbinary":
      return hexadecimal(value as string);
    case "array":
      return `[${items(value)
        .map((item) => nested(item, inner(type, 0)))
        .join(", ")}]`;
    case "map":
      return formatMap(value as Readonly<Record<string, QueryValue>>, type);
    case "row":
      return `{${items(value)
        .map((item, at) => formatField(item, type, at))
        .join(", ")}}`;
    default:
      return String(value);
  }
}

function nested(value: QueryValue, type: ColumnType): string {
  return formatValue(value, type) ?? "null";
}

function items(value: QueryValue): readonly QueryValue[] {
  return value as readonly QueryValue[];
}

function inner(type: ColumnType, at: number): ColumnType {
  return type.inner[at]?.type ?? { name: "unknown", numbers: [], inner: [] };
}

function formatField(value: QueryValue, type: ColumnType, at: number): string {
  const field = type.inner[at]?.field;
  return (field === undefined ? "" : `${field}=`) + nested(value, inner(type, at));
}

const NUMERIC = new Set(["tinyint", "smallint", "integer", "bigint", "real", "double", "decimal"]);

/** Entries in ascending order of their keys, as numbers where the key type is one. */
function formatMap(value: Readonly<Record<string, QueryValue>>, type: ColumnType): string {
  const numeric = NUMERIC.has(inner(type, 0).name);
  const entries = Object.entries(value).sort(([a], [b]) =>
    numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0,
  );
  return `{${entries.map(([key, item]) => `${nested(key, inner(type, 0))}=${nested(item, inner(type, 1))}`).join(", ")}}`;
}

/** "61 20 62" */
function hexadecimal(base64: string): string {
  return (Buffer.from(base64, "base64").toString("hex").match(/../g) ?? []).join(" ");
}
