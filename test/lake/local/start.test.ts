// The lake as a daemon of its folder: started, shared, replaced, killed and found again.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { recordElsewhere } from "../../../src/base/elsewhere.ts";
import { type BoathouseError, isCancelled } from "../../../src/base/errors.ts";
import { isRunning, processStart } from "../../../src/base/processes.ts";
import { readRecord } from "../../../src/local/record.ts";
import { resetLake } from "../../../src/local/reset.ts";
import type { LakeProgram } from "../../../src/local/spawn.ts";
import { type LakeEvent, type RunningLake, type StartOptions, startLake } from "../../../src/local/start.ts";
import { lakeStatus } from "../../../src/local/status.ts";
import { stopLake } from "../../../src/local/stop.ts";
import { waitFor } from "../harness.ts";

const root = new URL("../../../", import.meta.url).pathname;
const program: LakeProgram = {
  file: join(root, "src/lake/main.ts"),
  nodeArguments: ["--import", "tsx"],
  cwd: root,
};

describe("the lake of a folder", function () {
  this.timeout(60_000);
  let folder: string;
  let events: LakeEvent[];
  const running: RunningLake[] = [];

  async function start(options: Partial<StartOptions> = {}): Promise<RunningLake> {
    const lake = await startLake({ folder, program, onProgress: (event) => events.push(event), ...options });
    running.push(lake);
    return lake;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lake-"));
    events = [];
  });
  afterEach(async () => {
    for (const lake of running.splice(0)) await lake.dispose();
    await stopLake(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  it("is started, answers, and is gone when it is stopped", async () => {
    assert.deepEqual(await lakeStatus(folder), { state: "stopped", folder });
    const lake = await start();
    assert.match(lake.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(statSync(join(folder, "keys.json")).mode & 0o777, 0o600);
    const status = await lakeStatus(folder);
    assert.ok(status.state === "running");
    assert.deepEqual([status.pid, status.leases, status.persistent, status.busy], [lake.pid, 1, false, false]);
    assert.equal(await stopLake(folder), true);
    assert.equal(isRunning({ pid: lake.pid, startTime: processStart(lake.pid) ?? "gone" }), false);
    assert.deepEqual(await lakeStatus(folder), { state: "stopped", folder });
    assert.equal(await stopLake(folder), false);
  });

  it("is shared: a second client finds it and holds a lease of its own", async () => {
    const first = await start();
    const second = await start();
    assert.equal(second.pid, first.pid);
    assert.deepEqual(
      events.map((event) => event.kind),
      ["starting", "ready", "ready"],
    );
    const leases = async () => {
      const status = await lakeStatus(folder);
      return status.state === "running" ? status.leases : -1;
    };
    assert.equal(await leases(), 2);
    await first.dispose();
    assert.equal(await leases(), 1);
    await second.dispose();
    assert.equal(await leases(), 0);
  });

  it("is one, also where several clients start it at once", async () => {
    const lakes = await Promise.all([start(), start(), start()]);
    assert.equal(new Set(lakes.map(({ pid }) => pid)).size, 1);
    assert.equal(events.filter(({ kind }) => kind === "starting").length, 1);
  });

  it("lets nothing of the person's shell reach it but what is listed", async function () {
    if (process.platform !== "linux") this.skip();
    const environment = {
      ...process.env,
      AWS_PROFILE: "production",
      AWS_ACCESS_KEY_ID: "AKIAREAL",
      JAVA_TOOL_OPTIONS: "-Xmx1g",
      NODE_OPTIONS: "--stack-trace-limit=5",
      MALLOC_TOP_PAD_: "7",
    };
    const { pid } = await start({ environment });
    const pairs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    const names = pairs.map((pair) => pair.split("=")[0] ?? "");
    const listed = ["HOME", "PATH", "ELECTRON_RUN_AS_NODE", "USER", "LOGNAME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE"];
    assert.ok(names.includes("PATH") && names.includes("ELECTRON_RUN_AS_NODE"));
    assert.deepEqual(
      pairs.filter((pair) => pair !== "" && ![...listed, "XDG_RUNTIME_DIR"].includes(pair.split("=")[0] ?? "")),
      // The lake's own, whatever the shell says.
      ["MALLOC_TRIM_THRESHOLD_=33554432", "MALLOC_TOP_PAD_=1048576"],
    );
  });

  it("stays when a persistent one is asked for, also of a running lake", async () => {
    await start();
    await start({ persistent: true });
    const status = await lakeStatus(folder);
    assert.equal(status.state === "running" && status.persistent, true);
  });

  it("that was killed is not taken for running, and starts again with the same keys", async () => {
    const first = await start();
    process.kill(first.pid, "SIGKILL");
    await waitFor(async () => (await lakeStatus(folder)).state === "stopped", 5_000);
    assert.ok(existsSync(join(folder, "lake.json")));
    const second = await start();
    assert.notEqual(second.pid, first.pid);
    assert.equal(second.secretAccessKey, first.secretAccessKey);
  });

  it("that was killed leaves engines, which stopping ends", async () => {
    const lake = await start();
    process.kill(lake.pid, "SIGKILL");
    // As the lake records an engine: the leader of a process group.
    const engine = spawn("sleep", ["60"], { detached: true });
    const pid = engine.pid ?? 0;
    mkdirSync(join(folder, "run"), { recursive: true });
    writeFileSync(join(folder, "run", `${pid}.json`), JSON.stringify({ pid, startTime: processStart(pid) }));
    // Not an engine any more: its pid is another's.
    writeFileSync(join(folder, "run", "1.json"), JSON.stringify({ pid: process.pid, startTime: "1" }));
    const ended = new Promise((resolve) => engine.once("exit", (_code, signal) => resolve(signal)));
    await stopLake(folder);
    assert.equal(await ended, "SIGKILL");
    assert.deepEqual(readdirSync(join(folder, "run")), []);
  });

  it("is not another process that has its pid by now", async () => {
    writeFileSync(
      join(folder, "lake.json"),
      JSON.stringify({ pid: process.pid, startTime: "1", port: 1, version: "1.0.0", region: "us-east-1" }),
    );
    assert.equal((await lakeStatus(folder)).state, "stopped");
    const lake = await start();
    assert.notEqual(lake.pid, process.pid);
  });

  it("that hangs is said to be unresponsive, is not started twice, and can be stopped", async () => {
    const { pid } = await start();
    process.kill(pid, "SIGSTOP");
    try {
      assert.equal((await lakeStatus(folder)).state, "unresponsive");
      await assert.rejects(start(), (error: BoathouseError) => {
        assert.equal(error.kind, "conflict");
        assert.match(error.message, new RegExp(`runs as process ${pid} and does not answer`));
        assert.match(error.next ?? "", /lake stop/);
        return true;
      });
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });

  it("is started anew by a newer client, stays persistent and keeps its state; an older client takes the newer lake", async () => {
    const old = await start({ program: released("0.9.0"), version: "0.9.0", persistent: true });
    const current = await start({ program: released("0.10.0"), version: "0.10.0" });
    assert.notEqual(current.pid, old.pid);
    assert.equal(processStart(old.pid), undefined);
    assert.equal(current.version, "0.10.0");
    assert.equal(current.secretAccessKey, old.secretAccessKey);
    const status = await lakeStatus(folder);
    assert.equal(status.state === "running" && status.persistent, true);
    const later = await start({ program: released("0.9.0"), version: "0.9.0" });
    assert.equal(later.pid, current.pid);
  });

  it("whose starter was killed half way is found by the next one", async () => {
    const starter = spawnStarter(folder);
    await waitFor(() => existsSync(join(folder, "lake.log")), 20_000, 1);
    const ended = new Promise((resolve) => starter.once("exit", resolve));
    starter.kill("SIGKILL");
    await ended;
    await start();
    const lakes = readFileSync(join(folder, "lake.log"), "utf8").match(/"event":"started"/g) ?? [];
    assert.equal(lakes.length, 1);
  });

  it("goes on to start where the one who waits for it goes away", async () => {
    const controller = new AbortController();
    const waiting = start({
      signal: controller.signal,
      onProgress: (event) => event.kind === "starting" && setImmediate(() => controller.abort()),
    });
    await assert.rejects(waiting, isCancelled);
    await waitFor(() => existsSync(join(folder, "lake.json")), 20_000);
    const found = readRecord(folder);
    assert.equal((await start()).pid, found?.pid);
    assert.deepEqual(
      events.map((event) => event.kind),
      ["ready"],
    );
  });

  it("that can't start says why, with the end of its log", async () => {
    const broken = join(mkdtempSync(join(tmpdir(), "program-")), "broken.mjs");
    writeFileSync(broken, `console.error("first line"); console.error("no such disk"); process.exit(3);`);
    await assert.rejects(start({ program: { file: broken } }), (error: BoathouseError) => {
      assert.equal(error.kind, "service");
      assert.match(error.message, /^The local lake ended with code 3\. The end of its log:\nfirst line\nno such disk$/);
      assert.match(error.next ?? "", /lake\.log/);
      return true;
    });
    rmSync(dirname(broken), { recursive: true });
  });

  it("is not begun among somebody's files", async () => {
    writeFileSync(join(folder, "thesis.txt"), "years");
    await assert.rejects(start(), /holds other files \(thesis\.txt\) and no lake/);
    assert.deepEqual(readdirSync(folder), ["thesis.txt"]);
  });
});

describe("resetting a lake", function () {
  this.timeout(60_000);
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "boathouse-"));
    folder = join(parent, "lake");
  });
  afterEach(async () => {
    await stopLake(folder);
    rmSync(parent, { recursive: true, force: true });
  });

  it("deletes all of a stopped lake, what lies elsewhere too, and nothing beside it", async () => {
    const lake = await startLake({ folder, program });
    const [data, foreign] = [join(parent, "data"), mkdtempSync(join(tmpdir(), "foreign-"))];
    for (const path of [data, join(parent, "beside")]) mkdirSync(path);
    // A record changed by hand: that folder carries no name of ours.
    for (const path of [data, foreign, "/"]) recordElsewhere(folder, path);
    await lake.dispose();
    await stopLake(folder);
    const deleted = await resetLake(folder);
    assert.ok(deleted.includes(data) && deleted.includes(join(folder, "keys.json")), deleted.join());
    assert.deepEqual(readdirSync(folder), []);
    assert.deepEqual(readdirSync(parent).sort(), ["beside", "lake"]);
    assert.ok(existsSync(foreign));
    rmSync(foreign, { recursive: true });
    assert.deepEqual(await resetLake(folder), []);
  });

  it("is refused while the lake runs; forced, it ends the lake first", async () => {
    const lake = await startLake({ folder, program });
    await assert.rejects(resetLake(folder), (error: BoathouseError) => {
      assert.equal(error.kind, "conflict");
      assert.match(error.message, new RegExp(`process ${lake.pid}`));
      return true;
    });
    assert.ok((await resetLake(folder, { force: true })).length > 0);
    assert.equal(processStart(lake.pid), undefined);
    await lake.dispose();
  });

  it("is refused for a folder that is not a lake's", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "thesis.txt"), "years");
    await assert.rejects(resetLake(folder, { force: true }), /is not the folder of a lake: nothing of it was deleted/);
    assert.deepEqual(readdirSync(folder), ["thesis.txt"]);
  });
});

/** The lake as a release of this version. */
function released(version: string): LakeProgram {
  const set = `data:text/javascript,globalThis.BOATHOUSE_VERSION=${JSON.stringify(version)}`;
  return { ...program, nodeArguments: ["--import", set, "--import", "tsx"] };
}

function spawnStarter(folder: string): ChildProcess {
  const start = JSON.stringify(join(root, "src/local/start.ts"));
  const options = JSON.stringify({ folder, program });
  const code = `import(${start}).then(({ startLake }) => startLake(${options}))`;
  return spawn(process.execPath, ["--import", "tsx", "-e", code], { cwd: root, stdio: "inherit" });
}
