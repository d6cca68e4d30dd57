// Bundles the host's tests into one file: a host has neither tsx nor our sources' .ts endings.
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const EARLY = {
  name: "boathouse-early",
  publisher: "boathouse",
  version: "0.0.0",
  main: "./main.cjs",
  engines: { vscode: "^1.100.0" },
  activationEvents: ["*"],
};
const ROOT = new URL("../../", import.meta.url).pathname;

export interface Bundled {
  /** The module whose `run` the host calls. */
  readonly suite: string;
  /** The folder of the extension that watches from the beginning. */
  readonly early: string;
}

/** @param files the tests; all of test/host where empty. */
export async function bundleTests(files: readonly string[], folder: string): Promise<Bundled> {
  const tests = files.length > 0 ? files : allTests();
  await build({
    entryPoints: { suite: join(ROOT, "test/host/suite.ts"), "early/main": join(ROOT, "test/host/early.ts") },
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    format: "cjs",
    platform: "node",
    mainFields: ["module", "main"],
    target: "node22",
    sourcemap: "inline",
    logLevel: "warning",
    absWorkingDir: ROOT,
    external: [
      "vscode",
      "classic-level",
      "pacote",
      "make-fetch-happen",
      "npm-registry-fetch",
      "mvn-artifact-url",
      "@npmcli/config",
    ],
    define: { BOATHOUSE_VERSION: '"test"', "import.meta.url": "__test_url" },
    banner: { js: 'const __test_url = require("node:url").pathToFileURL(__filename).href;' },
    plugins: [
      {
        name: "tests",
        setup: (plugin) => {
          plugin.onResolve({ filter: /^boathouse:tests$/ }, ({ path }) => ({ path, namespace: "tests" }));
          plugin.onLoad({ filter: /.*/, namespace: "tests" }, () => ({
            contents: tests.map((file) => `import ${JSON.stringify(resolve(ROOT, file))};`).join("\n"),
            resolveDir: ROOT,
          }));
        },
      },
    ],
  });
  const early = join(folder, "early");
  writeFileSync(join(early, "package.json"), JSON.stringify(EARLY));
  return { suite: join(folder, "suite.cjs"), early };
}

function allTests(): string[] {
  return readdirSync(join(ROOT, "test/host"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => join("test/host", name));
}

/** Activation is watched before anything else activates the extension, and its end comes last. */
function rank(name: string): number {
  return name === "activation.test.ts" ? 0 : name === "disposal.test.ts" ? 2 : 1;
}
