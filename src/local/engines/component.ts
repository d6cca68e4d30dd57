// A part of an engine is a folder that is built once: whole when its marker is there, built by one process at a time.
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { acquireLock } from "../../base/lock.ts";
import { diskFull } from "./failures.ts";
import type { Work } from "./work.ts";

const marker = ".whole";

export interface Component {
  /** Absolute; its name holds the version, so that another version never replaces one in use. */
  folder: string;
  /** Bytes that building it needs at its height, downloads included. */
  room: number;
  /** Fills an empty folder, which is then renamed: nothing in it may hold its path. */
  build(folder: string): Promise<void>;
}

/** Builds the component where it is missing or half built. Resolves to true where it had to. */
export async function ensureComponent(component: Component, work: Work): Promise<boolean> {
  const { folder } = component;
  if (isWhole(folder)) return false;
  const part = basename(folder);
  const lock = await acquireLock(`${folder}.lock`, work.signal, (holder) =>
    work.report({ kind: "waiting", engine: work.engine, part, holder }),
  );
  const draft = `${folder}.build-${randomUUID().slice(0, 8)}`;
  try {
    if (isWhole(folder)) return false;
    // Of a process that was killed; a program that it left at work must not write into what is built now.
    for (const name of readdirSync(dirname(folder))) {
      if (name === part || name.startsWith(`${part}.build-`)) {
        rmSync(join(dirname(folder), name), { recursive: true, force: true });
      }
    }
    mkdirSync(draft, { mode: 0o755 });
    const { bavail, bsize } = await statfs(draft);
    if (bavail * bsize < component.room) {
      throw diskFull(`${part}: it needs ${megabytes(component.room)}, and ${megabytes(bavail * bsize)} are free`);
    }
    await component.build(draft);
    writeFileSync(join(draft, marker), "");
    renameSync(draft, folder);
    return true;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    lock.release();
  }
}

/** True where it was built to its end. */
export function isWhole(folder: string): boolean {
  return existsSync(join(folder, marker));
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
