// How the sources become dist/: the bundles that Node runs (extension, command line, lake) and those that a webview's browser runs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** ESM with splitting: what a command does not need is not loaded, and no code lies in dist/ twice. */
export const NODE = {
  entryPoints: {
    extension: "src/extension.ts",
    cli: "src/cli.ts",
    lake: "src/lake/main.ts",
    hashing: "src/lake/hashing/worker.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  mainFields: ["module", "main"],
  target: "node20.19",
  // `vscode` is the host's; the others are native, or find their own files by path at run time.
  external: [
    "vscode",
    "classic-level",
    "pacote",
    "make-fetch-happen",
    "npm-registry-fetch",
    "mvn-artifact-url",
    "@npmcli/config",
  ],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  define: { BOATHOUSE_VERSION: JSON.stringify(version) },
  sourcemap: true,
  minifySyntax: true,
  metafile: true,
  logLevel: "warning",
};

/** One script and one style sheet for each folder of src/webview that has a main.ts: dist/webview/<name>.js and .css. */
export function webviews() {
  const names = readdirSync("src/webview", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join("src/webview", entry.name)).includes("main.ts"))
    .map(({ name }) => name);
  return {
    entryPoints: Object.fromEntries(names.map((name) => [name, `src/webview/${name}/main.ts`])),
    outdir: "dist/webview",
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
  };
}

/** The sources that are loaded as soon as `entry` is: what its static imports reach, by a metafile of esbuild. */
export function staticClosure(metafile, entry) {
  const outputs = metafile.outputs;
  const first = Object.keys(outputs).find((name) => outputs[name].entryPoint === entry);
  const reached = new Set([first]);
  for (const name of reached) {
    for (const { path, kind, external } of outputs[name].imports) {
      if (kind === "import-statement" && external !== true) reached.add(path);
    }
  }
  return {
    sources: [...reached].flatMap((name) => Object.keys(outputs[name].inputs)),
    bytes: [...reached].reduce((sum, name) => sum + outputs[name].bytes, 0),
  };
}
