// Which folder is a table and which are its partitions.
import assert from "node:assert/strict";
import {
  dataObjects,
  findTables,
  globPattern,
  layOut,
  tableName,
} from "../../../src/lake/services/glue/crawlers/layout.ts";

const objects = (...keys: string[]) => keys.map((key) => ({ key, size: 100 }));

describe("layout of a lake", () => {
  it("a table's folder ends before the first key=value folder; values stay text", () => {
    const [table] = findTables(
      objects("lake/orders/year=1997/month=02/a.parquet", "lake/orders/year=1997/month=11/b.parquet"),
    );
    assert.equal(table?.prefix, "lake/orders/");
    assert.deepEqual(table?.partitionKeys, ["year", "month"]);
    assert.deepEqual(
      table?.partitions.map(({ values }) => values),
      [
        ["1997", "02"],
        ["1997", "11"],
      ],
    );
  });

  it("folders without keys are tables of their own", () => {
    assert.deepEqual(
      findTables(objects("in/a/1.parquet", "in/b/2.parquet", "in/b/3.parquet")).map(({ prefix, partitions }) => [
        prefix,
        partitions[0]?.objects.length,
      ]),
      [
        ["in/a/", 1],
        ["in/b/", 2],
      ],
    );
  });

  it("values are decoded, and a lone percent sign is left", () => {
    const table = layOut("t/", objects("t/city=S%C3%A3o%20Paulo/1", "t/city=100%/2"));
    assert.deepEqual(
      table.partitions.map(({ values }) => values[0]),
      ["São Paulo", "100%"],
    );
  });

  it("a folder that does not fit the keys is named and left out", () => {
    const table = layOut("t/", objects("t/year=1997/1", "t/2", "t/month=01/3"), ["year"]);
    assert.deepEqual(table.misfits, ["t/", "t/month=01/"]);
    assert.equal(table.partitions.length, 1);
  });

  it("hidden names, folder markers and exclusions hold no rows", () => {
    const kept = dataObjects(objects("t/_SUCCESS", "t/.tmp/a", "t/x/", "t/a.parquet", "t/log/b.txt", "t/"), "t/", [
      "log/**",
    ]);
    assert.deepEqual(
      kept.map(({ key }) => key),
      ["t/a.parquet"],
    );
  });

  it("exclusions are globs", () => {
    assert.ok(globPattern("*.csv").test("a.csv") && !globPattern("*.csv").test("x/a.csv"));
    assert.ok(globPattern("**.csv").test("x/y/a.csv"));
    assert.ok(
      globPattern("20{24,25}-?[0-4]/*").test("2025-03/a") && !globPattern("20{24,25}-?[0-4]/*").test("2026-03/a"),
    );
  });

  it("a table is named by its folder, or by the bucket", () => {
    assert.equal(tableName("bucket", "lake/My-Orders 2/"), "my_orders_2");
    assert.equal(tableName("my-bucket", ""), "my_bucket");
  });
});
