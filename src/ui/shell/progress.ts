// Progress of what takes longer than a second, with a Cancel that aborts a signal.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import type { Report } from "../../flows/report.ts";
import { unlinked } from "./text.ts";

export interface ProgressTask {
  /** A person's Cancel aborts it; closing the window does not. */
  readonly signal: AbortSignal;
  say(message: string): void;
  /** How much is done, 0 to 100; never back. */
  advance(percent: number): void;
  /** For flows: their steps and progress as messages. */
  readonly report: Report;
}

export interface ProgressOptions {
  readonly title: string;
  /** A view's id shows a bar in that view and has no Cancel. */
  readonly where?: "notification" | { readonly viewId: string };
  /** What Cancel means, as the error says it: "Stopped. The stack goes on." False: there is no Cancel. */
  readonly cancelled?: string | false;
}

export async function withProgress<T>(options: ProgressOptions, act: (task: ProgressTask) => Promise<T>): Promise<T> {
  const location = options.where ?? "notification";
  return vscode.window.withProgress(
    {
      location: location === "notification" ? vscode.ProgressLocation.Notification : location,
      title: unlinked(options.title),
      cancellable: options.cancelled !== false,
    },
    async (progress, token) => {
      const abort = new AbortController();
      const listening = token.onCancellationRequested(() =>
        abort.abort(
          new BoathouseError("cancelled", options.cancelled === false ? "" : (options.cancelled ?? "Cancelled.")),
        ),
      );
      let done = 0;
      let over = false;
      // What is said late, by work that was given up, is nobody's any more.
      const say = (message: string) => {
        if (!over) progress.report({ message: unlinked(message) });
      };
      try {
        return await act({
          signal: abort.signal,
          say,
          advance: (percent) => {
            if (over || percent <= done) return;
            progress.report({ increment: percent - done });
            done = percent;
          },
          report: (event) => {
            if (event.kind === "step") say(event.name);
            else if (event.kind === "progress") say(event.text);
          },
        });
      } finally {
        over = true;
        listening.dispose();
      }
    },
  );
}
