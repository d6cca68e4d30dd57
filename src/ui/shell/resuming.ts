// Going on after a reload: an operation waits for the connection that it was begun on.
import * as vscode from "vscode";
import type { Operation } from "../../base/journal.ts";
import { type ConnectionChoice, choiceName, parseChoice, sameChoice } from "../connections/choice.ts";
import type { Shell } from "./shell.ts";
import { Steady } from "./steady.ts";
import { say } from "./say.ts";

/** Steps that were not begun when the window closed are begun by the next one only if it comes within so long; ms. */
const FRESH = 10 * 60_000;

/** Whether what the operation had not yet begun may be begun without asking again. */
export function isFresh(operation: Operation): boolean {
  return Date.now() - operation.at.getTime() < FRESH;
}

/**
 * Resolves once the window's connection is the one of the operation, and open; says what it waits for.
 * Undefined where the entry names none that this version can read. Its data names the connection by `connection`.
 */
export async function connected(shell: Shell, operation: Operation): Promise<Steady | undefined> {
  const choice = parseChoice(operation.data["connection"]);
  if (choice === undefined) return undefined;
  if (sameChoice(choice, shell.connections.choice) && (await opens(shell))) return Steady.of(shell);
  tell(shell, operation, choice);
  await new Promise<void>((resolve) => {
    const listening = shell.connections.onDidChange(() => {
      const { connections } = shell;
      if (!sameChoice(choice, connections.choice)) return;
      // Just chosen, and perhaps no view is open that uses it.
      if (connections.state.kind === "none") void opens(shell);
      if (connections.state.kind !== "connected") return;
      listening.dispose();
      resolve();
    });
  });
  return Steady.of(shell);
}

async function opens(shell: Shell): Promise<boolean> {
  try {
    await shell.connections.session();
    return true;
  } catch {
    return false;
  }
}

function tell(shell: Shell, operation: Operation, choice: ConnectionChoice): void {
  const same = sameChoice(choice, shell.connections.choice);
  const button =
    choice.kind === "local"
      ? { title: "Start Local Lake", command: "boathouse.lake.start" }
      : { title: "Choose Connection", command: "boathouse.connections.choose" };
  void say
    .info(
      `“${operation.title}” was under way on ${choiceName(choice)} when its window closed. ${
        same ? "It goes on here once that answers." : "It goes on here once this workspace uses that connection again."
      }`,
      button.title,
    )
    .then((pressed) => (pressed === button.title ? vscode.commands.executeCommand(button.command) : undefined));
}
