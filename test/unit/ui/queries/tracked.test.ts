// A statement that was sent, followed through edits of its document: an error that comes later is marked where it belongs now.
import assert from "node:assert/strict";
import { splitStatements } from "../../../../src/sql/split.ts";
import { faultIn, standing, TrackedStatement } from "../../../../src/ui/queries/tracked.ts";

const SENT = "select id, missing from t";

/** A document with the statement behind some text; edits change both. */
class Script {
  text = `-- before\n${SENT};\n-- behind`;
  readonly tracked = new TrackedStatement(SENT, this.text.indexOf(SENT));

  /** Replaces a piece of the document. */
  replace(what: string, by: string): boolean {
    const offset = this.text.indexOf(what);
    assert.ok(offset >= 0, what);
    this.text = this.text.slice(0, offset) + by + this.text.slice(offset + what.length);
    return this.tracked.apply([{ offset, length: what.length, text: by }]);
  }

  /** The word of the document that stands where `missing` of the sent text lies. */
  get marked(): string {
    const at = SENT.indexOf("missing");
    return this.text.slice(this.tracked.place(at), this.tracked.place(at + "missing".length));
  }

  get held(): string {
    return this.text.slice(this.tracked.start, this.tracked.end);
  }
}

describe("a statement that was sent", () => {
  it("moves with what is typed before it, and minds nothing behind it", () => {
    const script = new Script();
    assert.equal(script.replace("-- before\n", "-- much\n-- more\n"), false);
    assert.equal(script.replace("-- behind", "select 2;"), false);
    assert.equal(script.replace(`${SENT};\n`, `${SENT};\n\n\n`), true, "a replacement of the whole touches it");
    const moved = new Script();
    moved.replace("-- before", "--");
    assert.equal(moved.held, SENT);
    assert.equal(moved.marked, "missing");
    assert.equal(moved.tracked.edited, false);
  });

  it("knows where a word lies after edits within it", () => {
    const script = new Script();
    assert.equal(script.replace("id, ", "id, name, "), true);
    assert.equal(script.marked, "missing");
    script.replace(" from t", " from other");
    assert.equal(script.marked, "missing");
    script.replace("-- before\n", "");
    assert.equal(script.marked, "missing");
    assert.equal(script.held, "select id, name, missing from other");
    assert.ok(script.tracked.edited);
  });

  it("places what was replaced at its replacement's start", () => {
    const script = new Script();
    script.replace("missing", "found");
    assert.equal(script.tracked.place(SENT.indexOf("missing")), script.text.indexOf("found"));
  });

  it("is touched by what is typed right at its edges, unless that ends it", () => {
    const at = (text: string, offset: number) => {
      const tracked = new TrackedStatement("select 1", 10);
      return tracked.apply([{ offset, length: 0, text }]);
    };
    assert.equal(at("explain ", 10), true);
    assert.equal(at("\n\n", 10), false);
    assert.equal(at("select 0;\n", 10), false);
    assert.equal(at("0", 18), true);
    assert.equal(at(";", 18), false);
    assert.equal(at(" ", 18), false);
  });

  it("takes several edits of one change in any order", () => {
    const tracked = new TrackedStatement("select a", 20);
    tracked.apply([
      { offset: 0, length: 0, text: "12345" },
      { offset: 10, length: 5, text: "" },
    ]);
    assert.equal(tracked.start, 20);
    assert.equal(tracked.edited, false);
  });
});

describe("what stands now where a statement was sent from", () => {
  /** Three statements, of which the one of the middle was sent; `edits` replace the first occurrence of a text each. */
  const after = (sent: string, ...edits: readonly (readonly [string, string])[]) => {
    let text = "select 1;\n\nselect id, missing from t;\nselect 3;";
    const whole = splitStatements(text).some((one) => one.text === sent);
    const tracked = new TrackedStatement(sent, text.indexOf(sent), !whole);
    for (const [what, by] of edits) {
      const offset = text.indexOf(what);
      // As an editor tells what is typed.
      const typed = by.endsWith(what) ? by.slice(0, by.length - what.length) : undefined;
      tracked.apply([{ offset, length: typed === undefined ? what.length : 0, text: typed ?? by }]);
      text = text.slice(0, offset) + by + text.slice(offset + what.length);
    }
    return standing(tracked, splitStatements(text), text)?.text;
  };

  it("is the statement as it was corrected, also at its start and its end", () => {
    assert.equal(after(SENT), SENT);
    assert.equal(after(SENT, ["missing", "name"], ["select 1;", "select 1;\nselect 2;"]), "select id, name from t");
    assert.equal(after(SENT, ["select id", "explain select id"]), "explain select id, missing from t");
    assert.equal(after(SENT, ["\nselect id", "\nexplain select id"]), "explain select id, missing from t");
    assert.equal(after(SENT, ["from t", "from t where id = 1"]), "select id, missing from t where id = 1");
    assert.equal(after(SENT, ["from t;", "from t\n;"], ["t\n", "t\nlimit 1"]), "select id, missing from t\nlimit 1");
  });

  it("is what was typed in its place; nothing where it was deleted, never the one behind it", () => {
    assert.equal(after(SENT, [SENT, "select 2"]), "select 2");
    assert.equal(after(SENT, [SENT, ""], [";\nselect 3", "select 2;\nselect 3"]), "select 2");
    assert.equal(after(SENT, [`${SENT};\n`, ""]), undefined);
    assert.equal(after(SENT, [SENT, ""]), undefined);
    assert.equal(after(SENT, [`${SENT};\n`, ""], ["select 3", "select 33"]), undefined);
  });

  it("is the part of it, where only a part was sent", () => {
    assert.equal(after("select id", ["id", "id, name"]), "select id, name");
    assert.equal(after("select id", ["select id", ""]), undefined);
  });
});

describe("the part that an error speaks of", () => {
  const part = (message: string) => {
    const { start, end } = faultIn(SENT, message);
    return SENT.slice(start, end);
  };

  it("is the token at its line and column", () => {
    assert.equal(part("COLUMN_NOT_FOUND: line 1:12: Column 'missing' cannot be resolved"), "missing");
    assert.equal(part("FAILED: ParseException line 1:11 cannot recognize input"), "missing");
  });

  it("is the first word where it names no place, or one that is not there", () => {
    assert.equal(part("Query exhausted resources at this scale factor"), "select");
    assert.equal(part("line 9:1: mismatched input"), "select");
  });
});
