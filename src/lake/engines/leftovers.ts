// What a PostgreSQL that was killed left behind: backends (each a process group of its own) and a postmaster.pid that names nobody.
import { readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How long killed processes may take to go; ms. */
const PATIENCE = 5000;

/**
 * Ends every process whose working directory is `dataFolder` (PostgreSQL's all have it so), then removes a postmaster.pid of nobody.
 * Without /proc it does nothing: there PostgreSQL's own checks refuse to start until the last backend has noticed its parent's end.
 */
export async function endLeftovers(dataFolder: string): Promise<void> {
  if (process.platform !== "linux") return;
  const until = Date.now() + PATIENCE;
  for (;;) {
    const left = processesIn(dataFolder);
    if (left.length === 0) break;
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone since it was listed.
      }
    }
    if (Date.now() > until)
      throw new Error(`processes ${left.join(", ")} of an earlier PostgreSQL in ${dataFolder} do not end`);
    await sleep(10);
  }
  // Its pid may be another program's by now, which PostgreSQL would take for a server that runs.
  rmSync(join(dataFolder, "postmaster.pid"), { force: true });
}

function processesIn(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && workingDirectory(pid) === folder && !isZombie(pid));
}

function workingDirectory(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, "");
  } catch {
    return "";
  }
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    return true;
  }
}
