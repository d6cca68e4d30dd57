// The end: what the extension registered is gone after deactivate(), and it keeps the host from nothing.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { stopLake } from "../../src/local/stop.ts";
import { activeShell, extension, tell } from "./extension.ts";
import { watched } from "./handles.ts";

interface Contributed {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("deactivate", () => {
  it("gives back every command, view, timer, socket and process", async () => {
    const shell = await activeShell();
    const { lakeFolder } = shell.connections;
    const { contributes } = extension().packageJSON as Contributed;
    const commands = async () => {
      const all = new Set(await vscode.commands.getCommands(true));
      return contributes.commands.map(({ command }) => command).filter((command) => all.has(command));
    };
    assert.notDeepEqual(await commands(), []);

    // The host calls deactivate() once it has sent its last word; called here, so that somebody is left to look.
    const main = pathToFileURL(`${extension().extensionPath}/dist/extension.js`).href;
    const { deactivate } = (await import(main)) as { deactivate(): Promise<void> };
    await deactivate();

    assert.deepEqual(await commands(), []);
    assert.equal(shell.held.count, 0);
    // The lake outlives its windows by design; the tests before this one may have left it running.
    await stopLake(lakeFolder);
    // A connection that is being closed, a process that is ending: they may take a moment, but they end.
    for (let tries = 0; tries < 50 && watched.open.size > 0; tries++) await sleep(100);
    assert.deepEqual([...watched.open.values()], []);
    tell(`      ${watched.made.length} timers, sockets, processes and watchers were made until here; none is left`);
  });
});
