// Engines that a killed lake left: ended at the next start, whether or not the lake came to record them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processStart } from "../../../src/base/processes.ts";
import { reapChildren } from "../../../src/lake/engines/child.ts";

const CHILD = new URL("../../../src/lake/engines/child.ts", import.meta.url).pathname;

describe("children of a lake that was killed", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "child-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A process that starts `command` as the lake does, does `then`, and is killed. Resolves to the pid that the command wrote down. */
  async function left(command: string, then = ""): Promise<number> {
    const options = JSON.stringify({ folder, command: "sh", args: ["-c", command], stdio: "ignore" });
    const code = `
      import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
      import { startChild } from ${JSON.stringify(CHILD)};
      startChild(${options});
      const file = ${JSON.stringify(join(folder, "pid"))};
      const timer = setInterval(() => {
        if (!existsSync(file) || !readFileSync(file, "utf8").endsWith("\\n")) return;
        clearInterval(timer);
        process.stdout.write(readFileSync(file, "utf8"), () => { ${then}; process.kill(process.pid, "SIGKILL"); });
      }, 10);`;
    const lake = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    lake.stdout.on("data", (chunk: Buffer) => {
      told += chunk.toString("utf8");
    });
    await new Promise((resolve) => lake.once("close", resolve));
    const pid = Number(told);
    assert.ok(pid > 0 && processStart(pid) !== undefined, `nothing was left to be ended: ${told}`);
    return pid;
  }

  async function gone(pid: number): Promise<void> {
    for (let tries = 0; processStart(pid) !== undefined; tries++) {
      assert.ok(tries < 100, `process ${pid} still runs`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it("that was recorded is ended by its record", async () => {
    const pid = await left(`echo $$ > ${folder}/pid; exec sleep 60`);
    assert.equal(readdirSync(join(folder, "run")).length, 1);
    assert.ok(reapChildren(folder) >= 1);
    await gone(pid);
    assert.deepEqual(readdirSync(join(folder, "run")), []);
  });

  it("that was not recorded yet is ended by its mark", async function () {
    if (process.platform !== "linux") this.skip();
    const pid = await left(
      `echo $$ > ${folder}/pid; exec sleep 60`,
      `rmSync(${JSON.stringify(join(folder, "run"))}, { recursive: true })`,
    );
    assert.equal(existsSync(join(folder, "run")), false);
    assert.equal(reapChildren(folder), 1);
    await gone(pid);
  });

  it("whose leader has gone before: its own child is ended by its mark", async function () {
    if (process.platform !== "linux") this.skip();
    const pid = await left(
      `sleep 60 & echo $! > ${folder}/pid; exec sleep 60`,
      `process.kill(parseInt(readdirSync(${JSON.stringify(join(folder, "run"))})[0]), "SIGKILL")`,
    );
    assert.ok(reapChildren(folder) >= 1);
    await gone(pid);
  });

  it("of another folder, and processes of others, are let alone", async () => {
    const pid = await left(`echo $$ > ${folder}/pid; exec sleep 60`);
    assert.equal(reapChildren(`${folder}-2`), 0);
    assert.notEqual(processStart(pid), undefined);
    reapChildren(folder);
    await gone(pid);
  });
});
