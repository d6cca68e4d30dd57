// A statement's short name: its first words, for tabs, trees, messages and files.
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

/** Characters of a proposed name: what a dialog shows of it. */
const LONGEST = 60;

/** A name for a file, of a query's label: its words, and none of them in part. */
export function fileName(label: string): string {
  const words = label.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  // The label itself was cut where it ends so.
  if (label.endsWith("…") && words.length > 1 && /[\p{L}\p{N}]…$/u.test(label)) words.pop();
  let name = "";
  for (const word of words) {
    const longer = name === "" ? word : `${name}-${word}`;
    if ([...longer].length > LONGEST) break;
    name = longer;
  }
  if (name !== "") return name;
  const [first] = words;
  return first === undefined ? "result" : [...first].slice(0, LONGEST).join("");
}
