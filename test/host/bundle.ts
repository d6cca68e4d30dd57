// Bundles the host's tests into one file: a host has neither tsx nor our sources' .ts endings.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const ROOT = new URL("../../", import.meta.url).pathname;

/** @param files the tests; all of test/host where empty. Returns the module whose `run` the host calls. */
export async function bundleTests(files: readonly string[], folder: string): Promise<string> {
  const tests = files.length > 0 ? files : allTests();
  const outfile = join(folder, "suite.cjs");
  await build({
    entryPoints: [join(ROOT, "test/host/suite.ts")],
    outfile,
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
  return outfile;
}

function allTests(): string[] {
  return readdirSync(join(ROOT, "test/host"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => join("test/host", name));
}
