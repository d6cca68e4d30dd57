// What the tests of several windows share: a real lake with a job and a slow query, windows, and what the journal says of who holds what.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../src/aws/connection.ts";
import { AwsSession } from "../../src/aws/session.ts";
import { isRunning } from "../../src/base/processes.ts";
import { type RunningLake, startLake } from "../../src/local/start.ts";
import { setOutputLocation } from "../../src/queries/workGroups.ts";
import { artifacts, Workbench, type WorkbenchOptions } from "./driver.ts";
import { openStage, type Stage } from "./harness.ts";

export const BUCKET = "two-windows";
/** Runs long enough to close a window under, on any machine; s. */
export const RUNS_FOR = 25;

const JOB = `
import time
for number in range(${RUNS_FOR}):
    print(f"line {number}", flush=True)
    time.sleep(1)
`;

export interface WindowsStage {
  readonly stage: Stage;
  /** As the test itself sees the lake, beside all windows. */
  readonly session: AwsSession;
  /** A folder of another workspace. */
  readonly elsewhere: string;
  /** Remembers what the browser holds of VS Code now, for windows that open later. */
  remember(): Promise<void>;
  /**
   * A new window of the same person; of the stage's workspace where left out. Its side bar is open. In a browser of its own with what
   * is remembered: of two pages that one headless browser opens at the same moment, the one behind is not drawn.
   */
  open(workspace?: string): Promise<Workbench>;
  entries(): Entry[];
  /** The lake's process stands still, and all that it works on by itself. */
  pause(): void;
  resume(): void;
  close(failed: boolean): Promise<void>;
}

/** An open entry of the journal. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly workspace: string;
  /** Everything that was noted, as text. */
  readonly text: string;
  /** The process that holds it, where that lives: the extension host of a window. */
  readonly holder: number | undefined;
}

/** @param files of the workspace, by name. */
export async function openWindows(name: string, files: Readonly<Record<string, string>>): Promise<WindowsStage> {
  const stage = await openStage({
    name,
    files: (folder) => {
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    },
    settings: { "files.autoSave": "off" },
  });
  const elsewhere = join(stage.workspace, "..", "elsewhere");
  cpSync(stage.workspace, elsewhere, { recursive: true });
  mkdirSync(stage.lake, { recursive: true });
  const lake = await startLake({ folder: stage.lake });
  const session = new AwsSession(connectionOf(lake));
  await seed(session);
  const { workbench } = stage;
  let storage: WorkbenchOptions["storage"];
  const operations = join(stage.server.folder, "user", "User", "globalStorage", "boathouse.boathouse", "operations");
  return {
    stage,
    session,
    elsewhere,
    remember: async () => {
      storage = await workbench.page.context().storageState({ indexedDB: true });
    },
    open: async (workspace = stage.workspace) => {
      const pictures = artifacts("ui", name);
      const window = await Workbench.open(stage.browser, { server: stage.server, workspace, pictures, storage });
      await window.page.evaluate(LISTEN);
      await window.sideBar();
      return window;
    },
    entries: () => entriesOf(operations),
    pause: () => void process.kill(lake.pid, "SIGSTOP"),
    resume: () => void process.kill(lake.pid, "SIGCONT"),
    close: async (failed) => {
      process.kill(lake.pid, "SIGCONT");
      session.dispose();
      await lake.dispose();
      await stage.close(failed);
    },
  };
}

function connectionOf({ region, endpoint, accessKeyId, secretAccessKey }: RunningLake): Connection {
  return { kind: "local", region, endpointUrl: endpoint, keys: { accessKeyId, secretAccessKey } };
}

async function seed(session: AwsSession): Promise<void> {
  const { CreateBucketCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const { CreateJobCommand } = await import("@aws-sdk/client-glue");
  const s3 = await session.s3();
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "count.py", Body: JOB }));
  const glue = await session.glue();
  await glue.send(
    new CreateJobCommand({
      Name: "count",
      Role: "arn:aws:iam::000000000000:role/two-windows",
      Command: { Name: "glueetl", ScriptLocation: `s3://${BUCKET}/count.py`, PythonVersion: "3" },
      GlueVersion: "5.0",
      WorkerType: "G.1X",
      NumberOfWorkers: 2,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
    }),
  );
  await setOutputLocation(session, "primary", `s3://${BUCKET}/results/`);
}

function entriesOf(folder: string): Entry[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const text = readFileSync(join(folder, name), "utf8");
      const { title, workspace } = JSON.parse(text.split("\n")[0] ?? "") as { title: string; workspace: string };
      return [{ id: name, title, workspace, text, holder: holderOf(join(folder, name.replace(/jsonl$/, "lock"))) }];
    } catch {
      // It ended while it was read.
      return [];
    }
  });
}

function holderOf(lock: string): number | undefined {
  try {
    const holder = JSON.parse(readFileSync(lock, "utf8")) as { pid: number; startTime: string };
    return isRunning(holder) ? holder.pid : undefined;
  } catch {
    return undefined;
  }
}

/** Looks until `holds` is more than false or undefined, and returns that. */
export async function until<T>(
  what: string,
  holds: () => T | Promise<T>,
  within = 60_000,
): Promise<Exclude<T, false | undefined>> {
  const end = Date.now() + within;
  for (;;) {
    const value = await holds();
    if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>;
    if (Date.now() > end) throw new Error(`In ${within / 1000} s there was not: ${what}.`);
    await sleep(50);
  }
}

/** Keeps every message that comes up from now on, those of the bell too; messages fade and are closed. */
const LISTEN = `(() => {
  const told = (globalThis.boathouseTold = new Set());
  const look = () => {
    for (const item of document.querySelectorAll(".notifications-toasts .notification-list-item:not(:has(.monaco-progress-container.active)) .notification-list-item-message"))
      if (item.textContent) told.add(item.textContent);
  };
  look();
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
})()`;

/** Every message that came up in a window since it was opened; what is under way, which has a bar, left out. */
export async function told(window: Workbench): Promise<string[]> {
  const all: string[] = await window.page.evaluate("[...globalThis.boathouseTold]");
  // A window that joins the lake says so, and is slow to take that back.
  return all.filter((text) => !text.startsWith("Starting the local lake"));
}

/** What was told before counts no more. */
export async function forget(windows: readonly Workbench[]): Promise<void> {
  for (const window of windows) await window.page.evaluate("globalThis.boathouseTold.clear()");
}

/** In how many of these windows `what` was told. */
export async function windowsTold(windows: readonly Workbench[], what: RegExp): Promise<number> {
  const all = await Promise.all(windows.map(told));
  return all.filter((texts) => texts.some((text) => what.test(text))).length;
}
