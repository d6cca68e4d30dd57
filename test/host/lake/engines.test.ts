// Engines that can't be fetched from within the extension host: said soon, with the setting that helps, and tried again.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { messageFor, buttonsFor } from "../../../src/ui/shell/failures.ts";
import type { BoathouseError } from "../../../src/base/errors.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { activeShell } from "../extension.ts";

const MIRRORS = ["mirrors.maven", "mirrors.npm", "mirrors.pip"] as const;

describe("fetching engines", function () {
  this.timeout(60_000);
  let shell: Shell;
  let folder: string;

  const set = async (name: string, value: string | undefined) =>
    vscode.workspace.getConfiguration("boathouse").update(name, value, vscode.ConfigurationTarget.Global);
  const failure = async (): Promise<BoathouseError> => {
    try {
      await shell.engines.fetch(["postgres", "trino"]);
    } catch (error) {
      return error as BoathouseError;
    }
    throw new Error("It was fetched.");
  };

  before(async () => {
    shell = await activeShell();
    folder = mkdtempSync(join(tmpdir(), "boathouse-engines-"));
    await set("engines.folder", folder);
  });
  after(async () => {
    for (const name of [...MIRRORS, "engines.folder", "programs.python"]) await set(name, undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  it("goes where the machine's settings say", async () => {
    assert.equal(shell.connections.cacheFolder, folder);
    const plan = await shell.engines.plan(["postgres", "spark", "trino"]);
    // PostgreSQL of who is root lies elsewhere and may be there.
    assert.deepEqual(
      plan.map(({ engine }) => engine).filter((engine) => engine !== "postgres"),
      ["spark", "trino"],
    );
  });

  it("a mirror that refuses connections is said, with its setting", async () => {
    for (const name of MIRRORS) await set(name, "http://127.0.0.1:9/");
    const error = await failure();
    assert.equal(error.kind, "network");
    assert.match(
      messageFor(error),
      /could not be fetched: .*ECONNREFUSED.* The setting boathouse\.mirrors\.(npm|maven) names a mirror\.$/,
    );
    assert.deepEqual(
      buttonsFor(error).map(({ title }) => title),
      ["Try Again", "Open Settings", "Show Log"],
    );
    assert.equal(shell.engines.busy, false);
  });

  it("a mirror that has it not is said, too", async () => {
    const server = createServer((_request, response) => {
      response.statusCode = 404;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    for (const name of MIRRORS) await set(name, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const error = await failure();
    server.closeAllConnections();
    server.close();
    assert.match(messageFor(error), /404/);
  });

  it("no fit Python is said with its setting", async () => {
    await set("programs.python", "/nowhere/python");
    await assert.rejects(shell.engines.fetch(["spark"]), (error: BoathouseError) => {
      assert.match(messageFor(error), /No Python was found at \/nowhere\/python/);
      assert.match(messageFor(error), /let the setting boathouse\.programs\.python name one/);
      return true;
    });
  });

  it("what a workspace sets counts for nothing: these are the machine's", () => {
    const { packageJSON } = vscode.extensions.getExtension("boathouse.boathouse") as { packageJSON: Contributed };
    const { properties } = packageJSON.contributes.configuration;
    for (const [id, { scope }] of Object.entries(properties)) {
      if (/^boathouse\.(connection|engines|programs|mirrors|lake)\./.test(id)) assert.equal(scope, "machine", id);
    }
    const restricted = packageJSON.capabilities.untrustedWorkspaces.restrictedConfigurations;
    assert.ok(restricted.includes("boathouse.connection.endpoint"));
    assert.equal(packageJSON.capabilities.untrustedWorkspaces.supported, "limited");
    assert.equal(packageJSON.capabilities.virtualWorkspaces.supported, false);
  });
});

interface Contributed {
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, { scope: string }>> };
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: { readonly supported: boolean };
  };
}
