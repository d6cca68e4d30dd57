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
import { connected, connectionData, isFresh } from "../shell/resuming.ts";
import type { Shell } from "../shell/shell.ts";
import { duration } from "../shell/times.ts";
import type { StackViews } from "./views.ts";

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

export async function loadCommand(shell: Shell, views: StackViews, stack: Stack): Promise<void> {
  const rows = await askRows(stack.name);
  await begin(shell, views, LOAD, `Load sample data into ${stack.name}`, {
    stackName: stack.name,
    ...(rows === 0 ? {} : { rows }),
  });
}

export async function runAllCommand(shell: Shell, views: StackViews, stack: Stack): Promise<void> {
  await begin(shell, views, RUN_ALL, `Run all jobs of ${stack.name}`, { stackName: stack.name });
}

export async function crawlCommand(shell: Shell, views: StackViews, stack: Stack): Promise<void> {
  const crawler = stack.outputs["CrawlerName"] ?? "";
  await begin(shell, views, CRAWL, `Crawl ${stack.name}`, { stackName: stack.name, crawler });
}

async function begin(shell: Shell, views: StackViews, kind: string, title: string, data: LakeData): Promise<void> {
  await views.once(`${kind} ${data.stackName}`, `“${title}” is under way already.`, () =>
    shell.operations.run(kind, title, { ...connectionData(shell), ...data }, (operation) =>
      act(shell, operation, false),
    ),
  );
}

/** Goes on with a load, run-all or crawl that a closed window left. */
export async function resumeOnLake(shell: Shell, views: StackViews, operation: Operation): Promise<void> {
  const { stackName } = operation.data as unknown as LakeData;
  await views.once(`${operation.kind} ${stackName}`, `“${operation.title}” is under way already.`, async () => {
    if (!(await connected(shell, operation))) return;
    await act(shell, operation, true);
  });
}

async function act(shell: Shell, operation: Operation, resumed: boolean): Promise<void> {
  const began = Date.now();
  try {
    const text = await (operation.kind === CRAWL ? crawl(shell, operation, resumed) : run(shell, operation, resumed));
    if (text !== undefined) tellEnd(operation, `${text} in ${duration((Date.now() - began) / 1000)}.`);
  } catch (thrown) {
    if (isCancelled(thrown)) {
      void vscode.window.showInformationMessage(`“${operation.title}” was cancelled.`);
      return;
    }
    const error = known(thrown);
    if (error.kind !== "service") throw error;
    shell.log.error(operation.title, error);
    const log = "Show Log";
    void vscode.window.showErrorMessage(`${operation.title}: ${messageFor(error)}`, log).then((pressed) => {
      if (pressed === log) void showLogOf(operation);
    });
  } finally {
    shell.tell("jobs");
    if (operation.kind !== LOAD) shell.tell("catalog");
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
  void vscode.window
    .showInformationMessage(text, title)
    .then((pressed) => (pressed === title ? vscode.commands.executeCommand(command, argument) : undefined));
}

async function showLogOf(operation: Operation): Promise<void> {
  const { runs } = operation.data as unknown as LakeData;
  const [last] = Object.entries(runs ?? {}).slice(-1);
  if (last === undefined) await vscode.commands.executeCommand("boathouse.showLog");
  else await vscode.commands.executeCommand("boathouse.jobs.showLog", { kind: "runId", job: last[0], id: last[1] });
}

/** Load or run all. The end in words; undefined where it was not gone on with. */
async function run(shell: Shell, operation: Operation, resumed: boolean): Promise<string | undefined> {
  const { stackName, rows } = operation.data as unknown as LakeData;
  const known_ = () => (operation.data as unknown as LakeData).runs ?? {};
  if (resumed && Object.keys(known_()).length === 0 && !isFresh(operation)) return notBegun(operation);
  const stopping = new AbortController();
  const states = new Map<string, JobRun>();
  const runs = await attend<readonly JobRun[]>({
    title: operation.title,
    work: (say) => {
      const request: RunRequest = {
        signal: stopping.signal,
        ...(resumed ? { earlier: { runs: known_(), since: operation.at } } : {}),
        report: (event) => {
          if (event.kind === "progress") say(event.text);
        },
        onStarted: (job, id) => {
          operation.note({ runs: { ...known_(), [job]: id } });
          shell.tell("jobs");
        },
        onState: (seen) => {
          states.set(seen.job, seen);
          say([...states.values()].map(({ job, state }) => `${job} ${state}`).join(", "));
        },
      };
      return shell.use(async (session) => {
        if (operation.kind === LOAD) {
          const { load } = await import("../../flows/load.ts");
          return [await load(session, { ...request, stackName, ...(rows === undefined ? {} : { rows }) })];
        }
        const { runAll } = await import("../../flows/runJob.ts");
        return runAll(session, stackName, request);
      });
    },
    // A person's Cancel ends the work: runs that were begun are stopped, and their end is waited for.
    onCancel: () => stopAll(shell, known_(), stopping),
    stoppingTitle: `Stopping: ${operation.title}`,
  });
  return operation.kind === LOAD ? `${stackName} is loaded` : `${runs.map(({ job }) => job).join(" and ")} succeeded`;
}

async function stopAll(
  shell: Shell,
  runs: Readonly<Record<string, string>>,
  stopping: AbortController,
): Promise<Answer> {
  stopping.abort(new BoathouseError("cancelled", "Cancelled."));
  const { stopRun } = await import("../../jobs/runs.ts");
  await Promise.allSettled(Object.entries(runs).map(([job, id]) => shell.use((session) => stopRun(session, job, id))));
  shell.tell("jobs");
  return "background";
}

async function crawl(shell: Shell, operation: Operation, resumed: boolean): Promise<string | undefined> {
  const { stackName, crawler = "" } = operation.data as unknown as LakeData;
  const { finishCrawl, getCrawler, startCrawler, stopCrawler } = await import("../../jobs/crawlers.ts");
  if (resumed) {
    const now = await shell.use((session) => getCrawler(session, crawler));
    const began = now.state !== "READY" || (now.lastStarted?.getTime() ?? 0) >= operation.at.getTime() - 2000;
    if (!began && !isFresh(operation)) return notBegun(operation);
    if (!began) await shell.use((session) => startCrawler(session, crawler));
  } else await shell.use((session) => startCrawler(session, crawler));
  shell.tell("jobs");
  await attend({
    title: operation.title,
    work: (say) =>
      shell.use((session) =>
        finishCrawl(session, crawler, {
          onState: ({ state, elapsed }) => say(elapsed > 0 ? `${state} · ${duration(elapsed / 1000)}` : state),
        }),
      ),
    stoppingTitle: `Stopping crawler ${crawler}`,
    onCancel: async () => {
      await shell.use((session) => stopCrawler(session, crawler));
      return "stopping";
    },
  });
  const { crawlResult } = await import("../../flows/crawl.ts");
  const tables = await shell.use((session) => crawlResult(session, stackName));
  return `Crawled ${tables.length} ${tables.length === 1 ? "table" : "tables"}: ${tables
    .map(({ name, partitions }) => (partitions === 0 ? name : `${name} (${partitions} partitions)`))
    .join(", ")},`;
}

function notBegun(operation: Operation): undefined {
  void vscode.window.showInformationMessage(
    `“${operation.title}” had not begun when its window closed. Run it again where it is still wanted.`,
  );
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
