// Finds the lake of a folder or starts it, and holds a lease on it while it is used.
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BoathouseError } from "../base/errors.ts";
import { cacheFolder } from "../base/paths.ts";
import { systemFailure } from "../base/system.ts";
import { VERSION } from "../base/version.ts";
import { type ControlAccess, dropLease, holdLease, persist } from "./control.ts";
import { folderNames, holdsLake } from "./folder.ts";
import { acquireLock } from "../base/lock.ts";
import { logFile, readKeys, startLock } from "./record.ts";
import { defaultProgram, type LakeProgram, logSize, logTail, spawnLake } from "./spawn.ts";
import { type LakeStatus, lakeStatus } from "./status.ts";
import { endLake } from "./stop.ts";
import { isOlder } from "./versions.ts";

export type LakeEvent =
  /** Another process is about to start this lake. */
  | { kind: "waiting"; holder: number }
  /** The lake that ran was older and has been asked to end. */
  | { kind: "replacing"; version: string }
  /** The lake that runs is older and stays, because work runs on it. */
  | { kind: "olderAndBusy"; version: string }
  | { kind: "starting"; log: string }
  | { kind: "ready"; endpoint: string; started: boolean };

export interface StartOptions {
  folder: string;
  /** Holds the engines; `cacheFolder()` by default. */
  cache?: string;
  /** It stays until it is stopped, instead of ending a minute after its last client. */
  persistent?: boolean;
  /** Ends the waiting; a lake that has begun to start goes on. */
  signal?: AbortSignal;
  onProgress?(event: LakeEvent): void;
  /** The lake did not renew the lease: it has ended, or hangs. Called at every renewal that fails. */
  onLost?(): void;
  program?: LakeProgram;
  environment?: Readonly<NodeJS.ProcessEnv>;
  /** Of this client; a lake that is older is started anew. */
  version?: string;
}

export interface RunningLake {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly pid: number;
  readonly folder: string;
  readonly version: string;
  /** Gives the lease back. The lake ends a minute after its last lease, unless work runs or it is persistent. */
  dispose(): Promise<void>;
}

type Running = Extract<LakeStatus, { state: "running" }>;

/** A lake that lives and hasn't answered for so long will not; ms. */
const startLimit = 120_000;

/**
 * The running lake of a folder, started where there is none. Throws BoathouseError: `service` with the end of the lake's log where
 * it fails to start, `conflict` where the folder is held by a process that does not answer.
 */
export async function startLake(options: StartOptions): Promise<RunningLake> {
  const { folder } = options;
  const found = await lakeStatus(folder, options.signal);
  if (found.state === "running" && mayStay(found, options)) return attach(found, false, options);
  refuseForeign(folder);
  const lock = await acquireLock(startLock(folder), options.signal, (holder) =>
    options.onProgress?.({ kind: "waiting", holder }),
  ).catch((error: unknown) => {
    throw unusable(folder, error);
  });
  try {
    const status = await lakeStatus(folder, options.signal);
    if (status.state === "unresponsive") throw unresponsive(status);
    if (status.state === "running") {
      if (mayStay(status, options)) return await attach(status, false, options);
      options.onProgress?.({ kind: "replacing", version: status.version });
      await endLake(folder);
    }
    const persistent = options.persistent === true || (status.state === "running" && status.persistent);
    return await attach(await start({ ...options, persistent }), true, options);
  } finally {
    lock.release();
  }
}

/** A lake is not begun among somebody's files: a folder of its own can be reset as a whole. */
function refuseForeign(folder: string): void {
  let names: ReturnType<typeof folderNames>;
  try {
    names = folderNames(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
  if (names.foreign.length === 0 || holdsLake(names)) return;
  throw new BoathouseError(
    "invalid",
    `The folder ${folder} holds other files (${names.foreign.slice(0, 3).join(", ")}${names.foreign.length > 3 ? ", ..." : ""}) and no lake.`,
    { resource: folder, next: "Name a new or empty folder for the lake." },
  );
}

function unusable(folder: string, error: unknown): unknown {
  return systemFailure(error, `The lake's folder ${folder} can't be used`, {
    resource: folder,
    next: "Name a folder that you may write to: --lake or BOATHOUSE_LAKE for the lake, BOATHOUSE_DATA for all of them.",
  });
}

function mayStay(status: Running, options: StartOptions): boolean {
  if (!isOlder(status.version, options.version ?? VERSION)) return true;
  if (!status.busy) return false;
  options.onProgress?.({ kind: "olderAndBusy", version: status.version });
  return true;
}

async function start(options: StartOptions & { persistent: boolean }): Promise<Running> {
  const { folder, persistent, signal } = options;
  const environment = options.environment ?? process.env;
  const before = logSize(folder);
  options.onProgress?.({ kind: "starting", log: logFile(folder) });
  const program = options.program ?? defaultProgram();
  const cache = options.cache ?? cacheFolder(environment);
  const child = spawnLake({ folder, cache, persistent, program, environment });
  const ended = endOf(child);
  const limit = Date.now() + startLimit;
  for (;;) {
    signal?.throwIfAborted();
    const status = await lakeStatus(folder, signal);
    if (status.state === "running") return status;
    const end = await Promise.race([ended, sleep(25, undefined)]);
    if (end !== undefined) {
      // A lake whose starter was interrupted may be on its way up and hold the folder: then ours ends and that one is taken.
      const other = await appears(folder, /another lake/i.test(logTail(folder, before)) ? 10_000 : 0, signal);
      if (other !== undefined) return other;
      throw failedToStart(folder, end, before);
    }
    if (Date.now() > limit) {
      child.kill("SIGKILL");
      throw failedToStart(folder, `gave no answer for ${startLimit / 1000} s`, before);
    }
  }
}

/** In words: how the process ended. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    );
  });
}

async function appears(folder: string, within: number, signal: AbortSignal | undefined): Promise<Running | undefined> {
  for (const limit = Date.now() + within; ; ) {
    const status = await lakeStatus(folder, signal);
    if (status.state === "running") return status;
    if (Date.now() >= limit) return undefined;
    await sleep(50, undefined, { signal });
  }
}

async function attach(status: Running, started: boolean, options: StartOptions): Promise<RunningLake> {
  const { folder, endpoint, region, pid, version } = status;
  const keys = readKeys(folder);
  if (keys === undefined) {
    throw new BoathouseError("denied", `The keys of the lake in ${folder} can't be read`, {
      resource: join(folder, "keys.json"),
      next: "Only the user who started the lake can read them; use a folder of your own.",
    });
  }
  const access: ControlAccess = { endpoint, secretAccessKey: keys.secretAccessKey };
  const lease = randomUUID();
  const renewWithin = await holdLease(access, lease);
  if (options.persistent === true && !status.persistent) await persist(access);
  // Several renewals fit into one term, so that a busy machine loses no lease.
  const timer = setInterval(() => void holdLease(access, lease).catch(() => options.onLost?.()), renewWithin / 4);
  timer.unref();
  options.onProgress?.({ kind: "ready", endpoint, started });
  return {
    endpoint,
    region,
    accessKeyId: keys.accessKeyId,
    secretAccessKey: keys.secretAccessKey,
    pid,
    folder,
    version,
    dispose: async () => {
      clearInterval(timer);
      await dropLease(access, lease).catch(() => undefined);
    },
  };
}

function failedToStart(folder: string, how: string, before: number): BoathouseError {
  const tail = logTail(folder, before);
  return new BoathouseError("service", `The local lake ${how}${tail === "" ? "" : `. The end of its log:\n${tail}`}`, {
    resource: folder,
    next: `See ${logFile(folder)}.`,
  });
}

function unresponsive({ folder, pid }: Extract<LakeStatus, { state: "unresponsive" }>): BoathouseError {
  return new BoathouseError("conflict", `The lake of ${folder} runs as process ${pid} and does not answer`, {
    resource: folder,
    next: "End it with `boathouse lake stop` and start it again; no data that it acknowledged is lost.",
  });
}
