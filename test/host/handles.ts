// Every timer, socket, process, pipe and watcher that the extension's code makes, from before its activation until after its end.
import { createHook } from "node:async_hooks";
import childProcess from "node:child_process";
import module from "node:module";

const KINDS: Readonly<Record<string, string>> = {
  Timeout: "timer",
  Immediate: "timer",
  TCPWRAP: "socket",
  TCPSERVERWRAP: "socket",
  UDPWRAP: "socket",
  GETADDRINFOREQWRAP: "socket",
  PIPEWRAP: "pipe",
  PIPESERVERWRAP: "pipe",
  PROCESSWRAP: "process",
  WORKER: "worker",
  FSEVENTWRAP: "watcher",
  STATWATCHER: "watcher",
};

interface Handle {
  readonly kind: string;
  /** Where it was made: the first line of the stack that is the extension's. */
  readonly where: string;
}

export interface Watched {
  /** The writing down began before the extension did. */
  early: boolean;
  /** Files of the extension that were loaded as modules, and files that these asked for. */
  readonly loaded: string[];
  /** What was made, ever. */
  readonly made: Handle[];
  /** What is still open, or still to fire. */
  readonly open: Map<number, Handle>;
}

/** Shared by the early extension and the tests, which are bundles of their own in one host. */
export const watched = ((globalThis as { boathouseWatched?: Watched }).boathouseWatched ??= {
  early: false,
  loaded: [],
  made: [],
  open: new Map(),
});

/** Begins to write down. The host runs VS Code's own extensions, too: only what code below `folder` makes counts. */
export function watchHandles(folder: string): void {
  Error.stackTraceLimit = 60;
  const here = __filename;
  const mine = (kind = "") => {
    const stack = new Error().stack ?? "";
    // A module that imports node:process opens the host's own standard input.
    if (stack.includes("process.getStdin")) return undefined;
    const lines = stack.split("\n").slice(1);
    // A timer is its maker's, the one who called setTimeout: those that VS Code makes within our calls (it throttles progress) are its own.
    const maker = lines.find((line) => !line.includes("node:") && !line.includes(here));
    if (kind === "timer" && maker?.includes(folder) !== true) return undefined;
    return lines.find((line) => line.includes(folder))?.trim();
  };
  createHook({
    init(id, type) {
      const kind = KINDS[type];
      if (kind === undefined) return;
      const where = mine(kind);
      if (where === undefined) return;
      watched.made.push({ kind, where });
      watched.open.set(id, { kind, where });
    },
    destroy(id) {
      watched.open.delete(id);
    },
  }).enable();
  // What runs synchronously makes no handle.
  const sync = childProcess as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ["spawnSync", "execFileSync", "execSync"]) {
    const original = sync[name];
    sync[name] = (...args) => {
      const where = mine();
      if (where !== undefined) watched.made.push({ kind: "process", where });
      return original?.(...args);
    };
  }
  module.syncBuiltinESMExports();
}
