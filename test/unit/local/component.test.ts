// Parts of engines: built once, built anew where they were left half built, refused where there is no room.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BoathouseError } from "../../../src/base/errors.ts";
import { ensureComponent } from "../../../src/local/engines/component.ts";
import { type TestWork, testWork } from "./work.ts";

describe("a part of an engine", () => {
  let work: TestWork;
  let folder: string;
  let builds: number;
  const build = async (into: string): Promise<void> => {
    builds++;
    await new Promise((resolve) => setTimeout(resolve, 50));
    writeFileSync(join(into, "program"), "x");
  };

  beforeEach(() => {
    work = testWork();
    folder = join(work.cache, "engines", "part-1");
    builds = 0;
  });
  afterEach(() => work.dispose());

  it("is built once, also where two ask at once", async () => {
    const both = [ensureComponent({ folder, room: 1, build }, work), ensureComponent({ folder, room: 1, build }, work)];
    assert.equal((await Promise.all(both)).filter((built) => built).length, 1);
    assert.equal(await ensureComponent({ folder, room: 1, build }, work), false);
    assert.equal(builds, 1);
    assert.deepEqual(work.transcript(), ["waiting"]);
    assert.deepEqual(readdirSync(join(work.cache, "engines")), ["part-1"]);
  });

  it("that a killed process left half built is built anew, where its programs can't write", async () => {
    const left = `${folder}.build-0`;
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, "rest"), "");
    assert.equal(await ensureComponent({ folder, room: 1, build }, work), true);
    assert.deepEqual(readdirSync(join(work.cache, "engines")), ["part-1"]);
    assert.ok(existsSync(join(folder, "program")));
  });

  it("that fails leaves nothing, and the next one may try", async () => {
    const failing = () => Promise.reject(new Error("no"));
    await assert.rejects(ensureComponent({ folder, room: 1, build: failing }, work), /no/);
    assert.deepEqual(readdirSync(join(work.cache, "engines")), []);
    assert.equal(await ensureComponent({ folder, room: 1, build }, work), true);
  });

  it("that needs more room than the disk has is not begun", async () => {
    await assert.rejects(ensureComponent({ folder, room: 1e18, build }, work), (error: unknown) => {
      assert.ok(error instanceof BoathouseError, String(error));
      assert.match(
        error.message,
        /^There is no room left on the disk for part-1: it needs 1000000000000 MB, and \d+ MB are free$/,
      );
      assert.match(error.next ?? "", /BOATHOUSE_CACHE/);
      return true;
    });
    assert.equal(builds, 0);
  });
});
