// A lake's data that lies outside of its folder, written down so that resetting the lake finds it.
import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const fileName = "elsewhere.json";

/** Absolute paths of folders outside of the lake's folder that hold its data (root's PostgreSQL, which runs as another user). */
export function readElsewhere(lakeFolder: string): string[] {
  try {
    const paths: unknown = JSON.parse(readFileSync(join(lakeFolder, fileName), "utf8"));
    return Array.isArray(paths) ? paths.filter((path): path is string => typeof path === "string") : [];
  } catch {
    return [];
  }
}

/** To be called by the lake before it makes the folder. */
export function recordElsewhere(lakeFolder: string, path: string): void {
  const paths = new Set(readElsewhere(lakeFolder));
  if (paths.has(path)) return;
  const draft = join(lakeFolder, `${fileName}.${randomUUID()}`);
  writeFileSync(draft, JSON.stringify([...paths, path]));
  renameSync(draft, join(lakeFolder, fileName));
}
