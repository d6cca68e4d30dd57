// The sample workspace as a folder of the person's: copied, and copied again where files are missing or are as we left them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dataFolder } from "../../base/paths.ts";
import { systemFailure } from "../../base/system.ts";

export interface Copied {
  readonly written: readonly string[];
  /** Edited by the person, and so left as they are. */
  readonly kept: readonly string[];
}

export function defaultSampleFolder(): string {
  return join(dataFolder(), "sample");
}

/**
 * Copies the files of `from` to `to`. A file that is there is replaced only where it is as an earlier copy left it.
 * @param records folder in which is kept what was written where, by path and SHA-256: not among the person's files.
 * Throws BoathouseError where the folder can't be written to.
 */
export function copySample(from: string, to: string, records: string): Copied {
  try {
    return copy(from, to, join(records, `${hashOf(Buffer.from(to))}.json`));
  } catch (error) {
    throw systemFailure(error, `The sample can't be copied to ${to}`, {
      resource: to,
      next: "Choose a folder that you may write to.",
    });
  }
}

function copy(from: string, to: string, file: string): Copied {
  const record = readRecord(file);
  const written: string[] = [];
  const kept: string[] = [];
  for (const path of filesOf(from)) {
    const [source, target] = [readFileSync(join(from, path)), join(to, path)];
    const there = existsSync(target) ? hashOf(readFileSync(target)) : undefined;
    if (there === hashOf(source)) {
      record[path] = there;
      continue;
    }
    if (there !== undefined && there !== record[path]) {
      kept.push(path);
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, source);
    record[path] = hashOf(source);
    written.push(path);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(record));
  return { written, kept };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function readRecord(file: string): Record<string, string> {
  try {
    return { ...(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) };
  } catch {
    return {};
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
