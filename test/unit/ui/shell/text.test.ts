// Names as people gave them, in places where VS Code reads more into them.
import assert from "node:assert/strict";
import { described, oneLine, plain, size, unlinked } from "../../../../src/ui/shell/text.ts";

describe("text in labels", () => {
  it("shows what looks like an icon as it is written", () => {
    assert.equal(plain("$(trash) prod").replaceAll("\u200b", ""), "$(trash) prod");
    assert.doesNotMatch(plain("$(trash) $($(x))"), /\$\(/);
  });

  it("makes no link of what looks like one", () => {
    for (const text of ["[x](command:quit)", "<command:quit>", "<https://a.example>"]) {
      assert.doesNotMatch(unlinked(text), /\]\(|<[a-z]+:/);
      assert.equal(unlinked(text).replaceAll("\u200b", ""), text);
    }
    assert.equal(unlinked("<b> a < b"), "<b> a < b");
    assert.doesNotMatch(described("https://a.example www.a.example a@b.example"), /:\/\/|www\.|@b/);
  });

  it("stays on one line and reads from left to right", () => {
    assert.equal(oneLine("a\r\nb\u0000c\u202Egnp.exe\u2028d"), "a b cgnp.exe d");
  });

  it("leaves other scripts alone", () => assert.equal(plain("データ 🚤 é"), "データ 🚤 é"));

  it("tells sizes as networks do", () => {
    assert.deepEqual([0, 999, 23_732_346, 452_685_086, 1_255_000_000, 999_999].map(size), [
      "0 B",
      "999 B",
      "24 MB",
      "453 MB",
      "1.3 GB",
      "1.0 MB",
    ]);
  });
});
