// The Python that tests run with: a virtual environment of test/requirements.txt, made once for each text of that file.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const REQUIREMENTS = new URL("requirements.txt", import.meta.url);
let known;

/** Path of the virtual environment's python. */
export function testPython() {
  known ??= make();
  return known;
}

function make() {
  const pins = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const cache = process.env.BOATHOUSE_CACHE ?? join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "boathouse");
  const folder = join(cache, `test-python-${pins}`);
  const python = join(folder, "bin", "python");
  const whole = join(folder, "whole");
  if (existsSync(whole)) return python;
  console.log(`Making the tests' Python environment in ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  run("python3", ["-m", "venv", folder]);
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS.pathname]);
  run("touch", [`${whole}.part`]);
  renameSync(`${whole}.part`, whole);
  return python;
}

function run(program, args) {
  const { status } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}`);
}
