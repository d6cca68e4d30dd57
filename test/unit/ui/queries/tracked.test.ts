// A statement that was sent, followed through edits of its document: an error that comes later is marked where it belongs now.
import assert from "node:assert/strict";
import { faultIn, TrackedStatement } from "../../../../src/ui/queries/tracked.ts";

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
