// The pure parts: texts on their way to the engine and back, values and files as Athena writes them. No lake is started.
import assert from "node:assert/strict";
import { csvCutter, csvLine, lineCutter, type Row } from "../../../src/lake/services/athena/results/csv.ts";
import { encodeMetadata } from "../../../src/lake/services/athena/results/metadata.ts";
import { column } from "../../../src/lake/services/athena/results/columns.ts";
import { parseOutputLocation, resultAddress } from "../../../src/lake/services/athena/results/place.ts";
import { Slots } from "../../../src/lake/services/athena/slots.ts";
import { createTableAs } from "../../../src/lake/services/athena/statements/ctas.ts";
import { doubleLiterals, parameterEdits } from "../../../src/lake/services/athena/statements/dialect.ts";
import { expandExecute } from "../../../src/lake/services/athena/statements/execute.ts";
import { rewrite } from "../../../src/lake/services/athena/statements/rewrite.ts";

describe("A statement on its way to the engine", () => {
  const doubles = (query: string): string => rewrite(query, doubleLiterals(query)).text;

  it("has doubles where Athena reads doubles, and nowhere else", () => {
    assert.equal(
      doubles("SELECT 1.5, .5, 2., 1, 1.5e3, DECIMAL '1.5', t.\"1.5\" -- 1.5"),
      "SELECT 1.5E0, .5E0, 2.E0, 1, 1.5e3, DECIMAL '1.5', t.\"1.5\" -- 1.5",
    );
  });

  it("has parameters in their places", () => {
    const put = (query: string, ...values: string[]): string => rewrite(query, parameterEdits(query, values)).text;
    assert.equal(put("LIMIT ?", "10"), "LIMIT 10");
    assert.equal(put("a = ? AND b = '?'", "x + 1"), "a = (x + 1) AND b = '?'");
    assert.equal(put("SELECT 1", "ignored"), "SELECT 1");
    assert.throws(() => put("? ?", "1"), /expected 2 but found 1/);
  });

  it("gives the way back: places in messages are places in what was written", () => {
    const query = "SELECT 1.5, ?,\n 2.5, nope";
    const filled = rewrite(query, parameterEdits(query, ["'a\nlonger text'"]));
    const written = rewrite(filled.text, doubleLiterals(filled.text));
    const lines = written.text.split("\n");
    const at = (needle: string): string => {
      const line = lines.findIndex((text) => text.includes(needle));
      return `line ${line + 1}:${(lines[line] ?? "").indexOf(needle) + 1}: wrong`;
    };
    const back = (message: string): string => filled.message(written.message(message));
    assert.equal(back(at("nope")), "line 2:7: wrong");
    assert.equal(back(at("2.5")), "line 2:2: wrong");
    assert.equal(back(at("SELECT")), "line 1:1: wrong");
    assert.equal(back("no place in it"), "no place in it");
  });

  it("creates tables at Athena's place, with its properties in the engine's words", () => {
    const made = (query: string): string => rewrite(query, createTableAs(query, "s3://r/tables/1/").edits).text;
    assert.equal(
      made("CREATE TABLE t AS WITH a AS (SELECT 1 AS x) SELECT * FROM a"),
      "CREATE TABLE t WITH (external_location = 's3://r/tables/1/') AS WITH a AS (SELECT 1 AS x) SELECT * FROM a",
    );
    const given =
      "CREATE TABLE t WITH (format = 'ORC', partitioned_by = ARRAY['a', 'b'], write_compression = 'zstd', external_location = 's3://x/') AS SELECT 1";
    assert.equal(
      made(given),
      "CREATE TABLE t WITH (format = 'ORC', partitioned_by = ARRAY['a', 'b'], external_location = 's3://x/') AS SELECT 1",
    );
    assert.deepEqual(createTableAs(given, "").session, { "awsdatacatalog.compression_codec": "ZSTD" });
    assert.throws(() => made("CREATE TABLE t WITH (table_type = 'ICEBERG') AS SELECT 1"), /table_type = 'ICEBERG'/);
  });

  it("of EXECUTE is the prepared one with its values", () => {
    const find = (name: string): string | undefined =>
      name === "q" ? "SELECT * FROM t WHERE a = ? AND b = ?" : undefined;
    assert.equal(
      expandExecute("EXECUTE q USING 1, concat('a', 'b')", find),
      "SELECT * FROM t WHERE a = 1 AND b = (concat('a', 'b'))",
    );
    assert.throws(() => expandExecute("EXECUTE other", find), /not found: other/);
  });
});

describe("Result files", () => {
  it("are read back as they were written, however the bytes are cut", () => {
    const rows: Row[] = [
      ["a", "b"],
      [undefined, ""],
      ['say "hi"', "two\nlines, ü"],
      ["", undefined],
      ['"', ","],
    ];
    const bytes = Buffer.from(rows.map(csvLine).join(""));
    for (const size of [1, 2, 3, 7, 1000]) {
      const cutter = csvCutter();
      const read: Row[] = [];
      let length = 0;
      for (let at = 0; at < bytes.length; at += size) {
        for (const cut of cutter.push(bytes.subarray(at, at + size))) {
          read.push(cut.row);
          length += cut.length;
        }
      }
      assert.deepEqual([read, cutter.end(), length], [rows, [], bytes.length]);
    }
  });

  it("of one column tell NULL from an empty text too", () => {
    const cutter = csvCutter();
    assert.deepEqual(
      cutter.push(Buffer.from('\n""\n')).map(({ row }) => row),
      [[undefined], [""]],
    );
  });

  it("of SHOW are lines, the last one without its end", () => {
    const cutter = lineCutter();
    const lines = [...cutter.push(Buffer.from("a\nb")), ...cutter.push(Buffer.from("c\n")), ...cutter.end()];
    assert.deepEqual(
      lines.map(({ row }) => row[0]),
      ["a", "bc", ""],
    );
  });

  it("lie where Athena puts them", () => {
    const place = parseOutputLocation("s3://bucket/prefix");
    assert.deepEqual(
      [
        resultAddress(place, "1", "SELECT", "DML"),
        resultAddress(place, "1", "SHOW_TABLES", "UTILITY"),
        resultAddress(place, "1", "INSERT", "DML"),
      ],
      ["s3://bucket/prefix/1.csv", "s3://bucket/prefix/1.txt", "s3://bucket/prefix/1"],
    );
    assert.equal(resultAddress(parseOutputLocation("s3://bucket"), "1", "EXPLAIN", "DML"), "s3://bucket/1.txt");
    assert.throws(() => parseOutputLocation("s3://"), /not a valid S3 path/);
  });

  it("have metadata as open readers of it expect: fields 1 and 4, of a column 1, 4 to 10", () => {
    const columns = [column("rows", "bigint", { precision: 19 })];
    const bytes = encodeMetadata({
      queryId: "20260920_182735_00001_abcde",
      updateType: "INSERT",
      updateCount: 1,
      columns,
    });
    assert.equal(bytes.length, 75);
    // Behind the id: INSERT, 1 row, one column "rows bigint".
    const behind = "1206494e53455254180122220a04686976652204726f77732a04726f77733206626967696e743813400048035000";
    assert.equal(bytes.toString("hex").slice(58), behind);
  });
});

describe("Slots", () => {
  it("are given in order, and those who leave lose nothing for others", async () => {
    const slots = new Slots(1);
    const never = new AbortController().signal;
    const release = await slots.take(never);
    const leaving = new AbortController();
    const left = slots.take(leaving.signal);
    const got: string[] = [];
    const second = slots.take(never).then((give) => {
      got.push("second");
      give();
    });
    const third = slots.take(never).then(() => got.push("third"));
    leaving.abort(new Error("left"));
    await assert.rejects(left, /left/);
    release();
    release();
    await Promise.all([second, third]);
    assert.deepEqual(got, ["second", "third"]);
  });
});
