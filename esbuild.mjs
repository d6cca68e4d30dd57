// Builds dist/: cli.js and lake.js (Node 20.19). ESM with splitting, so that what a command does not need is not loaded.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** Chunks of earlier builds stay for so long: a lake that runs from them loads some only when it needs them; ms. */
const STALE = 24 * 3600 * 1000;

mkdirSync("dist", { recursive: true });
const { metafile } = await build({
  entryPoints: { cli: "src/cli.ts", lake: "src/lake/main.ts", hashing: "src/lake/hashing/worker.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  mainFields: ["module", "main"],
  target: "node20.19",
  // Native or found by path at run time: not to be bundled.
  external: [
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
});

// AWS's published resource specification in the compact form that the lake's CloudFormation reads, made by the lake's own code.
const { outputFiles } = await build({
  entryPoints: ["src/lake/services/cloudformation/spec/derive.ts"],
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
});
const derive = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
writeFileSync("dist/cloudformation-spec.jsonl", derive.deriveSpec("node_modules/@aws-cdk/aws-service-spec/db.json.gz"));

const made = new Set([...Object.keys(metafile.outputs).map((file) => basename(file)), "cloudformation-spec.jsonl"]);
for (const name of readdirSync("dist")) {
  const file = `dist/${name}`;
  if (!made.has(name) && Date.now() - statSync(file).mtimeMs > STALE) rmSync(file, { recursive: true });
}
