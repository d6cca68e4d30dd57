// A warm SELECT through the Athena API beside the same SELECT through Trino's own protocol, on the same data, taken in turns.
import { GetQueryExecutionCommand, GetQueryResultsCommand } from "@aws-sdk/client-athena";
import { type Bench, engineAddress, RESULTS, startBench } from "../lake/athena/help.ts";
import { CreateDatabaseCommand } from "@aws-sdk/client-glue";
import { median, type Result, seconds } from "./result.ts";

const ROUNDS = 9;
const WARM_UP = 4;
/** ms that the Athena API may cost more. */
const LIMIT = 300;

const QUERIES: readonly [name: string, query: string][] = [
  ["SELECT of one partition", "SELECT count(*), sum(amount) FROM bench.orders WHERE day = '07'"],
  ["GROUP BY over 40 partitions", "SELECT day, count(*), sum(amount) FROM bench.orders GROUP BY day ORDER BY day"],
  ["1,000 rows", "SELECT order_id, day, amount FROM bench.orders ORDER BY order_id LIMIT 999"],
];

export async function bench(): Promise<Result[]> {
  const athena = await startBench();
  try {
    const cold = await seconds(() => athena.run("SELECT 1"));
    await athena.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "bench" } }));
    await athena.run(`CREATE TABLE bench.orders WITH (external_location = 's3://data/orders/', partitioned_by = ARRAY['day']) AS
      SELECT x * 1000 + y AS order_id, CAST(x * y AS decimal(12,2)) AS amount, lpad(CAST(x AS varchar), 2, '0') AS day
      FROM UNNEST(sequence(1, 40)) a (x) CROSS JOIN UNNEST(sequence(1, 1000)) b (y)`);
    const results: Result[] = [{ name: "Athena: first query of a lake, engine started", value: cold, unit: "s" }];
    for (const [name, query] of QUERIES) {
      const [api, own]: [number[], number[]] = [[], []];
      for (let round = 0; round < WARM_UP + ROUNDS; round++) {
        const times = [
          await seconds(() => throughAthena(athena, query)),
          await seconds(() => throughTrino(athena, query)),
        ];
        if (round < WARM_UP) continue;
        api.push((times[0] ?? 0) * 1000);
        own.push((times[1] ?? 0) * 1000);
      }
      const note = `Athena ${median(api).toFixed(0)} ms, Trino ${median(own).toFixed(0)} ms`;
      results.push({
        name: `Athena over Trino: ${name}`,
        value: median(api) - median(own),
        unit: "ms",
        limit: LIMIT,
        note,
      });
    }
    return results;
  } finally {
    await athena.lake.stop();
  }
}

/** Start, ask until it has ended, read the first page. */
async function throughAthena({ athena, start }: Bench, query: string): Promise<void> {
  const QueryExecutionId = await start(query, { ResultConfiguration: { OutputLocation: RESULTS } });
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const state = QueryExecution?.Status?.State;
    if (state === "SUCCEEDED") break;
    if (state !== "QUEUED" && state !== "RUNNING") throw new Error(QueryExecution?.Status?.StateChangeReason);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
}

/** The statement posted to Trino, its pages read to the end. */
async function throughTrino(athena: Bench, query: string): Promise<void> {
  const { base, headers } = engineAddress(athena);
  const named = { ...headers, "x-trino-catalog": "awsdatacatalog" };
  let response = await fetch(`${base}/v1/statement`, { method: "POST", body: query, headers: named });
  for (;;) {
    const page = (await response.json()) as { nextUri?: string; error?: { message: string } };
    if (page.error !== undefined) throw new Error(page.error.message);
    if (page.nextUri === undefined) return;
    response = await fetch(base + new URL(page.nextUri).pathname, { headers });
  }
}
