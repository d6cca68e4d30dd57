// A fresh lake for a test: its own process on a temporary folder, real SDK clients configured for it.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readElsewhere } from "../../src/base/elsewhere.ts";
import { reapChildren } from "../../src/lake/engines/child.ts";
import { cacheFolder } from "../../src/base/paths.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

export interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
}

export interface TestLake {
  readonly folder: string;
  readonly endpoint: string;
  readonly pid: number;
  readonly config: ClientConfig;
  /** Environment for the AWS CLI, boto3 and the like; nothing else of AWS in it. */
  readonly env: Record<string, string>;
  /** Calls a private route with the root secret. */
  control(route: string, body?: object): Promise<Record<string, unknown>>;
  /** Moves the lake's clock. */
  advance(milliseconds: number): Promise<void>;
  log(): string;
  /** kill -9; the folder stays. */
  kill(): Promise<void>;
  /** Starts again on the same folder, after `kill` or `stop`. */
  restart(): Promise<TestLake>;
  /** Stops it; removes the folder unless `keep`. */
  stop(options?: { keep?: boolean }): Promise<void>;
}

export interface TestLakeOptions {
  readonly folder?: string;
  readonly cache?: string;
  readonly env?: Record<string, string>;
}

export async function startTestLake(options: TestLakeOptions = {}): Promise<TestLake> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "lake-"));
  rmSync(join(folder, "lake.json"), { force: true });
  let text = "";
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      join(ROOT, "src/lake/main.ts"),
      "--folder",
      folder,
      "--cache",
      options.cache ?? cacheFolder(),
      "--persistent",
    ],
    { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...options.env } },
  );
  child.stderr.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await waitFor(() => existsSync(join(folder, "lake.json")) || child.exitCode !== null, 30_000);
  if (child.exitCode !== null) throw new Error(`the lake ended at start:\n${text}`);
  const found = JSON.parse(readFileSync(join(folder, "lake.json"), "utf8")) as { pid: number; port: number };
  const credentials = JSON.parse(readFileSync(join(folder, "keys.json"), "utf8")) as ClientConfig["credentials"];
  const endpoint = `http://127.0.0.1:${found.port}`;
  const lake: TestLake = {
    folder,
    endpoint,
    pid: found.pid,
    config: { endpoint, region: "us-east-1", credentials, maxAttempts: 1 },
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_REGION: "us-east-1",
    },
    async control(route, body = {}) {
      const response = await fetch(`${endpoint}/_lake/${route}`, {
        method: "POST",
        headers: { authorization: `Bearer ${credentials.secretAccessKey}` },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
    async advance(milliseconds) {
      await lake.control("clock", { advance: milliseconds });
    },
    log: () => text,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    restart: () => startTestLake({ ...options, folder }),
    async stop({ keep = false } = {}) {
      await end(child, ended);
      if (keep) return;
      // A lake that was killed leaves its engines to its next start; here there is none.
      reapChildren(folder);
      for (const path of [...readElsewhere(folder), folder]) rmSync(path, { recursive: true, force: true });
    },
  };
  return lake;
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await ended;
    clearTimeout(timer);
  }
}

/** Polls until `done` holds; throws after `limit` ms. */
export async function waitFor(done: () => boolean | Promise<boolean>, limit: number, step = 25): Promise<void> {
  const until = Date.now() + limit;
  while (!(await done())) {
    if (Date.now() > until) throw new Error(`not so within ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, step));
  }
}
