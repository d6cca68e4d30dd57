// What a lake writes down in its folder so that clients find it: lake.json while it runs, keys.json for good.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning, type ProcessId } from "../base/processes.ts";

/** `<folder>/lake.json`: whole or absent. */
export interface LakeRecord extends ProcessId {
  port: number;
  version: string;
  region: string;
}

/** `<folder>/keys.json`, mode 0600. */
export interface LakeKeys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The record of the lake that runs on `folder`; a record whose process is gone, or whose pid is another's by now, is none. */
export function readRecord(folder: string): LakeRecord | undefined {
  const record = readJson<LakeRecord>(join(folder, "lake.json"));
  return record !== undefined && isRunning(record) ? record : undefined;
}

export function readKeys(folder: string): LakeKeys | undefined {
  return readJson<LakeKeys>(join(folder, "keys.json"));
}

export function endpointOf(record: LakeRecord): string {
  return `http://127.0.0.1:${record.port}`;
}

export function logFile(folder: string): string {
  return join(folder, "lake.log");
}

/** Held by who starts, stops or resets the lake. */
export function startLock(folder: string): string {
  return join(folder, "start.lock");
}

export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
