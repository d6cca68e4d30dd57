// The journal of the window under test, as another window of the same workspace sees it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { Journal, type JournalData } from "../../src/base/journal.ts";
import type { Shell } from "../../src/ui/shell/shell.ts";

function journal(shell: Shell): Journal {
  return new Journal(folderOf(shell));
}

function folderOf(shell: Shell): string {
  return join(shell.context.globalStorageUri.fsPath, "operations");
}

/** How many operations are open. */
export function openOperations(shell: Shell): number {
  return journal(shell).open().length;
}

/** An entry as a window that was closed leaves it: held by nobody. `at`: when it began; now where left out. */
export function leave(shell: Shell, kind: string, title: string, data: JournalData, at?: Date): void {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? "";
  const operation = journal(shell).begin({ kind, title, workspace, data });
  if (at !== undefined) {
    const file = join(folderOf(shell), `${operation.id}.jsonl`);
    const [first = "", ...rest] = readFileSync(file, "utf8").split("\n");
    writeFileSync(
      file,
      [JSON.stringify({ ...(JSON.parse(first) as object), at: at.toISOString() }), ...rest].join("\n"),
    );
  }
  operation.release();
}
