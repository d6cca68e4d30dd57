// Work whose end is waited for in a notification, and whose Cancel asks what is meant before anything is stopped.
import * as vscode from "vscode";
import { isCancelled } from "../../base/errors.ts";
import { say } from "./say.ts";
import { unlinked } from "./text.ts";

/** What the person chose after Cancel. "background": no notification any more, the end is still told. "stopping": shown, without a Cancel. */
export type Answer = "background" | "stopping";

export interface Attended<T> {
  readonly title: string;
  /** Shown in place of `title` while it is being stopped. */
  readonly stoppingTitle?: string;
  readonly work: (say: (message: string) => void) => Promise<T>;
  /** Asks, and does what was chosen; the work goes on meanwhile. Left out: there is no Cancel. */
  readonly onCancel?: () => Promise<Answer>;
}

/** Resolves or throws as the work does. */
export async function attend<T>({ title, stoppingTitle, work, onCancel }: Attended<T>): Promise<T> {
  let last = "";
  let show: ((message: string) => void) | undefined;
  const working = work((message) => {
    last = message;
    show?.(message);
  });
  let ended = false;
  const end = working.then(
    () => void (ended = true),
    () => void (ended = true),
  );

  /** True where Cancel was pressed before the end. */
  const shown = async (name: string, cancellable: boolean): Promise<boolean> =>
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: unlinked(name), cancellable },
      async (progress, token) => {
        show = (message) => progress.report({ message: unlinked(message) });
        if (last !== "") show(last);
        const cancelled = new Promise<void>((resolve) => void token.onCancellationRequested(() => resolve()));
        await Promise.race([end, cancelled]);
        show = undefined;
        return token.isCancellationRequested && !ended;
      },
    );

  const notify = async () => {
    if (!(await shown(title, onCancel !== undefined)) || onCancel === undefined) return;
    const answer = await onCancel();
    if (answer === "stopping" && !ended) await shown(stoppingTitle ?? title, false);
  };
  const notifying = notify();
  try {
    return await working;
  } finally {
    // What the question's own action throws is the person's to see, unless the work's end says it already.
    void notifying.catch((error: unknown) => {
      if (!isCancelled(error)) void say.error(error instanceof Error ? error.message : String(error));
    });
  }
}
