// A script into its statements, each with its place, so that an editor can mark it and an error's line can be found in the file.

export interface Statement {
  /** From the first to the last character that means something; without its semicolon and the comments around it. */
  readonly text: string;
  /** Offsets into the script, UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Line of `start`, counted from 1. */
  readonly line: number;
}

const NEWLINE = 0x0a;
const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKTICK = 0x60;
const SEMICOLON = 0x3b;
const DASH = 0x2d;
const SLASH = 0x2f;
const STAR = 0x2a;
const SPACE = /\s/;

/**
 * Splits at semicolons outside strings, quoted names and comments. Pieces that hold nothing but comments are left out.
 * By characters, not by the lexer's tokens: an editor asks again at each key, and a dump of 5 MB is a file too.
 */
export function splitStatements(script: string): Statement[] {
  const statements: Statement[] = [];
  const { length } = script;
  /** Of the statement that is open; -1: none. */
  let start = -1;
  let end = 0;
  let startLine = 1;
  let line = 1;
  let at = 0;
  const close = (): void => {
    if (start >= 0) statements.push({ text: script.slice(start, end), start, end, line: startLine });
    start = -1;
  };
  const lines = (from: number, to: number): void => {
    for (let found = script.indexOf("\n", from); found >= 0 && found < to; found = script.indexOf("\n", found + 1))
      line++;
  };
  while (at < length) {
    const code = script.charCodeAt(at);
    if (code === NEWLINE) {
      line++;
      at++;
      continue;
    }
    if (isSpace(code)) {
      at++;
      continue;
    }
    if (code === DASH && script.charCodeAt(at + 1) === DASH) {
      const next = script.indexOf("\n", at);
      at = next < 0 ? length : next;
      continue;
    }
    if (code === SLASH && script.charCodeAt(at + 1) === STAR) {
      const close = script.indexOf("*/", at + 2);
      const next = close < 0 ? length : close + 2;
      lines(at, next);
      at = next;
      continue;
    }
    if (code === SEMICOLON) {
      close();
      at++;
      continue;
    }
    if (start < 0) {
      start = at;
      startLine = line;
    }
    if (code === QUOTE || code === DOUBLE_QUOTE || code === BACKTICK) {
      const next = endOfQuote(script, at, code);
      lines(at, next);
      at = next;
    } else {
      at++;
    }
    end = at;
  }
  close();
  return statements;
}

/** Behind the closing quote; a doubled one is none, and an open one reaches to the end. */
function endOfQuote(script: string, from: number, code: number): number {
  const quote = String.fromCharCode(code);
  let at = from + 1;
  for (;;) {
    const found = script.indexOf(quote, at);
    if (found < 0) return script.length;
    if (script.charCodeAt(found + 1) !== code) return found + 1;
    at = found + 2;
  }
}

/** As `\s` has it; the common ones without a regular expression. */
function isSpace(code: number): boolean {
  if (code < 128) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return SPACE.test(String.fromCharCode(code));
}
