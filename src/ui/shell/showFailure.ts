// Shows an error as a message with the buttons that help, and writes it to the log with its cause.
import * as vscode from "vscode";
import { buttonsFor, CANCELLED, known, messageFor } from "./failures.ts";
import { plain } from "./text.ts";

/** Nothing is shown for what a person cancelled. `again` runs what failed once more. */
export async function showFailure(
  thrown: unknown,
  log: vscode.LogOutputChannel,
  again: () => Promise<unknown>,
): Promise<void> {
  const error = known(thrown);
  if (error.kind === "cancelled") {
    log.info(error.message);
    // What was stopped and what goes on; a bare "cancelled" the person knows.
    if (error.message !== CANCELLED) vscode.window.setStatusBarMessage(plain(messageFor(error)), 6000);
    return;
  }
  log.error(error.resource === undefined ? error.kind : `${error.kind} (${error.resource})`, error);
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) log.error("caused by", cause);
  const buttons = buttonsFor(error);
  const pressed = await vscode.window.showErrorMessage(messageFor(error), ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === pressed);
  if (button === undefined) return;
  if (button.command === undefined) await again();
  else await vscode.commands.executeCommand(button.command, ...(button.args ?? []));
}
