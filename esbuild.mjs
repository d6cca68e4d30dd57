// Builds dist/: extension.js, cli.js and lake.js (Node 20.19), the webviews' scripts, and the specification that the lake reads.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";
import { NODE, webviews } from "./tools/bundle.mjs";

/** Chunks of earlier builds stay for so long: a lake that runs from them loads some only when it needs them; ms. */
const STALE = 24 * 3600 * 1000;

mkdirSync("dist", { recursive: true });
const [{ metafile }] = await Promise.all([build(NODE), build(webviews())]);

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

const made = new Set([
  ...Object.keys(metafile.outputs).map((file) => basename(file)),
  "cloudformation-spec.jsonl",
  "webview",
]);
for (const name of readdirSync("dist")) {
  const file = `dist/${name}`;
  if (!made.has(name) && Date.now() - statSync(file).mtimeMs > STALE) rmSync(file, { recursive: true });
}
