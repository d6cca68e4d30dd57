// One process at a time: a lock file that says who holds it, and that a later process takes over from a dead one.
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type ProcessId, thisProcess } from "./processes.ts";

interface Holder extends ProcessId {
  /** Tells one holding from another of the same process. */
  id: string;
}

export interface Lock {
  release(): void;
}

/**
 * Waits until this process holds `file`; `onWait` is told once who holds it. The lock of a process that died is taken over.
 * Rejects with the signal's reason when it is aborted.
 */
export async function acquireLock(
  file: string,
  signal: AbortSignal | undefined,
  onWait?: (holder: number) => void,
): Promise<Lock> {
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; ; ) {
    signal?.throwIfAborted();
    const lock = tryLock(file);
    if (lock !== undefined) return lock;
    const holder = readHolder(file);
    if (holder !== undefined && !told) {
      told = true;
      onWait?.(holder.pid);
    }
    await sleep(100 + Math.random() * 100, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** Takes the lock where it is free or its holder is dead; undefined where somebody holds it. */
export function tryLock(file: string): Lock | undefined {
  const mine: Holder = { ...thisProcess(), id: randomUUID() };
  const draft = `${file}.${mine.id}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    // link() makes the lock with its text at once and fails where it exists: nobody ever reads half a lock.
    if (!link(draft, file)) {
      const holder = readHolder(file);
      if (holder !== undefined && isRunning(holder)) return undefined;
      putAside(file, holder);
      if (!link(draft, file)) return undefined;
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    release: () => {
      if (readHolder(file)?.id === mine.id) rmSync(file, { force: true });
    },
  };
}

/** Whether a process that lives holds it. Only reads. */
export function isLocked(file: string): boolean {
  const holder = readHolder(file);
  return holder !== undefined && isRunning(holder);
}

/** Removes a dead process's lock, unless another process was quicker and the lock is a live one by now. */
function putAside(file: string, dead: Holder | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const taken = readHolder(aside);
  if (taken?.id !== dead?.id) link(aside, file);
  rmSync(aside, { force: true });
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}
