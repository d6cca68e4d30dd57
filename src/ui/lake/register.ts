// Registers the commands of the local lake.
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import { logFile } from "../../local/record.ts";
import { WORKSPACE } from "../shell/failures.ts";
import { showDocument } from "../shell/groups.ts";
import type { Shell } from "../shell/shell.ts";

// Loaded when they are pressed: the window opens sooner.
const starting = () => import("./start.ts");
const ending = () => import("./end.ts");

export function registerLake(shell: Shell): void {
  const { connections } = shell;
  shell.needEngines = async (names, who, signal) => {
    if (connections.choice?.kind !== "local") return;
    const { needEngines } = await import("./engines.ts");
    await needEngines(shell, names, titleOf(shell, who), signal);
  };
  shell.command("boathouse.lake.start", () => trusted(async () => (await starting()).startLake(shell)));
  shell.command("boathouse.lake.stop", () => trusted(async () => (await ending()).stopLake(shell)));
  shell.command("boathouse.lake.restart", () => trusted(async () => (await ending()).restartLake(shell)));
  shell.command("boathouse.lake.reset", () => trusted(async () => (await ending()).resetLake(shell)));
  shell.command("boathouse.lake.fetchEngines", () =>
    trusted(async () => {
      const { ALL_ENGINES, lacksEngines } = await import("./engines.ts");
      if (await lacksEngines(shell, ALL_ENGINES)) await shell.engines.fetch(ALL_ENGINES);
      else void vscode.window.showInformationMessage("PostgreSQL, Spark and Trino are on this machine already.");
    }),
  );
  shell.command("boathouse.lake.showLog", async () => {
    const file = logFile(connections.lakeFolder);
    if (!existsSync(file)) {
      throw new BoathouseError("notFound", `The local lake has written no log yet (${file}).`, {
        resource: file,
        next: "It has one once it was started.",
      });
    }
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    const editor = await showDocument(document, { preview: true });
    const last = document.lineAt(document.lineCount - 1).range;
    editor.revealRange(last);
  });
}

/** A command as menus name it, without the dots that say that a question follows: "Deploy Stack". Other words stay. */
function titleOf(shell: Shell, who: string): string {
  const { contributes } = shell.context.extension.packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
  };
  const title = contributes.commands.find(({ command }) => command === who)?.title;
  return (title ?? who).replace(/\.\.\.$/, "");
}

/** Programs are started and data is deleted only in a workspace that the person trusts, whichever way the command was reached. */
async function trusted(act: () => Promise<void>): Promise<void> {
  if (vscode.workspace.isTrusted) return act();
  throw new BoathouseError("denied", "Boathouse starts and stops the local lake only in a trusted workspace.", {
    resource: WORKSPACE,
    next: "Trust the workspace if you know where it is from.",
  });
}
