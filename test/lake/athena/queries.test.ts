// Queries as a person runs them through the SDK: rows, types, pages, the CSV, the history, errors.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  BatchGetQueryExecutionCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetQueryRuntimeStatisticsCommand,
  ListQueryExecutionsCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { type Bench, refusal, RESULTS } from "./help.ts";
import { sharedBench } from "./shared.ts";

describe("Athena queries", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
  });

  it("give values as Athena prints them, in the results and in the CSV alike", async () => {
    const query = `SELECT 42 AS i, 9223372036854775807 AS b, DECIMAL '1.10' AS d, 1.5 AS x, 1e10 AS big, CAST(0.5 AS real) AS r,
      true AS t, NULL AS n, '' AS e, 'say "hi", you' AS s, DATE '1997-01-02' AS day, CAST(TIMESTAMP '1997-01-02 03:04:05' AS timestamp(3)) AS at,
      ARRAY[1, NULL, 3] AS a, MAP(ARRAY['k2', 'k1'], ARRAY[1, NULL]) AS m, CAST(ROW(1, 'z') AS row(id integer, name varchar)) AS w,
      X'0a0B' AS bin, MAP(ARRAY[10, 9], ARRAY['ten', 'nine']) AS nm`;
    const { QueryExecutionId, ResultConfiguration } = await bench.run(query);
    const { ResultSet, UpdateCount } = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    const [header, values] = (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map((datum) => datum.VarCharValue));
    assert.deepEqual(Object.fromEntries((header ?? []).map((name, at) => [name, values?.[at]])), {
      i: "42",
      b: "9223372036854775807",
      d: "1.10",
      x: "1.5",
      big: "1.0E10",
      r: "0.5",
      t: "true",
      n: undefined,
      e: "",
      s: 'say "hi", you',
      day: "1997-01-02",
      at: "1997-01-02 03:04:05.000",
      a: "[1, null, 3]",
      m: "{k1=null, k2=1}",
      w: "{id=1, name=z}",
      bin: "0a 0b",
      nm: "{9=nine, 10=ten}",
    });
    assert.equal(UpdateCount, 0);
    const csv = await bench.object(ResultConfiguration?.OutputLocation ?? "");
    const line = (row: (string | undefined)[]): string =>
      row.map((value) => (value === undefined ? "" : `"${value.replaceAll('"', '""')}"`)).join(",");
    assert.equal(csv, `${line(header ?? [])}\n${line(values ?? [])}\n`);
    assert.match(csv, /,,""/, "NULL is nothing, an empty text is a pair of quotes");
  });

  it("report column types as Athena does", async () => {
    const query = `SELECT CAST(1 AS tinyint) AS c1, CAST(1 AS integer) AS c2, CAST(1 AS bigint) AS c3, CAST(1 AS real) AS c4, 1.5 AS c5,
      CAST(1 AS decimal(12,2)) AS c6, CAST('a' AS varchar(7)) AS c7, CAST('a' AS varchar) AS c8, DATE '1997-01-01' AS c9,
      TIMESTAMP '1997-01-01 00:00:00.000' AS c10, true AS c11, ARRAY[1] AS c12, X'00' AS c13`;
    const { QueryExecutionId } = await bench.run(query);
    const { ResultSet } = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    const columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
    assert.deepEqual(
      columns.map(({ Type, Precision, Scale, CaseSensitive }) => [Type, Precision, Scale, CaseSensitive]),
      [
        ["tinyint", 3, 0, false],
        ["integer", 10, 0, false],
        ["bigint", 19, 0, false],
        ["float", 17, 0, false],
        ["double", 17, 0, false],
        ["decimal", 12, 2, false],
        ["varchar", 7, 0, true],
        ["varchar", 2147483647, 0, true],
        ["date", 0, 0, false],
        ["timestamp", 3, 0, false],
        ["boolean", 0, 0, false],
        ["array", 0, 0, false],
        ["varbinary", 1073741824, 0, false],
      ],
    );
    assert.deepEqual([columns[0]?.CatalogName, columns[0]?.Nullable, columns[0]?.Label], ["hive", "UNKNOWN", "c1"]);
  });

  it("come in pages of at most 1,000 rows, the header row once", async () => {
    const query =
      "SELECT n, 'row ' || CAST(n AS varchar) || chr(10) || '\"' AS s FROM UNNEST(sequence(1, 2500)) AS t (n)";
    const { QueryExecutionId } = await bench.run(query);
    const sizes: number[] = [];
    const first: (string | undefined)[] = [];
    for await (const page of paginateGetQueryResults({ client: bench.athena }, { QueryExecutionId })) {
      const rows = page.ResultSet?.Rows ?? [];
      sizes.push(rows.length);
      first.push(...rows.map(({ Data }) => Data?.[0]?.VarCharValue));
    }
    assert.deepEqual(sizes, [1000, 1000, 501]);
    assert.equal(first.filter((value) => value === "n").length, 1);
    assert.deepEqual(new Set(first.slice(1)).size, 2500);
    const small = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2 }));
    assert.deepEqual(small.ResultSet?.Rows?.[1]?.Data?.[1], { VarCharValue: 'row 1\n"' });
  });

  it("that give no rows have a header and nothing else", async () => {
    assert.deepEqual(await bench.rows("SELECT 1 AS a WHERE false"), [["a"]]);
  });

  it("say what they are: states, statistics, the engine's version, where the results lie", async () => {
    const execution = await bench.run("-- a comment\nSELECT order_id, note FROM orders WHERE year = '1997';", {
      QueryExecutionContext: { Database: "sales", Catalog: "AwsDataCatalog" },
    });
    assert.deepEqual(
      {
        Query: execution.Query,
        types: [execution.StatementType, execution.SubstatementType],
        EngineVersion: execution.EngineVersion,
        WorkGroup: execution.WorkGroup,
        QueryExecutionContext: execution.QueryExecutionContext,
        OutputLocation: execution.ResultConfiguration?.OutputLocation,
      },
      {
        Query: "-- a comment\nSELECT order_id, note FROM orders WHERE year = '1997'",
        types: ["DML", "SELECT"],
        EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" },
        WorkGroup: "primary",
        QueryExecutionContext: { Catalog: "awsdatacatalog", Database: "sales" },
        OutputLocation: `${RESULTS}${execution.QueryExecutionId}.csv`,
      },
    );
    const times = execution.Statistics ?? {};
    const { EngineExecutionTimeInMillis = 0, QueryQueueTimeInMillis = 0, ServiceProcessingTimeInMillis = 0 } = times;
    assert.equal(
      times.TotalExecutionTimeInMillis,
      EngineExecutionTimeInMillis + QueryQueueTimeInMillis + ServiceProcessingTimeInMillis,
    );
    assert.ok((times.DataScannedInBytes ?? 0) > 0);
    assert.ok((execution.Status?.CompletionDateTime ?? 0) >= (execution.Status?.SubmissionDateTime ?? Number.NaN));
    const { QueryExecutionId } = execution;
    const runtime = await bench.athena.send(new GetQueryRuntimeStatisticsCommand({ QueryExecutionId }));
    assert.deepEqual(
      [runtime.QueryRuntimeStatistics?.Rows?.InputRows, runtime.QueryRuntimeStatistics?.Rows?.OutputRows],
      [3, 3],
    );
  });

  it("are listed newest first, in pages, by workgroup", async () => {
    const ids = [
      await bench.start("SHOW DATABASES"),
      await bench.start("SHOW DATABASES"),
      await bench.start("SHOW DATABASES"),
    ];
    await Promise.all(ids.map((id) => bench.ended(id)));
    const page = await bench.athena.send(new ListQueryExecutionsCommand({ MaxResults: 2 }));
    const rest = await bench.athena.send(new ListQueryExecutionsCommand({ MaxResults: 50, NextToken: page.NextToken }));
    assert.deepEqual([...(page.QueryExecutionIds ?? []), rest.QueryExecutionIds?.[0]], ids.reverse());
    const unknown = randomUUID();
    const batch = await bench.athena.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [ids[1] ?? "", unknown] }),
    );
    assert.deepEqual(
      batch.QueryExecutions?.map((one) => one.QueryExecutionId),
      [ids[1]],
    );
    assert.deepEqual(
      batch.UnprocessedQueryExecutionIds?.map((one) => one.QueryExecutionId),
      [unknown],
    );
  });

  it("started twice with one token are one query; another text with it is refused", async () => {
    const token = randomUUID();
    const [a, b] = await Promise.all([
      bench.start("SELECT 'once'", { ClientRequestToken: token }),
      bench.start("SELECT 'once'", { ClientRequestToken: token }),
    ]);
    assert.equal(a, b);
    await bench.ended(a);
    assert.equal(await bench.start("SELECT 'once'", { ClientRequestToken: token }), a);
    assert.equal(
      await refusal(bench.start("SELECT 'twice'", { ClientRequestToken: token })),
      "InvalidRequestException: IDEMPOTENT_PARAMETER_MISMATCH: Idempotent parameters do not match",
    );
    assert.match(
      await refusal(bench.start("SELECT 1", { ClientRequestToken: "short" })),
      /greater than or equal to 32/,
    );
  });

  it("take execution parameters: expressions as they are, all else as text", async () => {
    const rows = await bench.rows("SELECT ? AS a, ? AS b, ? AS c, '?' AS d, ? AS e, ? AS f -- ?", {
      ExecutionParameters: ["7", "'it''s'", "plain text", "DATE '1997-01-02'", "1 + 1"],
    });
    assert.deepEqual(rows[1], ["7", "it's", "plain text", "?", "1997-01-02", "2"]);
    const wrong = await bench.ended(await bench.start("SELECT ?, ?", { ExecutionParameters: ["1"] }));
    assert.match(wrong.Status?.StateChangeReason ?? "", /^INVALID_PARAMETER_USAGE: .*expected 2 but found 1/);
  });
});

describe("Athena queries that can't be", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
  });

  it("are refused at once where they are no SQL, with line and column of the text as it was written", async () => {
    assert.match(
      await refusal(bench.start("SELECT 1.5, 2.5,\n  FROM orders")),
      /^InvalidRequestException: MALFORMED_QUERY: line 2:3: mismatched input 'FROM'\. Expecting: /,
    );
  });

  it("end FAILED where a name is wrong, with Athena's error and its place", async () => {
    const { Status } = await bench.ended(await bench.start("SELECT 1.5, 2.5,\n  nope FROM sales.orders"));
    const message =
      "COLUMN_NOT_FOUND: line 2:3: Column 'nope' cannot be resolved or requester is not authorized to access requested resources";
    assert.equal(Status?.State, "FAILED");
    assert.equal(Status?.StateChangeReason, message);
    assert.deepEqual(Status?.AthenaError, {
      ErrorCategory: 2,
      ErrorType: 1006,
      Retryable: false,
      ErrorMessage: message,
    });
    const table = await bench.ended(await bench.start("SELECT * FROM sales.nope"));
    assert.equal(
      table.Status?.StateChangeReason,
      "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.sales.nope' does not exist",
    );
    const division = await bench.ended(await bench.start("SELECT 1 / (order_id - order_id) FROM sales.orders"));
    assert.equal(division.Status?.StateChangeReason, "DIVISION_BY_ZERO: Division by zero");
    assert.equal(
      await refusal(bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: division.QueryExecutionId }))),
      "InvalidRequestException: INVALID_QUERY_EXECUTION_STATE: Query did not finish successfully. Final query state: FAILED",
    );
  });

  it("place errors behind a parameter where the person wrote them", async () => {
    const id = await bench.start("SELECT ?, nope", { ExecutionParameters: ["'a long piece of text'"] });
    assert.match((await bench.ended(id)).Status?.StateChangeReason ?? "", /line 1:11: Column 'nope'/);
  });

  it("are refused where results have no place, a place that is none, or a bucket that is not there", async () => {
    const start = (OutputLocation?: string): Promise<string> =>
      refusal(
        bench.athena.send(
          new StartQueryExecutionCommand({
            QueryString: "SELECT 1",
            ...(OutputLocation === undefined ? {} : { ResultConfiguration: { OutputLocation } }),
          }),
        ),
      );
    assert.match(await start(), /INVALID_INPUT: No output location provided\./);
    assert.match(await start("results/queries"), /outputLocation is not a valid S3 path\./);
    assert.match(await start("s3://not-there/"), /Unable to verify\/create output bucket not-there/);
  });

  it("are refused by name where the lake has no such thing", async () => {
    const CASES: [query: string, words: RegExp][] = [
      ["CREATE EXTERNAL TABLE t (a int) LOCATION 's3://data/t/'", /does not implement the statement CREATE TABLE/],
      ["MSCK REPAIR TABLE sales.orders", /does not implement the statement MSCK REPAIR/],
      ["ALTER TABLE sales.orders ADD PARTITION (year = '1998', month = '01')", /ALTER TABLE ADD PARTITION/],
      ["UNLOAD (SELECT 1 AS a) TO 's3://data/u/' WITH (format = 'PARQUET')", /the statement UNLOAD/],
      [
        "CREATE TABLE sales.i WITH (table_type = 'ICEBERG') AS SELECT 1 AS a",
        /CREATE TABLE AS with table_type = 'ICEBERG'/,
      ],
      ["CALL system.runtime.kill_query('x')", /Queries of this type are not supported/],
      ["SELECT 1; SELECT 2", /Only one sql statement is allowed\. Got: SELECT 1; SELECT 2/],
    ];
    for (const [query, words] of CASES) assert.match(await refusal(bench.start(query)), words);
    const reuse = { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 60 } };
    assert.match(await refusal(bench.start("SELECT 1", { ResultReuseConfiguration: reuse })), /the reuse of results/);
  });

  it("check pages in AWS's order", async () => {
    const { QueryExecutionId } = await bench.run("SELECT 1");
    const ask = (more: object, id = QueryExecutionId): Promise<string> =>
      refusal(bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: id, ...more })));
    const unknown = randomUUID();
    assert.match(
      await ask({ MaxResults: 1001 }, unknown),
      /QUERY_EXECUTION_NOT_FOUND: QueryExecution .* was not found/,
    );
    assert.match(await ask({ MaxResults: 1001 }), /MaxResults is more than maximum allowed length 1000/);
    assert.match(await ask({ NextToken: "nonsense" }), /Malformed nextPageToken nonsense/);
    const gone = refusal(bench.athena.send(new GetQueryExecutionCommand({ QueryExecutionId: unknown })));
    assert.match(await gone, /QUERY_EXECUTION_NOT_FOUND/);
  });
});
