// Untitled .sql documents: for statements that come from elsewhere, a named query, an execution, a table.
import * as vscode from "vscode";

/** Opens a new document with the text, in an editor. */
export async function openSql(content: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: "sql", content });
  return vscode.window.showTextDocument(document, { preview: false });
}

/** A statement as a document: ended by a semicolon and a line break. */
export function asScript(sql: string): string {
  const text = sql.trimEnd();
  return text === "" ? "" : `${text}${text.endsWith(";") ? "" : ";"}\n`;
}
