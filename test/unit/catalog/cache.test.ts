// What is known of a catalog: lists by pages, shared requests, late answers that count for nothing, a service that throttles.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BoathouseError } from "../../../src/base/errors.ts";
import { CatalogCache, type CatalogReader } from "../../../src/catalog/cache.ts";
import type { CatalogTable } from "../../../src/catalog/catalog.ts";
import { PagedList } from "../../../src/catalog/pagedList.ts";

/** Pages of numbers, ten a page; counts calls. */
function numbers(total: number, fail: (call: number) => BoathouseError | undefined = () => undefined) {
  const calls: (string | undefined)[] = [];
  const fetch = async (token: string | undefined) => {
    calls.push(token);
    await sleep(1);
    const error = fail(calls.length);
    if (error !== undefined) throw error;
    const from = Number(token ?? 0);
    const items = Array.from({ length: Math.min(10, total - from) }, (_, at) => from + at);
    // Some services send an empty token on the last page.
    return { items, next: from + 10 < total ? String(from + 10) : "" };
  };
  return { calls, fetch };
}

const throttled = () => new BoathouseError("throttled", "Rate exceeded");

describe("a list that comes in pages", () => {
  it("reads its first page once, however many ask at once", async () => {
    const { calls, fetch } = numbers(35);
    const list = new PagedList(fetch);
    await Promise.all([list.first(), list.first(), list.more()]);
    assert.equal(calls.length, 1);
    assert.equal(list.items.length, 10);
    assert.equal(list.complete, false);
  });

  it("reads the rest in the background, one page at a time, and tells of each", async () => {
    const { calls, fetch } = numbers(35);
    let told = 0;
    const list = new PagedList(fetch, () => told++);
    await list.first();
    await Promise.all([list.all(), list.all()]);
    assert.deepEqual(calls, [undefined, "10", "20", "30"]);
    assert.deepEqual(
      [...list.items],
      Array.from({ length: 35 }, (_, at) => at),
    );
    assert.ok(list.complete && !list.loading && told >= 4);
    await list.more();
    assert.equal(calls.length, 4);
  });

  it("waits where the service throttles and goes on from there", async () => {
    const { calls, fetch } = numbers(30, (call) => (call === 2 || call === 3 ? throttled() : undefined));
    const list = new PagedList(fetch, undefined, [1, 1, 1]);
    await list.all();
    assert.ok(list.complete);
    assert.equal(list.error, undefined);
    assert.deepEqual(calls, [undefined, "10", "10", "10", "20"]);
  });

  it("keeps what it has where reading stops, says why, and goes on when it is asked", async () => {
    let denied = true;
    const { fetch } = numbers(30, (call) =>
      call > 1 && denied ? new BoathouseError("denied", "glue:GetTables is not allowed") : undefined,
    );
    const list = new PagedList(fetch);
    await list.all();
    assert.equal(list.items.length, 10);
    assert.equal(list.error?.kind, "denied");
    denied = false;
    await list.all();
    assert.ok(list.complete && list.error === undefined);
  });

  it("throws what its first page threw, and tries again the next time", async () => {
    const { fetch } = numbers(5, (call) => (call === 1 ? new BoathouseError("network", "no route") : undefined));
    const list = new PagedList(fetch);
    await assert.rejects(list.first(), { kind: "network" });
    await list.first();
    assert.equal(list.items.length, 5);
  });

  it("takes no page that comes after it was let go of", async () => {
    const { fetch } = numbers(30);
    const list = new PagedList(fetch);
    const reading = list.all();
    list.dispose();
    await reading;
    assert.equal(list.items.length, 0);
  });
});

describe("the catalog's cache", () => {
  function reader(databases: number, tables: number) {
    let running = 0;
    const seen = { most: 0, calls: 0, looked: 0 };
    const call = async <T>(answer: T): Promise<T> => {
      seen.calls++;
      running++;
      seen.most = Math.max(seen.most, running);
      await sleep(1);
      running--;
      return answer;
    };
    const names = (what: string, count: number) => Array.from({ length: count }, (_, at) => `${what}${at}`);
    const catalog: CatalogReader = {
      databases: () =>
        call({
          items: names("db", databases).map((name) => ({ name, description: undefined, location: undefined })),
          next: undefined,
        }),
      tables: (database) =>
        call({ items: names("t", tables).map((name) => ({ database, name, type: undefined })), next: undefined }),
      table: async (database, name) => {
        seen.looked++;
        if (name === "gone") throw new BoathouseError("notFound", "dropped");
        return call({ database, name } as CatalogTable);
      },
      partitions: () => call({ items: [], next: undefined }),
    };
    return { catalog, seen };
  }

  it("fills itself without a storm: two databases at a time, each once", async () => {
    const { catalog, seen } = reader(50, 3);
    const cache = new CatalogCache(catalog);
    await Promise.all([cache.fill(), cache.fill()]);
    await cache.fill();
    assert.equal(seen.calls, 51);
    assert.ok(seen.most <= 2, `${seen.most} requests at once`);
    assert.ok(cache.filled);
    assert.equal(cache.tables("db7").items.length, 3);
  });

  it("looks at a table once; a failure is not kept", async () => {
    const { catalog, seen } = reader(1, 1);
    const cache = new CatalogCache(catalog);
    const [one, two] = await Promise.all([cache.table("db0", "t0"), cache.table("db0", "t0")]);
    assert.equal(one, two);
    assert.equal(seen.looked, 1);
    await assert.rejects(cache.table("db0", "gone"), { kind: "notFound" });
    await assert.rejects(cache.table("db0", "gone"), { kind: "notFound" });
    assert.equal(seen.looked, 3);
    cache.forgetIn("db0", "t0");
    await cache.table("db0", "t0");
    assert.equal(seen.looked, 4);
  });

  it("forgets all, and hears nothing of what was still on its way", async () => {
    const { catalog } = reader(3, 3);
    let told = 0;
    const cache = new CatalogCache(catalog, () => told++);
    const filling = cache.fill();
    cache.forget();
    await filling;
    assert.equal(told, 0);
    assert.equal(cache.databases.items.length, 0);
    assert.equal(cache.filled, false);
    await cache.fill();
    assert.equal(cache.databases.items.length, 3);
  });

  it("forgets one database by its exact name", async () => {
    const { catalog } = reader(12, 2);
    const cache = new CatalogCache(catalog);
    await cache.fill();
    cache.forgetIn("db1");
    assert.equal(cache.tables("db1").items.length, 0);
    assert.equal(cache.tables("db11").items.length, 2);
    assert.equal(cache.tables("db10").items.length, 2);
  });
});
