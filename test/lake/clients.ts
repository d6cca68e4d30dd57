// The AWS CLI and boto3 from PyPI against a test lake, with nothing of AWS set but what `lake env` prints.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TestLake } from "./harness.ts";

const PYTHON = process.env["BOATHOUSE_TEST_PYTHON"] ?? "python3";
const run = promisify(execFile);

export interface Clients {
  /** What `aws ...` prints; rejects with its stderr where it fails. */
  readonly aws: (...args: string[]) => Promise<string>;
  /** What a Python script prints, as JSON. */
  readonly python: (script: string) => Promise<unknown>;
}

/** Asynchronous throughout: a test process that stands still could not answer for what it set going. */
export function clientsOf(lake: TestLake): Clients {
  const call = async (...args: string[]) => (await run(PYTHON, args, { env: lake.env })).stdout;
  return {
    aws: async (...args) => (await call("-m", "awscli", ...args)).trim(),
    python: async (script) => JSON.parse(await call("-c", script)),
  };
}
