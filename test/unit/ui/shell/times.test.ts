// Times as people read them, in the local time of whoever reads.
import { equal } from "node:assert/strict";
import { ago, duration, fullTime, moment, upcoming } from "../../../../src/ui/shell/times.ts";

const now = new Date(2026, 10, 24, 10, 30, 0);
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe("times", () => {
  for (const [seconds, text] of [
    [0, "0 s"],
    [0.84, "0.8 s"],
    [9.99, "9.9 s"],
    [12.4, "12 s"],
    [59.7, "1 min"],
    [60, "1 min"],
    [185, "3 min 5 s"],
    [3600, "1 h"],
    [3720, "1 h 2 min"],
    [200_000, "55 h 33 min"],
  ] as const) {
    it(`${seconds} s is "${text}"`, () => equal(duration(seconds), text));
  }

  for (const [seconds, text] of [
    [0, "just now"],
    [-30, "just now"],
    [44, "just now"],
    [46, "1 min ago"],
    [300, "5 min ago"],
    [3 * 3600, "3 h ago"],
    [14 * 3600, "yesterday 20:30"],
    [40 * 3600, "2026-11-22 18:30"],
  ] as const) {
    it(`${seconds} s before is "${text}"`, () => equal(ago(before(seconds), now), text));
  }

  for (const [seconds, text] of [
    [10, "in a minute"],
    [300, "in 5 min"],
    [2 * 3600, "today 12:30"],
    [14 * 3600, "tomorrow 00:30"],
    [72 * 3600, "2026-11-27 10:30"],
  ] as const) {
    it(`${seconds} s from now is "${text}"`, () => equal(upcoming(after(seconds), now), text));
  }

  it("a moment of today has seconds, another one its day", () => {
    equal(moment(before(60), now), "10:29:00");
    equal(moment(before(86_400), now), "yesterday 10:30");
    equal(moment(before(4 * 86_400), now), "2026-11-20 10:30");
  });

  it("a full time names its zone", () =>
    equal(/^2026-11-24 10:30:00 UTC([+-]\d+(:\d\d)?)?$/.test(fullTime(now)), true));
});
