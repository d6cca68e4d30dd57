// What a part of the extension holds and gives back at its end.
import type * as vscode from "vscode";

/** Disposes in reverse order; what is pushed after the end is disposed at once. */
export class Disposables implements vscode.Disposable {
  private readonly held: vscode.Disposable[] = [];
  private ended = false;

  push<T extends vscode.Disposable>(disposable: T): T {
    if (this.ended) disposable.dispose();
    else this.held.push(disposable);
    return disposable;
  }

  /** How many it holds: a test wants none at the end. */
  get count(): number {
    return this.held.length;
  }

  dispose(): void {
    this.ended = true;
    for (let held = this.held.pop(); held !== undefined; held = this.held.pop()) held.dispose();
  }
}
