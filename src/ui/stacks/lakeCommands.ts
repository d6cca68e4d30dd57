// Load, run all and crawl of a lake stack, each an operation that a window which opens later goes on with.
import * as vscode from "vscode";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import type { Operation } from "../../base/journal.ts";
import type { RunRequest } from "../../flows/runJob.ts";
import type { JobRun } from "../../jobs/runs.ts";
import type { Stack } from "../../stacks/stack.ts";
import { attend, type Answer } from "../shell/attend.ts";
import { known, messageFor } from "../shell/failures.ts";
import { askFor, pick } from "../shell/quickInput.ts";
import { isFresh } from "../shell/resuming.ts";
import { duration } from "../shell/times.ts";
import { resumeWork, type StackEntry, type Work } from "./views.ts";
import { say } from "../shell/say.ts";

export const LOAD = "load";
export const RUN_ALL = "runAll";
export const CRAWL = "crawl";

/** What the journal keeps of these operations. */
interface LakeData {
  readonly stackName: string;
  /** Orders to generate beside the sample's. */
  readonly rows?: number;
  /** Run ids by job, as they become known. */
  readonly runs?: Readonly<Record<string, string>>;
  readonly crawler?: string;
}

export async function loadCommand(work: Work, stack: Stack): Promise<void> {
  const rows = await askRows(stack.name);
  await begin(work, LOAD, `Load sample data into ${stack.name}`, {
    stackName: stack.name,
    ...(rows === 0 ? {} : { rows }),
  });
}

export async function runAllCommand(work: Work, stack: Stack): Promise<void> {
  await begin(work, RUN_ALL, `Run all jobs of ${stack.name}`, { stackName: stack.name });
}

export async function crawlCommand(work: Work, stack: Stack): Promise<void> {
  const crawler = stack.outputs["CrawlerName"] ?? "";
  await begin(work, CRAWL, `Crawl ${stack.name}`, { stackName: stack.name, crawler });
}

async function begin(work: Work, kind: string, title: string, data: LakeData): Promise<void> {
  await work.views.once(`${kind} ${data.stackName}`, underWay(title), () =>
    work.shell.operations.run(kind, title, { connection: work.on.choice, ...data }, (operation) =>
      act(work, operation, false),
    ),
  );
}

/** Goes on with a load, run-all or crawl that a closed window left. */
export async function resumeOnLake(entry: StackEntry, operation: Operation): Promise<void> {
  const { stackName } = operation.data as unknown as LakeData;
  const key = `${operation.kind} ${stackName}`;
  await resumeWork(entry, operation, key, underWay(operation.title), (work) => act(work, operation, true));
}

function underWay(title: string): string {
  return `“${title}” is under way already.`;
}

async function act(work: Work, operation: Operation, resumed: boolean): Promise<void> {
  // Of the operation, not of this window's part in it.
  const began = operation.at.getTime();
  try {
    const text = await (operation.kind === CRAWL ? crawl(work, operation, resumed) : run(work, operation, resumed));
    if (text !== undefined) tellEnd(operation, `${text} in ${duration((Date.now() - began) / 1000)}.`);
  } catch (thrown) {
    if (work.on.ending.aborted) throw thrown;
    if (isCancelled(thrown)) {
      void say.info(`“${operation.title}” was cancelled.`);
      return;
    }
    const error = known(thrown);
    if (error.kind !== "service") throw error;
    work.shell.log.error(operation.title, error);
    const log = "Show Log";
    void say.error(`${operation.title}: ${messageFor(error)}`, log).then((pressed) => {
      if (pressed === log) void showLogOf(operation);
    });
  } finally {
    work.shell.tell("jobs");
    if (operation.kind !== LOAD) work.shell.tell("catalog");
  }
}

function tellEnd(operation: Operation, text: string): void {
  const { stackName } = operation.data as unknown as LakeData;
  const [title, command] =
    operation.kind === LOAD
      ? ["Run All Jobs", "boathouse.stacks.runAll"]
      : operation.kind === RUN_ALL
        ? ["Crawl", "boathouse.stacks.crawl"]
        : ["Show Catalog", "boathouse.catalog.focus"];
  const argument = { kind: "stackName", id: stackName };
  void say
    .info(text, title)
    .then((pressed) => (pressed === title ? vscode.commands.executeCommand(command, argument) : undefined));
}

async function showLogOf(operation: Operation): Promise<void> {
  const { runs } = operation.data as unknown as LakeData;
  const [last] = Object.entries(runs ?? {}).slice(-1);
  if (last === undefined) await vscode.commands.executeCommand("boathouse.showLog");
  else await vscode.commands.executeCommand("boathouse.jobs.showLog", { kind: "runId", job: last[0], id: last[1] });
}

/** Load or run all. The end in words; undefined where it was not gone on with. */
async function run(work: Work, operation: Operation, resumed: boolean): Promise<string | undefined> {
  const { stackName, rows } = operation.data as unknown as LakeData;
  const known_ = () => (operation.data as unknown as LakeData).runs ?? {};
  if (resumed && Object.keys(known_()).length === 0 && !isFresh(operation)) return notBegun(operation);
  const stopping = new AbortController();
  const states = new Map<string, JobRun>();
  const runs = await attend<readonly JobRun[]>({
    title: operation.title,
    work: (say) => {
      const request: RunRequest = {
        signal: AbortSignal.any([stopping.signal, work.on.ending]),
        ...(resumed ? { earlier: { runs: known_(), since: operation.at } } : {}),
        // Once runs are under way, the states of all of them are said instead.
        report: (event) => {
          if (event.kind === "progress" && states.size === 0) say(event.text);
        },
        onStarted: (job, id) => {
          operation.note({ runs: { ...known_(), [job]: id } });
          work.shell.tell("jobs");
          // Cancelled while the call was out: what it began is stopped, too.
          if (stopping.signal.aborted) void stopRuns(work, { [job]: id });
        },
        onState: (seen) => {
          states.set(seen.job, seen);
          say([...states.values()].map(({ job, state }) => `${job} ${state}`).join(", "));
        },
      };
      return work.on.use(async (session) => {
        if (operation.kind === LOAD) {
          const { load } = await import("../../flows/load.ts");
          return [await load(session, { ...request, stackName, ...(rows === undefined ? {} : { rows }) })];
        }
        const { runAll } = await import("../../flows/runJob.ts");
        return runAll(session, stackName, request);
      });
    },
    // A person's Cancel ends the work: runs that were begun are stopped, and their end is waited for.
    onCancel: () => stopAll(work, known_(), stopping),
    stoppingTitle: `Stopping: ${operation.title}`,
  });
  return operation.kind === LOAD ? `${stackName} is loaded` : `${runs.map(({ job }) => job).join(" and ")} succeeded`;
}

async function stopAll(work: Work, runs: Readonly<Record<string, string>>, stopping: AbortController): Promise<Answer> {
  stopping.abort(new BoathouseError("cancelled", "Cancelled."));
  await stopRuns(work, runs);
  return "background";
}

async function stopRuns(work: Work, runs: Readonly<Record<string, string>>): Promise<void> {
  const { stopRun } = await import("../../jobs/runs.ts");
  const ends = await Promise.allSettled(
    Object.entries(runs).map(([job, id]) => work.on.use((session) => stopRun(session, job, id))),
  );
  for (const end of ends) if (end.status === "rejected") work.shell.log.warn("a run was not stopped", end.reason);
  work.shell.tell("jobs");
}

async function crawl(work: Work, operation: Operation, resumed: boolean): Promise<string | undefined> {
  const { stackName, crawler = "" } = operation.data as unknown as LakeData;
  const { finishCrawl, getCrawler, startCrawler, stopCrawler } = await import("../../jobs/crawlers.ts");
  if (resumed) {
    const now = await work.on.use((session) => getCrawler(session, crawler));
    const began = now.state !== "READY" || (now.lastStarted?.getTime() ?? 0) >= operation.at.getTime() - 2000;
    if (!began && !isFresh(operation)) return notBegun(operation);
    if (!began) await work.on.use((session) => startCrawler(session, crawler));
  } else await work.on.use((session) => startCrawler(session, crawler));
  work.shell.tell("jobs");
  await attend({
    title: operation.title,
    work: (say) =>
      work.on.use((session) =>
        finishCrawl(session, crawler, {
          signal: work.on.ending,
          onState: ({ state, elapsed }) => say(elapsed > 0 ? `${state} · ${duration(elapsed / 1000)}` : state),
        }),
      ),
    stoppingTitle: `Stopping crawler ${crawler}`,
    onCancel: async () => {
      await work.on.use((session) => stopCrawler(session, crawler));
      return "stopping";
    },
  });
  const { crawlResult } = await import("../../flows/crawl.ts");
  const tables = await work.on.use((session) => crawlResult(session, stackName));
  return `Crawled ${tables.length} ${tables.length === 1 ? "table" : "tables"}: ${tables
    .map(({ name, partitions }) => (partitions === 0 ? name : `${name} (${partitions} partitions)`))
    .join(", ")},`;
}

function notBegun(operation: Operation): undefined {
  void say.info(`“${operation.title}” had not begun when its window closed. Run it again where it is still wanted.`);
  return undefined;
}

const LARGER: readonly number[] = [100_000, 1_000_000, 10_000_000];

async function askRows(stackName: string): Promise<number> {
  const rows = await pick<number>(`Load sample data into ${stackName}`, {
    placeholder: "How many rows",
    choices: [
      { label: "The sample", detail: "69,659 orders of 23,570 customers.", value: 0 },
      ...LARGER.map((count) => ({
        label: `The sample and ${count.toLocaleString("en-US")} generated orders`,
        value: count,
      })),
      { label: "Another number...", value: -1 },
    ],
  });
  if (rows >= 0) return rows;
  const text = await askFor(`Load sample data into ${stackName}`, {
    prompt: "Orders to generate beside the sample's",
    value: "50000",
    validate: (value) => (/^\d{1,9}$/.test(value.trim()) ? undefined : "A whole number up to 999,999,999."),
  });
  return Number(text);
}
