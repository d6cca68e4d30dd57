// The jobs view on an endpoint that has very much, denies, throttles, and on a window that is switched elsewhere meanwhile.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { FakeAws } from "../connections/fakeAws.ts";
import { activeShell, label, rows } from "../extension.ts";
import { openOperations } from "../journal.ts";
import { until } from "../until.ts";

const VIEW = "boathouse.jobs";

describe("jobs of an endpoint", function () {
  this.timeout(120_000);
  let shell: Shell;
  let fake: FakeAws;

  before(async () => {
    shell = await activeShell();
    writeFileSync(
      process.env["AWS_SHARED_CREDENTIALS_FILE"] ?? "",
      "[p]\naws_access_key_id = AKIAJOBS\naws_secret_access_key = secret\n",
    );
    await shell.connections.credentials.forget("p");
  });
  beforeEach(async () => {
    fake = await FakeAws.start();
    await choose(fake);
  });
  afterEach(async () => {
    await shell.connections.choose(undefined);
    await fake.stop();
  });

  const choose = (one: FakeAws) =>
    shell.connections.choose({ kind: "endpoint", url: one.url, region: "eu-west-1", profile: "p" });
  const jobs = async () => rows(shell, VIEW);
  const job = async (name: string) => {
    const found = (await jobs()).find(({ item }) => label(item) === name);
    assert.ok(found, `no job ${name}`);
    return found;
  };
  /** A run as Glue gives it. */
  const run = (number: number, state = "SUCCEEDED") => ({
    Id: `jr_${number}`,
    JobName: "etl",
    JobRunState: state,
    StartedOn: 1_700_000_000 - number * 60,
    ...(state === "SUCCEEDED" ? { CompletedOn: 1_700_000_030 - number * 60, ExecutionTime: 30 } : {}),
  });

  it("1,000 runs come by pages, as the person asks for more", async () => {
    fake.answer = (operation, body) => {
      if (operation === "GetJobs") return { Jobs: [{ Name: "etl" }] };
      if (operation !== "GetJobRuns") return undefined;
      const { NextToken = "0", MaxResults = 200 } = JSON.parse(body) as { NextToken?: string; MaxResults?: number };
      const from = Number(NextToken);
      const until_ = Math.min(1000, from + MaxResults);
      return {
        JobRuns: Array.from({ length: until_ - from }, (_, index) => run(from + index)),
        ...(until_ < 1000 ? { NextToken: String(until_) } : {}),
      };
    };
    const runs = async () => rows(shell, VIEW, (await job("etl")).node);
    assert.equal((await runs()).length, 11);
    assert.equal(label((await runs()).at(-1)?.item ?? new vscode.TreeItem("")), "Show earlier runs");
    for (let page = 0; page < 99; page++) await vscode.commands.executeCommand("boathouse.jobs.moreRuns", "etl");
    const all = (await runs()).map(({ node }) => (node as { id: string }).id);
    assert.equal(new Set(all).size, 1000);
  });

  it("of 1,000 jobs the first 100 are shown, and only their runs are read, once", async () => {
    fake.answer = (operation) => {
      if (operation === "GetJobs") return { Jobs: Array.from({ length: 1000 }, (_, at) => ({ Name: `job-${at}` })) };
      return operation === "GetJobRuns" ? { JobRuns: [run(1)] } : undefined;
    };
    assert.deepEqual(
      (await jobs()).slice(99).map(({ item }) => label(item)),
      ["job-99", "Show more jobs (900)"],
    );
    await jobs();
    assert.equal(fake.count("GetJobRuns"), 100);
    await vscode.commands.executeCommand("boathouse.jobs.moreJobs");
    await until("200", async () => (await jobs()).length === 201);
  });

  it("what may not be seen is said where it would stand, and hides nothing else", async () => {
    const denied = { status: 400, code: "AccessDeniedException", message: "not authorized to perform: glue:GetThat" };
    fake.answer = (operation) =>
      operation === "GetJobs"
        ? { Jobs: [{ Name: "etl" }] }
        : operation === "GetJobRuns"
          ? { JobRuns: [run(1)] }
          : undefined;
    fake.refuse = (operation) => (["GetTriggers", "GetJobRuns"].includes(operation) ? denied : undefined);
    assert.equal((await job("etl")).item.description, "runs can't be read");
    const [failed] = await rows(shell, VIEW, (await job("etl")).node);
    assert.equal(failed?.item.contextValue, "state:denied");
    const [trigger] = await rows(shell, VIEW, (await job("Triggers")).node);
    assert.equal(trigger?.item.contextValue, "state:denied");
    assert.match(label(trigger.item), /glue:GetThat/);
  });

  it("throttled in the midst of a watch, the run is followed on and its end seen", async () => {
    let looks = 0;
    fake.answer = (operation) => {
      if (operation === "GetJobs") return { Jobs: [{ Name: "etl" }] };
      if (operation === "StartJobRun") return { JobRunId: "jr_1" };
      if (operation === "GetJobRun") return { JobRun: run(1, looks > 6 ? "SUCCEEDED" : "RUNNING") };
      return undefined;
    };
    const slow = { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
    // The SDK's own four tries, and one more.
    fake.refuse = (operation) => (operation === "GetJobRun" && ++looks > 1 && looks < 7 ? slow : undefined);
    await vscode.commands.executeCommand("boathouse.jobs.run", { kind: "jobName", id: "etl" });
    await until("the journal's end", async () => openOperations(shell) === 0);
    assert.ok(looks > 6);
  });

  it("a log that is denied in the midst says so behind its lines", async () => {
    let reads = 0;
    fake.answer = (operation) => {
      if (operation === "GetJobRun") return { JobRun: { ...run(1, "RUNNING"), JobName: "etl-denied" } };
      if (operation === "GetLogEvents")
        return { events: reads === 1 ? [{ message: "only line", timestamp: 0 }] : [], nextForwardToken: `t${reads}` };
      return undefined;
    };
    fake.refuse = (operation) =>
      operation === "GetLogEvents" && ++reads > 4
        ? { status: 400, code: "AccessDeniedException", message: "no logs:GetLogEvents" }
        : undefined;
    await vscode.commands.executeCommand("boathouse.jobs.showLog", { kind: "runId", job: "etl-denied", id: "jr_1" });
    const text = () =>
      vscode.workspace.textDocuments
        .filter(({ uri }) => uri.scheme === "output" && uri.path.includes("etl-denied"))
        .map((document) => document.getText())
        .join("");
    await until("the log's word", async () => /only line\n--- Watching ended: no logs:GetLogEvents/.test(text()));
  });

  it("a run stays on the connection that it was begun on, whatever the window is switched to", async () => {
    let ended = false;
    fake.answer = (operation) => {
      if (operation === "StartJobRun") return { JobRunId: "jr_1" };
      return operation === "GetJobRun" ? { JobRun: run(1, ended ? "SUCCEEDED" : "RUNNING") } : undefined;
    };
    const other = await FakeAws.start();
    try {
      await vscode.commands.executeCommand("boathouse.jobs.run", { kind: "jobName", id: "etl" });
      await choose(other);
      await shell.connections.session();
      const looks = fake.count("GetJobRun");
      await until("more looks", async () => fake.count("GetJobRun") > looks + 1);
      ended = true;
      await until("the journal's end", async () => openOperations(shell) === 0);
      assert.equal(other.count("GetJobRun"), 0);
    } finally {
      await other.stop();
    }
  });
});
