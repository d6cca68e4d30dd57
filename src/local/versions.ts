// Which of two versions is older, by the order of Semantic Versioning's numbers.

/** True where `version` is a lower release than `than`. Development versions (0.0.0-dev) are no release: never older, never newer. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  if (a === undefined || b === undefined) return false;
  for (const [at, number] of a.entries()) {
    const other = b[at] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}

function numbers(version: string): number[] | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  return found === null ? undefined : found.slice(1).map(Number);
}
