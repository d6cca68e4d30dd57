// The same tests in a desktop VS Code, which @vscode/test-electron downloads: for machines that can reach Microsoft's servers.
// `node --import tsx test/host/electron.ts [--tree DIR] [--grep TEXT] [FILE.test.ts ...]`; $BOATHOUSE_VSCODE names one that is there.
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { prepare } from "./prepare.ts";

const run = await prepare();
const executable = process.env["BOATHOUSE_VSCODE"];
try {
  await run.watch(() =>
    runTests({
      // In this order: the first begins to watch before the second is activated.
      extensionDevelopmentPath: [run.early, run.tree],
      extensionTestsPath: run.suite,
      extensionTestsEnv: { ...run.env },
      launchArgs: [
        run.workspace,
        `--user-data-dir=${join(run.scratch, "user")}`,
        `--extensions-dir=${join(run.scratch, "extensions")}`,
        "--disable-workspace-trust",
        "--disable-telemetry",
        "--skip-welcome",
        "--skip-release-notes",
      ],
      ...(executable === undefined ? { version: "stable" } : { vscodeExecutablePath: executable }),
    }),
  );
} finally {
  await run.clean();
}
