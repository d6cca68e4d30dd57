// The status bar's item: which connection, how it is; pressed, it chooses another or mends this one.
import * as vscode from "vscode";
import type { CommandId } from "../contributions.ts";
import type { Shell } from "../shell/shell.ts";
import { messageFor } from "../shell/failures.ts";
import { plain } from "../shell/text.ts";
import type { ConnectionChoice } from "./choice.ts";
import type { ConnectionState } from "./connections.ts";

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly command: CommandId;
  readonly colour: "statusBarItem.warningBackground" | "statusBarItem.errorBackground" | undefined;
}

/** @param name of the choice, as people name it. */
export function statusText(choice: ConnectionChoice | undefined, state: ConnectionState, name: string): StatusText {
  const shown = plain(name);
  const choose = "boathouse.connections.choose";
  if (!vscode.workspace.isTrusted) {
    return {
      text: "$(plug) Boathouse",
      tooltip: "Boathouse: it connects only in a workspace that you trust. Manage trust.",
      command: "boathouse.manageTrust",
      colour: undefined,
    };
  }
  if (choice === undefined) {
    return {
      text: "$(plug) Boathouse",
      tooltip: "Boathouse: no connection. Choose one.",
      command: choose,
      colour: undefined,
    };
  }
  const icon = choice.kind === "local" ? "database" : choice.kind === "aws" ? "cloud" : "server";
  switch (state.kind) {
    case "connecting":
      return {
        text: `$(sync~spin) ${shown}`,
        tooltip: `Boathouse: connecting to ${name}`,
        command: choose,
        colour: undefined,
      };
    case "stopped":
      return {
        text: `$(debug-stop) ${shown} (stopped)`,
        tooltip: "Boathouse: the local lake is not running. Start it.",
        command: "boathouse.lake.start",
        colour: "statusBarItem.warningBackground",
      };
    case "failed":
      return {
        text: `$(error) ${shown}`,
        tooltip: `Boathouse: ${messageFor(state.error)}`,
        command: state.error.kind === "credentials" ? "boathouse.connections.signIn" : choose,
        colour: "statusBarItem.errorBackground",
      };
    case "connected": {
      const who = state.identity === undefined ? "" : `\n${state.identity.who}, account ${state.identity.account}`;
      return {
        text: `$(${icon}) ${shown}`,
        tooltip: `Boathouse: connected to ${name}${who}`,
        command: choose,
        colour: undefined,
      };
    }
    case "none":
      return { text: `$(${icon}) ${shown}`, tooltip: `Boathouse: ${name}`, command: choose, colour: undefined };
  }
}

export function statusBar(shell: Shell): vscode.Disposable {
  const { connections } = shell;
  const item = vscode.window.createStatusBarItem("boathouse.connection", vscode.StatusBarAlignment.Left, 40);
  item.name = "Boathouse Connection";
  const show = () => {
    const { text, tooltip, command, colour } = statusText(
      connections.choice,
      connections.state,
      connections.name ?? "",
    );
    item.text = text;
    // A string, not Markdown: names must not become links.
    item.tooltip = tooltip;
    item.command = command;
    item.backgroundColor = colour === undefined ? undefined : new vscode.ThemeColor(colour);
    item.accessibilityInformation = { label: tooltip, role: "button" };
    if (shell.setting<boolean>("boathouse.statusBar.visible") === false) item.hide();
    else item.show();
  };
  show();
  return vscode.Disposable.from(
    item,
    connections.onDidChange(show),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("boathouse.statusBar")) show();
    }),
  );
}
