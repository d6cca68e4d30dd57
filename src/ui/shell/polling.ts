// A view that refreshes by itself: often while something in it runs, seldom else, never while nobody sees it.
import * as vscode from "vscode";

/** Milliseconds between two looks: while something runs (the first looks, and at most), and while nothing does. */
export interface Pace {
  readonly shortest: number;
  readonly longest: number;
  readonly idle: number;
}

/** How often a service is asked: a lake on this machine often, AWS so that a view never meets its request limits. */
export function paceOf(kind: "aws" | "local" | "endpoint" | undefined): Pace {
  if (kind === "local") return { shortest: 700, longest: 1500, idle: 4000 };
  return { shortest: 3000, longest: 10_000, idle: 60_000 };
}

export class Polling implements vscode.Disposable {
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private since = 0;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly view: Pick<vscode.TreeView<unknown>, "visible" | "onDidChangeVisibility">,
    private readonly pace: () => Pace,
    private readonly look: () => void,
  ) {
    this.listening = vscode.Disposable.from(
      view.onDidChangeVisibility(({ visible }) => (visible ? this.look() : this.stop())),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused && view.visible) this.look();
      }),
    );
  }

  /** Said after each look: whether something that is shown runs. The next look follows from it. */
  seen(running: boolean): void {
    this.stop();
    if (running && !this.running) this.since = Date.now();
    this.running = running;
    if (!this.view.visible) return;
    const { shortest, longest, idle } = this.pace();
    const wait = running ? Math.min(longest, Math.max(shortest, (Date.now() - this.since) / 10)) : idle;
    this.timer = setTimeout(() => {
      if (this.view.visible) this.look();
    }, wait);
  }

  dispose(): void {
    this.stop();
    this.listening.dispose();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
