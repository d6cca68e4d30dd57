// The engine's life: one address on loopback, closed to strangers; killed, restarted, and ended with the lake.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AthenaClient, CreateWorkGroupCommand, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { type Bench, RESULTS, startBench } from "./help.ts";

const LONG = `SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x) CROSS JOIN UNNEST(sequence(1, 10000)) b (y)
  CROSS JOIN UNNEST(sequence(1, 500)) c (z) WHERE (x * y + z) % 7 = 3`;

/** Pids of the lake's engines. */
function engines({ folder }: TestLake): number[] {
  return readdirSync(join(folder, "run")).map((name) => Number(name.replace(".json", "")));
}

/** Local addresses on which a process listens. */
function listening(pid: number): string[] {
  const lines = execFileSync("ss", ["-H", "-ltnp"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(`pid=${pid},`)).map((line) => line.split(/\s+/)[3] ?? "");
}

describe("Athena's engine", () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench();
  });
  after(async () => {
    await bench.lake.stop();
  });

  it("is not there until it is needed", () => {
    assert.deepEqual(
      readdirSync(bench.lake.folder).filter((name) => name === "trino"),
      [],
    );
  });

  it("listens at one address, on loopback, and answers nobody without the lake's token", async () => {
    assert.deepEqual(await bench.rows("SELECT 1 AS one"), [["one"], ["1"]]);
    const [pid = 0] = engines(bench.lake);
    const addresses = listening(pid);
    assert.equal(addresses.length, 1);
    assert.match(addresses[0] ?? "", /^(\[::ffff:127\.0\.0\.1\]|127\.0\.0\.1):\d+$/);
    const port = addresses[0]?.split(":").at(-1);
    for (const headers of [{ "x-trino-user": "hadoop" }, { "x-trino-user": "hadoop", "x-forwarded-proto": "https" }]) {
      const { status } = await fetch(`http://127.0.0.1:${port}/v1/statement`, {
        method: "POST",
        body: "SELECT 1",
        headers,
      });
      assert.ok(status === 401 || status === 403, String(status));
    }
  });

  it("killed, fails the query that it runs, and is back for the next", async () => {
    const id = await bench.start(LONG);
    const waits = (await bench.ended(await bench.start("SELECT 2"))).Status?.State;
    assert.equal(waits, "SUCCEEDED");
    const [pid = 0] = engines(bench.lake);
    process.kill(pid, "SIGKILL");
    const { Status } = await bench.ended(id);
    assert.equal(Status?.State, "FAILED");
    assert.match(Status?.StateChangeReason ?? "", /^The query engine does not answer: /);
    assert.deepEqual([Status?.AthenaError?.ErrorCategory, Status?.AthenaError?.Retryable], [1, true]);
    assert.deepEqual(await bench.rows("SELECT 3 AS back"), [["back"], ["3"]]);
    assert.notDeepEqual(engines(bench.lake), [pid]);
  });

  it("and its queries end with a lake that is killed: FAILED after the next start, no process left, no half result", async () => {
    const id = await bench.start(LONG);
    const waiting = await bench.start(
      "SELECT 'x' FROM UNNEST(sequence(1, 10000)) a CROSS JOIN UNNEST(sequence(1, 1000)) b",
    );
    const before = engines(bench.lake);
    assert.deepEqual(before.map(alive), [true]);
    await bench.lake.kill();
    const lake = await bench.lake.restart();
    bench = await startBench(lake);
    for (const query of [id, waiting]) {
      const { Status } = await bench.ended(query);
      assert.equal(Status?.State, "FAILED");
      assert.match(Status?.StateChangeReason ?? "", /The local lake ended while the query ran/);
    }
    await waitFor(() => !before.some(alive), 5000);
    const { Contents = [] } = await bench.s3.send(new ListObjectsV2Command({ Bucket: "results" }));
    assert.ok(!Contents.some(({ Key }) => Key?.includes(id) || Key?.includes(waiting)));
    assert.deepEqual(await bench.rows("SELECT 4 AS again"), [["again"], ["4"]]);
  });

  it("ends with the lake", async () => {
    const pids = engines(bench.lake);
    assert.equal(pids.length, 1);
    await bench.lake.stop({ keep: true });
    assert.deepEqual(pids.map(alive), [false]);
    bench = await startBench(await bench.lake.restart());
  });
});

describe("Athena's engine while it starts", () => {
  it("is killed with a lake that stops", async () => {
    const lake = await startTestLake();
    try {
      const athena = new AthenaClient(lake.config);
      await athena.send(new CreateWorkGroupCommand({ Name: "warms" }));
      await waitFor(() => existsSync(join(lake.folder, "run")) && engines(lake).length === 1, 10_000);
      const pids = engines(lake);
      await lake.stop({ keep: true });
      assert.deepEqual(pids.map(alive), [false]);
      assert.match(lake.log(), /"event":"stopped"/);
    } finally {
      rmSync(lake.folder, { recursive: true });
    }
  });
});

describe("Athena without an engine", () => {
  it("says so in the query's state, and answers from the catalog all the same", async () => {
    const cache = mkdtempSync(join(tmpdir(), "no-engines-"));
    const lake = await startTestLake({ cache });
    try {
      const s3 = new S3Client({ ...lake.config, forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: "results" }));
      const bench = await startBench(lake);
      const athena = new AthenaClient(lake.config);
      const { QueryExecutionId = "" } = await athena.send(
        new StartQueryExecutionCommand({ QueryString: "SELECT 1", ResultConfiguration: { OutputLocation: RESULTS } }),
      );
      const { Status } = await bench.ended(QueryExecutionId);
      assert.equal(Status?.State, "FAILED");
      assert.match(Status?.StateChangeReason ?? "", /^The query engine Trino is not installed/);
      assert.deepEqual(await bench.rows("SHOW DATABASES"), []);
    } finally {
      await lake.stop();
      rmSync(cache, { recursive: true });
    }
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
