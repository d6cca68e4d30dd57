// Object keys in UTF-8 byte order, as S3 lists them: escaping for the store, comparison, and the first key behind a prefix.

/** The store's separator can't stand in a key: U+0000 and U+0001 are written as pairs that sort the same. */
export function escapeKey(key: string): string {
  return key.replaceAll("\u0001", "\u0001\u0002").replaceAll("\u0000", "\u0001\u0001");
}

/** Negative where `a` lists before `b`. JavaScript's own order differs above U+FFFF. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The least key that is behind every key with this prefix, or undefined where there is none. */
export function behindPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let point = points.pop(); point !== undefined; point = points.pop()) {
    if (point === 0x10_ff_ff) continue;
    // Surrogates are no characters of their own.
    const next = point === 0xd7_ff ? 0xe0_00 : point + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}
