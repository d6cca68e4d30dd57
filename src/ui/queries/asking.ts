// Sees to it that VS Code asks for the lenses of the .sql documents on the screen. It asks a moment after an editor has opened, or after
// it was told that lenses are others, and drops the question where the editor loses its focus within that moment: then nothing asks again.
import * as vscode from "vscode";

/** VS Code's own moment is a quarter of a second at least, and longer where answers have taken long; ms. */
const FIRST = 600;
/** Each try waits twice as long: an editor whose lenses are switched off is never asked about. */
const TRIES = 4;

export class Asking implements vscode.Disposable {
  private readonly waiting = new Set<vscode.TextDocument>();
  private readonly listening: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  private tries = 0;

  /** @param ask tells VS Code to ask. */
  constructor(
    private readonly selector: vscode.DocumentSelector,
    private readonly ask: () => void,
  ) {
    this.listening = vscode.window.onDidChangeVisibleTextEditors(() => this.shown());
    this.shown();
  }

  /** Lenses are others: VS Code is told so, and again where it drops that. */
  again(): void {
    for (const document of this.visible()) this.waiting.add(document);
    this.ask();
    this.watch();
  }

  /** VS Code has asked. */
  asked(document: vscode.TextDocument): void {
    this.waiting.delete(document);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening.dispose();
    this.waiting.clear();
  }

  /** Other documents may be on the screen, of which VS Code asks by itself, unless they lose the focus. */
  private shown(): void {
    for (const document of this.visible()) this.waiting.add(document);
    this.watch();
  }

  private watch(): void {
    this.tries = 0;
    if (this.waiting.size > 0 && this.timer === undefined) this.wait();
  }

  private wait(): void {
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        const visible = this.visible();
        for (const document of this.waiting) if (!visible.has(document)) this.waiting.delete(document);
        if (this.waiting.size === 0 || ++this.tries > TRIES) return;
        this.ask();
        this.wait();
      },
      FIRST * 2 ** this.tries,
    );
  }

  private visible(): ReadonlySet<vscode.TextDocument> {
    const documents = vscode.window.visibleTextEditors.map(({ document }) => document);
    return new Set(documents.filter((document) => vscode.languages.match(this.selector, document) > 0));
  }
}
