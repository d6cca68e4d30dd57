// What the jobs view says of jobs, runs, triggers and crawlers.
import { deepEqual, equal, match } from "node:assert/strict";
import type { Crawler } from "../../../../src/jobs/crawlers.ts";
import type { Job } from "../../../../src/jobs/jobs.ts";
import type { JobRun } from "../../../../src/jobs/runs.ts";
import type { Trigger } from "../../../../src/jobs/triggers.ts";
import { argumentChoices } from "../../../../src/ui/jobs/argumentChoices.ts";
import { endText, headText, lineText } from "../../../../src/ui/jobs/logText.ts";
import {
  crawlerNode,
  crawlerText,
  dpuText,
  jobNode,
  jobsContext,
  jobText,
  listNode,
  runNode,
  runText,
  runTooltip,
  triggerNode,
  triggerText,
} from "../../../../src/ui/jobs/nodes.ts";

const now = new Date("2026-11-24T10:30:00Z");
const run: JobRun = {
  id: "jr_1",
  job: "etl",
  state: "SUCCEEDED",
  attempt: 0,
  started: new Date("2026-11-24T10:20:00Z"),
  completed: new Date("2026-11-24T10:20:25Z"),
  executionSeconds: 20,
  dpuSeconds: 72,
  error: undefined,
  logGroup: "/aws-glue/jobs",
  trigger: undefined,
  arguments: {},
  workerType: "G.1X",
  workers: 2,
};
const failed: JobRun = {
  ...run,
  state: "FAILED",
  dpuSeconds: undefined,
  executionSeconds: 0,
  error: "Traceback (most recent call last):\nKeyError: 'day'",
};
const running: JobRun = { ...run, state: "RUNNING", completed: undefined, dpuSeconds: undefined };
const job: Job = {
  name: "etl",
  description: undefined,
  script: "s3://b/k.py",
  glueVersion: "5.0",
  workerType: "G.1X",
  workers: 2,
  timeoutMinutes: 60,
  maxConcurrentRuns: 1,
  arguments: {},
};

describe("jobs as rows", () => {
  it("a job says how its newest run went", () => {
    equal(jobText(undefined, now), "never ran");
    equal(jobText("unknown", now), "runs can't be read");
    equal(jobText(run, now), "SUCCEEDED 10 min ago · 25 s");
    equal(jobText(failed, now), "FAILED 10 min ago · KeyError: 'day' · 25 s");
    equal(jobText(running, now), "RUNNING 10 min");
  });
  it("a run says what it took", () => {
    equal(runText(run, now), "SUCCEEDED · 25 s · 0.02 DPU-hours");
    equal(runText(failed, now), "FAILED · KeyError: 'day' · 25 s");
  });
  it("DPU-hours never read as none", () => {
    equal(dpuText(0.0042), "0.0042 DPU-hours");
    equal(dpuText(0.5), "0.5 DPU-hours");
    equal(dpuText(12.34), "12.3 DPU-hours");
  });
  it("a run's tooltip has its arguments, its trigger and its whole error", () => {
    const text = runTooltip({ ...failed, arguments: { "--day": "x" }, trigger: "daily" }, now);
    match(text, /Traceback .*\nKeyError: 'day'/);
    match(text, /Started by trigger daily/);
    match(text, / {2}--day x/);
  });
  it("the menus know what can be done", () => {
    const parent = jobNode(job, running);
    equal(jobsContext(parent), "job script ran active");
    equal(jobsContext(jobNode({ ...job, script: undefined }, undefined)), "job");
    equal(jobsContext(runNode(running, parent)), "run ran active");
    equal(jobsContext(runNode(failed, parent)), "run ran ended failed");
  });
});

describe("triggers and crawlers as rows", () => {
  const list = listNode("triggers", 1);
  const trigger: Trigger = {
    name: "daily",
    type: "SCHEDULED",
    state: "ACTIVATED",
    schedule: "cron(40 10 * * ? *)",
    description: undefined,
    jobs: ["etl"],
    crawlers: [],
    conditions: [],
    logical: undefined,
  };
  it("an active schedule says when it fires next and how its last run went", () => {
    equal(triggerText(triggerNode(trigger, run, list), now), "ACTIVATED · next in 10 min · last SUCCEEDED 10 min ago");
  });
  it("one that is off says no time", () => {
    equal(triggerText(triggerNode({ ...trigger, state: "DEACTIVATED" }, undefined, list), now), "DEACTIVATED");
  });
  it("a schedule that is over says so", () => {
    const past = { ...trigger, schedule: "cron(0 2 1 1 ? 2020)" };
    equal(triggerText(triggerNode(past, undefined, list), now), "ACTIVATED · never fires again");
  });
  it("a conditional one says what it waits for", () => {
    const conditional: Trigger = {
      ...trigger,
      type: "CONDITIONAL",
      schedule: undefined,
      conditions: ["a SUCCEEDED", "b FAILED"],
      logical: "ANY",
    };
    equal(triggerText(triggerNode(conditional, undefined, list), now), "ACTIVATED · after a SUCCEEDED or b FAILED");
  });
  it("start and stop stand where they do something", () => {
    equal(jobsContext(triggerNode(trigger, undefined, list)), "trigger stoppable");
    equal(jobsContext(triggerNode({ ...trigger, state: "CREATED" }, undefined, list)), "trigger startable");
    equal(jobsContext(triggerNode({ ...trigger, type: "ON_DEMAND" }, undefined, list)), "trigger startable");
  });

  const crawler: Crawler = {
    name: "crawl",
    state: "READY",
    lastStatus: "FAILED",
    lastError: "Access Denied",
    lastStarted: new Date("2026-11-24T10:20:00Z"),
    schedule: undefined,
    elapsed: 0,
    database: "db",
    paths: ["s3://b/"],
  };
  it("a crawler says how the last crawl went, or how long this one has run", () => {
    equal(crawlerText(crawler, now), "FAILED 10 min ago · Access Denied");
    equal(crawlerText({ ...crawler, state: "RUNNING", elapsed: 12_400 }, now), "RUNNING · 12 s");
    equal(crawlerText({ ...crawler, lastStatus: undefined, lastStarted: undefined }, now), "never ran");
    equal(jobsContext(crawlerNode({ ...crawler, state: "RUNNING" }, list)), "crawler active");
  });
});

describe("a log's channel", () => {
  it("marks the error log, each of its lines", () => {
    equal(lineText({ source: "output", text: "hello\n" }), "hello");
    equal(lineText({ source: "error", text: "a\nb" }), "[error log] a\n[error log] b");
  });
  it("begins with what the run is made of: its trigger, workers and arguments, each on a line", () => {
    const started = { ...run, trigger: "nightly", attempt: 1, arguments: { "--day": "2026-01-01", "--note": "a\nb" } };
    const [first, ...rest] = headText(started);
    equal(first?.endsWith(" by trigger nightly"), true);
    deepEqual(rest, ["2 workers G.1X", "Retry 1", "Argument --day 2026-01-01", "Argument --note a b"]);
    deepEqual(headText({ ...run, started: undefined, workers: undefined }), []);
  });
  it("says how the run ended", () => equal(endText(run), "SUCCEEDED after 25 s, 0.02 DPU-hours"));
});

describe("a run's arguments", () => {
  it("start first, then the script's own, then Glue's; what was changed says from what", () => {
    const choices = argumentChoices({ "--day": "1", "--job-language": "python" }, new Map([["--day", "2"]]));
    deepEqual(
      choices.map((choice) =>
        "heading" in choice ? choice.heading : [choice.label, choice.description, choice.detail],
      ),
      [
        ["Run", "with 1 changed", undefined],
        ["Add an argument...", undefined, undefined],
        "Arguments of the script",
        ["--day", "2", "changed for this run from 1"],
        "Arguments of Glue",
        ["--job-language", "python", undefined],
      ],
    );
  });
});
