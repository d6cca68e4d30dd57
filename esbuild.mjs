// Builds dist/: extension.js, cli.js and lake.js (Node 20.19), the webviews' scripts, and the specification that the lake reads.
// `node esbuild.mjs --release FOLDER` builds what is shipped into FOLDER: without source maps and white space.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { buildNode, copyNative, webviews } from "./tools/bundle.mjs";

/** Chunks of earlier builds stay for so long: a lake that runs from them loads some only when it needs them; ms. */
const STALE = 24 * 3600 * 1000;

const release = process.argv[2] === "--release" ? process.argv[3] : undefined;
const outdir = release ?? "dist";
// Names stay: what an error's stack says must be readable.
const shipped = release === undefined ? {} : { sourcemap: false, minifyWhitespace: true };

mkdirSync(outdir, { recursive: true });
const [{ metafile }] = await Promise.all([
  buildNode({ ...shipped, outdir }),
  build({ ...webviews(), ...shipped, outdir: join(outdir, "webview") }),
]);
copyNative(outdir);

// AWS's published resource specification in the compact form that the lake's CloudFormation reads, made by the lake's own code.
const { outputFiles } = await build({
  entryPoints: ["src/lake/services/cloudformation/spec/derive.ts"],
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
});
const derive = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
writeFileSync(
  join(outdir, "cloudformation-spec.jsonl"),
  derive.deriveSpec("node_modules/@aws-cdk/aws-service-spec/db.json.gz"),
);

const made = new Set([
  ...Object.keys(metafile.outputs).map((file) => basename(file)),
  "cloudformation-spec.jsonl",
  "webview",
  "prebuilds",
]);
for (const name of readdirSync(outdir)) {
  const file = join(outdir, name);
  if (!made.has(name) && Date.now() - statSync(file).mtimeMs > STALE) rmSync(file, { recursive: true });
}
