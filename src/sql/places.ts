// Places in a script: the statement under the cursor, and where an engine's line and column lie.
import type { Statement } from "./split.ts";
import { tokens } from "./tokens.ts";

/**
 * The statement that a person means with the cursor at `offset`: the one it stands in or right behind, on its line too; between two of
 * them, the one before. Undefined where the script has none.
 */
export function statementAt(statements: readonly Statement[], script: string, offset: number): Statement | undefined {
  let low = 0;
  let high = statements.length;
  // The first that begins behind the cursor.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const before = statements[low - 1];
  const after = statements[low];
  if (before !== undefined && offset <= before.end) return before;
  // The cursor stands in front of a statement on its own line (indentation), or at its end behind the semicolon.
  if (after !== undefined && !script.slice(offset, after.start).includes("\n")) {
    const between = before === undefined ? "\n" : script.slice(before.end, offset);
    if (between.includes("\n")) return after;
  }
  return before ?? after;
}

/** The statements that a selection touches; half open, as offsets. */
export function statementsIn(statements: readonly Statement[], from: number, to: number): Statement[] {
  return statements.filter(({ start, end }) => start < to && end > from);
}

/**
 * The offset of a 1-based line and column as the engine counts them: in code points. Past the line's end it is the line's end.
 * Undefined where the text has no such line.
 */
export function offsetOf(text: string, line: number, column: number): number | undefined {
  let at = 0;
  for (let current = 1; current < line; current++) {
    const next = text.indexOf("\n", at);
    if (next < 0) return undefined;
    at = next + 1;
  }
  for (let current = 1; current < column; current++) {
    if (at >= text.length || text[at] === "\n" || text[at] === "\r") break;
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}

/** The token at an offset of a statement, or its last one where the offset is the end or space: what an editor underlines. */
export function tokenAt(text: string, offset: number): { start: number; end: number } {
  let last = { start: 0, end: Math.min(1, text.length) };
  for (const { kind, start, end } of tokens(text)) {
    if (kind === "space" || kind === "comment") continue;
    if (start > offset) return offset <= last.end ? last : { start, end };
    last = { start, end };
    if (offset < end) return last;
  }
  return last;
}
