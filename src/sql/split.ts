// A script into its statements, each with its place, so that an editor can mark it and an error's line can be found in the file.
import { type Token, tokens } from "./tokens.ts";

export interface Statement {
  /** From the first to the last token that means something; without its semicolon and the comments around it. */
  readonly text: string;
  /** Offsets into the script, UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Line of `start`, counted from 1. */
  readonly line: number;
}

/** Splits at semicolons outside strings, quoted names and comments. Pieces that hold nothing but comments are left out. */
export function splitStatements(script: string): Statement[] {
  const statements: Statement[] = [];
  let first: Token | undefined;
  let last: Token | undefined;
  let line = 1;
  let counted = 0;
  const close = (): void => {
    if (first === undefined || last === undefined) return;
    line += count(script, counted, first.start);
    counted = first.start;
    statements.push({ text: script.slice(first.start, last.end), start: first.start, end: last.end, line });
    first = undefined;
    last = undefined;
  };
  for (const token of tokens(script)) {
    if (token.kind === "space" || token.kind === "comment") continue;
    if (token.text === ";") {
      close();
      continue;
    }
    first ??= token;
    last = token;
  }
  close();
  return statements;
}

/** Line breaks between two offsets. */
function count(text: string, from: number, to: number): number {
  let found = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) found++;
  return found;
}
