// Characters that are not seen, made visible. Pure.
import type { Tab } from "../../messages/results.ts";

/** In one line: control characters, which would break it, vanish or turn its direction, are shown by their pictures or numbers. */
export function onLine(text: string): string {
  return text.replaceAll("\r\n", "\u23ce").replace(/[\p{Cc}\p{Cf}]/gu, pictureOf);
}

/** The same in lines: what ends a line does so. */
export function inLines(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (mark) => (/[\n\r\t]/.test(mark) ? mark : pictureOf(mark)));
}

function pictureOf(mark: string): string {
  if (mark === "\n") return "\u23ce";
  if (mark === "\t") return "\u21e5";
  // Joins the parts of an emoji, and letters of some scripts.
  if (mark === "\u200d" || mark === "\u200c") return mark;
  const code = mark.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** Run Again says what it does where that is not what one expects: the statement is not in its file any more. */
export function againText({ lost }: Pick<Tab, "lost">): string {
  return lost ? "Run the Same Text Again" : "Run Again";
}
