// A script as a person writes it, split as the editor and `boathouse query` need it.
import assert from "node:assert/strict";
import { splitStatements } from "../../../src/sql/split.ts";
import { blankComments, parameterOffsets, tokens } from "../../../src/sql/tokens.ts";

const texts = (script: string): string[] => splitStatements(script).map((statement) => statement.text);

describe("splitting a script", () => {
  it("ends a statement at its semicolon, and needs none at the end", () => {
    assert.deepEqual(texts("select 1; select 2"), ["select 1", "select 2"]);
    assert.deepEqual(texts("select 1;\n"), ["select 1"]);
  });

  it("leaves semicolons in strings, quoted names and comments alone", () => {
    assert.deepEqual(texts(`select ';', 'it''s; so', "a;""b", \`c;d\` -- one; two\n, 1 /* three; four */ ; select 2`), [
      `select ';', 'it''s; so', "a;""b", \`c;d\` -- one; two\n, 1`,
      "select 2",
    ]);
  });

  it("leaves out pieces that hold only comments", () => {
    assert.deepEqual(texts("-- nothing\n;;\n/* nor here */"), []);
    assert.deepEqual(texts(""), []);
  });

  it("says where each statement lies in the file", () => {
    const script = "-- monthly revenue\nselect 1;\n\n  /* and */\n  select\n  2 ;";
    const places = splitStatements(script).map(({ start, end, line }) => ({ text: script.slice(start, end), line }));
    assert.deepEqual(places, [
      { text: "select 1", line: 2 },
      { text: "select\n  2", line: 5 },
    ]);
  });

  it("takes an open quote or comment to the end, without an error", () => {
    assert.deepEqual(texts("select 'open; select 2"), ["select 'open; select 2"]);
    assert.deepEqual(texts("select 1 /* open; select 2"), ["select 1"]);
  });
});

describe("tokens", () => {
  it("joined are the text again, whatever it holds", () => {
    const text = "select 'ü;''', \"x\"\"y\", 1.5e-3, .5, 2024_sales, a->b, '😀' -- end";
    assert.equal([...tokens(text)].map((token) => token.text).join(""), text);
  });

  it("tell numbers from names that begin with digits", () => {
    const kinds = [...tokens("1 1.5 1e5 .5 2024_sales t1")]
      .filter((token) => token.kind !== "space")
      .map((token) => token.kind);
    assert.deepEqual(kinds, ["number", "number", "number", "number", "word", "word"]);
  });

  it("find parameters outside strings and comments only", () => {
    const text = "select ?, '?', \"?\" /* ? */ where a = ? -- ?";
    assert.deepEqual(
      parameterOffsets(text).map((offset) => text.slice(0, offset).length),
      [7, text.lastIndexOf("= ?") + 2],
    );
  });

  it("blank comments without moving anything", () => {
    assert.equal(blankComments("a /* b\nc */ d -- e\nf"), "a     \n     d     \nf");
  });

  it("take a long literal in one piece", () => {
    const literal = `'${"x".repeat(200_000)}''${"y".repeat(50_000)}'`;
    assert.equal([...tokens(literal)].length, 1);
  });
});
