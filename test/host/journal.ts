// The journal of the window under test, as another window of the same workspace sees it.
import { join } from "node:path";
import * as vscode from "vscode";
import { Journal, type JournalData } from "../../src/base/journal.ts";
import type { Shell } from "../../src/ui/shell/shell.ts";

function journal(shell: Shell): Journal {
  return new Journal(join(shell.context.globalStorageUri.fsPath, "operations"));
}

/** How many operations are open. */
export function openOperations(shell: Shell): number {
  return journal(shell).open().length;
}

/** An entry as a window that was closed leaves it: held by nobody. */
export function leave(shell: Shell, kind: string, title: string, data: JournalData): void {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? "";
  journal(shell).begin({ kind, title, workspace, data }).release();
}
