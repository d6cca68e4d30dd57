// Runs dist/cli.js as a person or a script would: its own process, its own data folder, the user's real cache.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import type { AddressInfo, Server } from "node:net";
import { cacheFolder } from "../../src/base/paths.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
export const CLI = `${ROOT}dist/cli.js`;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON; throws where it is not one document. */
  json<T = Record<string, unknown>>(): T;
}

export interface RunOptions {
  /** BOATHOUSE_DATA: lakes lie below it. */
  readonly data: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given the process and what it has said so far, whenever it says more on stderr. */
  readonly onStderr?: (child: ChildProcess, text: string) => void;
  /** Given the process once it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

export async function boathouse(args: readonly string[], options: RunOptions): Promise<Ran> {
  return run(process.execPath, [CLI, ...args], {
    ...options,
    env: { ...plainEnvironment(), BOATHOUSE_DATA: options.data, BOATHOUSE_CACHE: cacheFolder(), ...options.env },
  });
}

/** Any program; its environment is `env` alone. */
export function run(
  program: string,
  args: readonly string[],
  options: Pick<RunOptions, "onStderr" | "onStart"> & { env: Readonly<Record<string, string>>; cwd?: string },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    options.onStart?.(child);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
      options.onStderr?.(child, stderr);
    });
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({
        code: code ?? (signal === "SIGINT" ? 130 : 137),
        stdout,
        stderr,
        json: () => JSON.parse(stdout) as never,
      }),
    );
  });
}

/** Expects an exit code and, on stderr, each pattern; an error without a next step is one of ours to mend. */
export async function says(running: Promise<Ran>, code: number, ...patterns: readonly RegExp[]): Promise<Ran> {
  const ran = await running;
  assert.equal(ran.code, code, ran.stderr + ran.stdout);
  for (const pattern of patterns) assert.match(ran.stderr, pattern);
  assert.doesNotMatch(ran.stderr, /^\s+at .*:\d+:\d+\)?$/m, "a stack trace is no message");
  return ran;
}

/** For the SDK's clients, as `lake env` prints it. */
export async function clientConfig(say: (...args: string[]) => Promise<Ran>) {
  const printed = await says(say("--json", "lake", "env"), 0);
  const { endpoint, region, ...credentials } = printed.json<{
    endpoint: string;
    region: string;
    accessKeyId: string;
    secretAccessKey: string;
  }>();
  return { endpoint, region, credentials, maxAttempts: 1 };
}

/** Resolves to the port of loopback that the server holds. */
export function listening(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** BOATHOUSE_INTERRUPTS: the seed of the moments at which Ctrl+C comes; "random" draws one. */
export function momentSeed(): string {
  const wanted = process.env["BOATHOUSE_INTERRUPTS"] ?? "19970101";
  return wanted === "random" ? String(Math.floor(Math.random() * 1e9)) : wanted;
}

/** PATH, HOME and the like: nothing of AWS, nothing of ours. */
export function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(
    ["PATH", "HOME", "TMPDIR", "LANG", "USER", "JAVA_HOME"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
