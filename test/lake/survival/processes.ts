// Who still works for a lake: processes whose command line, working directory or environment names its folders. Linux's /proc only.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** "command line", "working directory" or "environment". */
  readonly by: string;
}

export const procExists = process.platform === "linux";

/** All processes but this one that name one of `folders`. */
export function processesNaming(folders: readonly string[]): Seen[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => look(Number(name), folders) ?? []);
}

/** Those of them that do not descend from `root`. */
export function strangers(folders: readonly string[], root: number): Seen[] {
  const seen = processesNaming(folders);
  return seen.filter(({ pid }) => !descends(pid, root));
}

function descends(pid: number, root: number): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parentOf(at)) if (at === root) return true;
  return false;
}

function look(pid: number, folders: readonly string[]): Seen | undefined {
  const parent = parentOf(pid);
  if (parent === undefined) return undefined;
  const places = {
    "command line": read(pid, "cmdline"),
    "working directory": workingDirectory(pid),
    environment: read(pid, "environ"),
  };
  for (const [by, text] of Object.entries(places)) {
    if (!folders.some((folder) => text.includes(folder))) continue;
    return { pid, parent, command: places["command line"].slice(0, 200), by };
  }
  return undefined;
}

/** Undefined where it has gone, or is only waiting to be waited for. */
function parentOf(pid: number): number | undefined {
  const stat = read(pid, "stat");
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return parent === undefined || state === "Z" || state === "X" ? undefined : Number(parent);
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function workingDirectory(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
