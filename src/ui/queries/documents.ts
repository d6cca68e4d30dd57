// Untitled .sql documents: for statements that come from elsewhere, a named query, an execution, a table.
import * as vscode from "vscode";
import { showDocument } from "../shell/groups.ts";

/** The document that was opened last of each named query. */
const opened = new Map<string, vscode.TextDocument>();

/**
 * Opens a new document with the text, in an editor.
 * @param key of what it was opened: see `showOpened`
 */
export async function openSql(content: string, key?: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: "sql", content });
  if (key !== undefined) opened.set(key, document);
  return showDocument(document);
}

/** Shows the untitled document that was opened of the same, or has the same text; false where there is none. */
export async function showOpened(content: string, key?: string): Promise<boolean> {
  const known = key === undefined ? undefined : opened.get(key);
  const document =
    known?.isClosed === false && known.isUntitled
      ? known
      : vscode.workspace.textDocuments.find((open) => open.isUntitled && open.getText() === content);
  if (document === undefined) return false;
  await showDocument(document);
  return true;
}

/** A statement as a document: ended by a semicolon and a line break. */
export function asScript(sql: string): string {
  const text = sql.trimEnd();
  return text === "" ? "" : `${text}${text.endsWith(";") ? "" : ";"}\n`;
}
