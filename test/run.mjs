// `npm test`: everything, suite after suite, ending in one line "N passed, N failed". `node test/run.mjs lake` runs one suite.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testPython } from "./python.mjs";

/** In CI a failed test gets one more try, which the output names: these machines are shared, and some tests run a dozen processes. */
const RETRIES = process.env.CI === "true" ? 1 : 0;
/** A suite that hangs has failed; ms. */
const LONGEST = 45 * 60_000;

const MOCHA = ["node_modules/mocha/bin/mocha.js", "--reporter", "test/reporter.cjs"];

/** Suites in order: the quick ones first. Each returns its counts. */
const SUITES = {
  check: () => command("check", "npm", ["run", "--silent", "check"]),
  unit: () => mocha("test/unit/**/*.test.ts"),
  engines: () => command("engines", process.execPath, ["--import", "tsx", "test/engines.ts"]),
  lake: () => mocha("test/lake/**/*.test.ts"),
  glue: () => pytest("test/glue"),
  line: () => mocha("test/line/**/*.test.ts"),
  vscode: () => command("vscode", process.execPath, ["--import", "tsx", "tools/vscode/install.ts"]),
  host,
  ui: () => mocha("test/ui/**/*.test.ts"),
};

const scratch = mkdtempSync(join(tmpdir(), "boathouse-test-"));
const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : Object.keys(SUITES);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of names) {
  const suite = SUITES[name];
  if (suite === undefined) throw new Error(`There is no suite ${name}: ${Object.keys(SUITES).join(", ")}`);
  console.log(`\n── ${name}`);
  const started = performance.now();
  const counts = suite();
  for (const key of Object.keys(total)) total[key] += counts[key] ?? 0;
  console.log(`── ${name}: ${counts.passed} passed, ${counts.failed} failed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
rmSync(scratch, { recursive: true, force: true });
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** One command that passes or fails as a whole. */
function command(name, program, args) {
  const passed = spawnSync(program, args, { stdio: "inherit" }).status === 0;
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

function mocha(pattern) {
  const file = join(scratch, "counts.json");
  rmSync(file, { force: true });
  const run = spawnSync(process.execPath, [...MOCHA, "--retries", String(RETRIES), pattern], {
    stdio: "inherit",
    timeout: LONGEST,
    env: { ...process.env, BOATHOUSE_COUNTS: file, BOATHOUSE_TEST_PYTHON: testPython() },
  });
  return read(run, () => JSON.parse(readFileSync(file, "utf8")));
}

/** Inside an extension host, which writes mocha's counts itself. */
function host() {
  const file = join(scratch, "counts.json");
  rmSync(file, { force: true });
  const run = spawnSync(process.execPath, ["--import", "tsx", "test/host/run.ts"], {
    stdio: "inherit",
    timeout: LONGEST,
    env: { ...process.env, BOATHOUSE_COUNTS: file },
  });
  return read(run, () => JSON.parse(readFileSync(file, "utf8")));
}

function pytest(folder) {
  const first = pytestOnce(folder, []);
  if (first.failed === 0 || RETRIES === 0) return first;
  console.log("RETRIED: the tests that failed");
  const again = pytestOnce(folder, ["--last-failed", "--last-failed-no-failures", "none"]);
  return { passed: first.passed + again.passed, failed: again.failed, skipped: first.skipped };
}

function pytestOnce(folder, options) {
  const file = join(scratch, "pytest.xml");
  rmSync(file, { force: true });
  const args = ["-m", "pytest", "-q", `--basetemp=${join(scratch, "pytest")}`, `--junitxml=${file}`, ...options, folder];
  const run = spawnSync(testPython(), args, { stdio: "inherit", timeout: LONGEST });
  return read(run, () => {
    const suite = /<testsuite [^>]*>/.exec(readFileSync(file, "utf8"))?.[0] ?? "";
    const count = (name) => Number(new RegExp(`${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = count("failures") + count("errors");
    return { passed: count("tests") - failed - count("skipped"), failed, skipped: count("skipped") };
  });
}

/** Counts that a run wrote itself; a run that wrote none, or ended badly without a failure of its own, has failed. */
function read(run, counts) {
  try {
    const found = counts();
    if (run.status !== 0 && found.failed === 0) found.failed = 1;
    return found;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
