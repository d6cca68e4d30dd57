// The journal: what a killed process left open is taken up by exactly one other.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../../src/base/journal.ts";

const SOURCE = new URL("../../../src/base/journal.ts", import.meta.url).href;
const entry = {
  kind: "deploy",
  title: "Deploy stack lake",
  workspace: "file:///w",
  data: { token: "t", stack: "lake" },
};

describe("the journal", function () {
  this.timeout(20_000);
  let folder: string;
  let journal: Journal;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "journal-")), "operations");
    journal = new Journal(folder);
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

  /** A process that does `then` with `journal` and `entry` and is killed. */
  function killed(then: string): void {
    const code = `import { Journal } from ${JSON.stringify(SOURCE)};
      const journal = new Journal(${JSON.stringify(folder)});
      const entry = ${JSON.stringify(entry)};
      ${then}
      process.kill(process.pid, "SIGKILL");`;
    const run = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code]);
    assert.equal(run.signal, "SIGKILL", run.stderr.toString());
  }

  it("is empty before the first entry, and makes no folder to say so", () => {
    assert.deepEqual(journal.open(), []);
    assert.throws(() => readdirSync(folder), { code: "ENOENT" });
  });

  it("an entry that ended leaves nothing", () => {
    journal.begin(entry).end();
    assert.deepEqual(readdirSync(folder), []);
  });

  it("of a killed process: is taken up with all that it noted, by one alone", () => {
    killed("const made = journal.begin(entry); made.note({ stackId: 'arn' }); made.note({ step: 2 });");
    const [id = ""] = journal.open();
    const taken = journal.take(id, entry.workspace);
    assert.deepEqual(taken?.data, { token: "t", stack: "lake", stackId: "arn", step: 2 });
    assert.equal(taken?.title, entry.title);
    assert.equal(new Journal(folder).take(id, entry.workspace), undefined);
    taken?.end();
    assert.deepEqual(journal.open(), []);
    assert.equal(journal.take(id, entry.workspace), undefined);
  });

  it("is not taken by a window of another workspace, nor from a process that lives", () => {
    const held = journal.begin(entry);
    assert.equal(journal.take(held.id, entry.workspace), undefined);
    held.release();
    assert.equal(journal.take(held.id, "file:///other"), undefined);
    assert.ok(journal.take(held.id, entry.workspace));
  });

  it("a note that was half written when its process died is passed over", () => {
    killed("journal.begin(entry).note({ stackId: 'arn' });");
    const [id = ""] = journal.open();
    appendFileSync(join(folder, `${id}.jsonl`), '{"data":{"stackId":"wro');
    assert.deepEqual(journal.take(id, entry.workspace)?.data, { token: "t", stack: "lake", stackId: "arn" });
  });

  it("an entry whose first line never came whole is nobody's", () => {
    killed("journal.begin(entry);");
    const [id = ""] = journal.open();
    rmSync(join(folder, `${id}.jsonl`));
    appendFileSync(join(folder, `${id}.jsonl`), '{"kind":"dep');
    assert.equal(journal.take(id, entry.workspace), undefined);
  });
});
