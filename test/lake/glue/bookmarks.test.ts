// Job bookmarks: saved at job.commit() of a run that succeeds, shown, rewound, reset; by the lake's half of the contract with the runtime.
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { GetJobBookmarkCommand, GlueClient, ResetJobBookmarkCommand, StartJobRunCommand } from "@aws-sdk/client-glue";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { BUCKET, JobBench, PATIENCE } from "./scripts.ts";

/** What job.init and job.commit do on the run's route, without Spark: reads, adds one to `ctx`, commits, ends as told. */
const COUNTS = `
import json, os, sys, time, urllib.request
def ask(method, body=None):
    request = urllib.request.Request(os.environ["BOATHOUSE_RUN_URL"] + "/bookmark", method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"authorization": "Bearer " + os.environ["BOATHOUSE_RUN_TOKEN"]})
    return json.loads(urllib.request.urlopen(request).read())
words = dict(zip(sys.argv[1::2], sys.argv[2::2]))
before = ask("GET")
print("read", json.dumps(before, sort_keys=True), flush=True)
time.sleep(float(words.get("--sleep", "0")))
if words.get("--end") != "no-commit":
    ask("PUT", {"state": {**before["state"], "ctx": before["state"].get("ctx", 0) + 1}})
    print("committed", flush=True)
time.sleep(float(words.get("--linger", "0")))
if words.get("--end") == "throw":
    raise RuntimeError("after the commit")
`;

describe("Glue job bookmarks", function () {
  this.timeout(PATIENCE + 60_000);
  let lake: TestLake;
  let glue: GlueClient;
  let bench: JobBench;

  before(async () => {
    lake = await startTestLake();
    glue = new GlueClient(lake.config);
    bench = new JobBench(lake, glue);
    await bench.prepare();
    await bench.job("counts", COUNTS);
  });
  after(() => lake.stop());

  const run = async (args: Record<string, string> = {}): Promise<[id: string, state: string | undefined]> => {
    const id = await bench.start("counts", args);
    return [id, (await bench.ended("counts", id)).JobRunState];
  };
  const bookmark = async (RunId?: string) => {
    const { JobBookmarkEntry } = await glue.send(new GetJobBookmarkCommand({ JobName: "counts", RunId }));
    return JobBookmarkEntry;
  };

  it("there is none before a run has saved one", async () => {
    await rejects(bookmark(), { name: "EntityNotFoundException", message: "Continuation for job counts not found" });
    const [id, state] = await run({ "--end": "no-commit" });
    equal(state, "SUCCEEDED");
    deepEqual(await bench.lines(id), ['read {"state": {}, "version": 0}']);
    await rejects(bookmark(), { name: "EntityNotFoundException" });
  });

  const ids: string[] = [];

  it("a run that commits and succeeds saves it, and the next one reads it", async () => {
    for (const _ of [1, 2, 3]) ids.push((await run())[0]);
    deepEqual(await bench.lines(ids[2] ?? ""), ['read {"state": {"ctx": 2}, "version": 2}', "committed"]);
    deepEqual(await bookmark(), {
      JobName: "counts",
      Version: 3,
      Run: 3,
      Attempt: 0,
      RunId: ids[2],
      PreviousRunId: ids[1],
      JobBookmark: '{"ctx":3}',
    });
  });

  it("a run that commits and then fails or is stopped leaves it as it was", async () => {
    equal((await run({ "--end": "throw" }))[1], "FAILED");
    equal((await bookmark())?.JobBookmark, '{"ctx":3}');
    const id = await bench.start("counts", { "--linger": "600" });
    await waitFor(async () => (await bench.lines(id)).includes("committed"), PATIENCE, 50);
    await bench.stop("counts", id);
    await bench.until("counts", id, "STOPPED");
    equal((await bookmark())?.JobBookmark, '{"ctx":3}');
  });

  it("as of a run it is what the last success up to it left: the ends of a paused range", async () => {
    const [failed] = await run({ "--end": "throw" });
    const last = await run();
    const asOf = async (id: string | undefined) => (await bookmark(id))?.JobBookmark;
    deepEqual(
      [await asOf(ids[0]), await asOf(ids[1]), await asOf(failed), await asOf(last[0])],
      ['{"ctx":1}', '{"ctx":2}', '{"ctx":3}', '{"ctx":4}'],
    );
    await rejects(asOf("jr_nope"), { name: "EntityNotFoundException" });
  });

  it("is rewound to a run, and reset altogether", async () => {
    const rewound = await glue.send(new ResetJobBookmarkCommand({ JobName: "counts", RunId: ids[0] }));
    equal(rewound.JobBookmarkEntry?.JobBookmark, '{"ctx":1}');
    await run();
    equal((await bookmark())?.JobBookmark, '{"ctx":2}');
    const reset = await glue.send(new ResetJobBookmarkCommand({ JobName: "counts" }));
    deepEqual([reset.JobBookmarkEntry?.JobBookmark, reset.JobBookmarkEntry?.Run], ["{}", 0]);
    const [id] = await run();
    match((await bench.lines(id))[0] ?? "", /"state": \{\}/);
  });

  it("a run does not save over what changed since it read", async () => {
    const id = await bench.start("counts", { "--sleep": "1" });
    await waitFor(async () => (await bench.lines(id)).length > 0, PATIENCE, 50);
    await glue.send(new ResetJobBookmarkCommand({ JobName: "counts" }));
    const { JobRunState, ErrorMessage } = await bench.ended("counts", id);
    deepEqual([JobRunState, ErrorMessage?.split("\n")[0]], ["FAILED", "HTTPError: HTTP Error 409: Conflict"]);
    equal((await bookmark())?.JobBookmark, "{}");
  });

  it("of two runs at once, the second to commit is refused", async () => {
    await bench.job("wide", COUNTS, { ExecutionProperty: { MaxConcurrentRuns: 2 } });
    const start = async (args: Record<string, string>) =>
      (await glue.send(new StartJobRunCommand({ JobName: "wide", Arguments: args }))).JobRunId ?? "";
    // The slow one has read its bookmark before the quick one begins, and commits long after that has ended.
    const slow = await start({ "--sleep": "20" });
    await waitFor(async () => (await bench.lines(slow)).some((line) => line.startsWith("read")), PATIENCE, 50);
    const quick = await start({});
    equal((await bench.ended("wide", quick)).JobRunState, "SUCCEEDED");
    equal((await bench.ended("wide", slow)).JobRunState, "FAILED");
  });

  it("survives kill -9, without what a run in flight had committed", async () => {
    await run();
    const id = await bench.start("counts", { "--linger": "600" });
    await waitFor(async () => (await bench.lines(id)).includes("committed"), PATIENCE, 50);
    await lake.kill();
    lake = await lake.restart();
    glue = new GlueClient(lake.config);
    bench = new JobBench(lake, glue);
    equal((await bench.run("counts", id)).JobRunState, "FAILED");
    equal((await bookmark())?.JobBookmark, '{"ctx":1}');
  });

  it("a job that reads files by transformation_ctx reads each once, and a paused range again", async () => {
    const read = `
import sys
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
args = getResolvedOptions(sys.argv, ["JOB_NAME"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(args["JOB_NAME"], args)
frame = glue.create_dynamic_frame.from_options("s3", {"paths": ["s3://${BUCKET}/words/"]}, format="json", transformation_ctx="words")
rows = frame.toDF()
print(sorted(row.word for row in rows.collect()) if "word" in rows.columns else [])
job.commit()
`;
    await bench.job("reads", read, { DefaultArguments: { "--job-bookmark-option": "job-bookmark-enable" } });
    const words = async (
      word: string | undefined,
      args: Record<string, string> = {},
    ): Promise<[id: string, said: string[]]> => {
      if (word !== undefined)
        await bench.s3.send(
          new PutObjectCommand({ Bucket: BUCKET, Key: `words/${word}.json`, Body: `{"word":"${word}"}\n` }),
        );
      const id = await bench.start("reads", args);
      const { ErrorMessage } = await bench.ended("reads", id);
      equal(ErrorMessage, undefined);
      return [id, await bench.lines(id)];
    };
    const [first, one] = await words("one");
    const [second, two] = await words("two");
    const [, none] = await words(undefined);
    deepEqual([one, two, none], [["['one']"], ["['two']"], ["[]"]]);
    const range = { "--job-bookmark-from": first, "--job-bookmark-to": second };
    const [, again] = await words("three", { "--job-bookmark-option": "job-bookmark-pause", ...range });
    deepEqual(again, ["['two']"]);
    const [, three] = await words(undefined);
    deepEqual(three, ["['three']"]);
  });

  it("its route takes the run's token only", async () => {
    const id = await bench.start("counts", { "--sleep": "600" });
    await bench.until("counts", id, "RUNNING");
    const url = `${lake.endpoint}/_lake/runs/${id}/bookmark`;
    equal((await fetch(url)).status, 403);
    equal(
      (await fetch(url, { headers: { authorization: `Bearer ${lake.config.credentials.secretAccessKey}` } })).status,
      403,
    );
    await bench.stop("counts", id);
  });
});
