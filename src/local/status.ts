// How the lake of a folder is.
import { askHealth, type LakeHealth } from "./control.ts";
import { endpointOf, type LakeRecord, readRecord } from "./record.ts";

export type LakeStatus =
  | { state: "stopped"; folder: string }
  | ({ state: "running"; folder: string; endpoint: string; region: string } & LakeHealth)
  /** Its process runs and gives no answer. */
  | { state: "unresponsive"; folder: string; endpoint: string; pid: number; version: string };

export async function lakeStatus(folder: string, signal?: AbortSignal): Promise<LakeStatus> {
  const record = readRecord(folder);
  return record === undefined ? { state: "stopped", folder } : statusOf(folder, record, signal);
}

async function statusOf(folder: string, record: LakeRecord, signal: AbortSignal | undefined): Promise<LakeStatus> {
  const endpoint = endpointOf(record);
  const health = await askHealth(endpoint, signal);
  if (health !== undefined && health.pid === record.pid) {
    return { state: "running", folder, endpoint, region: record.region, ...health };
  }
  // It may have ended while it was asked.
  if (readRecord(folder)?.pid !== record.pid) return { state: "stopped", folder };
  return { state: "unresponsive", folder, endpoint, pid: record.pid, version: record.version };
}
