// Registers the commands and the view of the connection, and the status bar's item.
import * as vscode from "vscode";
import type { Shell } from "../shell/shell.ts";
import { wayOf } from "./renewal.ts";
import { statusBar } from "./statusBar.ts";
import { ConnectionView, type FactNode } from "./view.ts";

export function registerConnections(shell: Shell): ConnectionView {
  const { connections } = shell;
  const view = shell.held.push(new ConnectionView(shell));
  shell.held.push(statusBar(shell));
  // What ended or began while nobody looked: one file is read.
  shell.held.push(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) void connections.lookAgain();
    }),
  );
  shell.held.push(vscode.workspace.onDidGrantWorkspaceTrust(() => void connections.forget()));
  shell.held.push(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("boathouse.connection")) void connections.settingsChanged();
      if (event.affectsConfiguration("boathouse.lake.folder") && connections.choice?.kind === "local") {
        void connections.forget();
      }
    }),
  );

  shell.command("boathouse.connections.choose", async () => (await import("./choose.ts")).chooseConnection(shell));
  shell.command("boathouse.connections.disconnect", () => connections.choose(undefined));
  shell.command("boathouse.connections.signIn", async () => {
    const { choice } = connections;
    if (choice === undefined || choice.kind === "local") return;
    await (await wayOf(choice)).act();
    await connections.renewed();
    await connections.session();
  });
  shell.command("boathouse.connections.openTerminal", async () =>
    (await import("./environment.ts")).openTerminal(shell),
  );
  shell.command("boathouse.connections.copyEnvironment", async () =>
    (await import("./environment.ts")).copyEnvironment(shell),
  );
  shell.command("boathouse.connections.copyValue", async (node: FactNode) =>
    vscode.env.clipboard.writeText(node.whole ?? node.value),
  );
  shell.command("boathouse.showLog", () => shell.log.show());
  shell.command("boathouse.openSettings", (id?: unknown) =>
    vscode.commands.executeCommand("workbench.action.openSettings", typeof id === "string" ? id : "boathouse."),
  );
  shell.command("boathouse.manageTrust", () => vscode.commands.executeCommand("workbench.trust.manage"));
  shell.command("boathouse.refresh", async () => {
    await connections.lookAgain();
    // A connection that failed is tried anew; its views follow it.
    if (connections.state.kind === "failed") await connections.forget();
    for (const what of ["stacks", "jobs", "catalog", "queries"] as const) shell.tell(what);
  });
  return view;
}
