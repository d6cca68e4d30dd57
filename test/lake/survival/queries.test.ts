// A lake killed during queries: executions end FAILED with a reason, their token still names them, and the next query is answered.
import assert from "node:assert/strict";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListQueryExecutionsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { type TestLake, waitFor } from "../harness.ts";
import { percent, Rounds } from "./rounds.ts";

/** Some seconds of real work in the engine: 16 million pairs, counted. */
const QUERY =
  "SELECT count(*) AS pairs FROM UNNEST(sequence(1, 4000)) a(x), UNNEST(sequence(1, 4000)) b(y) WHERE (x * y) % 7 = 3";
const SMALL = "SELECT 1 AS one";
/** In these rounds the moment counts from the query's begin in the engine, whose start takes longer than all else; in the others from the call. */
const IN_ENGINE = [3, 6, 9];
/** Until the engine is up on two busy cores; ms. */
const PATIENCE = 120_000;
/** How far rounds that don't wait for the engine reach into its start; ms. */
const REACH = 4000;

const rounds = new Rounds("query");

describe(rounds.title, function () {
  this.timeout(240_000);
  let takes = 0;
  let [inFlight, inEngine] = [0, 0];

  before(async () => {
    const lake = await rounds.open();
    await new S3Client({ ...lake.config, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: "results" }));
    await answered(lake, SMALL, "1");
    const started = performance.now();
    await ended(lake, await start(lake, QUERY, tokenOf("undisturbed")));
    takes = performance.now() - started;
  });
  after(() => rounds.close());

  for (const round of rounds.list()) {
    const waits = IN_ENGINE.includes(round.number);
    const moment = waits ? `${percent(round)} in the engine` : `${Math.round(round.share * REACH)} ms`;
    it(`${round.name}: at ${moment}`, async () => {
      const token = tokenOf(round.name);
      const id = await rounds.play(round, {
        act: async (lake) => {
          const begun = await start(lake, QUERY, token);
          if (waits) await waitFor(async () => (await stateOf(lake, begun)) === "RUNNING", PATIENCE);
          return begun;
        },
        takes: waits ? takes : REACH,
        onceActed: waits,
      });
      if (id === undefined) return;
      const { Status } = await execution(rounds.lake, id);
      if (Status?.State !== "SUCCEEDED") {
        inFlight++;
        if (waits) inEngine++;
        assert.equal(Status?.State, "FAILED");
        assert.match(Status?.StateChangeReason ?? "", /lake/i, "a reason");
        assert.ok(Status?.CompletionDateTime instanceof Date);
      }
      assert.equal(await start(rounds.lake, QUERY, token), id, "the same token is the same execution");
      assert.ok((await listed(rounds.lake)).includes(id));
    });
  }

  it("has hit queries in flight; the next query is answered, and all that was acknowledged is there", async function () {
    if (!rounds.whole) this.skip();
    assert.ok(inFlight >= 2, `${inFlight} of 10 rounds hit a query in flight`);
    assert.ok(inEngine >= 1, "no round hit a query in the engine");
    await answered(rounds.lake, SMALL, "1");
    const acknowledged = await rounds.verifyAll();
    assert.ok(acknowledged > 10, `${acknowledged} writes were acknowledged`);
  });
});

function tokenOf(name: string): string {
  return `survival-token-of-round-${name}`.padEnd(40, "-");
}

async function start({ config }: TestLake, QueryString: string, ClientRequestToken: string): Promise<string> {
  const ResultConfiguration = { OutputLocation: "s3://results/survival/" };
  const command = new StartQueryExecutionCommand({ QueryString, ClientRequestToken, ResultConfiguration });
  return (await new AthenaClient(config).send(command)).QueryExecutionId ?? "";
}

async function execution({ config }: TestLake, QueryExecutionId: string): Promise<QueryExecution> {
  const command = new GetQueryExecutionCommand({ QueryExecutionId });
  return (await new AthenaClient(config).send(command)).QueryExecution ?? {};
}

async function stateOf(lake: TestLake, id: string): Promise<string> {
  return (await execution(lake, id)).Status?.State ?? "";
}

async function ended(lake: TestLake, id: string): Promise<void> {
  await waitFor(async () => !["QUEUED", "RUNNING"].includes(await stateOf(lake, id)), PATIENCE);
  const { Status } = await execution(lake, id);
  assert.equal(Status?.State, "SUCCEEDED", Status?.StateChangeReason);
}

async function answered(lake: TestLake, query: string, value: string): Promise<void> {
  const id = await start(lake, query, tokenOf(`${Date.now()}`));
  await ended(lake, id);
  const { ResultSet } = await new AthenaClient(lake.config).send(new GetQueryResultsCommand({ QueryExecutionId: id }));
  assert.equal(ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue, value);
}

async function listed({ config }: TestLake): Promise<string[]> {
  return (await new AthenaClient(config).send(new ListQueryExecutionsCommand({}))).QueryExecutionIds ?? [];
}
