// Paths in a narrow place: whose they are and what they are can be read, their middle is in the tooltip.
import assert from "node:assert/strict";
import { shownPath } from "../../../../src/ui/shell/paths.ts";

describe("a path as a side bar shows it", () => {
  const name = "x".repeat(60);
  for (const [path, shown] of [
    ["/home/ana/.local/share/boathouse/lake", "~/.local/share/boathouse/lake"],
    ["/home/ana", "~"],
    // Of somebody else whose name begins alike.
    ["/home/anab/lake", "/home/anab/lake"],
    ["/srv/data/lake", "/srv/data/lake"],
    [
      "/home/ana/projects/customers/analytics/playground/boathouse/data/lake",
      "~/…/analytics/playground/boathouse/data/lake",
    ],
    [
      "/mnt/volumes/projects/customers/analytics/playground/boathouse/lake",
      "/mnt/…/analytics/playground/boathouse/lake",
    ],
    [`/mnt/${name}`, `/mnt/${"x".repeat(20)}…${"x".repeat(24)}`],
    [`/home/ana/a/${name}`, `~/a/${"x".repeat(21)}…${"x".repeat(24)}`],
  ] as const) {
    it(`${path} is ${shown}`, () => {
      assert.equal(shownPath(path, "/home/ana"), shown);
      assert.ok(shown.length <= 50);
    });
  }
  it("where the home folder is all there is, nothing is below it", () =>
    assert.equal(shownPath("/lake", "/"), "/lake"));
});
