// A statement that was sent, followed through the edits of its document, so that an error that comes later is marked where it belongs now.
import { errorPosition } from "../../queries/executions.ts";
import { offsetOf, tokenAt } from "../../sql/places.ts";
import type { Statement } from "../../sql/split.ts";

/** A replaced piece of the document, in offsets of before it. */
export interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

export class TrackedStatement {
  private from: number;
  private to: number;
  private touched = false;
  private gone = false;
  /** Those within it, relative to its start at that time. */
  private readonly inner: Edit[] = [];

  /** @param sent the text that was sent; it stood at `start`. */
  constructor(
    readonly sent: string,
    start: number,
    /** A selection within a statement, not a whole one. */
    readonly part = false,
  ) {
    this.from = start;
    this.to = start + sent.length;
  }

  /** Offsets in the document as it is now. */
  get start(): number {
    return this.from;
  }

  get end(): number {
    return this.to;
  }

  /** Its text is another one than was sent. */
  get edited(): boolean {
    return this.touched;
  }

  /** It was deleted, or replaced, together with what stood around it: nothing says where it is now. */
  get lost(): boolean {
    return this.gone;
  }

  /** Takes the edits of one change of the document; true where one of them touched the statement. */
  apply(edits: readonly Edit[]): boolean {
    let touched = false;
    // From behind, so that each one's offsets still hold.
    for (const edit of [...edits].sort((a, b) => b.offset - a.offset)) touched = this.applyOne(edit) || touched;
    this.touched ||= touched;
    return touched;
  }

  /** Where an offset of the sent text lies in the document now; what was replaced lies at its replacement's start. */
  place(offset: number): number {
    let at = offset;
    for (const { offset: where, length, text } of this.inner) {
      if (where + length <= at) at += text.length - length;
      else if (where <= at) at = where;
    }
    return this.from + at;
  }

  private applyOne({ offset, length, text }: Edit): boolean {
    const end = offset + length;
    if (end <= this.from) {
      this.from += text.length - length;
      this.to += text.length - length;
      // Typed right before its first character, it is part of it.
      return end === this.from - text.length + length && /\S/.test(text) && !/[;\n]\s*$/.test(text);
    }
    if (offset > this.to || (offset === this.to && /^(?:\s|;|$)/.test(text))) return false;
    if (offset <= this.from && end >= this.to && length > this.to - this.from) this.gone = true;
    const last = Math.min(end, this.to);
    if (offset < this.from) {
      // What stood before it went, too: the statement goes on behind the replacement.
      this.inner.push({ offset: 0, length: last - this.from, text: "" });
      const left = this.to - last;
      this.from = offset + text.length;
      this.to = this.from + left;
      return true;
    }
    this.inner.push({ offset: offset - this.from, length: last - offset, text });
    this.to += text.length - (last - offset);
    return true;
  }
}

export type Standing = Pick<Statement, "text" | "start">;

/**
 * What stands now where a statement was sent from: the whole statement there; where only a part of one was sent, that part.
 * Undefined where nothing is left of it.
 * @param statements those of the document as it is now
 */
export function standing(
  tracked: TrackedStatement,
  statements: readonly Statement[],
  script: string,
): Standing | undefined {
  const { start, end, part, lost } = tracked;
  if (lost) return undefined;
  if (part) {
    const text = script.slice(start, end).trim();
    const from = start + script.slice(start, end).search(/\S/);
    return text === "" ? undefined : { text, start: from };
  }
  // Deleted as a whole, what begins there now is the statement behind it; typed anew, it ends there.
  const gone = start >= end;
  return statements.find((one) => (gone ? one.start < start : one.start <= start) && start <= one.end);
}

/** The part of the sent text that an error speaks of; its first word where the error names no place. */
export function faultIn(sent: string, message: string): { start: number; end: number } {
  const position = errorPosition(message);
  const offset = position === undefined ? undefined : offsetOf(sent, position.line, position.column);
  return tokenAt(sent, offset ?? 0);
}
