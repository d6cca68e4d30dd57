// Work whose end is waited for in a notification, and whose Cancel asks what is meant before anything is stopped.
import * as vscode from "vscode";
import { isCancelled } from "../../base/errors.ts";
import { say } from "./say.ts";
import { unlinked } from "./text.ts";

/** What the person chose after Cancel. "background": no notification any more, the end is still told. "stopping": shown, without a Cancel. "again": shown as before. */
export type Answer = "background" | "stopping" | "again";

export interface Attended<T> {
  readonly title: string;
  /** Shown in place of `title` while it is being stopped. */
  readonly stoppingTitle?: string | (() => string);
  readonly work: (say: (message: string) => void) => Promise<T>;
  /** Asks, and does what was chosen; the work goes on meanwhile. Left out: there is no Cancel. */
  readonly onCancel?: () => Promise<Answer>;
  /** Is given what presses Cancel from elsewhere (a command), also where the notification is away. */
  readonly cancelFrom?: (press: () => void) => void;
}

/** Resolves or throws as the work does. */
export async function attend<T>({ title, stoppingTitle, work, onCancel, cancelFrom }: Attended<T>): Promise<T> {
  let last = "";
  let press: () => void = () => undefined;
  cancelFrom?.(() => press());
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
        const pressed = pressing();
        token.onCancellationRequested(() => press());
        await Promise.race([end, pressed]);
        show = undefined;
        return !ended;
      },
    );
  const pressing = () =>
    new Promise<void>((resolve) => {
      press = resolve;
    });

  const notify = async () => {
    let pressed = await shown(title, onCancel !== undefined);
    while (pressed && onCancel !== undefined) {
      // Pressed again while it is asked what is meant: the question may be hidden.
      press = () => void vscode.commands.executeCommand("notifications.showList");
      const answer = await onCancel();
      if (ended) return;
      if (answer === "stopping") {
        const stopping = typeof stoppingTitle === "function" ? stoppingTitle() : stoppingTitle;
        await shown(stopping ?? title, false);
        return;
      }
      if (answer === "again") pressed = await shown(title, true);
      else if (cancelFrom === undefined) return;
      else {
        // In the background it can still be cancelled from elsewhere.
        await Promise.race([end, pressing()]);
        pressed = !ended;
      }
    }
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
