// The order of keys, and the first key behind a prefix: what listings stand on.
import { deepEqual, equal, ok } from "node:assert/strict";
import { behindPrefix, compareKeys, escapeKey } from "../../../../src/lake/services/s3/keys.ts";
import { parseRange } from "../../../../src/lake/services/s3/ranges.ts";

const KEYS = [
  "",
  "\u0000",
  "\u0000\u0000",
  "\u0000a",
  "\u0001",
  "\u0001\u0001",
  "\u0002",
  "a",
  "a\u0000",
  "a\u0000b",
  "a\u0001",
  "a/",
  "a0",
  "ab",
  "\ud7ff",
  "\ue000",
  "\uffff",
  "\u{10000}",
  "\u{10ffff}",
];

describe("keys", () => {
  it("sort by their UTF-8 bytes, escaped or not", () => {
    const sorted = [...KEYS].sort(compareKeys);
    deepEqual(
      sorted,
      [...KEYS].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
    const escaped = [...KEYS].sort((a, b) => compareKeys(escapeKey(a), escapeKey(b)));
    deepEqual(escaped, sorted);
    equal(new Set(KEYS.map(escapeKey)).size, KEYS.length);
    ok(KEYS.every((key) => !escapeKey(key).includes("\u0000")));
  });

  it("have a least key behind every prefix", () => {
    equal(behindPrefix("a/"), "a0");
    equal(behindPrefix("\ud7ff"), "\ue000");
    equal(behindPrefix("a\u{10ffff}"), "b");
    equal(behindPrefix("\u{10ffff}\u{10ffff}"), undefined);
    for (const prefix of KEYS.filter((key) => key !== "")) {
      const behind = behindPrefix(prefix);
      for (const key of KEYS) {
        const isBehind = behind !== undefined && compareKeys(key, behind) >= 0;
        if (key.startsWith(prefix)) ok(!isBehind, JSON.stringify([prefix, key]));
        else equal(isBehind, compareKeys(key, prefix) > 0, JSON.stringify([prefix, key]));
      }
    }
  });
});

describe("a range", () => {
  it("is heeded where it is one range of bytes", () => {
    const cases: [string | undefined, number, { start: number; end: number } | undefined][] = [
      [undefined, 10, undefined],
      ["bytes=0-4", 10, { start: 0, end: 4 }],
      ["bytes=4-", 10, { start: 4, end: 9 }],
      ["bytes=-4", 10, { start: 6, end: 9 }],
      ["bytes=-40", 10, { start: 0, end: 9 }],
      ["bytes=4-40", 10, { start: 4, end: 9 }],
      ["bytes=4-3", 10, undefined],
      ["bytes=0-1,3-4", 10, undefined],
      ["octets=0-1", 10, undefined],
    ];
    for (const [header, size, expected] of cases) deepEqual(parseRange(header, size), expected, header);
  });
});
