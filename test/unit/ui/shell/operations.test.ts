// Operations of windows: what one leaves is taken up by one other, whether that opens later or stands open beside it.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Journal } from "../../../../src/base/journal.ts";
import { Operations } from "../../../../src/ui/shell/operations.ts";

const OFTEN = 20;

describe("operations of windows", () => {
  let folder: string;
  let windows: Operations[] = [];
  /** What was taken up, by window. */
  let taken: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "operations-"));
    taken = [];
  });
  afterEach(() => {
    for (const window of windows) window.dispose();
    windows = [];
    rmSync(folder, { recursive: true, force: true });
  });

  function open(name: string, workspace: string, end: Promise<void> = Promise.resolve()): Operations {
    const window = new Operations(new Journal(folder), workspace, (error) => taken.push(`${name}: ${String(error)}`));
    window.onResume("query", async (operation) => {
      taken.push(`${name}: ${operation.title} ${JSON.stringify(operation.data)}`);
      await end;
    });
    windows.push(window);
    return window;
  }

  /** An operation that never ends by itself. */
  function begin(window: Operations, title: string): void {
    void window.run("query", title, { n: 1 }, () => new Promise(() => undefined));
  }

  const left = () => readdirSync(folder).filter((name) => name.endsWith(".jsonl")).length;

  async function until(what: () => boolean): Promise<void> {
    for (let tries = 0; tries < 500 && !what(); tries++) await sleep(10);
    assert.ok(what(), taken.join("\n"));
  }

  it("a closed window's is taken up by the one that stands open, once", async () => {
    const [first, second, third] = [open("first", "w"), open("second", "w"), open("third", "w")];
    second.keepLooking(OFTEN);
    third.keepLooking(OFTEN);
    begin(first, "a");
    await sleep(10 * OFTEN);
    assert.deepEqual(taken, []);
    first.dispose();
    await until(() => left() === 0);
    await sleep(5 * OFTEN);
    assert.equal(taken.length, 1);
    assert.match(taken.join(), /^(second|third): a \{"n":1\}$/);
  });

  it("goes from window to window until it has ended", async () => {
    const never = new Promise<void>(() => undefined);
    begin(open("first", "w"), "a");
    const second = open("second", "w", never);
    second.keepLooking(OFTEN);
    windows[0]?.dispose();
    await until(() => taken.length === 1);
    open("third", "w").keepLooking(OFTEN);
    await sleep(5 * OFTEN);
    second.dispose();
    await until(() => left() === 0);
    assert.deepEqual(taken, ['second: a {"n":1}', 'third: a {"n":1}']);
  });

  it("a window of another workspace leaves it alone, and so does one that is closed", async () => {
    begin(open("first", "w"), "a");
    open("second", "other").keepLooking(OFTEN);
    const third = open("third", "w");
    third.keepLooking(OFTEN);
    third.dispose();
    windows[0]?.dispose();
    await sleep(10 * OFTEN);
    assert.deepEqual(taken, []);
    assert.equal(left(), 1);
  });

  it("one that reloads finds its own again: an open window waits for two looks", async () => {
    const beside = open("beside", "w");
    beside.keepLooking(10 * OFTEN);
    begin(open("first", "w"), "a");
    windows[1]?.dispose();
    open("reloaded", "w").resumeOpen();
    await until(() => left() === 0);
    assert.deepEqual(taken, ['reloaded: a {"n":1}']);
  });

  it("of a kind that nobody knows here it stays for a version that does", async () => {
    const window = open("first", "w");
    void window.run("newer", "b", {}, () => new Promise(() => undefined));
    window.dispose();
    open("second", "w").keepLooking(OFTEN);
    await sleep(10 * OFTEN);
    assert.deepEqual(taken, []);
    assert.equal(left(), 1);
  });

  it("a window that does not answer gives its own back and ends its work on them; it takes them up again where it comes back", async () => {
    let there = true;
    let ended = 0;
    const lost = new Operations(
      new Journal(folder),
      "w",
      (error) => taken.push(`lost: ${String(error)}`),
      () => (there ? Promise.resolve() : new Promise(() => undefined)),
      OFTEN,
    );
    windows.push(lost);
    lost.onResume("query", async (operation) => {
      taken.push(`lost: ${operation.title}`);
    });
    lost.onAbandon(() => {
      ended += 1;
    });
    begin(lost, "a");
    lost.keepLooking(OFTEN);
    await sleep(10 * OFTEN);
    assert.equal(ended, 0);
    there = false;
    await until(() => ended === 1);
    there = true;
    await until(() => left() === 0);
    assert.deepEqual(taken, ["lost: a"]);
  });

  it("an end that no window saw is shown by the next one", async () => {
    const lost = new Operations(
      new Journal(folder),
      "w",
      (error) => taken.push(`lost: ${String(error)}`),
      () => new Promise(() => undefined),
      OFTEN,
    );
    windows.push(lost);
    await lost.run("query", "a", {}, async () => undefined);
    await assert.rejects(
      lost.run("query", "b", {}, async () => {
        throw new Error("It failed.");
      }),
      /It failed/,
    );
    assert.equal(left(), 2);
    open("second", "w").resumeOpen();
    await until(() => left() === 0);
    assert.deepEqual(taken.toSorted(), ["second: a {}", "second: b {}"]);
  });
});
