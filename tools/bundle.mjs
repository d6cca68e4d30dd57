// How the sources become dist/: the bundles that Node runs (extension, command line, lake) and those that a webview's browser runs.
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** The lake's store is native. Its binaries for the machines that a lake runs on lie in dist/prebuilds, where it is told to look. */
const STORE = "node_modules/classic-level";
const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64+arm64"];

const native = {
  name: "native",
  setup(plugin) {
    plugin.onLoad({ filter: /classic-level[/\\]binding\.js$/ }, () => ({
      contents: 'module.exports = require("node-gyp-build")(__dirname);',
      loader: "js",
    }));
  },
};

export function copyNative(outdir) {
  for (const platform of PLATFORMS) {
    cpSync(join(STORE, "prebuilds", platform), join(outdir, "prebuilds", platform), { recursive: true });
  }
}

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
  external: ["vscode"],
  plugins: [native],
  banner: {
    js: [
      'import { createRequire as __createRequire } from "node:module";',
      "const require = __createRequire(import.meta.url);",
      'const __filename = require("node:url").fileURLToPath(import.meta.url);',
      'const __dirname = require("node:path").dirname(__filename);',
    ].join(" "),
  },
  define: { BOATHOUSE_VERSION: JSON.stringify(version) },
  sourcemap: true,
  minifySyntax: true,
  metafile: true,
  logLevel: "warning",
};

/**
 * Builds NODE so that what the extension loads at its activation lies in three files, not in one for each set of entries that share it:
 * every file costs a round trip of the host's loader. Each entry and each target of a dynamic import is made to reach all of it.
 */
export async function buildNode(options) {
  const first = await build({ ...NODE, ...options, write: false, sourcemap: false });
  const { sources } = staticClosure(first.metafile, "src/extension.ts");
  const entries = Object.values(first.metafile.outputs)
    .map(({ entryPoint }) => entryPoint)
    .filter((source) => source?.startsWith("src/") && source !== "src/extension.ts");
  const isUi = (source) => source.startsWith("src/ui/") || source === "src/extension.ts";
  const cores = {
    "boathouse:ui": sources.filter((source) => isUi(source) && source !== "src/extension.ts"),
    "boathouse:core": sources.filter((source) => !isUi(source)),
  };
  const reach = {
    name: "reach",
    setup(plugin) {
      plugin.onResolve({ filter: /^boathouse:/ }, ({ path }) => ({ path, namespace: "core" }));
      plugin.onLoad({ filter: /.*/, namespace: "core" }, ({ path }) => ({
        contents: cores[path].map((source) => `import ${JSON.stringify(`./${source}`)};`).join("\n"),
        resolveDir: resolve("."),
      }));
      const reached = new Map(entries.map((source) => [resolve(source), source]));
      plugin.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = reached.get(path);
        if (source === undefined) return undefined;
        const core = `import "boathouse:core";${isUi(source) ? 'import "boathouse:ui";' : ""}`;
        // Last, so that a #! stays first and the lines of errors stay.
        return { contents: readFileSync(path, "utf8") + core, loader: "ts" };
      });
    },
  };
  return build({ ...NODE, ...options, plugins: [...NODE.plugins, reach] });
}

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
