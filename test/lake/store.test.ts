// The store: batches are whole, writers share a sync, what was acknowledged is there after a reopen.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "../../src/lake/state/store.ts";

describe("store", () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "store-"));
    store = await Store.open(folder);
  });

  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps a thousand writes that came at once, each readable as soon as it is acknowledged", async () => {
    await Promise.all(
      Array.from({ length: 1000 }, async (_, n) => {
        await store.write((writer) => writer.put(["n", String(n)], n));
        assert.equal(store.get(["n", String(n)]), n);
      }),
    );
    await store.close();
    store = await Store.open(folder);
    assert.equal((await store.all(["n"])).length, 1000);
  });

  it("a later write wins over an earlier one that waits in the same batch", async () => {
    await Promise.all([1, 2, 3].map((value) => store.write((writer) => writer.put(["same"], value))));
    assert.equal(store.get(["same"]), 3);
  });

  it("keys sort by the bytes of their parts, prefixes are whole parts", async () => {
    await store.write((writer) => {
      for (const name of ["b", "a", "ab", "\u{1f30a}", "ü"]) writer.put(["k", name], name);
      writer.put(["kk", "x"], "other");
    });
    assert.deepEqual(await store.all(["k"]), ["a", "ab", "b", "ü", "\u{1f30a}"]);
    assert.deepEqual(await store.all(["k"], { after: ["k", "ab"], limit: 1 }), ["b"]);
    assert.deepEqual(await store.all(["k"], { reverse: true, before: ["k", "b"] }), ["ab", "a"]);
  });

  it("a lock runs one at a time, also behind one that failed", async () => {
    const order: number[] = [];
    const failing = store.lock("l", async () => {
      order.push(1);
      throw new Error("first");
    });
    const second = store.lock("l", async () => order.push(2));
    await assert.rejects(failing, /first/);
    await second;
    assert.deepEqual(order, [1, 2]);
  });

  it("a second process is kept out", async () => {
    await assert.rejects(Store.open(folder), /Another lake runs on this folder/);
  });

  it("refuses U+0000 in a name", async () => {
    await assert.rejects(
      store.write((writer) => writer.put(["a\u0000b"], 1)),
      /U\+0000/,
    );
  });
});
