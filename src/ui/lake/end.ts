// Stopping, restarting and resetting the local lake; asked first where work or data would be lost.
import * as vscode from "vscode";
import { withProgress } from "../shell/progress.ts";
import type { Shell } from "../shell/shell.ts";
import { bringUp } from "./start.ts";

export async function stopLake(shell: Shell): Promise<void> {
  if (!(await mayEnd(shell, "Stop"))) return;
  await endLake(shell);
}

export async function restartLake(shell: Shell): Promise<void> {
  if (!(await mayEnd(shell, "Restart"))) return;
  await endLake(shell);
  await bringUp(shell, "Starting the local lake");
}

/** Deletes all that it holds. Asks always. */
export async function resetLake(shell: Shell): Promise<void> {
  const { lakeFolder } = shell.connections;
  const { lakeStatus } = await import("../../local/status.ts");
  const status = await lakeStatus(lakeFolder);
  const running =
    status.state === "stopped" ? "" : "\n\nIt is stopped first, and what runs on it ends, for all windows.";
  const pressed = await vscode.window.showWarningMessage(
    "Delete everything that the local lake holds?",
    {
      modal: true,
      detail: `Its stacks, buckets with all objects, databases, catalog, job runs, query results and keys in ${lakeFolder} are deleted. This can't be undone. Engines stay.${running}`,
    },
    "Delete Everything",
  );
  if (pressed === undefined) return;
  const deleted = await withProgress({ title: "Resetting the local lake", cancelled: false }, async () => {
    const { resetLake: reset } = await import("../../local/reset.ts");
    try {
      return await reset(lakeFolder, { force: true });
    } finally {
      await seeStopped(shell);
    }
  });
  const start = "Start Local Lake";
  const again = await vscode.window.showInformationMessage(
    deleted.length === 0 ? "The local lake held nothing." : "The local lake is empty now.",
    start,
  );
  if (again === start) await vscode.commands.executeCommand("boathouse.lake.start");
}

async function endLake(shell: Shell): Promise<void> {
  await withProgress({ title: "Stopping the local lake", cancelled: false }, async () => {
    const { stopLake: stop } = await import("../../local/stop.ts");
    try {
      await stop(shell.connections.lakeFolder);
    } finally {
      await seeStopped(shell);
    }
  });
}

/** The folder's watch sees it too, a moment later; who asked should not see a lake that has gone. */
async function seeStopped(shell: Shell): Promise<void> {
  const { connections } = shell;
  if (connections.choice?.kind !== "local") return;
  await connections.forget();
  await connections.session().catch(() => undefined);
}

/** Where work runs that would be cut off, the person decides. */
async function mayEnd(shell: Shell, verb: string): Promise<boolean> {
  const { lakeStatus } = await import("../../local/status.ts");
  const status = await lakeStatus(shell.connections.lakeFolder);
  if (status.state !== "running" || !status.busy) return true;
  const pressed = await vscode.window.showWarningMessage(
    `${verb} the local lake while work runs on it?`,
    {
      modal: true,
      detail:
        "Job runs and queries that are under way end as failed, for all windows; a stack operation goes on at the next start. What is stored stays.",
    },
    `${verb} Anyway`,
  );
  return pressed !== undefined;
}
