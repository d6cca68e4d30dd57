// Runs test/host inside a real extension host: VS Code's server, a headless Chromium, and the tests as VS Code's own test payload.
// `node --import tsx test/host/run.ts [--tree DIR] [--grep TEXT] [FILE.test.ts ...]`
import { join } from "node:path";
import { Server } from "../../tools/vscode/server.ts";
import { openBrowser } from "../ui/driver.ts";
import { prepare } from "./prepare.ts";

const run = await prepare();
const server = await Server.start({
  folder: join(run.scratch, "vscode"),
  driver: true,
  extension: run.early,
  env: run.env,
});
const browser = await openBrowser();
try {
  await run.watch(inHost);
} finally {
  await browser.close();
  await server.stop();
  await run.clean();
}

/** Resolves to the code that VS Code ends with. */
async function inHost(): Promise<number> {
  const page = await browser.newPage();
  const ended = new Promise<number>((end, fail) => {
    page.on("crash", () => fail(new Error("VS Code's page crashed.")));
    void page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
      if (process.env["BOATHOUSE_HOST_CONSOLE"] !== undefined) process.stderr.write(`[${type}] ${args.join(" ")}\n`);
    });
    void page.exposeFunction("codeAutomationExit", (code: number) => end(code));
  });
  await page.goto(
    server.address(run.workspace, [
      ["extensionDevelopmentPath", server.remote(run.tree)],
      ["extensionTestsPath", server.remote(run.suite)],
    ]),
  );
  return ended;
}
