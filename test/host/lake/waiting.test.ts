// A command that needs one engine waits for that one alone while others are being fetched, and begins as soon as it is there.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { EngineName } from "../../../src/base/engines.ts";
import { stopLake } from "../../../src/local/stop.ts";
import type { EnsureOptions } from "../../../src/local/engines/ensure.ts";
import { EngineFetches } from "../../../src/ui/lake/fetches.ts";
import { needEngines } from "../../../src/ui/lake/engines.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { activeShell } from "../extension.ts";
import { until } from "../until.ts";

describe("waiting for an engine", function () {
  this.timeout(60_000);
  let shell: Shell;
  let folder: string;
  let rounds: { names: readonly EngineName[]; options: EnsureOptions; end: (error?: Error) => void }[];
  let engines: EngineFetches;

  before(async () => {
    shell = await activeShell();
    await shell.connections.startLake();
    folder = mkdtempSync(join(tmpdir(), "boathouse-waiting-"));
    await vscode.workspace
      .getConfiguration("boathouse")
      .update("engines.folder", folder, vscode.ConfigurationTarget.Global);
  });
  beforeEach(() => {
    rounds = [];
    // Downloads that go as far as the test says.
    engines = new EngineFetches(shell.engines.place, () => undefined, {
      plan: async (names) =>
        names.map((engine) => ({ engine, version: "1", bytes: 30_000_000, disk: 0, with: undefined })),
      ensure: (names, options) =>
        new Promise<void>((resolve, reject) => {
          rounds.push({ names, options, end: (error) => (error === undefined ? resolve() : reject(error)) });
        }),
    });
  });
  after(async () => {
    await vscode.workspace
      .getConfiguration("boathouse")
      .update("engines.folder", undefined, vscode.ConfigurationTarget.Global);
    rmSync(folder, { recursive: true, force: true });
    await shell.connections.choose(undefined);
    await stopLake(shell.connections.lakeFolder);
  });

  const shellWith = () =>
    new Proxy(shell, { get: (of, name) => (name === "engines" ? engines : (Reflect.get(of, name) as unknown)) });
  const round = (at: number) => until(`round ${at} of the fetch`, async () => rounds[at]);
  const ready = async (at: number, engine: EngineName) =>
    (await round(at)).options.onProgress?.({ kind: "ready", engine, version: "1", fetched: true });
  /** Spark, which is surely missing in an empty folder, stands for what the command needs. */
  const deploy = () => {
    const state = { begun: false, failed: undefined as Error | undefined };
    const waiting = needEngines(shellWith(), ["spark"], "Deploy Stack").then(
      () => void (state.begun = true),
      (error: Error) => void (state.failed = error),
    );
    return { state, waiting };
  };

  it("it begins when its own is there, while the others still come", async () => {
    const fetching = engines.fetch(["postgres", "spark", "trino"]);
    assert.deepEqual((await round(0)).names, ["postgres"]);
    const { state, waiting } = deploy();
    await ready(0, "postgres");
    (await round(0)).end();
    assert.deepEqual((await round(1)).names, ["spark", "trino"]);
    assert.equal(state.begun, false);
    await ready(1, "spark");
    await waiting;
    assert.equal(state.begun, true);
    assert.equal(engines.busy, true, "Trino still comes");
    assert.equal(engines.textOf("spark"), "ready");
    await ready(1, "trino");
    (await round(1)).end();
    await fetching;
    assert.equal(engines.busy, false);
  });

  it("what nobody fetches yet begins beside what is under way, and each engine comes once", async () => {
    const trino = engines.fetch(["trino"]);
    assert.deepEqual((await round(0)).names, ["trino"]);
    const all = engines.fetch(["postgres", "trino"]);
    assert.deepEqual((await round(1)).names, ["postgres"]);
    await ready(1, "postgres");
    (await round(1)).end();
    await ready(0, "trino");
    (await round(0)).end();
    await Promise.all([trino, all]);
    assert.equal(rounds.length, 2);
  });

  it("where the fetch fails the command was not begun, and says so", async () => {
    const waits: string[] = [];
    const arrived = engines.arrived.bind(engines);
    engines.arrived = async (names) => {
      waits.push(...names);
      await arrived(names);
    };
    const fetching = engines.fetch(["spark"]).catch((error: Error) => error);
    await round(0);
    const { state, waiting } = deploy();
    await until("the fetch and the command wait for Spark", async () => waits.length === 2);
    (await round(0)).end(new Error("no network"));
    await waiting;
    assert.match(String(await fetching), /no network/);
    assert.match(String(state.failed), /Deploy Stack was not begun: Spark could not be fetched\./);
    assert.equal(state.begun, false);
  });
});
