// An engine's process: a group of its own, a clean environment, recorded on disk so that a lake that died leaves no orphan.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning, type ProcessId, processStart } from "../../base/processes.ts";

export interface ChildOptions {
  /** The lake's folder; the record lies in `<folder>/run`. */
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the allow-listed environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly stdio?: "pipe" | "ignore";
}

/** What engines may inherit: an AWS_PROFILE or NODE_OPTIONS of the person must not reach them. */
const INHERITED = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "USER", "LOGNAME"];

/** Names the lake's folder to all that a child starts: what a killed lake did not come to record, or whose leader has gone, is known by it. */
const MARK = "BOATHOUSE_ENGINE_OF";

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Resolved with the exit code (or 128 + signal's place) once it has ended. */
  readonly ended: Promise<number>;
  /** SIGTERM (or `signal`) to the whole group, SIGKILL after `grace` ms; resolved once it has ended. */
  stop(grace?: number, signal?: NodeJS.Signals): Promise<void>;
}

export function startChild(options: ChildOptions): Child {
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd ?? options.folder,
    env: { ...inheritedEnvironment(), ...options.env, [MARK]: options.folder },
    detached: true,
    stdio: ["ignore", options.stdio ?? "pipe", options.stdio ?? "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  const pid = child.pid;
  if (pid === undefined) {
    // The reason comes as an event; a caller that waits for `ended` sees it.
    return { process: child, pid: -1, ended: failed(child), stop: async () => undefined };
  }
  const record = join(options.folder, "run", `${pid}.json`);
  mkdirSync(join(options.folder, "run"), { recursive: true });
  writeFileSync(record, JSON.stringify({ pid, startTime: processStart(pid) ?? "unknown", command: options.command }));
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (code, signal) => {
      killGroup(pid, "SIGKILL");
      rmSync(record, { force: true });
      resolve(code ?? (signal === "SIGKILL" ? 137 : 143));
    });
  });
  return {
    process: child,
    pid,
    ended,
    async stop(grace = 5000, signal = "SIGTERM") {
      killGroup(pid, signal);
      const timer = setTimeout(() => killGroup(pid, "SIGKILL"), grace);
      await ended;
      clearTimeout(timer);
    },
  };
}

function failed(child: ChildProcess): Promise<number> {
  return new Promise((_resolve, reject) => {
    child.once("error", reject);
  });
}

/** Kills the children that an earlier lake of this folder left behind, and theirs. Returns how many groups and strays there were. */
export function reapChildren(folder: string): number {
  return reapRecorded(folder) + reapMarked(folder);
}

function reapRecorded(folder: string): number {
  let reaped = 0;
  let names: string[];
  try {
    names = readdirSync(join(folder, "run"));
  } catch {
    return 0;
  }
  for (const name of names) {
    const file = join(folder, "run", name);
    try {
      const record = JSON.parse(readFileSync(file, "utf8")) as ProcessId;
      // A recycled pid has another start time: that process is not ours.
      if (isRunning(record)) {
        killGroup(record.pid, "SIGKILL");
        reaped++;
      }
    } catch {
      // A record cut off half way names no process that got far.
    }
    rmSync(file, { force: true });
  }
  return reaped;
}

/** Linux only: elsewhere the records must do. */
function reapMarked(folder: string): number {
  if (process.platform !== "linux") return 0;
  const mark = `${MARK}=${folder}`;
  const strays = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
    .map(Number)
    .filter((pid) => pid !== process.pid);
  for (const pid of strays) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone since it was listed.
    }
  }
  return strays.length;
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // Gone, or another user's.
    return [];
  }
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

export function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
