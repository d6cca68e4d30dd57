// The jobs view against a real lake: runs with their figures, a log line by line, stop, bookmarks, scripts, triggers, crawlers, what others change.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { AwsSession } from "../../../src/aws/session.ts";
import { runPage, startRun } from "../../../src/jobs/runs.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { activeShell, label, rows } from "../extension.ts";
import { leave, openOperations } from "../journal.ts";
import { until } from "../until.ts";

const VIEW = "boathouse.jobs";
const BUCKET = "host-jobs";
const ROLE = "arn:aws:iam::000000000000:role/host-jobs";

const COUNT = `
import sys, time
for number in range(30):
    print(f"line {number}", flush=True)
    time.sleep(0.1)
print("arguments", " ".join(sys.argv[1:]), flush=True)
`;
const FAIL = `
def main():
    raise KeyError("day")
main()
`;
const SLEEP = "import time\ntime.sleep(600)\n";

describe("jobs", function () {
  this.timeout(150_000);
  let shell: Shell;
  let session: AwsSession;

  before(async () => {
    shell = await activeShell();
    session = await shell.connections.startLake();
    const { CreateBucketCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
    const s3 = await session.s3();
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    for (const [name, Body] of Object.entries({ count: COUNT, fail: FAIL, sleep: SLEEP }))
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${name}.py`, Body }));
    for (const name of ["count", "fail", "sleep"]) await createJob(name);
  });

  after(async () => {
    const glue = await session.glue();
    const sdk = await import("@aws-sdk/client-glue");
    const { JobNames = [] } = await glue.send(new sdk.ListJobsCommand({}));
    for (const JobName of JobNames) await glue.send(new sdk.DeleteJobCommand({ JobName }));
    const { TriggerNames = [] } = await glue.send(new sdk.ListTriggersCommand({}));
    for (const Name of TriggerNames) await glue.send(new sdk.DeleteTriggerCommand({ Name }));
    const { CrawlerNames = [] } = await glue.send(new sdk.ListCrawlersCommand({}));
    for (const Name of CrawlerNames) await glue.send(new sdk.DeleteCrawlerCommand({ Name }));
    const { emptyBucket } = await import("../../../src/aws/objects.ts");
    await emptyBucket(session, BUCKET);
    const { DeleteBucketCommand } = await import("@aws-sdk/client-s3");
    await (await session.s3()).send(new DeleteBucketCommand({ Bucket: BUCKET }));
    await shell.connections.choose(undefined);
  });

  async function createJob(name: string, script = name): Promise<void> {
    const { CreateJobCommand } = await import("@aws-sdk/client-glue");
    await (await session.glue()).send(
      new CreateJobCommand({
        Name: name,
        Role: ROLE,
        Command: { Name: "glueetl", ScriptLocation: `s3://${BUCKET}/${script}.py`, PythonVersion: "3" },
        GlueVersion: "5.0",
        WorkerType: "G.1X",
        NumberOfWorkers: 2,
        DefaultArguments: { "--day": "1", "--job-bookmark-option": "job-bookmark-enable" },
      }),
    );
  }
  const row = async (name: string) => {
    const found = (await rows(shell, VIEW)).find(({ item }) => label(item) === name);
    assert.ok(found, `no row ${name}`);
    return found;
  };
  const text = async (name: string) => String((await row(name)).item.description);
  const runs = async (name: string) => rows(shell, VIEW, (await row(name)).node);
  const newest = async (job: string) => (await runPage(session, job, 1)).runs[0];
  /** Runs a job by its command and waits for its end. */
  const run = async (name: string, given?: Readonly<Record<string, string>>) => {
    await vscode.commands.executeCommand("boathouse.jobs.run", { kind: "jobName", id: name, given });
    await until(`the end of ${name}`, async () => openOperations(shell) === 0, 120_000);
  };
  /** The text of the output channel of a run. */
  const log = (job: string) =>
    vscode.workspace.textDocuments
      .filter(({ uri }) => uri.scheme === "output" && uri.path.includes(job))
      .map((document) => document.getText())
      .at(-1) ?? "";

  it("jobs that were made elsewhere are listed; they never ran", async () => {
    await vscode.commands.executeCommand("boathouse.refresh");
    assert.equal(await text("count"), "never ran");
    assert.deepEqual(
      (await runs("count")).map(({ item }) => label(item)),
      ["It has not run yet"],
    );
  });

  it("a run goes from RUNNING to SUCCEEDED in its row, and its figures stand there", async () => {
    await vscode.commands.executeCommand("boathouse.jobs.run", (await row("count")).node);
    await until("RUNNING", async () => (await text("count")).startsWith("RUNNING"));
    assert.match(String((await row("count")).item.contextValue), /\bactive\b/);
    await until("SUCCEEDED", async () => /^SUCCEEDED just now · [\d.]+ s$/.test(await text("count")));
    const [first] = await runs("count");
    assert.match(String(first?.item.description), /^SUCCEEDED · [\d.]+ s · [\d.]+ DPU-hours$/);
    await until("the journal's end", async () => openOperations(shell) === 0);
  });

  it("a log comes line by line while the job runs, none lost and none doubled", async () => {
    await vscode.commands.executeCommand("boathouse.jobs.run", { kind: "jobName", id: "count" });
    await vscode.commands.executeCommand("boathouse.jobs.showLog", (await row("count")).node);
    await until("the first lines", async () => /^line 3$/m.test(log("count")));
    assert.doesNotMatch(log("count"), /^line 29$/m, "it was all there at once");
    // Asked for again while it is watched, it is the same one.
    await vscode.commands.executeCommand("boathouse.jobs.showLog", (await row("count")).node);
    await until("the end", async () => /^--- SUCCEEDED after /m.test(log("count")));
    const lines = log("count").match(/^line \d+$/gm);
    assert.deepEqual(
      lines,
      Array.from({ length: 30 }, (_, number) => `line ${number}`),
    );
  });

  it("a run's own arguments reach the script, and its tooltip", async () => {
    await run("count", { "--day": "2026-11-24" });
    const [first] = await runs("count");
    assert.match(String(first?.item.tooltip), /--day 2026-11-24/);
  });

  it("a failed run has the line that says most in its row, and all of it to read", async () => {
    await run("fail");
    assert.match(await text("fail"), /^FAILED just now · KeyError: 'day' · [\d.]+ s$/);
    const [first] = await runs("fail");
    assert.match(String(first?.item.contextValue), /\bfailed\b/);
    await vscode.commands.executeCommand("boathouse.jobs.showError", first?.node);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? "", /KeyError: 'day'/);
  });

  it("a run is stopped, and says so", async () => {
    await vscode.commands.executeCommand("boathouse.jobs.run", { kind: "jobName", id: "sleep" });
    await until("RUNNING", async () => (await text("sleep")).startsWith("RUNNING"));
    await vscode.commands.executeCommand("boathouse.jobs.stop", (await row("sleep")).node);
    await until("STOPPED", async () => (await text("sleep")).startsWith("STOPPED"));
    await until("the journal's end", async () => openOperations(shell) === 0);
  });

  it("run twice at once, it runs once", async () => {
    const before = (await runPage(session, "count", 200)).runs.length;
    const { node } = await row("count");
    await Promise.all([1, 2, 3].map(() => vscode.commands.executeCommand("boathouse.jobs.run", node)));
    assert.equal((await runPage(session, "count", 200)).runs.length, before + 1);
    await until("the journal's end", async () => openOperations(shell) === 0);
  });

  it("a run that another window or the command line began shows by itself", async () => {
    const id = await startRun(session, "count");
    await until("its row", async () =>
      (await runs("count")).some(({ node }) => (node as { run: { id: string } }).run.id === id),
    );
    await until("its end", async () => (await text("count")).startsWith("SUCCEEDED"));
  });

  it("a run that a closed window had begun is followed to its end, also where its id was not written down", async () => {
    const id = await startRun(session, "count", { "--day": "7" });
    const common = { connection: { kind: "local" }, job: "count" };
    leave(shell, "runJob", "Run job count", { ...common, arguments: {}, runId: id });
    leave(shell, "runJob", "Run job count", { ...common, arguments: { "--day": "7" } });
    shell.operations.resumeOpen();
    await sleep(500);
    assert.equal(openOperations(shell), 2, "both wait for the run's end");
    await until("their end", async () => openOperations(shell) === 0);
    assert.equal((await newest("count"))?.id, id, "no other run was begun");
  });

  it("a job that is deleted while its run is watched: the log says so, and the row goes", async () => {
    await createJob("doomed", "count");
    await vscode.commands.executeCommand("boathouse.jobs.run", { kind: "jobName", id: "doomed" });
    await vscode.commands.executeCommand("boathouse.jobs.showLog", (await row("doomed")).node);
    await until("the first line", async () => /^line 0$/m.test(log("doomed")));
    const { DeleteJobCommand } = await import("@aws-sdk/client-glue");
    await (await session.glue()).send(new DeleteJobCommand({ JobName: "doomed" }));
    await until("the log's word", async () =>
      /^--- Job doomed was deleted while this run was watched/m.test(log("doomed")),
    );
    await until("the journal's end", async () => openOperations(shell) === 0);
    await until("the row's end", async () => !(await rows(shell, VIEW)).some(({ item }) => label(item) === "doomed"));
  });

  it("a script opens read-only, as Python", async () => {
    await vscode.commands.executeCommand("boathouse.jobs.openScript", (await row("count")).node);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.getText(), COUNT);
    assert.equal(document?.languageId, "python");
    assert.equal(document?.uri.scheme, "boathouse");
  });

  it("triggers say when they fire next, are stopped and started", async () => {
    const { CreateTriggerCommand } = await import("@aws-sdk/client-glue");
    await (await session.glue()).send(
      new CreateTriggerCommand({
        Name: "nightly",
        Type: "SCHEDULED",
        Schedule: "cron(0 2 * * ? *)",
        StartOnCreation: true,
        Actions: [{ JobName: "count" }],
      }),
    );
    await vscode.commands.executeCommand("boathouse.refresh");
    const trigger = async () => (await rows(shell, VIEW, (await row("Triggers")).node))[0];
    assert.match(String((await trigger())?.item.description), /^ACTIVATED · next (in|today|tomorrow) /);
    await vscode.commands.executeCommand("boathouse.triggers.stop", (await trigger())?.node);
    await until("DEACTIVATED", async () => String((await trigger())?.item.description) === "DEACTIVATED");
    assert.equal((await trigger())?.item.contextValue, "trigger startable");
    await vscode.commands.executeCommand("boathouse.triggers.start", (await trigger())?.node);
    await until("ACTIVATED", async () => String((await trigger())?.item.description).startsWith("ACTIVATED"));
  });

  it("a crawler runs, and its row says how it went", async () => {
    const { CreateCrawlerCommand, CreateDatabaseCommand } = await import("@aws-sdk/client-glue");
    const glue = await session.glue();
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "host_jobs" } }));
    await glue.send(
      new CreateCrawlerCommand({
        Name: "look",
        Role: ROLE,
        DatabaseName: "host_jobs",
        Targets: { S3Targets: [{ Path: `s3://${BUCKET}/nothing/` }] },
      }),
    );
    await vscode.commands.executeCommand("boathouse.refresh");
    const crawler = async () => (await rows(shell, VIEW, (await row("Crawlers")).node))[0];
    assert.equal((await crawler())?.item.description, "never ran");
    await vscode.commands.executeCommand("boathouse.crawlers.run", (await crawler())?.node);
    assert.match(String((await crawler())?.item.description), /^SUCCEEDED just now/);
    await until("the journal holds nothing more", async () => openOperations(shell) === 0);
  });

  it("hostile names are text wherever they stand", async () => {
    const name = "$(trash) <img src=x onerror=alert(1)> [a](command:b)";
    await createJob(name, "count");
    await vscode.commands.executeCommand("boathouse.refresh");
    const { item } = await row(name);
    assert.equal(typeof item.label, "string");
    assert.equal(typeof item.tooltip, "string", "no Markdown");
  });
});
