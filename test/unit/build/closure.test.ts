// What VS Code loads when it activates the extension, by the bundle's own account: small, and no SDK, no starter of processes.
import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "esbuild";
import { NODE, staticClosure } from "../../../tools/bundle.mjs";

const ROOT = new URL("../../../", import.meta.url).pathname;

describe("the bundle", () => {
  const made = build({ ...NODE, absWorkingDir: ROOT, outdir: join(ROOT, "dist"), write: false, sourcemap: false });

  it("extension.js loads no SDK, no package and no starter of processes with it", async () => {
    const { sources, bytes } = staticClosure((await made).metafile, "src/extension.ts");
    assert.ok(sources.includes("src/ui/shell/shell.ts"), "the closure was not found");
    assert.deepEqual(
      sources.filter((source) => source.includes("node_modules/")),
      [],
    );
    const starters = /^(node:)?(child_process|worker_threads|cluster|http2?|https|net|tls|dgram)$/;
    const { inputs } = (await made).metafile;
    const starting = sources.filter((source) => inputs[source]?.imports.some(({ path }) => starters.test(path)));
    // It asks `ps` for a process's age where there is no /proc, when a journal's or a lock's holder is looked at.
    assert.deepEqual(
      starting.filter((source) => source !== "src/base/processes.ts"),
      [],
    );
    process.stdout.write(`      ${sources.length} sources, ${(bytes / 1024).toFixed(0)} KB\n`);
  });

  it("the command line, by the same account, does load packages: the look is no blind one", async () => {
    const { sources } = staticClosure((await made).metafile, "src/cli.ts");
    assert.notDeepEqual(
      sources.filter((source) => source.includes("node_modules/")),
      [],
    );
  });
});
