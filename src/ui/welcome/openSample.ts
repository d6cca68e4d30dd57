// "Open Sample": where to, copied there, opened in this or a new window, with its README shown.
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { pick } from "../shell/quickInput.ts";
import type { Shell } from "../shell/shell.ts";
import { OPENING } from "./memory.ts";
import { type Copied, copySample, defaultSampleFolder } from "./sample.ts";

const TITLE = "Open Sample";

export async function openSample(shell: Shell): Promise<void> {
  const folder = await askFolder();
  if (folder === undefined) return;
  const copied = copySample(
    join(shell.extensionUri.fsPath, "resources", "workspace"),
    folder,
    join(shell.context.globalStorageUri.fsPath, "samples"),
  );
  shell.log.info(`sample in ${folder}: ${copied.written.length} files written, ${copied.kept.length} kept`);
  const uri = vscode.Uri.file(folder);
  if (isOpen(uri)) {
    say(copied);
    await showReadme(uri);
    return;
  }
  const anew = vscode.workspace.workspaceFolders === undefined ? false : await askWindow(folder);
  await shell.context.globalState.update(OPENING, folder);
  await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: anew });
}

/** Shows the README in the window that was opened for it; other windows leave it. */
export async function showOpenedSample(shell: Shell, folder: string): Promise<void> {
  const { globalState } = shell.context;
  const uri = vscode.Uri.file(folder);
  if (!isOpen(uri)) return;
  await globalState.update(OPENING, undefined);
  await showReadme(uri);
  await vscode.commands.executeCommand("workbench.view.extension.boathouse");
}

async function askFolder(): Promise<string | undefined> {
  const usual = defaultSampleFolder();
  const other = "other";
  const chosen = await pick<string>(TITLE, {
    placeholder: "Where shall the sample's files be?",
    choices: [
      {
        label: usual,
        icon: "folder",
        description: existsSync(usual) ? "is there; what you have edited stays" : "",
        value: usual,
      },
      {
        label: "Another Folder...",
        icon: "folder-opened",
        detail: "A folder “boathouse-sample” is made in it.",
        value: other,
      },
    ],
  });
  if (chosen !== other) return chosen;
  const picked = await vscode.window.showOpenDialog({
    title: TITLE,
    openLabel: "Put the Sample Here",
    canSelectFiles: false,
    canSelectFolders: true,
  });
  const into = picked?.[0]?.fsPath;
  return into === undefined ? undefined : join(into, "boathouse-sample");
}

async function askWindow(folder: string): Promise<boolean> {
  return pick<boolean>(TITLE, {
    placeholder: `Open ${folder}`,
    choices: [
      { label: "In This Window", icon: "window", detail: "Closes the folder that is open here.", value: false },
      { label: "In a New Window", icon: "empty-window", value: true },
    ],
  });
}

function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.workspaceFolders?.some((folder) => folder.uri.toString() === uri.toString()) === true;
}

function say({ written, kept }: Copied): void {
  const brought = written.length === 0 ? "Nothing was missing" : `Brought back: ${written.join(", ")}`;
  const left = kept.length === 0 ? "" : ` Left as you edited them: ${kept.join(", ")}.`;
  void vscode.window.showInformationMessage(`${brought}.${left}`);
}

async function showReadme(folder: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.joinPath(folder, "README.md"));
}
