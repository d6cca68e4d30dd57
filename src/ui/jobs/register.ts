// Registers the commands and the view of the jobs.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import { type Documents, documentsOf } from "../shell/documents.ts";
import { RUN_CRAWLER, RUN_JOB } from "../shell/kinds.ts";
import { paceOf, Polling } from "../shell/polling.ts";
import type { Shell } from "../shell/shell.ts";
import { Steady } from "../shell/steady.ts";
import { NodeTree } from "../shell/tree.ts";
import { LogWatch } from "./logWatch.ts";
import type { CrawlerNode, JobsNode, RunNode, TriggerNode } from "./nodes.ts";
import { crawlerFor, type JobsArgument, jobFor, runFor, triggerFor } from "./pick.ts";
import { JobsSource } from "./source.ts";
import { say } from "../shell/say.ts";

/** Bytes of a job script that an editor still shows well. */
const LARGEST_SCRIPT = 5_000_000;

/** What a run on the local lake can't do without. */
const ENGINES = { engines: ["postgres", "spark"] } as const;

// Loaded when they are pressed: the window opens sooner.
const running = () => import("./runs.ts");
const crawling = () => import("./crawler.ts");

export function registerJobs(shell: Shell): void {
  const { held } = shell;
  const documents = documentsOf(shell);
  const source = new JobsSource((running) => polling.seen(running));
  const tree = held.push(new NodeTree<JobsNode>(shell, source));
  const look = () => tree.refresh();
  const polling = held.push(new Polling(tree.view, () => paceOf(shell.connections.choice?.kind), look));
  const logs = held.push(new LogWatch(shell));
  held.push(
    shell.onDidHappen((what) => {
      if (what !== "jobs" && what !== "stacks") return;
      // A stack that changed may have other jobs now.
      source.forget();
      look();
    }),
  );

  shell.command("boathouse.jobs.moreRuns", (job: string) => {
    source.moreRuns(job);
    look();
  });
  shell.command("boathouse.jobs.moreJobs", () => {
    source.moreJobs();
    look();
  });
  shell.command(
    "boathouse.jobs.run",
    async (node?: JobsArgument) => {
      const given = node?.kind === "jobName" ? node.given : undefined;
      const job = await jobFor(shell, node, "Run a job");
      const { runJob } = await running();
      await runJob(shell, logs, job, given ?? {});
    },
    ENGINES,
  );
  shell.command(
    "boathouse.jobs.runWith",
    async (node?: JobsArgument) => {
      const name = await jobFor(shell, node, "Run a job with arguments");
      const { getJob } = await import("../../jobs/jobs.ts");
      const job = await shell.use((session) => getJob(session, name));
      // On a run: with what that run was given, to change it or to run it again.
      const given = node?.kind === "run" ? node.run.arguments : {};
      const [{ askArguments }, { runJob }] = await Promise.all([import("./argumentsInput.ts"), running()]);
      await runJob(shell, logs, name, await askArguments(name, job.arguments, given));
    },
    ENGINES,
  );
  shell.command("boathouse.jobs.stop", async (node?: JobsArgument) => {
    const { job, id } = await runFor(shell, node, "Stop a run", true);
    const { stopRun } = await import("../../jobs/runs.ts");
    await shell.use((session) => stopRun(session, job, id));
    shell.tell("jobs");
  });
  shell.command("boathouse.jobs.showLog", async (node?: JobsArgument) => {
    const { job, id } = await runFor(shell, node, "Show a log", false);
    await logs.show(job, id);
  });
  shell.command("boathouse.jobs.showError", async ({ run }: RunNode) => {
    await documents.show(`Error of ${run.job} ${run.id}`, `${run.error ?? "This run has no error."}\n`);
  });
  shell.command("boathouse.jobs.resetBookmark", (node?: JobsArgument) => resetBookmark(shell, node));
  shell.command("boathouse.jobs.openScript", async (node?: JobsArgument) => {
    await openScript(shell, documents, await jobFor(shell, node, "Open a job's script"));
  });
  shell.command("boathouse.jobs.copyRunId", ({ run }: RunNode) => vscode.env.clipboard.writeText(run.id));
  shell.command("boathouse.jobs.copyName", (node: JobsNode) => vscode.env.clipboard.writeText(nameOf(node)));

  shell.command("boathouse.triggers.start", async (node?: TriggerNode) => {
    const name = await triggerFor(shell, node, "Start a trigger");
    const { startTrigger } = await import("../../jobs/triggers.ts");
    await shell.use((session) => startTrigger(session, name));
    shell.tell("jobs");
  });
  shell.command("boathouse.triggers.stop", async (node?: TriggerNode) => {
    const name = await triggerFor(shell, node, "Stop a trigger");
    const { stopTrigger } = await import("../../jobs/triggers.ts");
    await shell.use((session) => stopTrigger(session, name));
    shell.tell("jobs");
  });
  shell.command("boathouse.crawlers.run", (node?: CrawlerNode) =>
    Steady.during(shell, async (on) => {
      const crawler = await crawlerFor(shell, node, "Run a crawler");
      const { runCrawler } = await crawling();
      await runCrawler(shell, on, crawler);
    }),
  );
  shell.command("boathouse.crawlers.stop", async (node?: CrawlerNode) => {
    const name = await crawlerFor(shell, node, "Stop a crawler");
    const { stopCrawler } = await import("../../jobs/crawlers.ts");
    await shell.use((session) => stopCrawler(session, name));
    shell.tell("jobs");
  });

  shell.operations.onResume(RUN_JOB, async (operation) => (await running()).resumeRun(shell, logs, operation));
  shell.operations.onResume(RUN_CRAWLER, async (operation) => (await crawling()).resumeCrawler(shell, operation));
}

async function resetBookmark(shell: Shell, node: JobsArgument): Promise<void> {
  const job = await jobFor(shell, node, "Reset a job's bookmark");
  const reset = "Reset Bookmark";
  const pressed = await say.modal(
    `Reset the bookmark of job ${job}?`,
    "Its next run reads all its input again, also what earlier runs have read.",
    reset,
  );
  if (pressed !== reset) return;
  const { resetBookmark: call } = await import("../../jobs/jobs.ts");
  await shell.use((session) => call(session, job));
  void say.info(`The bookmark of job ${job} was reset: its next run reads all again.`);
}

async function openScript(shell: Shell, documents: Documents, name: string): Promise<void> {
  const [{ getJob }, { parseS3, readText }] = await Promise.all([
    import("../../jobs/jobs.ts"),
    import("../../aws/readObject.ts"),
  ]);
  const { script = "" } = await shell.use((session) => getJob(session, name));
  const place = parseS3(script);
  if (place === undefined) {
    throw new BoathouseError(
      "invalid",
      `The script of job ${name} is no object in S3: ${script === "" ? "none" : script}`,
      {
        resource: `job ${name}`,
      },
    );
  }
  const text = await shell.use((session) => readText(session, place, LARGEST_SCRIPT));
  await documents.show(`${place.bucket}/${place.key}`, text);
}

function nameOf(node: JobsNode): string {
  switch (node.kind) {
    case "job":
      return node.job.name;
    case "run":
      return node.run.id;
    case "trigger":
      return node.trigger.name;
    case "crawler":
      return node.crawler.name;
    case "list":
      return node.list;
  }
}
