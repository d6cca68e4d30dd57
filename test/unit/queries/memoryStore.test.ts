// The rows held in memory: sorted by type and stably, filtered, no more than the limits.
import assert from "node:assert/strict";
import { MemoryStore } from "../../../src/queries/memoryStore.ts";
import { fill, NATURAL, type ViewSpec } from "../../../src/queries/resultStore.ts";
import type { Column, Row } from "../../../src/queries/results.ts";

const column = (name: string, type: string): Column => ({ name, type, precision: undefined, scale: undefined });
const ALL = { from: 0, to: 1_000_000 };

async function storeOf(types: readonly string[], rows: readonly Row[], most?: { rows: number; bytes: number }) {
  const store = new MemoryStore(
    types.map((type, index) => column(`c${index}`, type)),
    most,
  );
  await store.append(rows);
  return store;
}

/** The values of a type, sorted by it. */
async function sorted(type: string, values: readonly (string | null)[], descending = false) {
  const store = await storeOf(
    [type],
    values.map((value) => [value]),
  );
  const { rows } = await store.window({ sort: [{ column: 0, descending }], filter: undefined }, ALL, ALL);
  return rows.map(([value]) => value);
}

describe("a sort over the rows held", () => {
  it("takes whole numbers as numbers, beyond what a double holds", async () => {
    assert.deepEqual(await sorted("bigint", ["10", "9", "-1", "9223372036854775807", "9223372036854775806", "0"]), [
      "-1",
      "0",
      "9",
      "10",
      "9223372036854775806",
      "9223372036854775807",
    ]);
  });

  it("takes decimals exactly", async () => {
    const values = ["0.1", "-0.25", "0.10000000000000000000000000000000000001", "99999999999999999999.9", "-3", "0.00"];
    assert.deepEqual(await sorted("decimal", values), [
      "-3",
      "-0.25",
      "0.00",
      "0.1",
      "0.10000000000000000000000000000000000001",
      "99999999999999999999.9",
    ]);
  });

  it("takes doubles with their exponents; NaN is the largest", async () => {
    assert.deepEqual(await sorted("double", ["NaN", "1.0E10", "Infinity", "-Infinity", "2.5", "1.0E-3"]), [
      "-Infinity",
      "1.0E-3",
      "2.5",
      "1.0E10",
      "Infinity",
      "NaN",
    ]);
  });

  it("has NULL last in both directions", async () => {
    assert.deepEqual(await sorted("integer", [null, "2", null, "1"]), ["1", "2", null, null]);
    assert.deepEqual(await sorted("integer", [null, "2", null, "1"], true), ["2", "1", null, null]);
  });

  it("takes dates and times by when they were", async () => {
    assert.deepEqual(await sorted("date", ["2024-01-02", "0099-12-31", "-0044-03-15", "+12024-01-01", "1999-12-31"]), [
      "-0044-03-15",
      "0099-12-31",
      "1999-12-31",
      "2024-01-02",
      "+12024-01-01",
    ]);
    assert.deepEqual(
      await sorted("timestamp", ["2024-01-01 00:00:00.1", "2024-01-01 00:00:00.09", "2024-01-01 00:00:00.100000001"]),
      ["2024-01-01 00:00:00.09", "2024-01-01 00:00:00.1", "2024-01-01 00:00:00.100000001"],
    );
  });

  it("takes timestamps with time zones as instants", async () => {
    const values = [
      "2024-07-01 12:00:00.000 UTC",
      "2024-07-01 12:00:00.000 America/New_York",
      "2024-07-01 12:00:00.000 +05:30",
      "2024-07-01 12:00:00.000 Europe/Berlin",
    ];
    assert.deepEqual(await sorted("timestamp with time zone", values), [
      "2024-07-01 12:00:00.000 +05:30",
      "2024-07-01 12:00:00.000 Europe/Berlin",
      "2024-07-01 12:00:00.000 UTC",
      "2024-07-01 12:00:00.000 America/New_York",
    ]);
  });

  it("takes intervals by their length", async () => {
    assert.deepEqual(await sorted("interval day to second", ["10 00:00:00.000", "2 00:00:00.000", "-1 00:00:00.000"]), [
      "-1 00:00:00.000",
      "2 00:00:00.000",
      "10 00:00:00.000",
    ]);
    assert.deepEqual(await sorted("interval year to month", ["10-1", "2-11", "-1-0"]), ["-1-0", "2-11", "10-1"]);
  });

  it("takes text by code points, as Athena's ORDER BY does", async () => {
    assert.deepEqual(await sorted("varchar", ["a", "B", "", "\u{1F600}", "\uFFFD", "ä", "10", "9"]), [
      "",
      "10",
      "9",
      "B",
      "a",
      "ä",
      "\uFFFD",
      "\u{1F600}",
    ]);
  });

  it("is stable, and a second key decides between equals", async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => [String(index % 3), String(index)]);
    const store = await storeOf(["integer", "integer"], rows);
    const once = await store.window({ sort: [{ column: 0, descending: false }], filter: undefined }, ALL, ALL);
    const zeros = once.rows.filter(([key]) => key === "0").map(([, index]) => Number(index));
    assert.deepEqual(
      zeros,
      [...zeros].sort((a, b) => a - b),
    );
    const sort = [
      { column: 0, descending: true },
      { column: 1, descending: true },
    ];
    const twice = await store.window({ sort, filter: undefined }, { from: 0, to: 2 }, ALL);
    assert.deepEqual(twice.rows, [
      ["2", "998"],
      ["2", "995"],
    ]);
  });
});

describe("a filter over the rows held", () => {
  const rows: Row[] = [
    ["Straße", "1"],
    [null, "NULL"],
    ["a.b", "x"],
    ["axb", "A.B"],
  ];
  const found = async (view: Partial<ViewSpec>) => {
    const store = await storeOf(["varchar", "varchar"], rows);
    return (await store.window({ ...NATURAL, ...view }, ALL, ALL)).rows.map(([, second]) => second);
  };

  it("finds text in any column, whatever its case, its marks taken as they are", async () => {
    assert.deepEqual(await found({ filter: { text: "a.b", column: undefined } }), ["x", "A.B"]);
    assert.deepEqual(await found({ filter: { text: "STRAß", column: undefined } }), ["1"]);
    for (const text of ["(", "[a-z", "\\", "*", "$^", "/", "-", "{2}"]) {
      assert.deepEqual(await found({ filter: { text, column: undefined } }), [], text);
    }
  });

  it("finds in one column only; NULL has no text", async () => {
    assert.deepEqual(await found({ filter: { text: "null", column: 1 } }), ["NULL"]);
    assert.deepEqual(await found({ filter: { text: "null", column: 0 } }), []);
  });
});

describe("the store's limits", () => {
  const many = (count: number, width = 1): Row[] => Array.from({ length: count }, () => ["x".repeat(width)]);

  it("holds so many rows and says that there were more", async () => {
    const store = await storeOf(["varchar"], many(5), { rows: 5, bytes: 1e9 });
    assert.equal(store.limit, undefined);
    assert.equal(await store.append(many(1)), 0);
    assert.deepEqual([store.held, store.limit], [5, "rows"]);
  });

  it("holds so many bytes, two for a character that Latin-1 does not have", async () => {
    const store = await storeOf(["varchar"], many(100, 1000), { rows: 1000, bytes: 10_240 });
    assert.deepEqual([store.held, store.limit], [10, "bytes"]);
    const wide = await storeOf(["varchar"], [["\u20ac".repeat(1000)], ["\u20ac".repeat(1000)]], {
      rows: 9,
      bytes: 4_047,
    });
    assert.deepEqual([wide.held, wide.limit], [1, "bytes"]);
  });

  it("holds the first row however large it is", async () => {
    const store = await storeOf(["varchar"], many(2, 5000), { rows: 10, bytes: 100 });
    assert.deepEqual([store.held, store.limit], [1, "bytes"]);
  });

  it("stops reading once it is full", async () => {
    let read = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Row> {
      try {
        for (;;) {
          read += 1;
          yield [String(read)];
        }
      } finally {
        closed = true;
      }
    }
    const store = await storeOf(["bigint"], [], { rows: 1000, bytes: 1e9 });
    assert.equal(await fill(store, endless()), false);
    assert.equal(store.held, 1000);
    assert.equal(closed, true);
    assert.ok(read < 2000, `read ${read}`);
  });

  it("knows that it holds all where the rows end at the limit", async () => {
    const store = await storeOf(["varchar"], [], { rows: 1000, bytes: 1e9 });
    async function* thousand() {
      yield* many(1000);
    }
    assert.equal(await fill(store, thousand()), true);
    assert.deepEqual([store.held, store.limit], [1000, undefined]);
  });

  it("gives windows while rows arrive", async () => {
    const store = await storeOf(
      ["integer"],
      many(3).map((_, index) => [String(3 - index)]),
    );
    const view = { sort: [{ column: 0, descending: false }], filter: undefined };
    assert.equal((await store.window(view, ALL, ALL)).count, 3);
    await store.append([["0"]]);
    const { count, rows } = await store.window(view, { from: 0, to: 2 }, ALL);
    assert.deepEqual([count, rows], [4, [["0"], ["1"]]]);
  });
});
