// Groups of editors: documents open beside results, never on top of them; results open where results are.
import * as vscode from "vscode";

/** The groups that hold a panel of ours; VS Code puts a word of its own before the panel's type. */
export function panelGroups(): readonly vscode.TabGroup[] {
  return vscode.window.tabGroups.all.filter(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputWebview && /(?:^|-)boathouse\./.test(input.viewType)),
  );
}

/** Shows a document where it is shown already, else in the group that has the focus or the first one without a panel of ours. */
export async function showDocument(
  document: vscode.TextDocument,
  options: { readonly preview?: boolean } = {},
): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(document, {
    preview: options.preview ?? false,
    viewColumn: await columnFor(document.uri),
  });
}

async function columnFor(uri: vscode.Uri): Promise<vscode.ViewColumn> {
  const { all: known, activeTabGroup } = vscode.window.tabGroups;
  // VS Code lists them as they were made.
  const all = [...known].sort((a, b) => a.viewColumn - b.viewColumn);
  const shows = ({ tabs }: vscode.TabGroup) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
  const taken = new Set(panelGroups().map(({ viewColumn }) => viewColumn));
  const free = all.filter(({ viewColumn }) => !taken.has(viewColumn));
  const active = free.filter(({ viewColumn }) => viewColumn === activeTabGroup.viewColumn);
  const found = [...active.filter(shows), ...all.filter(shows), ...active, ...free][0];
  if (found !== undefined) return found.viewColumn;
  // Nothing but results on the screen: above them, as they open below a file.
  await vscode.commands.executeCommand("workbench.action.newGroupAbove");
  return vscode.ViewColumn.Active;
}
