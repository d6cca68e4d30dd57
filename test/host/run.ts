// Runs test/host inside a real extension host: VS Code's server, a headless Chromium, and the tests as VS Code's own test payload.
// `node --import tsx test/host/run.ts [--tree DIR] [--grep TEXT] [FILE.test.ts ...]`
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { resetLake } from "../../src/local/reset.ts";
import { Server } from "../../tools/vscode/server.ts";
import { openBrowser } from "../ui/driver.ts";
import { bundleTests } from "./bundle.ts";

/** A run that hangs has failed; ms. */
const LONGEST = Number(process.env["BOATHOUSE_HOST_LIMIT"] ?? 15 * 60_000);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tree: { type: "string", default: "." }, grep: { type: "string" } },
});
const tree = resolve(values.tree);
const scratch = mkdtempSync(join(tmpdir(), "boathouse-host-"));
const built = resolve("artifacts", "host", String(process.pid));
mkdirSync(built, { recursive: true });
const files = {
  lines: join(scratch, "lines.txt"),
  counts: process.env["BOATHOUSE_COUNTS"] ?? join(scratch, "counts.json"),
};
rmSync(files.counts, { force: true });
writeFileSync(files.lines, "");
const lake = join(scratch, "data", "lake");
const workspace = join(scratch, "workspace");
mkdirSync(workspace);

const { suite, early } = await bundleTests(positionals, built);
const server = await Server.start({
  folder: join(scratch, "vscode"),
  driver: true,
  extension: early,
  env: {
    BOATHOUSE_HOST_LINES: files.lines,
    BOATHOUSE_COUNTS: files.counts,
    BOATHOUSE_GREP: values.grep,
    BOATHOUSE_RETRIES: process.env["CI"] === "true" ? "1" : "0",
    BOATHOUSE_DATA: join(scratch, "data"),
    BOATHOUSE_LAKE: undefined,
    AWS_PROFILE: undefined,
    AWS_CONFIG_FILE: join(scratch, "aws-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(scratch, "aws-credentials"),
  },
});
const browser = await openBrowser();
const printing = new AbortController();
try {
  const printed = follow(files.lines, printing.signal);
  const code = await inHost();
  printing.abort();
  await printed;
  process.exitCode = verdict(code);
} finally {
  await browser.close();
  await server.stop();
  // Of a host that died, before its tests could end what they began.
  await resetLake(lake, { force: true }).catch(() => undefined);
  if (process.exitCode === 0) rmSync(scratch, { recursive: true, force: true });
  else process.stderr.write(`What is left of the run: ${scratch}\n`);
  rmSync(built, { recursive: true, force: true });
}

/** Resolves to the code that VS Code ends with. A host that was killed has it report 0, so the counts decide, too. */
async function inHost(): Promise<number> {
  const page = await browser.newPage();
  const ended = new Promise<number>((end, fail) => {
    page.on("crash", () => fail(new Error("VS Code's page crashed.")));
    void page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
      if (process.env["BOATHOUSE_HOST_CONSOLE"] !== undefined) process.stderr.write(`[${type}] ${args.join(" ")}\n`);
    });
    void page.exposeFunction("codeAutomationExit", (code: number) => end(code));
  });
  await page.goto(
    server.address(workspace, [
      ["extensionDevelopmentPath", server.remote(tree)],
      ["extensionTestsPath", server.remote(suite)],
    ]),
  );
  const limit = sleep(LONGEST, undefined, { ref: false }).then(() => {
    throw new Error(`The tests did not end within ${LONGEST / 60_000} minutes.`);
  });
  return Promise.race([ended, limit]);
}

function verdict(code: number): number {
  if (!existsSync(files.counts)) {
    process.stderr.write(`The extension host ended (${code}) before the tests did.\n`);
    return 1;
  }
  const { passed, failed } = JSON.parse(readFileSync(files.counts, "utf8")) as { passed: number; failed: number };
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
