// What a run of the host's tests needs, whichever VS Code runs them: the bundled tests, folders of its own, and how it ended.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { resetLake } from "../../src/local/reset.ts";
import { type Bundled, bundleTests } from "./bundle.ts";

/** A run that hangs has failed; ms. */
const LONGEST = Number(process.env["BOATHOUSE_HOST_LIMIT"] ?? 15 * 60_000);

export interface Prepared extends Bundled {
  /** The built tree whose extension is tested. */
  readonly tree: string;
  readonly workspace: string;
  readonly scratch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs the tests by `run`, which resolves to VS Code's exit code, prints what they say meanwhile, and sets the exit code. */
  watch(run: () => Promise<number>): Promise<void>;
  /** Ends what a host that died has left. */
  clean(): Promise<void>;
}

export async function prepare(): Promise<Prepared> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { tree: { type: "string", default: "." }, grep: { type: "string" } },
  });
  const scratch = mkdtempSync(join(tmpdir(), "boathouse-host-"));
  // Below the repository, so that the tests find mocha.
  const built = resolve("artifacts", "host", String(process.pid));
  mkdirSync(built, { recursive: true });
  const workspace = join(scratch, "workspace");
  mkdirSync(workspace);
  const lines = join(scratch, "lines.txt");
  const counts = process.env["BOATHOUSE_COUNTS"] ?? join(scratch, "counts.json");
  rmSync(counts, { force: true });
  writeFileSync(lines, "");
  const data = join(scratch, "data");
  return {
    ...(await bundleTests(positionals, built)),
    tree: resolve(values.tree),
    workspace,
    scratch,
    env: {
      BOATHOUSE_HOST_LINES: lines,
      BOATHOUSE_COUNTS: counts,
      BOATHOUSE_GREP: values.grep,
      BOATHOUSE_RETRIES: process.env["CI"] === "true" ? "1" : "0",
      BOATHOUSE_DATA: data,
      BOATHOUSE_LAKE: undefined,
      AWS_PROFILE: undefined,
      AWS_CONFIG_FILE: join(scratch, "aws-config"),
      AWS_SHARED_CREDENTIALS_FILE: join(scratch, "aws-credentials"),
    },
    watch: async (run) => {
      const printing = new AbortController();
      const printed = follow(lines, printing.signal);
      try {
        process.exitCode = verdict(await Promise.race([run(), limit()]), counts);
      } catch (error) {
        process.exitCode = 1;
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      } finally {
        printing.abort();
        await printed;
      }
    },
    clean: async () => {
      await resetLake(join(data, "lake"), { force: true }).catch(() => undefined);
      if (process.exitCode === 0) rmSync(scratch, { recursive: true, force: true });
      else process.stderr.write(`What is left of the run: ${scratch}\n`);
      rmSync(built, { recursive: true, force: true });
    },
  };
}

async function limit(): Promise<never> {
  await sleep(LONGEST, undefined, { ref: false });
  throw new Error(`The tests did not end within ${LONGEST / 60_000} minutes.`);
}

/** VS Code ends with 0 where its extension host was killed, so the counts decide, too. */
function verdict(code: number, counts: string): number {
  if (!existsSync(counts)) {
    process.stderr.write(`The extension host ended (${code}) before the tests did.\n`);
    return 1;
  }
  const { passed, failed } = JSON.parse(readFileSync(counts, "utf8")) as { passed: number; failed: number };
  return code === 0 && failed === 0 && passed > 0 ? 0 : 1;
}

/** Prints what the tests say while they run. */
async function follow(file: string, signal: AbortSignal): Promise<void> {
  for (let printed = 0; ; ) {
    const last = signal.aborted;
    const text = readFileSync(file).subarray(printed);
    process.stdout.write(text);
    printed += text.length;
    if (last) return;
    await sleep(100, undefined, { signal }).catch(() => undefined);
  }
}
