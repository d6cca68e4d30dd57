// Columns of Parquet files: their types as Hive names them, and how those of several files become one list.
import assert from "node:assert/strict";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import {
  commonType,
  mergeColumns,
  parquetColumns,
  sameColumns,
} from "../../../src/lake/services/glue/crawlers/columns.ts";

describe("columns of a footer", () => {
  it("have Hive's type names, in lower case", () => {
    const file = parquetWriteBuffer({
      columnData: [
        { name: "Id", data: [1, 2], type: "INT32" },
        { name: "big", data: [1n, 2n], type: "INT64" },
        { name: "ratio", data: [0.5, 1], type: "DOUBLE" },
        { name: "name", data: ["a", "b"], type: "STRING" },
        { name: "seen", data: [new Date(0), new Date(1)], type: "TIMESTAMP" },
        { name: "ok", data: [true, false], type: "BOOLEAN" },
        { name: "raw", data: [new Uint8Array([1]), new Uint8Array([2])], type: "BYTE_ARRAY" },
      ],
    });
    assert.deepEqual(
      parquetColumns(parquetMetadata(file)).map(({ name, type }) => `${name} ${type}`),
      ["id int", "big bigint", "ratio double", "name string", "seen timestamp", "ok boolean", "raw binary"],
    );
  });

  it("know decimals, dates, lists, maps and structs", () => {
    const schema = [
      { name: "root", num_children: 5 },
      {
        name: "amount",
        type: "FIXED_LEN_BYTE_ARRAY",
        type_length: 6,
        converted_type: "DECIMAL",
        precision: 12,
        scale: 2,
        repetition_type: "OPTIONAL",
      },
      { name: "day", type: "INT32", converted_type: "DATE", repetition_type: "OPTIONAL" },
      { name: "tags", num_children: 1, converted_type: "LIST", repetition_type: "OPTIONAL" },
      { name: "list", num_children: 1, repetition_type: "REPEATED" },
      { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "prices", num_children: 1, converted_type: "MAP", repetition_type: "OPTIONAL" },
      { name: "key_value", num_children: 2, repetition_type: "REPEATED" },
      { name: "key", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
      { name: "value", type: "INT32", converted_type: "UINT_8", repetition_type: "OPTIONAL" },
      { name: "at", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "x", type: "FLOAT", repetition_type: "OPTIONAL" },
      { name: "n", type: "INT32", converted_type: "INT_8", repetition_type: "OPTIONAL" },
    ];
    const metadata = { version: 1, schema, num_rows: 0n, row_groups: [], metadata_length: 0 };
    assert.deepEqual(
      parquetColumns(metadata as unknown as Parameters<typeof parquetColumns>[0]).map(({ type }) => type),
      ["decimal(12,2)", "date", "array<string>", "map<string,smallint>", "struct<x:float,n:tinyint>"],
    );
  });
});

describe("columns of several files", () => {
  const check = (a: string, b: string, both: string) => {
    assert.equal(commonType(a, b), both);
    assert.equal(commonType(b, a), both);
  };

  it("widen: int to bigint, float to double, decimals to what holds both, else string", () => {
    check("int", "bigint", "bigint");
    check("tinyint", "int", "int");
    check("float", "double", "double");
    check("int", "double", "double");
    check("decimal(10,2)", "decimal(8,4)", "decimal(12,4)");
    check("decimal(10,2)", "double", "double");
    check("int", "date", "string");
    check("struct<a:int>", "int", "string");
  });

  it("keep the known order and add new ones behind", () => {
    const merged = mergeColumns(
      [
        { name: "id", type: "int" },
        { name: "name", type: "string" },
      ],
      [
        { name: "added", type: "date" },
        { name: "id", type: "bigint" },
      ],
    );
    assert.deepEqual(
      merged.map(({ name, type }) => `${name} ${type}`),
      ["id bigint", "name string", "added date"],
    );
    assert.ok(!sameColumns(merged, merged.slice(1)));
    assert.ok(sameColumns(merged, [...merged].reverse()));
  });
});
