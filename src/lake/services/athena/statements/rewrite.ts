// Changes to a statement on its way to the engine, with the way back: an error's line and column are those of the person's text.

export interface Edit {
  readonly start: number;
  /** Exclusive; equal to `start` where text is only put in. */
  readonly end: number;
  readonly text: string;
}

export interface Rewritten {
  readonly text: string;
  /** The message with "line L:C" in the original's places. */
  readonly message: (message: string) => string;
}

/** `edits` in ascending order, not overlapping. */
export function rewrite(original: string, edits: readonly Edit[]): Rewritten {
  let text = "";
  let done = 0;
  /** Where text kept as it is begins: [offset in the new text, offset in the original]. */
  const kept: [number, number][] = [[0, 0]];
  for (const edit of edits) {
    text += original.slice(done, edit.start);
    kept.push([text.length, edit.start]);
    text += edit.text;
    done = edit.end;
    kept.push([text.length, edit.end]);
  }
  text += original.slice(done);
  const back = (offset: number): number => {
    const [from, to] = kept.findLast(([start]) => start <= offset) ?? [0, 0];
    const next = kept.find(([start]) => start > offset);
    return Math.min(to + offset - from, next?.[1] ?? original.length);
  };
  return {
    text,
    message: (message) =>
      message.replace(/^line (\d+):(\d+)/, (_place, line: string, column: string) => {
        const [atLine, atColumn] = placeOf(original, back(offsetOf(text, Number(line), Number(column))));
        return `line ${atLine}:${atColumn}`;
      }),
  };
}

/** Lines and columns are counted from 1. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf("\n", start) + 1;
  return start + column - 1;
}

function placeOf(text: string, offset: number): [line: number, column: number] {
  const before = text.slice(0, offset);
  return [before.split("\n").length, offset - before.lastIndexOf("\n")];
}
