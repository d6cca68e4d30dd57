// Which process a pid means: a pid is given out again after a while, so it is trusted only together with the time it began.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process as it is written down to be found again by another process. */
export interface ProcessId {
  pid: number;
  /** What `processStart(pid)` said while it ran. */
  startTime: string;
}

/**
 * When process `pid` began, as text that is equal in every reading of the same process and differs for a later one with the same
 * pid. Undefined where no such process runs (a zombie doesn't).
 */
export function processStart(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === "linux" ? linuxStart(pid) : psStart(pid);
}

/** This process, to be written down. */
export function thisProcess(): ProcessId {
  return {
    pid: process.pid,
    startTime: processStart(process.pid) ?? "unknown",
  };
}

/** True while the very process that was written down still runs. */
export function isRunning(id: ProcessId): boolean {
  return processStart(id.pid) === id.startTime;
}

function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, which may hold blanks and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ticks] = [fields[0], fields[19]];
    if (state === undefined || ticks === undefined || state === "Z" || state === "X") return undefined;
    return ticks;
  } catch {
    return undefined;
  }
}

function psStart(pid: number): string | undefined {
  try {
    const answer = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { LC_ALL: "C", PATH: process.env["PATH"] ?? "/bin:/usr/bin" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [, state, start] = /^\s*(\S+)\s+(.*\S)/.exec(answer) ?? [];
    return state === undefined || state.startsWith("Z") ? undefined : start;
  } catch {
    return undefined;
  }
}
