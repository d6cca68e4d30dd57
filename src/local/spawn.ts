// Starts a lake's process: apart from ours, with a clean environment and its output in a file.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BoathouseError } from "../base/errors.ts";
import { logFile } from "./record.ts";

export interface LakeProgram {
  /** dist/lake.js */
  file: string;
  /** For Node, before the file. */
  nodeArguments?: readonly string[];
  /** Folder to run in. */
  cwd?: string;
}

export interface SpawnOptions {
  folder: string;
  cache: string;
  persistent: boolean;
  program: LakeProgram;
  environment: Readonly<NodeJS.ProcessEnv>;
}

/**
 * What the lake may inherit. All else stays behind: an AWS_PROFILE, NODE_OPTIONS or JAVA_TOOL_OPTIONS of the person's shell must
 * reach neither the lake nor its engines.
 */
const inherited = ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "XDG_RUNTIME_DIR"].concat(
  // A setting of the lake itself: the memory of its query engine, MB.
  "BOATHOUSE_TRINO_HEAP",
);

/**
 * glibc gives memory back to the system as soon as 128 KiB at the heap's end are free, and takes it anew for the next bytes of an
 * upload: on a large one, the lake's main thread spent a third of its time so. 32 MiB may stay; bytes. Other systems know neither name.
 * https://man7.org/linux/man-pages/man3/mallopt.3.html
 */
const allocator = { MALLOC_TRIM_THRESHOLD_: String(32 << 20), MALLOC_TOP_PAD_: String(1 << 20) };

/** A log longer than this is put aside when the lake starts; bytes. */
const longLog = 8 << 20;

/** The lake.js of the bundle that this code is part of; in the sources, that of the last build. */
export function defaultProgram(): LakeProgram {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, "lake.js"), join(here, "..", "lake.js"), join(here, "..", "..", "dist", "lake.js")];
  const file = places.find((place) => existsSync(place));
  if (file === undefined) {
    throw new BoathouseError("notFound", "The local lake's program, lake.js, is not beside this one", {
      resource: join(here, "lake.js"),
      next: "Build it with `npm run build`, or install Boathouse again.",
    });
  }
  return { file };
}

export function spawnLake(options: SpawnOptions): ChildProcess {
  const { folder, cache, persistent, program, environment } = options;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const file = logFile(folder);
  if (sizeOf(file) > longLog) renameSync(file, `${file}.1`);
  const log = openSync(file, "a", 0o600);
  try {
    const child = spawn(
      process.execPath,
      [
        ...(program.nodeArguments ?? []),
        program.file,
        "--folder",
        folder,
        "--cache",
        cache,
        ...(persistent ? ["--persistent"] : []),
      ],
      {
        cwd: program.cwd ?? folder,
        detached: true,
        stdio: ["ignore", log, log],
        // In VS Code the running program is Electron, which then behaves as Node.
        env: { ...pick(environment), ...allocator, ELECTRON_RUN_AS_NODE: "1" },
      },
    );
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** The end of the lake's log from byte `from` on, for an error. */
export function logTail(folder: string, from = 0, lines = 15): string {
  try {
    const text = readFileSync(logFile(folder)).subarray(from).toString("utf8").trim();
    return text.split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}

export function logSize(folder: string): number {
  const size = sizeOf(logFile(folder));
  return size > longLog ? 0 : size;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function pick(environment: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return Object.fromEntries(
    inherited.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
