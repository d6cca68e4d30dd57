// boathouse jobs list|run|run-all|monitor|stop, crawl
import type { Command } from "commander";
import { BoathouseError } from "../base/errors.ts";
import { crawlLake } from "../flows/crawl.ts";
import { runAll, runToEnd } from "../flows/runJob.ts";
import { type Job, listJobs } from "../jobs/jobs.ts";
import { followLogs, logPlaces } from "../jobs/logs.ts";
import { getRun, type JobRun, listRuns, stopRun, watchRun } from "../jobs/runs.ts";
import { isTerminal } from "../jobs/runState.ts";
import { action, type Context } from "./context.ts";
import { table } from "./output.ts";

export function addJobCommands(program: Command): void {
  const jobs = program.command("jobs").description("Glue jobs and their runs");

  jobs
    .command("list")
    .description("jobs with their last run")
    .action(
      action(async (context) => {
        const session = await context.session();
        const found = await listJobs(session, context.signal);
        const rows = await Promise.all(
          found.map(async (job) => ({ job, last: (await listRuns(session, job.name, 1))[0] })),
        );
        context.output.result(
          { jobs: rows.map(({ job, last }) => ({ ...job, lastRun: last ?? null })) },
          rows.length === 0
            ? `There are no jobs on ${session.name}.`
            : table(["job", "last run", "started", "seconds", "error"], rows.map(jobRow)),
        );
      }),
    );

  jobs
    .command("run <name>")
    .description("run a job and wait for its end")
    .option(
      "--argument <name=value>",
      "an argument of the job, as --name=value; may be said again",
      collectArgument,
      {},
    )
    .action(
      action(async (context, name: string, options: { argument: Record<string, string> }) => {
        const session = await context.session(["spark", "postgres"]);
        const job = await fullName(context, name);
        const run = await runToEnd(session, job, {
          report: context.output.flow,
          arguments: options.argument,
          signal: context.signal,
        });
        context.output.result(run, `Run ${run.id} of ${job} succeeded in ${run.executionSeconds} s.`);
      }),
    );

  jobs
    .command("run-all")
    .description("run both jobs of the stack, side by side, and wait for their end")
    .action(
      action(async (context) => {
        const runs = await runAll(await context.session(["spark", "postgres"]), context.stackName, {
          report: context.output.flow,
          signal: context.signal,
        });
        context.output.result(
          { runs },
          `${runs.length} jobs succeeded. \`boathouse crawl\` adds their new partitions to the catalog.`,
        );
      }),
    );

  jobs
    .command("monitor [name]")
    .description("runs of a job, or the log of one run while it runs")
    .option("--run <id>", "the run whose log to follow (default: the newest)")
    .action(
      action(async (context, name: string | undefined, options: { run?: string }) => {
        if (name === undefined) await monitorAll(context);
        else await monitorRun(context, await fullName(context, name), options.run);
      }),
    );

  jobs
    .command("stop <name> [run]")
    .description("stop a run of a job (default: all that run)")
    .action(
      action(async (context, name: string, id: string | undefined) => {
        const session = await context.session();
        const job = await fullName(context, name);
        const running = (await listRuns(session, job)).filter((run) =>
          id === undefined ? !isTerminal(run.state) : run.id === id,
        );
        if (running.length === 0)
          throw new BoathouseError("notFound", `No run of ${job} is to be stopped.`, { resource: `job ${job}` });
        const ends: JobRun[] = [];
        for (const run of running) {
          await stopRun(session, job, run.id);
          for await (const seen of watchRun(session, job, run.id, context.signal))
            if (isTerminal(seen.state)) ends.push(seen);
        }
        context.output.result({ runs: ends }, ends.map((run) => `${run.id} ${run.state}`).join("\n"));
      }),
    );

  program
    .command("crawl")
    .description("run the stack's crawler and wait for its end")
    .action(
      action(async (context) => {
        const { crawler, tables } = await crawlLake(await context.session(), context.stackName, context.signal);
        context.output.result(
          { ...crawler, tables },
          `Crawler ${crawler.name}: ${crawler.lastStatus ?? ""}.\n${table(
            ["table", "columns", "partitions"],
            tables.map(({ name, columns, partitions }) => [name, columns, partitions]),
          )}`,
        );
      }),
    );
}

/** A job may be named without its stack: "orders-etl" is "<stack>-orders-etl". */
async function fullName(context: Context, name: string): Promise<string> {
  const jobs = (await listJobs(await context.session(), context.signal)).map((job) => job.name);
  const found = jobs.find((job) => job === name) ?? jobs.find((job) => job === `${context.stackName}-${name}`);
  if (found !== undefined) return found;
  throw new BoathouseError("notFound", `There is no job ${name}.`, {
    resource: `job ${name}`,
    next: jobs.length === 0 ? "Deploy a stack first." : `Jobs are: ${jobs.join(", ")}.`,
  });
}

async function monitorAll(context: Context): Promise<void> {
  const session = await context.session();
  const runs = (await Promise.all((await listJobs(session)).map((job) => listRuns(session, job.name, 10)))).flat();
  runs.sort((a, b) => (b.started?.getTime() ?? 0) - (a.started?.getTime() ?? 0));
  context.output.result(
    { runs },
    runs.length === 0
      ? "No job has run yet."
      : table(
          ["job", "run", "state", "started", "seconds", "DPU seconds", "error"],
          runs.map((run) => [
            run.job,
            run.id,
            run.state,
            time(run.started),
            run.executionSeconds,
            run.dpuSeconds,
            firstLine(run.error),
          ]),
        ),
  );
}

async function monitorRun(context: Context, job: string, wanted: string | undefined): Promise<void> {
  const session = await context.session();
  const id = wanted ?? (await listRuns(session, job, 1))[0]?.id;
  if (id === undefined)
    throw new BoathouseError("notFound", `${job} has not run yet.`, {
      resource: `job ${job}`,
      next: `Run it: \`boathouse jobs run ${job}\`.`,
    });
  const first = await getRun(session, job, id);
  let ended = isTerminal(first.state);
  let last = first;
  const watching = (async () => {
    for await (const run of watchRun(session, job, id, context.signal)) {
      last = run;
      context.output.note(`${job} ${id} ${run.state}`);
    }
    ended = true;
  })();
  const lines: string[] = [];
  for await (const line of followLogs(session, logPlaces(first.logGroup, id), () => ended, {
    signal: context.signal,
  })) {
    lines.push(line.text);
    context.output.line(line.text);
  }
  await watching;
  context.output.result({ run: last, lines }, last.error === undefined ? "" : last.error);
}

function jobRow({ job, last }: { job: Job; last: JobRun | undefined }) {
  return [job.name, last?.state ?? "never ran", time(last?.started), last?.executionSeconds, firstLine(last?.error)];
}

function time(date: Date | undefined): string {
  return date === undefined ? "" : date.toISOString().slice(0, 19).replace("T", " ");
}

function firstLine(text: string | undefined): string {
  return text?.split("\n")[0]?.slice(0, 80) ?? "";
}

function collectArgument(text: string, known: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  const name = at < 0 ? text : text.slice(0, at);
  return { ...known, [name.startsWith("--") ? name : `--${name}`]: at < 0 ? "" : text.slice(at + 1) };
}
