// The grid without a browser: where things lie, what is selected, what keys mean, which blocks are asked for.
import assert from "node:assert/strict";
import type { WindowOfRows } from "../../../src/messages/results.ts";
import { Columns, Rows } from "../../../src/webview/results/geometry.ts";
import { prettyJson } from "../../../src/webview/results/json.ts";
import { commandOf } from "../../../src/webview/results/keys.ts";
import { at, fitted, movedSelection, rectangle } from "../../../src/webview/results/selection.ts";
import { nextSort, sortText } from "../../../src/webview/results/sorting.ts";
import { inLines, onLine } from "../../../src/webview/results/text.ts";
import { BLOCK, Windows } from "../../../src/webview/results/windows.ts";

describe("rows under a scroll bar", () => {
  it("shows those that any part of is visible", () => {
    const rows = new Rows(10_000, 24, 240);
    assert.deepEqual(rows.visible(0), { from: 0, to: 10 });
    assert.deepEqual(rows.visible(12), { from: 0, to: 11 });
    assert.deepEqual(rows.visible(10_000 * 24 - 240), { from: 9990, to: 10_000 });
    assert.equal(rows.reveal(5, 0), 0);
    assert.equal(rows.reveal(10, 0), 24);
    assert.equal(rows.reveal(3, 240), 72);
  });

  it("reaches the last of millions, where an element could not be so tall", () => {
    const rows = new Rows(5_000_000, 24, 240);
    assert.ok(rows.scrollHeight <= 8_000_000);
    const bottom = rows.scrollHeight - 240;
    const { from, to } = rows.visible(bottom);
    assert.equal(to, 5_000_000);
    assert.ok(from >= 4_999_989);
    assert.ok(Math.abs(rows.top(4_999_999, bottom) - (bottom + 240 - 24)) < 1);
    const middle = rows.reveal(2_500_000, 0);
    const shown = rows.visible(middle);
    assert.ok(shown.from <= 2_500_000 && shown.to > 2_500_000);
  });

  it("has none where there are none", () => {
    assert.deepEqual(new Rows(0, 24, 240).visible(0, 5), { from: 0, to: 0 });
    assert.deepEqual(new Columns([]).visible(0, 100), { from: 0, to: 0 });
  });
});

describe("columns of their own widths", () => {
  const columns = new Columns(Array.from({ length: 5000 }, (_, index) => 50 + (index % 3) * 50));
  it("finds the column at a place", () => {
    assert.equal(columns.at(0), 0);
    assert.equal(columns.at(49), 0);
    assert.equal(columns.at(50), 1);
    assert.equal(columns.at(1e9), 4999);
    for (const column of [0, 1, 17, 2500, 4999]) assert.equal(columns.at(columns.left(column)), column);
  });
  it("shows a part of five thousand", () => {
    const { from, to } = columns.visible(columns.left(2500), 1000);
    assert.equal(from, 2500);
    assert.ok(to - from <= 12);
  });
  it("reveals a column that is wider than the window by its beginning", () => {
    assert.equal(new Columns([100, 900]).reveal(1, 0, 500), 100);
  });
});

describe("the selection", () => {
  const extent = { rows: 100, columns: 10 };
  const from = (row: number, column: number) => at({ row, column });
  it("moves, stays in the table, and reaches the header above the first row", () => {
    assert.deepEqual(movedSelection(from(0, 0), "up", false, extent, 9).active, { row: -1, column: 0 });
    assert.deepEqual(movedSelection(from(-1, 0), "up", false, extent, 9).active, { row: -1, column: 0 });
    assert.deepEqual(movedSelection(from(5, 9), "right", false, extent, 9).active, { row: 5, column: 9 });
    assert.deepEqual(movedSelection(from(5, 5), "last", false, extent, 9).active, { row: 99, column: 9 });
    assert.deepEqual(movedSelection(from(3, 5), "pageUp", false, extent, 9).active, { row: 0, column: 5 });
  });
  it("extends from where it began", () => {
    const twice = movedSelection(movedSelection(from(5, 5), "up", true, extent, 9), "left", true, extent, 9);
    assert.deepEqual(rectangle(twice, extent), { rows: { from: 4, to: 6 }, columns: { from: 4, to: 6 } });
    assert.equal(movedSelection(from(0, 0), "up", true, extent, 9).active.row, 0);
  });
  it("takes whole rows and columns", () => {
    const rows = { ...from(5, 5), shape: "rows" as const };
    assert.deepEqual(rectangle(rows, extent), { rows: { from: 5, to: 6 }, columns: { from: 0, to: 10 } });
    const columns = { ...from(5, 5), shape: "columns" as const };
    assert.deepEqual(rectangle(columns, extent), { rows: { from: 0, to: 100 }, columns: { from: 5, to: 6 } });
  });
  it("is nothing on the header or in an empty table, and fits into a smaller one", () => {
    assert.equal(rectangle(from(-1, 2), extent), undefined);
    assert.equal(rectangle(from(0, 0), { rows: 0, columns: 3 }), undefined);
    assert.deepEqual(fitted(from(50, 5), { rows: 3, columns: 2 }).active, { row: 2, column: 1 });
  });
});

describe("keys", () => {
  const key = (name: string, held = "") => ({
    key: name,
    ctrl: held.includes("c"),
    shift: held.includes("s"),
    alt: held.includes("a"),
  });
  it("move, extend and select as the grid pattern has it", () => {
    assert.deepEqual(commandOf(key("ArrowDown"), false), { kind: "move", move: "down", extend: false });
    assert.deepEqual(commandOf(key("ArrowRight", "cs"), false), { kind: "move", move: "rowEnd", extend: true });
    assert.deepEqual(commandOf(key("Home", "c"), false), { kind: "move", move: "first", extend: false });
    assert.deepEqual(commandOf(key(" ", "c"), false), { kind: "selectColumn" });
    assert.deepEqual(commandOf(key(" ", "s"), false), { kind: "selectRow" });
    assert.deepEqual(commandOf(key("a", "c"), false), { kind: "selectAll" });
  });
  it("sort and widen on a header", () => {
    assert.deepEqual(commandOf(key("Enter"), true), { kind: "sort", add: false });
    assert.deepEqual(commandOf(key(" ", "s"), true), undefined);
    assert.deepEqual(commandOf(key("ArrowLeft", "a"), true), { kind: "resize", by: -16 });
    assert.deepEqual(commandOf(key("ArrowLeft", "a"), false), undefined);
  });
  it("leave to VS Code what is not theirs", () => {
    for (const other of [key("p", "c"), key("F1"), key("Tab"), key("x"), key("F", "cs"), key("Enter", "s")]) {
      assert.equal(commandOf(other, false), undefined, JSON.stringify(other));
    }
  });
});

describe("a sort by presses", () => {
  it("goes from ascending over descending to none", () => {
    const first = nextSort([], 3, false);
    const second = nextSort(first, 3, false);
    assert.deepEqual([first, second], [[{ column: 3, descending: false }], [{ column: 3, descending: true }]]);
    assert.deepEqual(nextSort(second, 3, false), []);
  });
  it("adds keys with Shift", () => {
    const both = nextSort(nextSort([], 1, false), 0, true);
    assert.deepEqual(nextSort(both, 1, true), [
      { column: 1, descending: true },
      { column: 0, descending: false },
    ]);
    const shown = ["name", "amount"].map(
      (name) => ({ name, type: "", kind: "text", about: "", characters: 1 }) as const,
    );
    assert.equal(sortText(nextSort(both, 1, true), shown), "Sorted by amount descending, name ascending");
  });
});

describe("windows of rows", () => {
  function fake() {
    const asked: {
      rows: { from: number };
      columns: { from: number };
      signal: AbortSignal;
      answer(count: number): void;
    }[] = [];
    const counts: number[] = [];
    const windows = new Windows(
      (rows, columns, signal) =>
        new Promise<WindowOfRows>((resolve) => {
          const answer = (count: number) => {
            const last = Math.min(rows.to, count);
            const cells = Array.from({ length: Math.max(0, last - rows.from) }, (_, row) =>
              Array.from(
                { length: columns.to - columns.from },
                (__, column) => `${rows.from + row}/${columns.from + column}`,
              ),
            );
            resolve({ rows, columns, cells, count });
          };
          asked.push({ rows, columns, signal, answer });
        }),
      (count) => counts.push(count),
      () => undefined,
    );
    return { asked, counts, windows };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it("asks for each block once, and gives its cells once they are there", async () => {
    const { asked, counts, windows } = fake();
    windows.want({ from: 90, to: 110 }, { from: 0, to: 10 });
    windows.want({ from: 90, to: 110 }, { from: 0, to: 10 });
    assert.equal(asked.length, 2);
    assert.equal(windows.cell(95, 3), undefined);
    for (const { answer } of asked) answer(10_000);
    await turn();
    assert.equal(windows.cell(95, 3), "95/3");
    assert.equal(windows.cell(105, 3), "105/3");
    assert.deepEqual(counts, [10_000, 10_000]);
  });

  it("gives up on what scrolled out of sight, and drops answers of an older view", async () => {
    const { asked, windows } = fake();
    windows.want({ from: 0, to: 10 }, { from: 0, to: 10 });
    windows.want({ from: 5000, to: 5010 }, { from: 0, to: 10 });
    assert.equal(asked[0]?.signal.aborted, true);
    windows.invalidate(false);
    asked[1]?.answer(10_000);
    await turn();
    assert.equal(windows.cell(5000, 0), undefined);
  });

  it("asks again for a block that rows were added to, and shows it meanwhile", async () => {
    const { asked, windows } = fake();
    const cells = [["a"], ["b"]];
    windows.seed({ rows: { from: 0, to: 2 }, columns: { from: 0, to: 1 }, cells, count: 2 });
    windows.grown();
    windows.want({ from: 0, to: BLOCK.rows }, { from: 0, to: 1 });
    assert.equal(windows.cell(1, 0), "b");
    asked[0]?.answer(100);
    await turn();
    assert.equal(windows.cell(99, 0), "99/0");
  });
});

describe("JSON in lines", () => {
  it("keeps every digit, and leaves other texts alone", () => {
    const long = '{"id":12345678901234567890.123456789,"list":[1,{"a":[]},{}],"text":"a{,:\\"]"}';
    const pretty = prettyJson(long) ?? "";
    assert.match(pretty, /"id": 12345678901234567890\.123456789,\n {2}"list": \[\n {4}1,/);
    assert.deepEqual(JSON.parse(pretty), JSON.parse(long));
    for (const text of ["", "a", "12", '{"a":', "[a, b]"]) assert.equal(prettyJson(text), undefined);
  });
});

describe("characters that are not seen", () => {
  it("are shown in a cell's one line", () => {
    assert.equal(onLine("a\r\nb\n\tc\0d\u202ee\u200b"), "a\u23ceb\u23ce\u21e5c\u2400d[U+202E]e[U+200B]");
  });
  it("leave emoji and line breaks of messages as they are", () => {
    assert.equal(onLine("\u{1F468}\u200d\u{1F469}\u200d\u{1F467}"), "\u{1F468}\u200d\u{1F469}\u200d\u{1F467}");
    assert.equal(inLines("a\nb\u202ec"), "a\nb[U+202E]c");
  });
});
