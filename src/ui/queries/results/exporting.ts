// Export of a whole result: the file is chosen, then written with progress and Cancel.
import { homedir } from "node:os";
import * as vscode from "vscode";
import type { AwsSession } from "../../../aws/session.ts";
import { BoathouseError } from "../../../base/errors.ts";
import type { Execution } from "../../../queries/executions.ts";
import { withProgress } from "../../shell/progress.ts";
import { say } from "../../shell/say.ts";
import { bytes } from "./describe.ts";

/** Progress is told at most so often; ms. */
const OFTEN = 100;

/** Asks where to; undefined where the person gave up. */
export async function askFile(name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `${name}.csv`),
    filters: { CSV: ["csv"] },
    title: "Export the whole result as CSV",
    saveLabel: "Export",
  });
  if (chosen !== undefined && chosen.scheme !== "file") {
    throw new BoathouseError("invalid", `${chosen.toString()} is not on a disk.`, {
      next: "Choose a folder on this machine.",
    });
  }
  return chosen;
}

/** Writes the result; the person's Cancel leaves nothing behind. Resolves once the file is there, not once the message was answered. */
export async function exportTo(file: vscode.Uri, execution: Execution, open: () => Promise<AwsSession>): Promise<void> {
  const { exportCsv } = await import("../../../queries/export.ts");
  const size = await withProgress(
    { title: `Exporting to ${file.fsPath}`, cancelled: "The export was cancelled; no file was written." },
    async ({ signal, say }) => {
      let told = 0;
      return exportCsv(await open(), execution, file.fsPath, {
        signal,
        onProgress: (done, of) => {
          if (Date.now() - told < OFTEN) return;
          told = Date.now();
          say(of === undefined ? bytes(done) : `${bytes(done)} of ${bytes(of)}`);
        },
      });
    },
  );
  void offer(file, size);
}

async function offer(file: vscode.Uri, size: number): Promise<void> {
  const pressed = await say.info(`Exported ${bytes(size)} to ${file.fsPath}.`, "Open", "Copy Path");
  if (pressed === "Open") await vscode.commands.executeCommand("vscode.open", file);
  else if (pressed === "Copy Path") await vscode.env.clipboard.writeText(file.fsPath);
}
