// The one handler of errors at the commands' boundary: the kind becomes a message with the buttons that help.
import * as vscode from "vscode";
import { BoathouseError, type ErrorKind, isCancelled } from "../../base/errors.ts";
import type { CommandId } from "../contributions.ts";

interface Button {
  readonly title: string;
  /** Undefined: the command that failed is run again. */
  readonly command: CommandId | undefined;
}

const CHOOSE: Button = { title: "Choose Connection", command: "boathouse.connections.choose" };
const LOG: Button = { title: "Show Log", command: "boathouse.showLog" };
const AGAIN: Button = { title: "Try Again", command: undefined };
const START: Button = { title: "Start Local Lake", command: "boathouse.lake.start" };

const BUTTONS: Readonly<Record<ErrorKind, readonly Button[]>> = {
  credentials: [{ title: "Sign In", command: "boathouse.connections.signIn" }, CHOOSE],
  denied: [CHOOSE, LOG],
  throttled: [AGAIN],
  notFound: [LOG],
  conflict: [AGAIN, LOG],
  invalid: [LOG],
  network: [AGAIN, CHOOSE],
  service: [AGAIN, LOG],
  cancelled: [],
  bug: [LOG],
};

/** The flows' advice names lines of the command line; here the same is a command of the palette. */
const COMMANDS: readonly (readonly [pattern: RegExp, title: string])[] = [
  [/`boathouse destroy[^`]*`/g, "“Tear Down Stack”"],
  [/`boathouse deploy[^`]*`/g, "“Deploy Stack”"],
  [/`boathouse jobs monitor[^`]*`/g, "“Show Log” of the run"],
  [/`boathouse lake status`/g, "the status bar"],
];

export function known(error: unknown): BoathouseError {
  if (error instanceof BoathouseError) return error;
  if (isCancelled(error)) return new BoathouseError("cancelled", "Cancelled.", { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new BoathouseError("bug", message, { cause: error });
}

/** What happened and what to do next, as one text in the editor's own words. */
export function messageFor(error: BoathouseError): string {
  let next = error.next ?? "";
  for (const [pattern, title] of COMMANDS) next = next.replaceAll(pattern, title);
  return [error.message, next].filter((text) => text !== "").join(" ");
}

/** Shows the error and runs the button that the person presses. Nothing is shown for what a person cancelled. */
export async function showFailure(
  thrown: unknown,
  log: vscode.LogOutputChannel,
  again: () => Promise<unknown>,
): Promise<void> {
  const error = known(thrown);
  log.error(error.resource === undefined ? error.kind : `${error.kind} (${error.resource})`, error);
  if (error.kind === "cancelled") return;
  const stopped = error.kind === "network" && error.resource === "the local lake";
  const buttons = stopped ? [START] : BUTTONS[error.kind];
  const pressed = await vscode.window.showErrorMessage(messageFor(error), ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === pressed);
  if (button === undefined) return;
  if (button.command === undefined) await again();
  else await vscode.commands.executeCommand(button.command);
}
