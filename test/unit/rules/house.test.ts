// Rules of the house that no linter knows: file sizes, first lines, room READMEs, nothing that names a machine or a registry.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { LAW } from "../../rules/importLaw.ts";
import { longFiles, namesMachine, withoutFirstLine } from "../../rules/house.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const tracked = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((name) => name !== "" && existsSync(ROOT + name));
const texts = new Map(
  tracked
    .filter((name) => /\.(ts|mjs|py|json|md|ya?ml|sql)$/.test(name))
    .map((name) => [name, readFileSync(ROOT + name, "utf8")]),
);

describe("house rules", () => {
  it("no source file is longer than 500 lines", () => {
    assert.deepEqual(longFiles(texts), []);
    assert.deepEqual(longFiles(new Map([["a.ts", "x\n".repeat(501)]])), ["a.ts: 501 lines"]);
  });

  it("the first line of each source file says what its part is", () => {
    assert.deepEqual(withoutFirstLine(texts), []);
    assert.deepEqual(withoutFirstLine(new Map([["src/a.ts", "import x from 'y';"]])), ["src/a.ts"]);
  });

  it("each room has a README", () => {
    // extension.ts is one file, described in ui's.
    const folders = Object.keys(LAW).filter((room) => room !== "extension");
    for (const room of folders) assert.ok(existsSync(`${ROOT}src/${room}/README.md`), `src/${room}/README.md`);
  });

  it("nothing names a registry's host or a machine's path", () => {
    assert.deepEqual(namesMachine(texts), []);
    const host = ["registry", "npmjs", "org"].join(".");
    assert.deepEqual(namesMachine(new Map([["a.md", `see ${host}`]])), ["a.md: names a registry's host"]);
  });
});
