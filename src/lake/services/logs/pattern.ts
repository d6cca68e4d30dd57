// Filter patterns for unstructured log events: terms, quoted phrases, ?optional and -excluded terms.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html
import { notImplemented } from "../../fault.ts";
import { invalid } from "./checks.ts";

interface Term {
  readonly kind: "all" | "any" | "none";
  readonly text: string;
}

/** What says whether a message matches. Case counts. Throws InvalidParameterException, or refuses JSON, field and regex patterns by name. */
export function filterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text.startsWith("{")) throw notImplemented("JSON filter patterns");
  if (text.startsWith("[")) throw notImplemented("space-delimited filter patterns");
  const terms = parse(text);
  const all = terms.filter((term) => term.kind === "all");
  const none = terms.filter((term) => term.kind === "none");
  // Beside terms of another kind, AWS ignores optional ones.
  const any = terms.length === 0 || terms.some((term) => term.kind !== "any") ? undefined : terms;
  return (message) =>
    all.every((term) => message.includes(term.text)) &&
    !none.some((term) => message.includes(term.text)) &&
    (any === undefined || any.some((term) => message.includes(term.text)));
}

function parse(pattern: string): Term[] {
  const terms: Term[] = [];
  let at = 0;
  while (at < pattern.length) {
    if (/\s/.test(pattern[at] ?? "")) {
      at++;
      continue;
    }
    const sign = pattern[at];
    const kind = sign === "?" ? "any" : sign === "-" ? "none" : "all";
    if (kind !== "all") at++;
    if (pattern[at] === "%") throw notImplemented("regular expressions in filter patterns");
    const [text, next] = pattern[at] === '"' ? quoted(pattern, at) : word(pattern, at);
    terms.push({ kind, text });
    at = next;
  }
  return terms;
}

function quoted(pattern: string, at: number): [text: string, next: number] {
  let text = "";
  for (let index = at + 1; index < pattern.length; index++) {
    const character = pattern[index] ?? "";
    if (character === "\\") text += pattern[++index] ?? "";
    else if (character === '"') return [text, index + 1];
    else text += character;
  }
  throw invalid(`Invalid filter pattern: ${pattern}`);
}

function word(pattern: string, at: number): [text: string, next: number] {
  const [text = ""] = /^\S+/.exec(pattern.slice(at)) ?? [];
  // Anything but letters, digits and the underscore has to stand in quotes.
  if (!/^[\p{L}\p{N}_]+$/u.test(text)) throw invalid(`Invalid character(s) in term '${text}'`);
  return [text, at + text.length];
}
