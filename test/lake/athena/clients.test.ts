// The same lake through the AWS CLI and boto3, with nothing set but what `lake env` prints.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Bench, RESULTS } from "./help.ts";
import { sharedBench } from "./shared.ts";

const PYTHON = process.env["BOATHOUSE_TEST_PYTHON"] ?? "python3";
const run = promisify(execFile);

describe("Athena through other clients", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
  });
  /** Asynchronous: this process must not stand still while the lake answers. */
  const python = async (...args: string[]): Promise<string> =>
    (await run(PYTHON, args, { env: bench.lake.env })).stdout;
  const aws = async (...args: string[]): Promise<string> => python("-m", "awscli", "athena", ...args);

  it("the AWS CLI runs a query to its rows", async () => {
    const id = (
      await aws(
        "start-query-execution",
        "--query-string",
        "SELECT order_id, note FROM orders ORDER BY order_id",
        "--query-execution-context",
        "Database=sales",
        "--result-configuration",
        `OutputLocation=${RESULTS}`,
        "--query",
        "QueryExecutionId",
        "--output",
        "text",
      )
    ).trim();
    await bench.ended(id);
    const rows = await aws(
      "get-query-results",
      "--query-execution-id",
      id,
      "--query",
      "ResultSet.Rows[].Data[].VarCharValue",
      "--output",
      "json",
    );
    assert.deepEqual(JSON.parse(rows), ["order_id", "note", "1", "a", "2", "3", ""]);
    const state = await aws(
      "get-query-execution",
      "--query-execution-id",
      id,
      "--query",
      "QueryExecution.Status.State",
      "--output",
      "text",
    );
    assert.equal(state.trim(), "SUCCEEDED");
    assert.match(await aws("list-work-groups", "--output", "text"), /primary/);
  });

  it("boto3 runs a query, pages through its rows, and sees an SQL error as one", async () => {
    const script = `
import boto3, json, time
athena = boto3.client("athena")
place = {"OutputLocation": "${RESULTS}"}
started = athena.start_query_execution(QueryString="SELECT n FROM UNNEST(sequence(1, 1500)) AS t (n)", ResultConfiguration=place)
while athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]["Status"]["State"] in ("QUEUED", "RUNNING"):
    time.sleep(0.05)
pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=started["QueryExecutionId"])
rows = [row["Data"][0]["VarCharValue"] for page in pages for row in page["ResultSet"]["Rows"]]
try:
    athena.start_query_execution(QueryString="SELEC 1", ResultConfiguration=place)
except athena.exceptions.InvalidRequestException as error:
    refused = error.response["AthenaErrorCode"] + ": " + str(error)
print(json.dumps([len(rows), rows[0], rows[-1], refused]))`;
    const [count, first, last, refused] = JSON.parse(await python("-c", script)) as [number, string, string, string];
    assert.deepEqual([count, first, last], [1501, "n", "1500"]);
    assert.match(refused, /^MALFORMED_QUERY: .*line 1:1: mismatched input 'SELEC'/);
  });
});
