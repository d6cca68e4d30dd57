// Tables as they are read, filtered, written as DDL, and where they lie.
import assert from "node:assert/strict";
import { toTable } from "../../../src/catalog/catalog.ts";
import { createStatement } from "../../../src/catalog/ddl.ts";
import { tableFilter } from "../../../src/catalog/filter.ts";
import { s3Folder } from "../../../src/catalog/size.ts";

const SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

describe("a table of the catalog", () => {
  it("knows its columns, partition keys last, and rows where a crawler or Hive wrote them", () => {
    const table = toTable("db", {
      Name: "t",
      StorageDescriptor: { Columns: [{ Name: "a", Type: "int" }] },
      PartitionKeys: [{ Name: "y", Type: "string" }],
      Parameters: { recordCount: "15000", classification: "parquet" },
    });
    assert.deepEqual(
      table.columns.map(({ name, partitionKey }) => [name, partitionKey]),
      [
        ["a", false],
        ["y", true],
      ],
    );
    assert.equal(table.rows, 15000);
    assert.equal(table.format, "parquet");
    const rows = (Parameters: Record<string, string>) => toTable("db", { Name: "t", Parameters }).rows;
    assert.equal(rows({ numRows: "3" }), 3);
    assert.equal(rows({ numRows: "-1" }), undefined);
    assert.equal(rows({ recordCount: "many" }), undefined);
    assert.equal(rows({}), undefined);
  });

  it("reads a view's SQL as Athena keeps it, and plain SQL as it is", () => {
    const encoded = Buffer.from(JSON.stringify({ originalSql: "SELECT 1" })).toString("base64");
    const sql = (ViewOriginalText: string) => toTable("db", { Name: "v", ViewOriginalText }).viewSql;
    assert.equal(sql(`/* Presto View: ${encoded} */`), "SELECT 1");
    assert.equal(sql("SELECT 2"), "SELECT 2");
    assert.equal(sql("/* Presto View: bm90IGpzb24= */"), "/* Presto View: bm90IGpzb24= */");
  });

  it("is written as DDL, names and texts quoted", () => {
    const table = toTable("db", {
      Name: "odd`name",
      Description: "it's odd",
      StorageDescriptor: {
        Columns: [
          { Name: "a", Type: "int", Comment: "o'clock" },
          { Name: "b", Type: "struct<x:int>" },
        ],
        Location: "s3://bucket/odd/",
        InputFormat: "in.Format",
        OutputFormat: "out.Format",
        SerdeInfo: { SerializationLibrary: SERDE, Parameters: { "serialization.format": "1" } },
      },
      PartitionKeys: [{ Name: "y", Type: "string" }],
      Parameters: { classification: "parquet" },
    });
    assert.equal(
      createStatement(table),
      [
        "CREATE EXTERNAL TABLE `db`.`odd``name`(",
        "  `a` int COMMENT 'o''clock',",
        "  `b` struct<x:int>)",
        "COMMENT 'it''s odd'",
        "PARTITIONED BY (",
        "  `y` string)",
        "ROW FORMAT SERDE",
        `  '${SERDE}'`,
        "WITH SERDEPROPERTIES (",
        "  'serialization.format'='1')",
        "STORED AS INPUTFORMAT",
        "  'in.Format'",
        "OUTPUTFORMAT",
        "  'out.Format'",
        "LOCATION",
        "  's3://bucket/odd/'",
        "TBLPROPERTIES (",
        "  'classification'='parquet')",
      ].join("\n"),
    );
    const view = toTable("db", { Name: "v", TableType: "VIRTUAL_VIEW", ViewOriginalText: "SELECT 1" });
    assert.equal(createStatement(view), "CREATE VIEW db.v AS\nSELECT 1");
  });

  it("lies in a folder, not in all that begins like it", () => {
    assert.deepEqual(s3Folder("s3://b/orders"), { bucket: "b", prefix: "orders/" });
    assert.deepEqual(s3Folder("s3://b/orders/"), { bucket: "b", prefix: "orders/" });
    assert.deepEqual(s3Folder("s3a://b"), { bucket: "b", prefix: "" });
    assert.throws(() => s3Folder("hdfs://n/x"), { kind: "invalid" });
  });
});

describe("a filter", () => {
  const entry = (database: string, name: string) => ({ database, name, type: undefined });

  it("finds every word in database and table, whatever its case", () => {
    const filter = tableFilter("  ORD lake.o ");
    assert.ok(filter?.(entry("lake", "Orders")));
    assert.ok(!filter?.(entry("lake", "customers")));
    assert.ok(!filter?.(entry("sea", "orders")));
    assert.equal(tableFilter("   "), undefined);
  });

  it("takes what looks like a pattern as letters", () => {
    assert.ok(tableFilter("a.*")?.(entry("a", "*")));
    assert.ok(!tableFilter("(")?.(entry("a", "b")));
  });
});
