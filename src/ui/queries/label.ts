// A statement's short name: its first words, for tabs, trees and messages.
import { blankComments } from "../../sql/tokens.ts";
import { oneLine } from "../shell/text.ts";

/** Characters of the text that are looked at: statements may be megabytes. */
const READ = 2000;

export function labelOf(sql: string, longest = 50): string {
  const words = oneLine(blankComments(sql.slice(0, READ)).replaceAll(/\s+/g, " ")).trim();
  if (words === "") return "(empty statement)";
  const characters = [...words];
  return characters.length <= longest
    ? words
    : `${characters
        .slice(0, longest - 1)
        .join("")
        .trimEnd()}…`;
}
