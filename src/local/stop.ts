// Ends the lake of a folder.
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type ProcessId } from "../base/processes.ts";
import { askStop } from "./control.ts";
import { endpointOf, readKeys, readRecord } from "./record.ts";

/** How long a lake may take to end its engines before it is killed; ms. */
const grace = 30_000;

/**
 * Ends the lake, and by it its engines: asked first, killed where it doesn't answer or takes too long (the next lake of the folder
 * then ends the engines). Resolves to false where none ran.
 */
export async function stopLake(folder: string): Promise<boolean> {
  const record = readRecord(folder);
  if (record === undefined) {
    return false;
  }
  const keys = readKeys(folder);
  try {
    await askStop({ endpoint: endpointOf(record), secretAccessKey: keys?.secretAccessKey ?? "" });
  } catch {
    signal(record, "SIGTERM");
  }
  if (!(await ends(record, grace))) {
    signal(record, "SIGKILL");
    await ends(record, grace);
  }
  return true;
}

async function ends(id: ProcessId, within: number): Promise<boolean> {
  for (const limit = Date.now() + within; isRunning(id); ) {
    if (Date.now() > limit) return false;
    await sleep(20);
  }
  return true;
}

function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isRunning(id)) return;
  try {
    process.kill(id.pid, name);
  } catch {
    // It ended in between.
  }
}
