// What could stand where the cursor is (¦), and which tables a statement names.
import { deepEqual, equal } from "node:assert/strict";
import { readTables } from "../../../src/sql/names.ts";
import { type Wanted, wantedAt } from "../../../src/sql/wanted.ts";

function at(marked: string): Wanted | undefined {
  const offset = marked.indexOf("¦");
  return wantedAt(marked.replace("¦", ""), offset);
}

/** "column of sales.orders", "table", "nothing". */
function say(marked: string): string {
  const wanted = at(marked);
  if (wanted === undefined) return "nothing";
  return [wanted.kind, ...(wanted.qualifier.length === 0 ? [] : ["of", wanted.qualifier.join(".")])].join(" ");
}

describe("what could stand at a place of a statement", () => {
  for (const [marked, expected] of [
    ["SELECT ¦ FROM orders", "column"],
    ["SELECT or¦ FROM orders", "column"],
    ["SELECT a, ¦ FROM orders", "column"],
    ["SELECT sum(¦ FROM orders", "column"],
    ["SELECT sum(amount) ¦ FROM orders", "nothing"],
    ["SELECT a AS ¦ FROM orders", "nothing"],
    ["SELECT a ¦ FROM orders", "nothing"],
    ["SELECT 1¦ FROM orders", "nothing"],
    ["SELECT 'a¦b' FROM orders", "nothing"],
    ["SELECT 'a' || '¦ FROM orders", "nothing"],
    ["SELECT a -- of ¦\nFROM orders", "nothing"],
    ["SELECT a -- of¦", "nothing"],
    ["SELECT /* ¦ */ a", "nothing"],
    ["SELECT /* */ ¦ FROM orders", "column"],
    ["SELECT o.¦ FROM orders o", "column of o"],
    ["SELECT o.am¦ FROM orders o", "column of o"],
    ['SELECT "O".¦ FROM orders o', "column of o"],
    ["SELECT sales.orders.¦ FROM sales.orders", "column of sales.orders"],
    ["SELECT * FROM ¦", "table"],
    ["SELECT * FROM or¦", "table"],
    ['SELECT * FROM "or¦', "table"],
    ["SELECT * FROM sales.¦", "table of sales"],
    ["SELECT * FROM a, ¦", "table"],
    ["SELECT * FROM a WHERE x IN (1, ¦)", "column"],
    ["SELECT * FROM a GROUP BY x, ¦", "column"],
    ["SELECT * FROM a JOIN ¦", "table"],
    ["SELECT * FROM a JOIN b ON ¦", "column"],
    ["SELECT * FROM a WHERE ¦", "column"],
    ["SELECT * FROM a WHERE x = ¦", "column"],
    ["SELECT * FROM a WHERE x = 1 AND ¦", "column"],
    ["SELECT * FROM a ORDER BY ¦", "column"],
    ["SELECT * FROM a LIMIT ¦", "nothing"],
    ["SELECT * FROM a ORDER BY x DESC ¦", "nothing"],
    ["SELECT * FROM a ORDER BY x DESC, ¦", "column"],
    ["SELECT * FROM a ¦", "nothing"],
    ["SELECT extract(year FROM ¦) FROM a", "column"],
    ["SELECT * FROM a WHERE x IS DISTINCT FROM ¦", "column"],
    ["SELECT * FROM (SELECT ¦ FROM a)", "column"],
    ["SELECT * FROM (SELECT 1, ¦", "column"],
    ["WITH x AS (SELECT * FROM ¦", "table"],
    ["INSERT INTO ¦", "table"],
    ["DESCRIBE ¦", "table"],
    ["SHOW CREATE TABLE ¦", "table"],
    ["¦", "nothing"],
    ["SEL¦", "nothing"],
    ["SELECT 1; ¦", "nothing"],
    ["SELECT * ¦", "nothing"],
    ["SELECT count(*¦", "nothing"],
    ["SELECT a * ¦ FROM orders", "column"],
    ["SELECT a[1] ¦ FROM orders", "nothing"],
  ] as const) {
    it(`${JSON.stringify(marked)}: ${expected}`, () => equal(say(marked), expected));
  }

  it("what is replaced begins at the name's first letter or its quote", () => {
    equal(at("SELECT * FROM ord¦")?.from, 14);
    equal(at('SELECT * FROM "ord¦')?.from, 14);
    equal(at("SELECT * FROM sales.ord¦")?.from, 20);
    equal(at("SELECT * FROM ¦")?.from, 14);
    deepEqual(
      [at('SELECT * FROM "or¦d" WHERE')].map((one) => [one?.from, one?.to, one?.quoted]),
      [[14, 19, true]],
    );
    deepEqual(
      [at("SELECT * FROM or¦d WHERE")].map((one) => [one?.from, one?.to, one?.quoted]),
      [[14, 17, false]],
    );
  });

  it("common table expressions are tables of the statement", () => {
    deepEqual([...(at("WITH a AS (SELECT 1), b (x, y) AS (SELECT 2) SELECT * FROM ¦")?.expressions ?? [])], ["a", "b"]);
    equal(at("SELECT cast(x AS int), f(y) FROM ¦")?.expressions.size, 0);
  });
});

describe("the tables of a statement", () => {
  const table = (name: string, alias?: string, database?: string) => ({ database, table: name, alias });
  for (const [sql, expected] of [
    ["SELECT * FROM orders", [table("orders")]],
    ["SELECT * FROM Sales.Orders AS O WHERE 1 = 1", [table("orders", "o", "sales")]],
    ['SELECT * FROM awsdatacatalog."sales"."or""ders" o', [table('or"ders', "o", "sales")]],
    [
      "SELECT * FROM a, b x JOIN c USING (id) LEFT JOIN d ON true",
      [table("a"), table("b", "x"), table("c"), table("d")],
    ],
    ["SELECT * FROM (SELECT * FROM a) x, unnest(x.y) AS t (z)", [table("a")]],
    ["SELECT a, b FROM c GROUP BY a, b", [table("c")]],
    ["SELECT * FROM a WHERE x IN (SELECT y FROM b)", [table("a"), table("b")]],
    ["INSERT INTO t SELECT * FROM s", [table("t"), table("s")]],
    ["SELECT | FROM", []],
    ["SELECT 'FROM x' -- FROM y", []],
  ] as const) {
    it(sql, () =>
      deepEqual(
        readTables(sql).tables.map(({ database, table, alias }) => ({ database, table, alias })),
        expected,
      ),
    );
  }
});
