// Places in a script: the statement that a cursor means, an error's line and column, names written for Athena.
import assert from "node:assert/strict";
import { offsetOf, statementAt, statementsIn, tokenAt } from "../../../src/sql/places.ts";
import { qualifiedName, quoteName, selectFrom } from "../../../src/sql/quote.ts";
import { splitStatements } from "../../../src/sql/split.ts";
import { tokens } from "../../../src/sql/tokens.ts";

/** The script with | at the cursor -> the text of the statement that it means. */
function meant(marked: string): string | undefined {
  const offset = marked.indexOf("|");
  const script = marked.replace("|", "");
  return statementAt(splitStatements(script), script, offset)?.text;
}

describe("the statement under the cursor", () => {
  it("is the one it stands in, at its edges too", () => {
    assert.equal(meant("sel|ect 1; select 2"), "select 1");
    assert.equal(meant("|select 1; select 2"), "select 1");
    assert.equal(meant("select 1|; select 2"), "select 1");
    assert.equal(meant("select 1; sele|ct 2"), "select 2");
  });

  it("behind the semicolon is still the one before, on the next one's line the next one", () => {
    assert.equal(meant("select 1;|\nselect 2"), "select 1");
    assert.equal(meant("select 1;\n|select 2"), "select 2");
    assert.equal(meant("select 1;\n  |  select 2"), "select 2");
    assert.equal(meant("select 1; | select 2"), "select 1");
  });

  it("in the empty space between two is the one before; above the first, the first", () => {
    assert.equal(meant("select 1;\n\n|\n\nselect 2"), "select 1");
    assert.equal(meant("-- head|er\n\nselect 1"), "select 1");
    assert.equal(meant("-- noth|ing"), undefined);
  });

  it("is found among thousands", () => {
    const script = Array.from({ length: 5000 }, (_, at) => `select ${at}`).join(";\n");
    const at = script.indexOf("select 4321");
    assert.equal(statementAt(splitStatements(script), script, at + 3)?.text, "select 4321");
  });

  it("a selection touches those that it holds a part of", () => {
    const statements = splitStatements("select 1; select 2; select 3");
    assert.deepEqual(
      statementsIn(statements, 5, 14).map(({ text }) => text),
      ["select 1", "select 2"],
    );
  });
});

describe("splitting by characters", () => {
  it("finds what the lexer's tokens say", () => {
    const pieces = [
      "select 1",
      ";",
      "'",
      "''",
      '"',
      "`",
      "--x;\n",
      "/*;*/",
      "\n",
      " ",
      "\u00a0",
      "-",
      "/",
      "*",
      "ü😀",
      "1e--3",
      "$$",
      "'a;b'",
      "|",
      "->",
    ];
    let seed = 7;
    const random = (below: number) => (seed = (seed * 16807) % 2147483647) % below;
    for (let tries = 0; tries < 3000; tries++) {
      const script = Array.from({ length: random(14) }, () => pieces[random(pieces.length)]).join("");
      const expected: { start: number; end: number }[] = [];
      let open: { start: number; end: number } | undefined;
      for (const { kind, text, start, end } of tokens(script)) {
        if (kind === "space" || kind === "comment") continue;
        if (text === ";") {
          if (open !== undefined) expected.push(open);
          open = undefined;
        } else open = { start: open?.start ?? start, end };
      }
      if (open !== undefined) expected.push(open);
      const found = splitStatements(script);
      assert.deepEqual(
        found.map(({ start, end }) => ({ start, end })),
        expected,
        JSON.stringify(script),
      );
      for (const { start, line } of found) assert.equal(line, script.slice(0, start).split("\n").length);
    }
  });
});

describe("an error's place", () => {
  it("is counted in lines and code points", () => {
    const text = "select 'ü😀', x\n  from t";
    assert.equal(text.slice(offsetOf(text, 1, 14)), "x\n  from t");
    assert.equal(text.slice(offsetOf(text, 2, 3)), "from t");
    assert.equal(offsetOf(text, 1, 99), text.indexOf("\n"));
    assert.equal(offsetOf(text, 3, 1), undefined);
  });

  it("is the token there; at the end, the last one", () => {
    const text = "select id, -- why\n nothing_here";
    const marked = (offset: number) => {
      const { start, end } = tokenAt(text, offset);
      return text.slice(start, end);
    };
    assert.equal(marked(text.indexOf("nothing")), "nothing_here");
    assert.equal(marked(0), "select");
    assert.equal(marked(text.length), "nothing_here");
    assert.equal(marked(text.indexOf("why")), "nothing_here");
    assert.deepEqual(tokenAt("", 0), { start: 0, end: 0 });
  });
});

describe("names for Athena", () => {
  it("are quoted where they must be", () => {
    assert.equal(quoteName("orders"), "orders");
    assert.equal(quoteName("order"), '"order"');
    assert.equal(quoteName("2024_sales"), '"2024_sales"');
    assert.equal(quoteName('a"b'), '"a""b"');
    assert.equal(qualifiedName("my-db", "t"), '"my-db".t');
  });

  it("make a SELECT that names its columns", () => {
    assert.equal(selectFrom("db", "t", ["a", "Group"], 10), 'SELECT\n  a,\n  "Group"\nFROM db.t\nLIMIT 10');
    assert.equal(selectFrom("db", "t", [], 10), "SELECT *\nFROM db.t\nLIMIT 10");
  });
});
