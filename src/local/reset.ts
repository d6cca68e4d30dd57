// Deletes everything that a lake holds.
import { existsSync, rmSync } from "node:fs";
import { basename, isAbsolute, join, normalize } from "node:path";
import { readElsewhere } from "../base/elsewhere.ts";
import { BoathouseError } from "../base/errors.ts";
import { folderNames, holdsLake } from "./folder.ts";
import { acquireLock } from "../base/lock.ts";
import { startLock } from "./record.ts";
import { lakeStatus } from "./status.ts";
import { endLake } from "./stop.ts";

export interface ResetOptions {
  /** Ends a lake that runs, with its work, instead of refusing. */
  force?: boolean;
  signal?: AbortSignal;
}

/**
 * Deletes the lake's data: buckets, databases, stacks, keys. Resolves to what was deleted (paths), empty where there was nothing.
 * Throws BoathouseError: `conflict` while the lake runs (unless forced), `invalid` for a folder that is not a lake's.
 */
export async function resetLake(folder: string, options: ResetOptions = {}): Promise<string[]> {
  const found = folderNames(folder);
  if (found.own.length + found.foreign.length === 0) return [];
  if (!holdsLake(found) && (found.foreign.length > 0 || dataNames(folder).length > 0)) {
    throw new BoathouseError("invalid", `${folder} is not the folder of a lake: nothing of it was deleted`, {
      resource: folder,
      next: "Name a lake's folder, or none for your own lake.",
    });
  }
  const lock = await acquireLock(startLock(folder), options.signal);
  try {
    const status = await lakeStatus(folder);
    if (status.state !== "stopped") {
      if (options.force !== true) {
        throw new BoathouseError("conflict", `The lake of ${folder} runs (process ${status.pid})`, {
          resource: folder,
          next: "Stop it first with `boathouse lake stop`, or reset with --force, which ends its work.",
        });
      }
    }
    // Also what a killed lake left running on the data that is to go.
    await endLake(folder);
    const outside = readElsewhere(folder).filter(isDeletable).filter(existsSync);
    const deleted = [...outside, ...dataNames(folder).map((name) => join(folder, name))];
    for (const path of deleted) rmSync(path, { recursive: true, force: true });
    return deleted;
  } finally {
    lock.release();
  }
}

/** A record that was changed by hand must not delete a whole system: only folders that carry our name go. */
function isDeletable(path: string): boolean {
  return isAbsolute(path) && normalize(path) === path && path.split("/").some((name) => /^\.?boathouse/.test(name));
}

/** What of the folder is the lake's, its start lock left out; what somebody else has put there stays. */
function dataNames(folder: string): string[] {
  const lockName = basename(startLock(folder));
  return folderNames(folder).own.filter((name) => !name.startsWith(lockName));
}
