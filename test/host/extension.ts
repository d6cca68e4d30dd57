// The extension under test: what its activate() returns to tests, and its trees as a test reads them.
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import * as vscode from "vscode";
import type { Shell } from "../../src/ui/shell/shell.ts";

export function extension(): vscode.Extension<Shell | undefined> {
  const found = vscode.extensions.getExtension<Shell | undefined>("boathouse.boathouse");
  assert.ok(found, "Boathouse is not installed");
  return found;
}

/** The running extension's shell; activates it where that has not happened. */
export async function activeShell(): Promise<Shell> {
  const shell = await extension().activate();
  assert.ok(shell, "activate() gives its shell to tests only");
  return shell;
}

/** What a view shows under a node (its roots, where none is named): the nodes and the items that VS Code draws. */
export async function rows(
  shell: Shell,
  viewId: string,
  under?: unknown,
): Promise<{ readonly node: unknown; readonly item: vscode.TreeItem }[]> {
  const tree = shell.trees.get(viewId);
  assert.ok(tree, `No tree ${viewId}: ${[...shell.trees.keys()].join(", ")}`);
  const nodes = (await tree.getChildren(under)) ?? [];
  return Promise.all(nodes.map(async (node) => ({ node, item: await tree.getTreeItem(node) })));
}

/** An item's label as text. */
export function label(item: vscode.TreeItem): string {
  return typeof item.label === "string" ? item.label : (item.label?.label ?? "");
}

/** A line among the runner's own: what a host writes to its console reaches nobody. */
export function tell(line: string): void {
  const lines = process.env["BOATHOUSE_HOST_LINES"];
  if (lines !== undefined) appendFileSync(lines, `${line}\n`);
}

let scripts = 0;

/** A .sql file of its own in an editor. Not an untitled one: those share names, and VS Code gives a name's next document the text of its last. */
export async function openScript(text: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, "the tests' window has a folder");
  const file = vscode.Uri.joinPath(folder, `script-${++scripts}.sql`);
  await vscode.workspace.fs.writeFile(file, Buffer.from(text));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
}

/** Closes all editors, and what was typed into them is lost. */
export async function closeEditors(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
