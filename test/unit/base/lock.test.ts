// Locks between processes, and processes told apart from later ones with their pid.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning, processStart, thisProcess } from "../../../src/base/processes.ts";
import { acquireLock, tryLock } from "../../../src/base/lock.ts";

describe("a lock", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
    file = join(folder, "x.lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is held by one at a time, and the next one is told by whom", async () => {
    const first = await acquireLock(file, undefined);
    assert.equal(tryLock(file), undefined);
    let holder = 0;
    const second = acquireLock(file, undefined, (pid) => {
      holder = pid;
      first.release();
    });
    (await second).release();
    assert.equal(holder, process.pid);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("of a process that is gone is taken over, also where its pid is another's by now", () => {
    const recycled = { pid: process.pid, startTime: "1", id: "a" };
    writeFileSync(file, JSON.stringify(recycled));
    const lock = tryLock(file);
    assert.ok(lock);
    assert.equal(JSON.parse(readFileSync(file, "utf8")).startTime, thisProcess().startTime);
    lock.release();
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is not waited for once the signal is aborted", async () => {
    const lock = await acquireLock(file, undefined);
    const waiting = acquireLock(file, AbortSignal.timeout(30));
    await assert.rejects(waiting, { name: "TimeoutError" });
    lock.release();
  });

  it("counts for several processes at once", async function () {
    this.timeout(20_000);
    const counter = join(folder, "counter");
    writeFileSync(counter, "0");
    const program = `
      const { acquireLock } = await import(${JSON.stringify(new URL("../../../src/base/lock.ts", import.meta.url).href)});
      const { readFileSync, writeFileSync } = await import("node:fs");
      for (let turn = 0; turn < 10; turn++) {
        const lock = await acquireLock(${JSON.stringify(file)});
        const count = Number(readFileSync(${JSON.stringify(counter)}, "utf8"));
        await new Promise((resolve) => setTimeout(resolve, 2));
        writeFileSync(${JSON.stringify(counter)}, String(count + 1));
        lock.release();
      }`;
    const run = () =>
      spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { stdio: "inherit" });
    const codes = await Promise.all([run(), run(), run()].map(exitCode));
    assert.deepEqual(codes, [0, 0, 0]);
    assert.equal(readFileSync(counter, "utf8"), "30");
  });
});

describe("a process", () => {
  it("is known by its pid and start time while it runs, and not afterwards", async () => {
    const child = spawn("sleep", ["30"]);
    const id = { pid: child.pid ?? 0, startTime: processStart(child.pid ?? 0) ?? "" };
    assert.equal(isRunning(id), true);
    assert.equal(isRunning({ ...id, startTime: `${id.startTime}1` }), false);
    const ended = exitCode(child);
    child.kill("SIGKILL");
    await ended;
    assert.equal(isRunning(id), false);
  });

  it("that has ended and is still listed, a zombie, does not run", async () => {
    // The shell starts a child and becomes a program that never asks how the child ended.
    const shell = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 30"]);
    const line = await new Promise<string>((resolve) => shell.stdout.once("data", (data) => resolve(String(data))));
    const pid = Number(line);
    for (let tries = 0; processStart(pid) !== undefined && tries < 200; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(processStart(pid), undefined);
    const ended = exitCode(shell);
    shell.kill("SIGKILL");
    await ended;
  });
});

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("exit", resolve));
}
