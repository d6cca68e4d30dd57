// Which job, run, trigger or crawler a command is about: the node that it was called on, or the one that the person picks.
import { BoathouseError } from "../../base/errors.ts";
import type { JobRun } from "../../jobs/runs.ts";
import { isTerminal } from "../../jobs/runState.ts";
import { pick } from "../shell/quickInput.ts";
import type { Shell } from "../shell/shell.ts";
import { type CrawlerNode, type JobsNode, runLabel, runText, type TriggerNode } from "./nodes.ts";

/** What a command may be called with: a node of the view; a job or a run by its name (buttons of messages, keybindings). */
export type JobsArgument =
  | JobsNode
  | { readonly kind: "jobName"; readonly id: string; readonly given?: Readonly<Record<string, string>> }
  | { readonly kind: "runId"; readonly job: string; readonly id: string }
  | undefined;

/** The name of the job. @throws BoathouseError `notFound` where there is none, `cancelled` where the person leaves. */
export async function jobFor(shell: Shell, argument: JobsArgument, title: string): Promise<string> {
  switch (argument?.kind) {
    case "job":
      return argument.job.name;
    case "run":
      return argument.run.job;
    case "jobName":
      return argument.id;
    case "runId":
      return argument.job;
    default: {
      const { listJobs } = await import("../../jobs/jobs.ts");
      const jobs = await shell.use((session) => listJobs(session));
      if (jobs.length === 0) throw none(shell, "job");
      return pick(title, {
        placeholder: "Which job",
        choices: jobs.map(({ name, description }) => ({
          label: name,
          ...(description === undefined ? {} : { detail: description }),
          value: name,
        })),
      });
    }
  }
}

/** The run: the one it was called on; of a job the newest (that is under way, where `active`); else the person picks. */
export async function runFor(
  shell: Shell,
  argument: JobsArgument,
  title: string,
  active: boolean,
): Promise<{ readonly job: string; readonly id: string }> {
  if (argument?.kind === "run") return { job: argument.run.job, id: argument.run.id };
  if (argument?.kind === "runId") return argument;
  const job = await jobFor(shell, argument, title);
  const { listRuns } = await import("../../jobs/runs.ts");
  const runs = (await shell.use((session) => listRuns(session, job, 25))).filter(
    (run) => !active || !isTerminal(run.state),
  );
  const [first] = runs;
  if (first === undefined) {
    throw new BoathouseError(
      "notFound",
      active ? `No run of job ${job} is under way.` : `Job ${job} has not run yet.`,
      {
        resource: `job ${job}`,
        ...(active ? {} : { next: "Run it first." }),
      },
    );
  }
  // Called on a job's node the newest is meant.
  if (runs.length === 1 || argument !== undefined) return { job, id: first.id };
  return pick(title, { placeholder: `Which run of ${job}`, choices: runs.map(runChoice) });
}

function runChoice(run: JobRun) {
  const now = new Date();
  return { label: runLabel(run, now), description: runText(run, now), value: { job: run.job, id: run.id } };
}

/** The name of the trigger. */
export async function triggerFor(shell: Shell, node: TriggerNode | undefined, title: string): Promise<string> {
  if (node !== undefined) return node.trigger.name;
  const { listTriggers } = await import("../../jobs/triggers.ts");
  const triggers = await shell.use((session) => listTriggers(session));
  if (triggers.length === 0) throw none(shell, "trigger");
  return pick(title, {
    placeholder: "Which trigger",
    choices: triggers.map(({ name, state, schedule }) => ({
      label: name,
      description: [state, schedule ?? ""].join(" ").trim(),
      value: name,
    })),
  });
}

/** The name of the crawler: the only one there is, where it is the only one. */
export async function crawlerFor(shell: Shell, node: CrawlerNode | undefined, title: string): Promise<string> {
  if (node !== undefined) return node.crawler.name;
  const { listCrawlers } = await import("../../jobs/crawlers.ts");
  const crawlers = await shell.use((session) => listCrawlers(session));
  const [first] = crawlers;
  if (first === undefined) throw none(shell, "crawler");
  if (crawlers.length === 1) return first.name;
  return pick(title, {
    placeholder: "Which crawler",
    choices: crawlers.map(({ name, state }) => ({ label: name, description: state, value: name })),
  });
}

function none(shell: Shell, what: string): BoathouseError {
  return new BoathouseError("notFound", `There is no ${what} on ${shell.connections.name ?? "this connection"}.`, {
    next: "Deploy a stack first: “Deploy Stack”.",
  });
}
