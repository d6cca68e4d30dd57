// Columns of a Parquet file in Hive's type names, and how the columns of several files become one list.
import { type FileMetaData, parquetSchema } from "hyparquet";

export interface Column {
  readonly name: string;
  /** Hive's type, e.g. "decimal(12,2)", "array<string>". */
  readonly type: string;
}

type Tree = ReturnType<typeof parquetSchema>;

/** Top-level columns of a footer, names in lower case as the catalog keeps them. */
export function parquetColumns(metadata: FileMetaData): Column[] {
  return parquetSchema(metadata).children.map((child) => ({
    name: child.element.name.toLowerCase(),
    type: hiveType(child),
  }));
}

function hiveType(node: Tree): string {
  const { element, children } = node;
  if (children.length === 0) {
    const type = primitiveType(element);
    // A repeated field outside a LIST group is a list of its own (Parquet's rules for backward compatibility).
    return element.repetition_type === "REPEATED" ? `array<${type}>` : type;
  }
  const kind = element.converted_type ?? element.logical_type?.type;
  const [inner] = children;
  if (kind === "LIST" && inner !== undefined) return `array<${hiveType(listElement(inner))}>`;
  if ((kind === "MAP" || kind === "MAP_KEY_VALUE") && inner !== undefined) {
    const [key, value] = inner.children;
    if (key !== undefined && value !== undefined) return `map<${hiveType(key)},${hiveType(value)}>`;
  }
  return `struct<${children.map((child) => `${child.element.name.toLowerCase()}:${hiveType(child)}`).join(",")}>`;
}

/** The element of a LIST group: below the repeated group, or the repeated group itself where it has several fields. */
function listElement(repeated: Tree): Tree {
  const [only] = repeated.children;
  if (only !== undefined && repeated.children.length === 1) return only;
  return { ...repeated, element: { ...repeated.element, repetition_type: "REQUIRED" } };
}

function primitiveType(element: Tree["element"]): string {
  const { type, converted_type: converted, logical_type: logical, precision, scale } = element;
  if (converted === "DECIMAL" || logical?.type === "DECIMAL") {
    const [digits, decimals] = logical?.type === "DECIMAL" ? [logical.precision, logical.scale] : [precision, scale];
    return `decimal(${digits ?? 10},${decimals ?? 0})`;
  }
  switch (type) {
    case "BOOLEAN":
      return "boolean";
    case "INT32":
      if (converted === "DATE" || logical?.type === "DATE") return "date";
      return integerType(converted, logical) ?? "int";
    case "INT64":
      return converted?.startsWith("TIMESTAMP") === true || logical?.type === "TIMESTAMP" ? "timestamp" : "bigint";
    case "INT96":
      return "timestamp";
    case "FLOAT":
      return "float";
    case "DOUBLE":
      return "double";
    default:
      return isText(converted, logical) ? "string" : "binary";
  }
}

function integerType(converted: string | undefined, logical: Tree["element"]["logical_type"]): string | undefined {
  const width = logical?.type === "INTEGER" ? logical.bitWidth : Number(/^U?INT_(\d+)$/.exec(converted ?? "")?.[1]);
  const unsigned = logical?.type === "INTEGER" ? !logical.isSigned : converted?.startsWith("UINT") === true;
  // An unsigned type needs the next wider one.
  const bits = unsigned ? width * 2 : width;
  return bits === 8 ? "tinyint" : bits === 16 ? "smallint" : bits === 64 ? "bigint" : undefined;
}

function isText(converted: string | undefined, logical: Tree["element"]["logical_type"]): boolean {
  return ["UTF8", "ENUM", "JSON"].includes(converted ?? "") || ["STRING", "ENUM", "JSON"].includes(logical?.type ?? "");
}

/** Types from narrow to wide; the wider of two holds both. */
const WIDENING = ["tinyint", "smallint", "int", "bigint"];

/** The narrowest type that holds both; `string` where nothing else does. */
export function commonType(a: string, b: string): string {
  if (a === b) return a;
  const [x, y] = [WIDENING.indexOf(a), WIDENING.indexOf(b)];
  if (x >= 0 && y >= 0) return WIDENING[Math.max(x, y)] ?? "bigint";
  const [p, q] = [decimalParts(a), decimalParts(b)];
  if (p !== undefined && q !== undefined) {
    const scale = Math.max(p.scale, q.scale);
    return `decimal(${Math.min(38, Math.max(p.precision - p.scale, q.precision - q.scale) + scale)},${scale})`;
  }
  const floating = new Set(["float", "double"]);
  if (floating.has(a) || floating.has(b)) {
    const other = floating.has(a) ? b : a;
    if (floating.has(other) || WIDENING.includes(other) || decimalParts(other) !== undefined) return "double";
  }
  return "string";
}

function decimalParts(type: string): { precision: number; scale: number } | undefined {
  const match = /^decimal\((\d+),(\d+)\)$/.exec(type);
  return match === null ? undefined : { precision: Number(match[1]), scale: Number(match[2]) };
}

/** Columns of `known`, types widened where `seen` needs it, and those that only `seen` has behind them. */
export function mergeColumns(known: readonly Column[], seen: readonly Column[]): Column[] {
  const merged = new Map(known.map((column) => [column.name, column]));
  for (const column of seen) {
    const before = merged.get(column.name);
    merged.set(
      column.name,
      before === undefined ? column : { name: column.name, type: commonType(before.type, column.type) },
    );
  }
  return [...merged.values()];
}

/** True where both say the same columns with the same types, in whatever order. */
export function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  const types = new Map(a.map(({ name, type }) => [name, type]));
  return a.length === b.length && b.every(({ name, type }) => types.get(name) === type);
}
