// The lake's log on a disk that is full, and on one that has room again.
import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLog } from "../../src/lake/log.ts";

describe("the lake's log", () => {
  it("is a line of JSON an event", () => {
    const folder = mkdtempSync(join(tmpdir(), "log-"));
    const file = join(folder, "lake.log");
    const fd = openSync(file, "a");
    const log = openLog(fd);
    log("one", { port: 1 });
    log("two");
    closeSync(fd);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => {
        const { time, ...rest } = JSON.parse(line) as { time: string };
        assert.ok(Date.parse(time) > 0);
        return rest;
      }),
      [{ event: "one", port: 1 }, { event: "two" }],
    );
    rmSync(folder, { recursive: true });
  });

  it("on a disk that is full it loses lines, and ends nothing", function () {
    if (process.platform !== "linux") this.skip();
    // Each write there fails as on a full disk.
    const fd = openSync("/dev/full", "w");
    const log = openLog(fd);
    for (let count = 0; count < 3; count++) log("lost", { count });
    closeSync(fd);
  });
});
