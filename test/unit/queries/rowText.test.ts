// Rows as text: what other programs paste.
import assert from "node:assert/strict";
import type { Column, Row } from "../../../src/queries/results.ts";
import { toText } from "../../../src/queries/rowText.ts";

const column = (name: string, type: string): Column => ({ name, type, precision: undefined, scale: undefined });
const columns = [column("id", "bigint"), column("name", "varchar"), column("ok", "boolean")];
const rows: Row[] = [
  ["9223372036854775807", 'say "hi"\tthere', "true"],
  ["2", "", null],
  [null, "a|b\n<b>*x*</b>", "false"],
];

describe("rows as text", () => {
  it("TSV as spreadsheets take it, with and without names", () => {
    assert.equal(
      toText("tsv", columns, rows, true),
      'id\tname\tok\n9223372036854775807\t"say ""hi""\tthere"\ttrue\n2\t\t\n\ta|b\n<b>*x*</b>\tfalse'.replace(
        "a|b\n<b>*x*</b>",
        '"a|b\n<b>*x*</b>"',
      ),
    );
    assert.equal(toText("tsv", columns.slice(0, 1), [["1"], ["2"]], false), "1\n2");
  });

  it("CSV as Athena writes it: NULL is not ''", () => {
    assert.equal(
      toText("csv", columns, rows.slice(0, 2), true),
      '"id","name","ok"\n"9223372036854775807","say ""hi""\tthere","true"\n"2","",\n',
    );
  });

  it("JSON with numbers in all their digits, NaN as text, and names that come twice", () => {
    const text = toText("json", columns, rows, false);
    assert.match(text, /"id": 9223372036854775807, /);
    assert.deepEqual((JSON.parse(text) as object[])[1], { id: 2, name: "", ok: null });
    const twice = [column("a", "double"), column("a", "double"), column("a_2", "varchar")];
    assert.deepEqual(JSON.parse(toText("json", twice, [["NaN", "1.5E3", "x"]], false)), [
      { a: "NaN", a_2: 1500, a_2_2: "x" },
    ]);
    assert.deepEqual(JSON.parse(toText("json", columns, [], false)), []);
  });

  it("Markdown in which nothing is markup", () => {
    assert.equal(
      toText("markdown", columns, rows.slice(1), true),
      "| id | name | ok |\n| ---: | --- | --- |\n| 2 |  | *NULL* |\n| *NULL* | a\\|b<br>\\<b\\>\\*x\\*\\</b\\> | false |\n",
    );
  });
});
