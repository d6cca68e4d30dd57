// SHOW and DESCRIBE in the forms that tools send, with Athena's own layouts; and the catalog through Athena's API.
import assert from "node:assert/strict";
import {
  GetDataCatalogCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListTableMetadataCommand,
} from "@aws-sdk/client-athena";
import { type Bench, refusal } from "./help.ts";
import { sharedBench } from "./shared.ts";

const CONTEXT = { QueryExecutionContext: { Database: "sales", Catalog: "AwsDataCatalog" } };

describe("Athena's SHOW and DESCRIBE", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
    await bench.run(
      "CREATE OR REPLACE VIEW sales.totals AS SELECT year, sum(amount) AS total FROM sales.orders GROUP BY year",
    );
  });
  const lines = async (query: string): Promise<string[]> =>
    (await bench.rows(query, CONTEXT)).map(([line]) => line ?? "NULL");

  it("list databases, tables and views", async () => {
    assert.deepEqual(await lines("SHOW DATABASES"), ["sales"]);
    assert.deepEqual(await lines("SHOW SCHEMAS LIKE 'sa.*'"), ["sales"]);
    assert.deepEqual(await lines("SHOW DATABASES LIKE 'sal'"), []);
    const tables = await lines("SHOW TABLES");
    assert.ok(tables.includes("orders") && tables.includes("totals"));
    assert.deepEqual(await lines("SHOW TABLES IN sales 'ord*'"), ["orders"]);
    assert.deepEqual(await lines("show tables from `sales` like '*tal*|ord*'"), ["orders", "totals"]);
    assert.deepEqual(await lines("SHOW VIEWS IN sales"), ["totals"]);
  });

  it("describe a table, its partition keys twice", async () => {
    const field = (text: string): string => text.padEnd(20);
    assert.deepEqual(await lines("DESCRIBE awsdatacatalog.sales.orders"), [
      `${field("order_id")}\t${field("bigint")}\t${field("line number")}`,
      `${field("amount")}\t${field("decimal(12,2)")}\t${field("")}`,
      `${field("note")}\t${field("string")}\t${field("")}`,
      `${field("year")}\t${field("string")}\t${field("")}`,
      `${field("month")}\t${field("string")}\t${field("")}`,
      "\t \t ",
      "# Partition Information\t \t ",
      `${field("# col_name")}\t${field("data_type")}\t${field("comment")}`,
      "\t \t ",
      `${field("year")}\t${field("string")}\t${field("")}`,
      `${field("month")}\t${field("string")}\t${field("")}`,
    ]);
    assert.deepEqual(await lines("DESC `orders`"), await lines("DESCRIBE orders"));
    const formatted = await lines("DESCRIBE FORMATTED orders");
    assert.ok(formatted.includes(`${field("Location:")}\t${field("s3://data/orders/")}\t `));
    assert.match(
      (await lines("DESCRIBE EXTENDED orders")).at(-1) ?? "",
      /^Detailed Table Information\tTable\(tableName:orders, dbName:sales,/,
    );
    assert.deepEqual(await lines("DESCRIBE totals"), ["year\tvarchar", "total\tdecimal(38,2)"]);
    assert.equal((await bench.run("DESCRIBE totals", CONTEXT)).SubstatementType, "DESC_VIEW");
  });

  it("show columns, partitions, properties and the statement behind a table or view", async () => {
    assert.deepEqual(
      await lines("SHOW COLUMNS IN orders FROM sales"),
      ["order_id", "amount", "note", "year", "month"].map((name) => name.padEnd(20)),
    );
    assert.deepEqual(await lines("SHOW PARTITIONS orders"), ["year=1997/month=01", "year=1997/month=02"]);
    assert.deepEqual((await lines("SHOW TBLPROPERTIES orders")).slice(0, 2), [
      "EXTERNAL\tTRUE",
      "classification\tparquet",
    ]);
    assert.deepEqual(await lines("SHOW TBLPROPERTIES orders ('classification')"), ["parquet"]);
    const create = await lines("SHOW CREATE TABLE orders");
    assert.deepEqual(create.slice(0, 8), [
      "CREATE EXTERNAL TABLE `sales.orders`(",
      "  `order_id` bigint COMMENT 'line number', ",
      "  `amount` decimal(12,2), ",
      "  `note` string)",
      "PARTITIONED BY ( ",
      "  `year` string, ",
      "  `month` string)",
      "ROW FORMAT SERDE ",
    ]);
    assert.deepEqual(create.slice(-4), [
      "LOCATION",
      "  's3://data/orders/'",
      "TBLPROPERTIES (",
      "  'classification'='parquet')",
    ]);
    assert.equal((await lines("SHOW CREATE VIEW totals"))[0], "CREATE VIEW sales.totals AS");
  });

  it("are UTILITY statements: no header row, one value a row, a .txt with the same lines", async () => {
    const { QueryExecutionId, ResultConfiguration, StatementType, SubstatementType } = await bench.run(
      "DESCRIBE orders",
      CONTEXT,
    );
    assert.deepEqual([StatementType, SubstatementType], ["UTILITY", "DESCRIBE_TABLE"]);
    assert.match(ResultConfiguration?.OutputLocation ?? "", /\.txt$/);
    const { ResultSet, UpdateCount } = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    assert.deepEqual(
      ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name, Type, Precision }) => [Name, Type, Precision]),
      [
        ["col_name", "string", 0],
        ["data_type", "string", 0],
        ["comment", "string", 0],
      ],
    );
    assert.equal(UpdateCount, undefined);
    const text = await bench.object(ResultConfiguration?.OutputLocation ?? "");
    assert.equal(
      text,
      (ResultSet?.Rows ?? []).map(({ Data }) => Data?.map((datum) => datum.VarCharValue).join("|")).join("\n"),
    );
  });

  it("come in pages too", async () => {
    const { QueryExecutionId } = await bench.run("SHOW COLUMNS IN orders", CONTEXT);
    const page = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 3 }));
    const rest = await bench.athena.send(
      new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 3, NextToken: page.NextToken }),
    );
    const names = [...(page.ResultSet?.Rows ?? []), ...(rest.ResultSet?.Rows ?? [])].map(({ Data }) =>
      Data?.[0]?.VarCharValue?.trim(),
    );
    assert.deepEqual([names, rest.NextToken], [["order_id", "amount", "note", "year", "month"], undefined]);
  });

  it("say what is not there in Hive's words, and leave them in the result file", async () => {
    assert.match(
      await refusal(bench.start("DESCRIBE sales.nope")),
      /INVALID_INPUT: Entity Not Found \(Service: AmazonDataCatalog/,
    );
    const { Status, ResultConfiguration } = await bench.ended(await bench.start("SHOW PARTITIONS sales.nope"));
    assert.equal(Status?.StateChangeReason, "FAILED: SemanticException [Error 10001]: Table not found sales.nope");
    assert.equal(Status?.AthenaError?.ErrorType, 1301);
    assert.equal(await bench.object(ResultConfiguration?.OutputLocation ?? ""), Status?.StateChangeReason);
    assert.match(await refusal(bench.start("SHOW PARTITIONS")), /MALFORMED_QUERY: line 1:16: mismatched input '<EOF>'/);
    assert.match(await refusal(bench.start("SHOW TABLES IN sales 'a' 'b'")), /line 1:26: mismatched input ''b''/);
  });

  it("names are read as Athena reads them, with the account's catalog in front", async () => {
    const counted = await bench.rows('SELECT count(*) AS n FROM "AwsDataCatalog"."sales"."Orders"');
    assert.deepEqual(counted, [["n"], ["3"]]);
    const schema =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'sales' AND table_name = 'orders'";
    assert.deepEqual(await bench.rows(schema), [["table_name"], ["orders"]]);
    const { Status } = await bench.ended(await bench.start("SELECT * FROM system.runtime.queries"));
    assert.equal(Status?.State, "FAILED", "the engine's own catalog is no part of Athena");
  });

  it("SHOW FUNCTIONS has a header row, alone of its kind", async () => {
    const rows = await bench.rows("SHOW FUNCTIONS LIKE 'abs'");
    assert.equal(rows[0]?.[0], "Function");
    assert.ok(rows.slice(1).every(([name]) => name === "abs"));
  });

  it("EXPLAIN gives the plan line by line behind its column's name", async () => {
    const plan = await lines("EXPLAIN SELECT year FROM orders");
    assert.equal(plan[0], "Query Plan");
    assert.ok(plan.some((line) => line.includes("TableScan")));
  });
});

describe("The catalog through Athena's API", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
  });
  const CatalogName = "AwsDataCatalog";

  it("holds the account's one catalog", async () => {
    const { DataCatalogsSummary } = await bench.athena.send(new ListDataCatalogsCommand({}));
    assert.deepEqual(DataCatalogsSummary, [{ CatalogName, Type: "GLUE" }]);
    const { DataCatalog } = await bench.athena.send(new GetDataCatalogCommand({ Name: CatalogName }));
    assert.equal(DataCatalog?.Parameters?.["catalog-id"], "000000000000");
  });

  it("gives databases and tables as Athena describes them", async () => {
    const databases = await bench.athena.send(new ListDatabasesCommand({ CatalogName }));
    assert.deepEqual(
      databases.DatabaseList?.map(({ Name }) => Name),
      ["sales"],
    );
    const tables = await bench.athena.send(
      new ListTableMetadataCommand({ CatalogName, DatabaseName: "sales", Expression: "ord.*" }),
    );
    assert.deepEqual(
      tables.TableMetadataList?.map(({ Name }) => Name),
      ["orders"],
    );
    const { TableMetadata } = await bench.athena.send(
      new GetTableMetadataCommand({ CatalogName, DatabaseName: "sales", TableName: "orders" }),
    );
    assert.deepEqual(TableMetadata?.Columns?.[0], { Name: "order_id", Type: "bigint", Comment: "line number" });
    assert.deepEqual(
      TableMetadata?.PartitionKeys?.map(({ Name }) => Name),
      ["year", "month"],
    );
    assert.equal(TableMetadata?.Parameters?.["location"], "s3://data/orders/");
    const nope = new GetTableMetadataCommand({ CatalogName, DatabaseName: "sales", TableName: "nope" });
    assert.match(await refusal(bench.athena.send(nope)), /^MetadataException: /);
  });
});
