// Opens a built tree in a real VS Code and runs a script of clicks in it: `node --import tsx tools/vscode/look.ts SCRIPT.ts`.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { openBrowser, Workbench } from "../../test/ui/driver.ts";
import type { Theme } from "../../test/ui/screenshots.ts";
import { Server } from "./server.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tree: { type: "string", default: "." },
    workspace: { type: "string" },
    out: { type: "string" },
    themes: { type: "string", default: "light,contrast,dark" },
    set: { type: "string", multiple: true, default: [] },
  },
});
const script = positionals[0];
if (script === undefined) {
  throw new Error(
    "Usage: look.ts SCRIPT.ts [--tree DIR] [--workspace DIR] [--out DIR] [--themes dark] [--set id=JSON]",
  );
}
const act = (
  (await import(pathToFileURL(resolve(script)).href)) as { default: (workbench: Workbench) => Promise<void> }
).default;
const out = resolve(values.out ?? join("artifacts", "look"));
mkdirSync(out, { recursive: true });
const settings = Object.fromEntries(
  values.set.map((pair) => [
    pair.slice(0, pair.indexOf("=")),
    JSON.parse(pair.slice(pair.indexOf("=") + 1)) as unknown,
  ]),
);

const server = await Server.start({ folder: join(out, "server"), extension: values.tree, settings });
const browser = await openBrowser();
let workbench: Workbench | undefined;
try {
  workbench = await Workbench.open(browser, {
    server,
    workspace: values.workspace === undefined ? undefined : resolve(values.workspace),
    pictures: out,
    themes: values.themes.split(",") as Theme[],
  });
  await act(workbench);
} catch (error) {
  await workbench?.page.screenshot({ path: join(out, "failed.png") }).catch(() => undefined);
  throw error;
} finally {
  await browser.close();
  await server.stop();
  process.stderr.write(`Pictures and server.log: ${out}\n`);
}
