// The sample workspace: copied, brought back, and never over what a person has edited.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoathouseError } from "../../../../src/base/errors.ts";
import { splitStatements } from "../../../../src/sql/split.ts";
import { copySample as copyTo } from "../../../../src/ui/welcome/sample.ts";

const SOURCE = join("resources", "workspace");

describe("the sample workspace", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "boathouse-sample-"));
  });
  const copySample = (from: string, to: string) => copyTo(from, to, `${folder}-records`);
  afterEach(() => rmSync(`${folder}-records`, { recursive: true, force: true }));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is copied whole", () => {
    const to = join(folder, "new", "sample");
    const { written, kept } = copySample(SOURCE, to);
    assert.ok(written.includes("README.md") && written.includes(join("queries", "1-first-look.sql")));
    assert.deepEqual(kept, []);
    assert.equal(readFileSync(join(to, "README.md"), "utf8"), readFileSync(join(SOURCE, "README.md"), "utf8"));
  });

  it("keeps what was edited and brings back what was deleted", () => {
    copySample(SOURCE, folder);
    const edited = join(folder, "queries", "1-first-look.sql");
    writeFileSync(edited, "SELECT 'mine'");
    rmSync(join(folder, "queries", "2-revenue.sql"));
    const { written, kept } = copySample(SOURCE, folder);
    assert.deepEqual(written, [join("queries", "2-revenue.sql")]);
    assert.deepEqual(kept, [join("queries", "1-first-look.sql")]);
    assert.equal(readFileSync(edited, "utf8"), "SELECT 'mine'");
  });

  it("replaces what an older release brought and nobody edited", () => {
    const older = join(folder, "older");
    mkdirSync(older);
    writeFileSync(join(older, "README.md"), "an older one");
    const to = join(folder, "sample");
    copySample(older, to);
    assert.ok(copySample(SOURCE, to).written.includes("README.md"));
  });

  it("says where it can't be written", () => {
    writeFileSync(join(folder, "file"), "");
    assert.throws(
      () => copySample(SOURCE, join(folder, "file")),
      (error) => error instanceof BoathouseError && error.message.includes("can't be copied to"),
    );
  });

  it("has statements in every query, each ended by a semicolon", () => {
    const to = join(folder, "s");
    for (const name of copySample(SOURCE, to).written.filter((path) => path.endsWith(".sql"))) {
      const text = readFileSync(join(to, name), "utf8");
      assert.ok(splitStatements(text).length >= 3, name);
      assert.match(text, /;\n$/, name);
    }
  });
});
