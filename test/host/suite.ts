// Runs inside the extension host: mocha on the bundled tests, its lines and its counts written to files that outlive the host.
import { appendFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type MochaType from "mocha";

// Not bundled, and loaded before the tests are: they need its globals.
const Mocha = createRequire(__filename)("mocha") as typeof MochaType;

/** Called by the host once the window is up; a rejection is a failed run. */
export async function run(): Promise<void> {
  const lines = required("BOATHOUSE_HOST_LINES");
  const say = (line: string) => appendFileSync(lines, `${line}\n`);
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 120_000,
    forbidOnly: true,
    color: false,
    retries: Number(process.env["BOATHOUSE_RETRIES"] ?? "0"),
    ...(process.env["BOATHOUSE_GREP"] === undefined ? {} : { grep: process.env["BOATHOUSE_GREP"] }),
  });
  mocha.suite.emit("pre-require", globalThis as unknown as MochaType.MochaGlobals, __filename, mocha);
  await import("boathouse:tests");
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => say(format(args));
  const stats = await new Promise<MochaType.Stats | undefined>((ended) => {
    const runner = mocha.run(() => ended(runner.stats));
    runner.on("retry", (test: MochaType.Test, error: Error) =>
      say(`    RETRIED: ${test.fullTitle()}: ${error.message}`),
    );
  });
  const { passes = 0, failures = 1, pending = 0 } = stats ?? {};
  writeFileSync(required("BOATHOUSE_COUNTS"), JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
  if (failures > 0) throw new Error(`${failures} failed`);
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start these tests by test/host/run.ts.`);
  return value;
}

/** As console.log formats: mocha's reporters use %s, %d and %f. */
function format([first, ...rest]: unknown[]): string {
  const text = String(first ?? "").replace(/%[sdif]/g, () => String(rest.shift() ?? ""));
  return [text, ...rest.map(String)].join(" ");
}
