// A part of an engine is a folder that is built once: whole when its marker is there, built by one process at a time.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { acquireLock } from "../lock.ts";
import { diskFull } from "./failures.ts";
import type { Work } from "./work.ts";

const marker = ".whole";

export interface Component {
  /** Absolute; its name holds the version, so that another version never replaces one in use. */
  folder: string;
  /** Bytes that building it needs at its height, downloads included. */
  room: number;
  /** Fills the empty folder. */
  build(folder: string, work: Work): Promise<void>;
}

/** Builds the component where it is missing or half built. Resolves to true where it had to. */
export async function ensureComponent(component: Component, work: Work): Promise<boolean> {
  const { folder } = component;
  if (isWhole(folder)) return false;
  const part = basename(folder);
  const lock = await acquireLock(`${folder}.lock`, work.signal, (holder) =>
    work.report({ kind: "waiting", engine: work.engine, part, holder }),
  );
  try {
    if (isWhole(folder)) return false;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < component.room) {
      throw diskFull(`${part}: it needs ${megabytes(component.room)}, and ${megabytes(bavail * bsize)} are free`);
    }
    await component.build(folder, work);
    writeFileSync(join(folder, marker), "");
    return true;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    lock.release();
  }
}

export function isWhole(folder: string): boolean {
  return existsSync(join(folder, marker));
}

export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
