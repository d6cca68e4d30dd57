// Load, run all and crawl of a lake stack, each an operation that a window which opens later goes on with.
import * as vscode from "vscode";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import type { Operation } from "../../base/journal.ts";
import { errorLine } from "../../jobs/errorLine.ts";
import type { Stack } from "../../stacks/stack.ts";
import { known, messageFor } from "../shell/failures.ts";
import { askFor, pick } from "../shell/quickInput.ts";
import { duration } from "../shell/times.ts";
import { crawl } from "./lakeCrawl.ts";
import { CRAWL, LOAD, RUN_ALL } from "../shell/kinds.ts";
import { dataOf, type LakeData } from "./lakeData.ts";
import { run } from "./lakeRuns.ts";
import { resumeWork, type StackEntry, type Work } from "./views.ts";
import { say } from "../shell/say.ts";

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
  const { stackName } = dataOf(operation);
  const key = `${operation.kind} ${stackName}`;
  await resumeWork(entry, operation, key, underWay(operation.title), async (work) => {
    const { joinRunning } = await import("../../flows/deployStages.ts");
    // A stack that is just being changed does not tell the names of its jobs: its end comes first.
    const waiting = { report: () => undefined, signal: work.on.ending };
    await work.on.use((session) => joinRunning(session, stackName, waiting));
    await act(work, operation, true);
  });
}

function underWay(title: string): string {
  return `“${title}” is under way already.`;
}

async function act(work: Work, operation: Operation, resumed: boolean): Promise<void> {
  try {
    const ended = await (operation.kind === CRAWL ? crawl : run)(work, operation, resumed);
    if (ended === undefined) return;
    // Of the operation, not of this window's part in it; what had ended before this window opened took as long as it took.
    const took = ended.at === undefined ? "" : ` in ${duration((ended.at.getTime() - operation.at.getTime()) / 1000)}`;
    tellEnd(operation, `${ended.text}${took}.`, ended.database);
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
    const load = "Load Sample Data";
    const empty = operation.kind === RUN_ALL && EMPTY_SOURCE.test(error.message);
    const advice = empty ? " The source database has no such table yet: load data first." : "";
    const buttons = [...(empty ? [load] : []), log];
    // The log has the whole of it; a traceback fills the screen.
    const { kind, message, resource, next } = error;
    const short = new BoathouseError(kind, errorLine(message) ?? message, {
      ...(resource === undefined ? {} : { resource }),
      ...(next === undefined ? {} : { next }),
    });
    void say.error(`${operation.title}: ${messageFor(short)}${advice}`, ...buttons).then((pressed) => {
      if (pressed === log) void showLogOf(operation);
      else if (pressed === load) void vscode.commands.executeCommand("boathouse.stacks.load", argumentOf(operation));
    });
  } finally {
    work.shell.tell("jobs");
    if (operation.kind !== LOAD) work.shell.tell("catalog");
  }
}

/** The steps that follow, each a button: title and command. */
const NEXT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [LOAD]: { "Run All Jobs": "boathouse.stacks.runAll" },
  [RUN_ALL]: { Crawl: "boathouse.stacks.crawl" },
  [CRAWL]: { "New Query": "boathouse.queries.new", "Show Catalog": "boathouse.catalog.show" },
};

function tellEnd(operation: Operation, text: string, database: string | undefined): void {
  const next = NEXT[operation.kind] ?? {};
  void say.info(text, ...Object.keys(next)).then((pressed) => {
    const command = pressed === undefined ? undefined : next[pressed];
    if (command === undefined) return undefined;
    const argument = operation.kind === CRAWL ? database : argumentOf(operation);
    return vscode.commands.executeCommand(command, argument);
  });
}

/** The stack as commands are called on it. */
function argumentOf(operation: Operation): { readonly kind: "stackName"; readonly id: string } {
  return { kind: "stackName", id: dataOf(operation).stackName };
}

/** PostgreSQL's words for a table that was never loaded. */
const EMPTY_SOURCE = /PSQLException: ERROR: relation "[^"]*" does not exist/;

async function showLogOf(operation: Operation): Promise<void> {
  const { runs } = dataOf(operation);
  const [last] = Object.entries(runs ?? {}).slice(-1);
  if (last === undefined) await vscode.commands.executeCommand("boathouse.showLog");
  else await vscode.commands.executeCommand("boathouse.jobs.showLog", { kind: "runId", job: last[0], id: last[1] });
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
