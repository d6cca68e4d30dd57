// The companion `<result>.metadata`: the columns as protobuf, which Athena's JDBC driver reads beside a result in S3.
// AWS publishes no schema of it; the field numbers are those that open readers of the file use.
import type { ColumnInfo } from "@aws-sdk/client-athena";

const NULLABLE_UNKNOWN = 3;
/** Types that carry neither length nor scale; the last group not even case sensitivity. */
const UNSIZED = /^(boolean|interval |date|array|map|row|json|uuid|ipaddress|string)/;
const BARE = /^(array|map|row|json|uuid|ipaddress|string)/;

export interface ResultMetadata {
  /** The engine's query id, or the execution's where no engine was asked. */
  readonly queryId: string;
  readonly updateType: string | undefined;
  readonly updateCount: number | undefined;
  readonly columns: readonly ColumnInfo[];
}

export function encodeMetadata({ queryId, updateType, updateCount, columns }: ResultMetadata): Buffer {
  return Buffer.concat([
    text(1, queryId),
    ...(updateType === undefined ? [] : [text(2, updateType)]),
    ...(updateType === undefined || updateCount === undefined ? [] : [number(3, updateCount)]),
    ...columns.map((column) => bytes(4, encodeColumn(column))),
  ]);
}

function encodeColumn(column: ColumnInfo): Buffer {
  const type = column.Type ?? "";
  const name = column.Name ?? "";
  return Buffer.concat([
    text(1, column.CatalogName ?? ""),
    text(4, name),
    text(5, column.Label ?? name),
    text(6, type),
    ...(UNSIZED.test(type) ? [] : [number(7, column.Precision ?? 0)]),
    ...(UNSIZED.test(type) && type !== "date" ? [] : [number(8, column.Scale ?? 0)]),
    number(9, NULLABLE_UNKNOWN),
    ...(BARE.test(type) ? [] : [number(10, column.CaseSensitive === true ? 1 : 0)]),
  ]);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([variable(field * 8 + 2), variable(value.length), value]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([variable(field * 8), variable(value)]);
}

/** A variable-length integer: seven bits a byte, the lowest first. */
function variable(value: number): Buffer {
  const encoded: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) encoded.push((rest % 128) + 128);
  encoded.push(rest);
  return Buffer.from(encoded);
}
