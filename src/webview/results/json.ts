// JSON laid out in lines, without reading its numbers, which may have more digits than a double. Pure.

/** Longer texts stay as they are, so that the page stays quick; characters. */
const LONGEST = 2_000_000;

/** Indented; undefined where the text is no object or array of JSON. */
export function prettyJson(text: string): string | undefined {
  if (text.length > LONGEST || !/^\s*[[{]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const out: string[] = [];
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|\[\s*\]|\{\s*\}|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    if (token === "{" || token === "[") {
      depth += 1;
      out.push(token, line());
    } else if (token === "}" || token === "]") {
      depth -= 1;
      out.push(line(), token);
    } else if (token === ",") out.push(token, line());
    else out.push(token === ":" ? ": " : token);
  }
  return out.join("");
}
