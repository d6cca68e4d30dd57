// Statements and what Athena calls them.
import assert from "node:assert/strict";
import { classify } from "../../../src/sql/classify.ts";
import { tableReferences } from "../../../src/sql/names.ts";

const CASES: [text: string, kind: string, type: string][] = [
  ["SELECT 1", "SELECT", "DML"],
  ["select*from t", "SELECT", "DML"],
  ["( SELECT 1 ) union (select 2)", "SELECT", "DML"],
  ["with a as (select 1) select * from a", "SELECT", "DML"],
  ["VALUES 1", "SELECT", "DML"],
  ["TABLE t", "SELECT", "DML"],
  ["-- SELECT\nSHOW TABLES", "SHOW_TABLES", "UTILITY"],
  ["/* SHOW TABLES */ SELECT 1", "SELECT", "DML"],
  ["EXPLAIN ANALYZE SELECT 1", "EXPLAIN", "DML"],
  ["insert into t select 1", "INSERT", "DML"],
  ["UNLOAD (SELECT 1) TO 's3://b/' WITH (format = 'PARQUET')", "UNLOAD", "DML"],
  ["CREATE TABLE t (a int)", "CREATE_TABLE", "DDL"],
  ["CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/'", "CREATE_TABLE", "DDL"],
  ["CREATE TABLE t WITH (format = 'PARQUET') AS SELECT 1 AS a", "CREATE_TABLE_AS_SELECT", "DDL"],
  ['CREATE /* c */ TABLE"t" AS -- c\n(VALUES 1)', "CREATE_TABLE_AS_SELECT", "DDL"],
  ["CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE_VIEW", "DDL"],
  ["SHOW CREATE TABLE t", "SHOW_CREATE_TABLE", "UTILITY"],
  ["SHOW SCHEMAS", "SHOW_DATABASES", "UTILITY"],
  ["SHOW TBLPROPERTIES t('a')", "SHOW_TABLE_PROPERTIES", "UTILITY"],
  ["DESC formatted t", "DESCRIBE_TABLE", "UTILITY"],
  ["MSCK REPAIR TABLE t", "MSCK_REPAIR", "DDL"],
  ["ALTER TABLE db.t ADD IF NOT EXISTS PARTITION (p = 'v')", "ALTER_TABLE_ADD_PARTITION", "DDL"],
  ["ALTER TABLE `t` ADD COLUMNS (c int)", "ALTER_TABLE_ADD_COLUMN", "DDL"],
  ["ALTER TABLE t SET TBLPROPERTIES ('a' = 'b')", "ALTER_TABLE", "DDL"],
  ["CALL system.runtime.kill_query('x')", "UNKNOWN", "UTILITY"],
  ["SELEC 1", "UNKNOWN", "UTILITY"],
  ["", "UNKNOWN", "UTILITY"],
];

describe("classifying a statement", () => {
  for (const [text, kind, type] of CASES) {
    it(`${JSON.stringify(text)} is ${kind}`, () => assert.deepEqual(classify(text), { kind, type }));
  }
});

describe("the tables of a statement", () => {
  const names = (text: string): string[] =>
    tableReferences(text).map(({ catalog, database, table }) =>
      [catalog, database, table].filter((part) => part !== undefined).join("."),
    );

  it("stand behind FROM, JOIN and commas", () => {
    assert.deepEqual(
      names('select * from orders o, sales."Customers" c join AwsDataCatalog.db.days on true where a in (1, 2)'),
      ["orders", "sales.customers", "awsdatacatalog.db.days"],
    );
  });

  it("are not the statement's own WITH names", () => {
    assert.deepEqual(names("with a (x) as (select 1 from base), b as (select * from a) select * from b, a"), ["base"]);
  });

  it("are found in subqueries, and in INSERT and CREATE TABLE AS", () => {
    assert.deepEqual(
      names("insert into target select * from (select x from inner_t where y > (select max(y) from other))"),
      ["target", "inner_t", "other"],
    );
  });

  it("are not functions, VALUES, or EXTRACT's FROM", () => {
    assert.deepEqual(
      names("select extract(year from d), trim(both ' ' from s) from (values 1) v(x), unnest(array[1]) u(y), t"),
      ["t"],
    );
  });

  it("say where the name stands", () => {
    const text = "select 1 from /* here */ db.t where 1 = 1";
    const [table] = tableReferences(text);
    assert.equal(text.slice(table?.start, table?.end), "db.t");
  });
});
