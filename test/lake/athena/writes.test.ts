// Statements that write, through the engine into the lake's own S3 and Glue.
import assert from "node:assert/strict";
import { GetQueryResultsCommand } from "@aws-sdk/client-athena";
import { GetTableCommand } from "@aws-sdk/client-glue";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { type Bench, RESULTS } from "./help.ts";
import { sharedBench } from "./shared.ts";

const CONTEXT = { QueryExecutionContext: { Database: "sales" } };

describe("Athena writes", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
  });

  it("INSERT adds rows and partitions, and counts them", async () => {
    await bench.run(
      "CREATE TABLE more WITH (external_location = 's3://data/more/', partitioned_by = ARRAY['day']) AS SELECT 1 AS id, '01' AS day",
      CONTEXT,
    );
    const { QueryExecutionId, ResultConfiguration, SubstatementType } = await bench.run(
      "INSERT INTO more VALUES (2, '02'), (3, '02')",
      CONTEXT,
    );
    assert.equal(SubstatementType, "INSERT");
    assert.equal(ResultConfiguration?.OutputLocation, `${RESULTS}${QueryExecutionId}`);
    const { ResultSet, UpdateCount } = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    assert.deepEqual(
      [UpdateCount, ResultSet?.Rows, ResultSet?.ResultSetMetadata?.ColumnInfo?.[0]?.Name],
      [2, [], "rows"],
    );
    assert.deepEqual(await bench.rows("SHOW PARTITIONS more", CONTEXT), [["day=01"], ["day=02"]]);
    assert.deepEqual(await bench.rows("SELECT day, count(*) FROM more GROUP BY day ORDER BY day", CONTEXT), [
      ["day", "_col1"],
      ["01", "1"],
      ["02", "2"],
    ]);
  });

  it("CREATE TABLE AS puts its files below the results where no place is named, as Parquet", async () => {
    const { QueryExecutionId, ResultConfiguration } = await bench.run(
      "CREATE TABLE placed WITH (write_compression = 'GZIP') AS SELECT order_id, 1.5 AS factor FROM orders",
      CONTEXT,
    );
    assert.equal(ResultConfiguration?.OutputLocation, `${RESULTS}tables/${QueryExecutionId}`);
    const { Table } = await bench.glue.send(new GetTableCommand({ DatabaseName: "sales", Name: "placed" }));
    assert.deepEqual(
      [
        Table?.TableType,
        Table?.StorageDescriptor?.Location?.replace(/\/$/, ""),
        Table?.StorageDescriptor?.Columns?.map(({ Type }) => Type),
      ],
      ["EXTERNAL_TABLE", `${RESULTS}tables/${QueryExecutionId}`, ["bigint", "double"]],
    );
    assert.match(Table?.StorageDescriptor?.InputFormat ?? "", /Parquet/);
    const { Contents } = await bench.s3.send(
      new ListObjectsV2Command({ Bucket: "results", Prefix: `queries/tables/${QueryExecutionId}/` }),
    );
    assert.ok((Contents ?? []).length > 0);
    assert.deepEqual(await bench.rows("SELECT count(*) AS n FROM placed", CONTEXT), [["n"], ["3"]]);
  });

  it("CREATE VIEW and DROP VIEW", async () => {
    const created = await bench.run(
      "CREATE VIEW by_month AS SELECT month, count(*) AS n FROM orders GROUP BY month",
      CONTEXT,
    );
    assert.deepEqual([created.StatementType, created.SubstatementType], ["DDL", "CREATE_VIEW"]);
    assert.equal(await bench.object(created.ResultConfiguration?.OutputLocation ?? ""), "");
    assert.deepEqual(await bench.rows("SELECT * FROM by_month ORDER BY month", CONTEXT), [
      ["month", "n"],
      ["01", "2"],
      ["02", "1"],
    ]);
    await bench.run("DROP VIEW by_month", CONTEXT);
    assert.deepEqual(await bench.rows("SHOW VIEWS 'by_month'", CONTEXT), []);
  });
});
