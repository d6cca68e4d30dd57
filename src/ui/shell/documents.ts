// Read-only documents that no file holds: a plan, a stack's events, a script in S3.
import * as vscode from "vscode";
import { showDocument } from "./groups.ts";
import type { Shell } from "./shell.ts";
import { unlinked } from "./text.ts";

const SCHEME = "boathouse";

const made = new WeakMap<Shell, Documents>();

/** The window's documents: one provider serves the scheme. */
export function documentsOf(shell: Shell): Documents {
  const known = made.get(shell);
  if (known !== undefined) return known;
  const documents = shell.held.push(new Documents());
  made.set(shell, documents);
  return documents;
}

/** Texts that are held; of more, the oldest is forgotten. Closing is no sign: VS Code tells a change of language as one, too. */
const HELD = 30;

export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly listening = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.texts.get(uri.toString()) ?? "This text was shown by a window that is closed. Open it again from its view."
    );
  }

  /** The address of the document of that name. */
  uri(name: string): vscode.Uri {
    return vscode.Uri.from({ scheme: SCHEME, path: `/${unlinked(name)}` });
  }

  /**
   * Shows a text. The same name again shows the new text in the same editor.
   * @param name what its tab says; a slash makes folders before it
   * @param language a language id of VS Code; by the name's ending when left out
   */
  async show(
    name: string,
    text: string,
    options: { readonly language?: string; readonly preview?: boolean; readonly line?: number } = {},
  ): Promise<vscode.Uri> {
    const uri = this.uri(name);
    const known = this.texts.delete(uri.toString());
    this.texts.set(uri.toString(), text);
    const [oldest] = this.texts.keys();
    if (this.texts.size > HELD && oldest !== undefined) this.texts.delete(oldest);
    if (known) this.changed.fire(uri);
    let document = await vscode.workspace.openTextDocument(uri);
    const { language } = options;
    if (language !== undefined && document.languageId !== language)
      document = await vscode.languages.setTextDocumentLanguage(document, language);
    await showDocument(document, { preview: options.preview ?? true });
    return uri;
  }

  /** Closes the tab that shows it, where there is one. */
  async close(uri: vscode.Uri): Promise<void> {
    const tabs = vscode.window.tabGroups.all
      .flatMap(({ tabs: all }) => all)
      .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
    await vscode.window.tabGroups.close(tabs);
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
    this.texts.clear();
  }
}
