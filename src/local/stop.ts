// Ends the lake of a folder.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type ProcessId } from "../base/processes.ts";
import { askStop } from "./control.ts";
import { acquireLock } from "../base/lock.ts";
import { endpointOf, readJson, readKeys, readRecord, startLock } from "./record.ts";

/** How long a lake may take to end its engines before it is killed; ms. */
const grace = 30_000;

/**
 * Ends the lake and its engines: it is asked first, and killed where it doesn't answer or takes too long. Engines that a killed lake
 * left behind end too. A lake that is just being started is waited for. Resolves to false where none ran.
 */
export async function stopLake(folder: string, signal?: AbortSignal): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const lock = await acquireLock(startLock(folder), signal);
  try {
    return await endLake(folder);
  } finally {
    lock.release();
  }
}

/** The same for who holds the folder's start lock. */
export async function endLake(folder: string): Promise<boolean> {
  const record = readRecord(folder);
  if (record !== undefined) {
    const keys = readKeys(folder);
    try {
      await askStop({ endpoint: endpointOf(record), secretAccessKey: keys?.secretAccessKey ?? "" });
    } catch {
      kill(record, "SIGTERM");
    }
    if (!(await ends(record, grace))) {
      kill(record, "SIGKILL");
      await ends(record, grace);
    }
  }
  killEngines(folder);
  return record !== undefined;
}

/** Kills the process groups that a lake recorded in `<folder>/run` and could not end itself. */
function killEngines(folder: string): void {
  const run = join(folder, "run");
  for (const name of existsSync(run) ? readdirSync(run) : []) {
    const engine = readJson<ProcessId>(join(run, name));
    if (engine !== undefined && isRunning(engine)) kill(engine, "SIGKILL", -engine.pid);
    rmSync(join(run, name), { force: true });
  }
}

async function ends(id: ProcessId, within: number): Promise<boolean> {
  for (const limit = Date.now() + within; isRunning(id); ) {
    if (Date.now() > limit) return false;
    await sleep(20);
  }
  return true;
}

/** Sends the signal to the process, or to its whole group where `to` is the negative pid. */
function kill(id: ProcessId, name: NodeJS.Signals, to = id.pid): void {
  if (!isRunning(id)) return;
  try {
    process.kill(to, name);
  } catch {
    // It ended in between.
  }
}
