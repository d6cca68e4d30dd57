// Athena's CSV: NULL and '' apart, any character in a value, pieces that end anywhere; the same rows as a general parser finds.
import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { rowsOfCsv } from "../../../src/queries/athenaCsv.ts";
import type { Row } from "../../../src/queries/results.ts";

async function rows(text: string, size = 1000): Promise<Row[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const all: Row[] = [];
  for await (const row of rowsOfCsv(chunks())) all.push(row);
  return all;
}

describe("Athena's CSV", () => {
  it("tells NULL from an empty text, and keeps quotes, commas and line breaks", async () => {
    assert.deepEqual(await rows('"a","b"\n,""\n"x ""y""","1,2\n3"\n'), [
      ["a", "b"],
      [null, ""],
      ['x "y"', "1,2\n3"],
    ]);
  });

  it("keeps a row that is one NULL", async () => {
    assert.deepEqual(await rows('"a"\n\n"b"\n'), [["a"], [null], ["b"]]);
  });

  it("takes values without quotes, CRLF, and a last line without a break", async () => {
    assert.deepEqual(await rows('a,"b"\r\n1,\r\n,"x\r\ny"'), [
      ["a", "b"],
      ["1", null],
      [null, "x\r\ny"],
    ]);
  });

  it("has no rows where there is no text", async () => assert.deepEqual(await rows(""), []));

  it("holds a value of many megabytes that comes in small pieces", async () => {
    const value = 'é"\n,'.repeat(1_000_000);
    const [found] = await rows(`"${value.replaceAll('"', '""')}"\n`, 16_384);
    assert.equal(found?.[0] === value, true);
  });

  it("finds what csv-parse finds, wherever the pieces end", async () => {
    const marks = ["", "a", '"', ",", "\n", "é", "😀", " ", "\t", '""', "\r\n", "NULL", "\\"];
    let seed = 11;
    const pick = (count: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % count;
    };
    for (let round = 0; round < 200; round++) {
      const columns = 1 + pick(4);
      const values = Array.from({ length: 1 + pick(6) }, () =>
        Array.from({ length: columns }, () => {
          if (pick(5) === 0) return null;
          return Array.from({ length: pick(6) }, () => marks[pick(marks.length)]).join("");
        }),
      );
      const quoted = (value: string | null) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`);
      const text = values.map((row) => `${row.map(quoted).join(",")}\n`).join("");
      const theirs = parse(text, {
        cast: (value, { quoting }) => (quoting || value !== "" ? value : null),
        relax_column_count: true,
        skip_empty_lines: false,
        record_delimiter: "\n",
      });
      const ours = await rows(text, 1 + pick(9));
      assert.deepEqual(ours, values);
      assert.deepEqual(ours, theirs);
    }
  });
});
