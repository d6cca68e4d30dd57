// Job runs on the real engine: what a person sees who starts, watches and stops them.
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  DeleteJobCommand,
  GetJobRunsCommand,
  GlueClient,
  StartJobRunCommand,
} from "@aws-sdk/client-glue";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { BUCKET, JobBench, PATIENCE } from "./scripts.ts";

const SLEEPS = `
import sys, time
print("asleep", flush=True)
time.sleep(600)
`;

describe("Glue job runs", function () {
  this.timeout(PATIENCE + 60_000);
  let lake: TestLake;
  let glue: GlueClient;
  let bench: JobBench;

  before(async () => {
    lake = await startTestLake();
    glue = new GlueClient(lake.config);
    bench = new JobBench(lake, glue);
    await bench.prepare();
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" }],
    };
    const iam = new IAMClient(lake.config);
    await iam.send(new CreateRoleCommand({ RoleName: "etl", AssumeRolePolicyDocument: JSON.stringify(trust) }));
  });
  after(() => lake.stop());

  /** Pids of processes that belong to the lake's runs, by their command line. */
  function processes(): string[] {
    return readdirSync("/proc").filter((pid) => {
      try {
        return (
          /^\d+$/.test(pid) &&
          readFileSync(`/proc/${pid}/environ`, "utf8").includes(`BOATHOUSE_RUN_FOLDER=${lake.folder}`)
        );
      } catch {
        return false;
      }
    });
  }

  it("a job reads and writes S3 with Spark and succeeds", async () => {
    await bench.s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: "in/a.csv", Body: "n,word\n1,one\n2,two\n3,three\n" }),
    );
    await bench.job(
      "words",
      `
import sys
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
args = getResolvedOptions(sys.argv, ["JOB_NAME", "source", "target"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(args["JOB_NAME"], args)
rows = glue.spark_session.read.option("header", True).csv(args["source"])
rows.where("n > 1").write.mode("overwrite").parquet(args["target"])
print("wrote", glue.spark_session.read.parquet(args["target"]).count(), "rows as", args["JOB_NAME"])
job.commit()
`,
      { DefaultArguments: { "--source": `s3://${BUCKET}/in/`, "--target": "overridden" } },
    );
    const id = await bench.start("words", { "--target": `s3://${BUCKET}/out/` });
    const run = await bench.ended("words", id);
    equal(run.ErrorMessage, undefined);
    equal(run.JobRunState, "SUCCEEDED");
    ok((run.ExecutionTime ?? 0) > 0);
    equal(run.DPUSeconds, (run.ExecutionTime ?? 0) * 2);
    ok((run.CompletedOn?.getTime() ?? 0) > (run.StartedOn?.getTime() ?? 0));
    deepEqual(run.Arguments, { "--target": `s3://${BUCKET}/out/` });
    deepEqual(await bench.lines(id), ["wrote 2 rows as words"]);
    const { Contents } = await bench.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "out/" }));
    ok(Contents?.some(({ Key }) => Key?.endsWith(".snappy.parquet")));
    equal(existsSync(join(lake.folder, "glue", "runs", id)), false);
  });

  it("a run works with a session of its job's role", () => {
    const asked = lake
      .log()
      .split("\n")
      .filter((line) => line.includes("assumed-role/etl/GlueJobRunnerSession-"))
      .map((line) => (JSON.parse(line) as { action: string }).action);
    for (const action of ["s3:GetObject", "s3:PutObject", "s3:ListObjectsV2"]) ok(asked.includes(action), action);
  });

  it("the script sees Glue's own arguments, its home and nothing of this machine's AWS settings", async () => {
    await bench.job("looks", `import os, sys, json\nprint(json.dumps([sys.argv[1:], dict(os.environ)]))`, {
      DefaultArguments: { "--a": "1", "--b": "2" },
      NonOverridableArguments: { "--c": "3" },
    });
    const id = await bench.start("looks", { "--b": "two", "--c": "three" });
    equal((await bench.ended("looks", id)).JobRunState, "SUCCEEDED");
    const [words, environment] = JSON.parse((await bench.lines(id)).join("")) as [string[], Record<string, string>];
    const given = Object.fromEntries(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1]]] : [])));
    match(given["--JOB_ID"] ?? "", /^j_[0-9a-f]{64}$/);
    deepEqual(
      { ...given, "--JOB_ID": "" },
      { "--a": "1", "--b": "two", "--c": "3", "--JOB_NAME": "looks", "--JOB_ID": "", "--JOB_RUN_ID": id },
    );
    equal(environment["AWS_ENDPOINT_URL"], lake.endpoint);
    equal(environment["TZ"], "UTC");
    ok(environment["HOME"]?.startsWith(lake.folder));
    equal(environment["AWS_PROFILE"], undefined);
  });

  it("lines are in the log while the run goes on, in the groups that its arguments name", async () => {
    await bench.job(
      "talks",
      `import sys, time\nprint("out", flush=True)\nprint("err", file=sys.stderr, flush=True)\ntime.sleep(600)`,
    );
    const id = await bench.start("talks", { "--custom-logGroup-prefix": "/mine" });
    await waitFor(async () => (await bench.lines(id, "output", "/mine")).length === 2, PATIENCE, 100);
    const run = await bench.run("talks", id);
    deepEqual([run.JobRunState, run.LogGroupName], ["RUNNING", "/mine"]);
    deepEqual((await bench.lines(id, "output", "/mine")).sort(), ["err", "out"]);
    await bench.stop("talks", id);
    await bench.ended("talks", id);
  });

  it("what Spark's loggers write goes to the other group, stack traces too", async () => {
    const said = [
      "2026-01-01 00:00:00.123 WARN RenameOperation: careful",
      "org.apache.hadoop.fs.s3a.AWSS3IOException: no",
      "\tat org.apache.hadoop.fs.s3a.S3AUtils.translate(S3AUtils.java:320)2026-01-01 00:00:00.124 ERROR Utils: again",
      "Caused by: java.io.IOException",
      "mine: at last",
    ];
    await bench.job(
      "warns",
      `import sys\nfor line in ${JSON.stringify(said)}:\n    print(line, file=sys.stderr)\nprint("2026-01-01 00:00:00.123 WARN x: said by print")`,
    );
    const id = await bench.start("warns");
    equal((await bench.ended("warns", id)).JobRunState, "SUCCEEDED");
    deepEqual((await bench.lines(id)).sort(), ["2026-01-01 00:00:00.123 WARN x: said by print", "mine: at last"]);
    const logged = await bench.lines(id, "error");
    deepEqual(logged.filter((line) => said.join("\n").includes(line)).length, 5);
    ok(logged.includes("2026-01-01 00:00:00.124 ERROR Utils: again"));
  });

  it("a job that throws fails with its own traceback, last line first", async () => {
    await bench.job("throws", `def inner(n):\n    raise ValueError(f"no {n}")\n\ninner(7)\n`);
    const id = await bench.start("throws");
    const run = await bench.ended("throws", id);
    equal(run.JobRunState, "FAILED");
    deepEqual(run.ErrorMessage?.split("\n"), [
      "ValueError: no 7",
      `  File "s3://${BUCKET}/scripts/throws.py", line 4, in <module>`,
      "    inner(7)",
      `  File "s3://${BUCKET}/scripts/throws.py", line 2, in inner`,
      '    raise ValueError(f"no {n}")',
    ]);
    deepEqual(await bench.lines(id), run.ErrorMessage?.split("\n"));
  });

  it("a job without its script fails and names it", async () => {
    await glue.send(
      new CreateJobCommand({
        Name: "lost",
        Role: "r",
        WorkerType: "G.1X",
        NumberOfWorkers: 2,
        Command: { Name: "glueetl", ScriptLocation: `s3://${BUCKET}/gone.py` },
      }),
    );
    const run = await bench.ended("lost", await bench.start("lost"));
    match(run.ErrorMessage ?? "", new RegExp(`^FileNotFoundError: s3://${BUCKET}/gone.py could not be fetched`));
  });

  it("a run that is stopped ends within 5 seconds, with its processes", async () => {
    await bench.job("sleeps", SLEEPS);
    const id = await bench.start("sleeps");
    await waitFor(async () => (await bench.lines(id)).includes("asleep"), PATIENCE, 100);
    ok(processes().length > 0);
    const asked = performance.now();
    const answer = await glue.send(new BatchStopJobRunCommand({ JobName: "sleeps", JobRunIds: [id, "jr_nope"] }));
    deepEqual(answer.SuccessfulSubmissions, [{ JobName: "sleeps", JobRunId: id }]);
    deepEqual(
      answer.Errors?.map(({ JobRunId, ErrorDetail }) => [JobRunId, ErrorDetail?.ErrorCode]),
      [["jr_nope", "EntityNotFoundException"]],
    );
    const run = await bench.until("sleeps", id, "STOPPED");
    ok(performance.now() - asked < 5000, `took ${performance.now() - asked} ms`);
    ok(run.CompletedOn instanceof Date);
    deepEqual(processes(), []);
    const late = await glue.send(new BatchStopJobRunCommand({ JobName: "sleeps", JobRunIds: [id] }));
    match(late.Errors?.[0]?.ErrorDetail?.ErrorMessage ?? "", /it is STOPPED/);
  });

  it("one run too many is refused, or waits where queuing is on", async () => {
    const first = await bench.start("sleeps");
    await rejects(bench.start("sleeps"), {
      name: "ConcurrentRunsExceededException",
      message: "Concurrent runs exceeded for sleeps",
    });
    const { JobRunId: second = "" } = await glue.send(
      new StartJobRunCommand({ JobName: "sleeps", JobRunQueuingEnabled: true }),
    );
    const waiting = await bench.run("sleeps", second);
    deepEqual(
      [waiting.JobRunState, waiting.StateDetail],
      ["WAITING", "The job has reached its maximum of concurrent runs."],
    );
    await bench.stop("sleeps", first);
    await bench.until("sleeps", second, "RUNNING");
    await bench.stop("sleeps", second);
    await bench.until("sleeps", second, "STOPPED");
  });

  it("more runs than the machine bears wait for a place", async function () {
    const places = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2 ** 31)));
    if (places > 8) this.skip();
    const names = Array.from({ length: places + 1 }, (_, index) => `place-${index}`);
    const ids: string[] = [];
    for (const name of names) await bench.job(name, SLEEPS);
    for (const name of names) ids.push(await bench.start(name));
    for (let index = 0; index < places; index++) await bench.until(`place-${index}`, ids[index] ?? "", "RUNNING");
    equal((await bench.run(names[places] ?? "", ids[places] ?? "")).JobRunState, "STARTING");
    await bench.stop("place-0", ids[0] ?? "");
    await bench.until(names[places] ?? "", ids[places] ?? "", "RUNNING");
    for (const [index, name] of names.entries()) if (index > 0) await bench.stop(name, ids[index] ?? "");
    for (const [index, name] of names.entries()) await bench.until(name, ids[index] ?? "", "STOPPED");
  });

  it("a run that outlives its timeout is ended", async () => {
    const { JobRunId: id = "" } = await glue.send(new StartJobRunCommand({ JobName: "sleeps", Timeout: 10 }));
    await bench.until("sleeps", id, "RUNNING");
    await lake.advance(9 * 60_000);
    equal((await bench.run("sleeps", id)).JobRunState, "RUNNING");
    await lake.advance(60_000);
    const run = await bench.until("sleeps", id, "TIMEOUT");
    equal(run.ErrorMessage, "The job run exceeded its timeout of 10 minutes.");
    ok((run.ExecutionTime ?? 0) >= 600);
  });

  it("a failed run is tried again, as often as MaxRetries says", async () => {
    await bench.job("stubborn", `raise RuntimeError("no")`, { MaxRetries: 2 });
    const id = await bench.start("stubborn");
    const last = await bench.until("stubborn", `${id}_attempt_2`, "FAILED");
    equal(last.PreviousRunId, `${id}_attempt_1`);
    const { JobRuns } = await glue.send(new GetJobRunsCommand({ JobName: "stubborn" }));
    deepEqual(
      JobRuns?.map(({ Id, Attempt }) => [Id, Attempt]),
      [
        [`${id}_attempt_2`, 2],
        [`${id}_attempt_1`, 1],
        [id, 0],
      ],
    );
  });

  it("runs are listed newest first, in pages", async () => {
    const first = await glue.send(new GetJobRunsCommand({ JobName: "sleeps", MaxResults: 2 }));
    const second = await glue.send(new GetJobRunsCommand({ JobName: "sleeps", NextToken: first.NextToken }));
    const times = [...(first.JobRuns ?? []), ...(second.JobRuns ?? [])].map(
      ({ StartedOn }) => StartedOn?.getTime() ?? 0,
    );
    equal(times.length, 4);
    deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
    await rejects(glue.send(new GetJobRunsCommand({ JobName: "nope" })), { name: "EntityNotFoundException" });
  });

  it("a job that is deleted takes its run with it", async () => {
    await bench.until("sleeps", await bench.start("sleeps"), "RUNNING");
    await glue.send(new DeleteJobCommand({ JobName: "sleeps" }));
    deepEqual(processes(), []);
    await rejects(glue.send(new GetJobRunsCommand({ JobName: "sleeps" })), { name: "EntityNotFoundException" });
  });

  it("a lake that is killed ends its runs when it starts again, and leaves no process", async () => {
    await bench.job("sleeps", SLEEPS);
    const id = await bench.start("sleeps");
    await waitFor(async () => (await bench.lines(id)).includes("asleep"), PATIENCE, 100);
    await lake.kill();
    ok(processes().length > 0, "the engine outlives the lake until the next one starts");
    lake = await lake.restart();
    glue = new GlueClient(lake.config);
    bench = new JobBench(lake, glue);
    const run = await bench.run("sleeps", id);
    deepEqual([run.JobRunState, run.ErrorMessage], ["FAILED", "The local lake ended while the run was RUNNING."]);
    await waitFor(() => processes().length === 0, 5000);
    equal((await bench.until("sleeps", await bench.start("sleeps"), "RUNNING")).JobRunState, "RUNNING");
  });

  it("a lake that is stopped ends its runs and says so", async () => {
    await bench.job("sleeps-again", SLEEPS);
    const id = await bench.start("sleeps-again");
    await bench.until("sleeps-again", id, "RUNNING");
    await lake.stop({ keep: true });
    deepEqual(processes(), []);
    lake = await lake.restart();
    bench = new JobBench(lake, new GlueClient(lake.config));
    const run = await bench.run("sleeps-again", id);
    deepEqual(
      [run.JobRunState, run.ErrorMessage],
      ["FAILED", "The local lake was stopped while the run was in flight."],
    );
  });
});
