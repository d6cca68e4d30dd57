// Starting the local lake: it runs within a second; engines that are missing are fetched beside it, once the person has agreed.
import * as vscode from "vscode";
import type { LakeEvent } from "../../local/start.ts";
import { withProgress } from "../shell/progress.ts";
import type { Shell } from "../shell/shell.ts";
import { ALL_ENGINES, fetchDetail, lacksEngines, totalOf } from "./engines.ts";

/**
 * Starts the lake (or joins the one that runs) and connects to it. Says first which engines are missing and how much they are: the
 * stack, S3 and the catalog work at once, jobs and queries when theirs are there.
 */
export async function startLake(shell: Shell): Promise<void> {
  const { connections, engines } = shell;
  let fetch = false;
  if (!engines.busy && vscode.workspace.isTrusted && (await lacksEngines(shell, ALL_ENGINES))) {
    const plan = await engines.plan(ALL_ENGINES);
    const both = `Start and Fetch ${totalOf(plan)}`;
    const without = "Start Without Engines";
    const pressed = await vscode.window.showInformationMessage(
      "The local lake needs engines that are not on this machine yet.",
      {
        modal: true,
        detail: `${fetchDetail(plan, connections.cacheFolder)}\n\nWithout them the lake starts too: S3, the catalog and stacks without a database work; “Fetch Engines of the Local Lake” fetches them later.`,
      },
      both,
      without,
    );
    if (pressed === undefined) return;
    fetch = pressed === both;
  }
  await bringUp(shell, "Starting the local lake");
  // Beside this command and with a boundary of its own: what fails there is tried again there.
  if (fetch) void vscode.commands.executeCommand("boathouse.lake.fetchEngines");
}

/** Starts or joins it, with progress where that takes a while. */
export async function bringUp(shell: Shell, title: string): Promise<void> {
  await withProgress(
    { title, cancelled: "Stopped waiting for the lake; if it has begun to start, it goes on." },
    async ({ signal, say }) => {
      await shell.connections.startLake({ signal, onProgress: (event) => say(sayOf(event)) });
    },
  );
}

function sayOf(event: LakeEvent): string {
  switch (event.kind) {
    case "waiting":
      return `process ${event.holder} is about to start it`;
    case "replacing":
      return `replacing the older one (${event.version})`;
    case "olderAndBusy":
      return `version ${event.version} stays while work runs on it`;
    case "starting":
      return "";
    case "ready":
      return `ready at ${event.endpoint}`;
  }
}
