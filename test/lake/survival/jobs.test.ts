// A lake killed during runs of a Spark job: the run ends FAILED with a reason, its bookmark is not saved, and the next run starts.
import assert from "node:assert/strict";
import { GetJobBookmarkCommand, GlueClient, ListJobsCommand } from "@aws-sdk/client-glue";
import type { TestLake } from "../harness.ts";
import { JobBench } from "../glue/scripts.ts";
import { percent, Rounds } from "./rounds.ts";

const JOB = "survival";
const OUT = "s3://glue-tests/out/";

/** Small and whole: Spark writes to S3, a line is logged, the bookmark is committed. */
const SCRIPT = `
import sys
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

options = getResolvedOptions(sys.argv, ["JOB_NAME", "out"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(options["JOB_NAME"], options)
print("it has begun", flush=True)
glue.spark_session.range(1000).write.mode("overwrite").parquet(options["out"])
job.commit()
print("it is done", flush=True)
`;

const rounds = new Rounds("job");

describe(rounds.title, function () {
  this.timeout(180_000);
  let takes = 0;
  let inFlight = 0;

  before(async () => {
    const bench = await benchOf(await rounds.open());
    await bench.prepare();
    await bench.job(JOB, SCRIPT, {
      DefaultArguments: { "--job-bookmark-option": "job-bookmark-enable", "--out": OUT },
    });
    const started = performance.now();
    await succeeds(bench);
    takes = performance.now() - started;
  });
  after(() => rounds.close());

  for (const round of rounds.list()) {
    it(`${round.name}: at ${percent(round)}`, async () => {
      const bookmark = await bookmarkOf(rounds.lake);
      const id = await rounds.play(round, { act: async (lake) => (await benchOf(lake)).start(JOB), takes });
      if (id === undefined) return;
      const bench = await benchOf(rounds.lake);
      const run = await bench.run(JOB, id);
      if (run.JobRunState === "SUCCEEDED") {
        assert.equal(await bookmarkOf(rounds.lake), bookmark + 1);
        return;
      }
      inFlight++;
      assert.equal(run.JobRunState, "FAILED");
      assert.match(run.ErrorMessage ?? "", /^The local lake ended while the run was (STARTING|RUNNING)\.$/);
      assert.ok(run.CompletedOn instanceof Date);
      // Lines are kept as far as they came, each once.
      const lines = await bench.lines(id);
      assert.deepEqual([...new Set(lines)], lines);
      assert.equal(await bookmarkOf(rounds.lake), bookmark, "a run that did not succeed saves no bookmark");
    });
  }

  it("has hit runs in flight; the job still runs, and all that was acknowledged in all rounds is there", async function () {
    if (!rounds.whole) this.skip();
    assert.ok(inFlight >= 4, `${inFlight} of 10 rounds hit a run in flight`);
    await succeeds(await benchOf(rounds.lake));
    const acknowledged = await rounds.verifyAll();
    assert.ok(acknowledged > 100, `${acknowledged} writes were acknowledged`);
  });
});

async function benchOf(lake: TestLake): Promise<JobBench> {
  const glue = new GlueClient(lake.config);
  assert.ok(((await glue.send(new ListJobsCommand({}))).JobNames ?? []).length <= 1);
  return new JobBench(lake, glue);
}

async function succeeds(bench: JobBench): Promise<void> {
  const run = await bench.ended(JOB, await bench.start(JOB));
  assert.equal(run.JobRunState, "SUCCEEDED", run.ErrorMessage);
}

/** How often a bookmark was saved. */
async function bookmarkOf({ config }: TestLake): Promise<number> {
  const { JobBookmarkEntry } = await new GlueClient(config).send(new GetJobBookmarkCommand({ JobName: JOB }));
  return JobBookmarkEntry?.Version ?? 0;
}
