// Makes the VSIX: what an AWS user needs and what starts the lake and fetches its engines, but no engine. `npm run package [OUT.vsix]`
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureVsCode } from "./vscode/install.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Beside dist/, as they lie in the repository. */
const SHIPPED = ["media", "resources", "glue-scripts", "README.md", "CHANGELOG.md", "LICENSE"];

/** Builds and packs; resolves to the VSIX's path. */
export async function makePackage(vsix: string): Promise<string> {
  const staged = mkdtempSync(join(tmpdir(), "boathouse-package-"));
  try {
    execFileSync(process.execPath, ["esbuild.mjs", "--release", join(staged, "dist")], { cwd: ROOT, stdio: "inherit" });
    for (const name of SHIPPED) {
      cpSync(join(ROOT, name), join(staged, name), {
        recursive: true,
        filter: (file) => !/(__pycache__|\.pyc$|make_samples\.py$|\.pytest_cache)/.test(file),
      });
    }
    writeFileSync(join(staged, "package.json"), manifest());
    const { node, vsce } = await ensureVsCode();
    const args = [
      "package",
      "--out",
      vsix,
      "--no-dependencies",
      "--no-rewrite-relative-links",
      "--allow-missing-repository",
    ];
    const run = spawnSync(node, [vsce, ...args], { cwd: staged, encoding: "utf8" });
    if (run.status !== 0) throw new Error(`vsce failed:\n${run.stdout}${run.stderr}`);
    return vsix;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** package.json as it is installed: nothing of building and testing; every package is in the bundle. */
function manifest(): string {
  const whole = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<string, unknown>;
  for (const name of ["dependencies", "devDependencies", "overrides", "scripts"]) delete whole[name];
  return JSON.stringify(whole, undefined, 2);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const vsix = await makePackage(resolve(process.argv[2] ?? join(ROOT, `boathouse-${version}.vsix`)));
  process.stdout.write(`${vsix}: ${(statSync(vsix).size / 1e6).toFixed(2)} MB\n`);
}
