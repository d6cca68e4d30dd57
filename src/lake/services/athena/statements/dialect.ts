// Where Athena's SQL differs from the engine's: number literals, parameters, views' rights.
import { parameterOffsets, tokens } from "../../../../sql/tokens.ts";
import { QueryError } from "../../../engines/query.ts";
import type { Edit } from "./rewrite.ts";

/** Athena reads 1.5 as a double; Trino reads it as decimal(2,1). With an exponent both read a double. */
export function doubleLiterals(query: string): Edit[] {
  const edits: Edit[] = [];
  for (const { kind, text, end } of tokens(query)) {
    if (kind === "number" && text.includes(".") && !/e/i.test(text)) edits.push({ start: end, end, text: "E0" });
  }
  return edits;
}

/** A literal, signed number, typed literal or NULL: what may stand for a `?` without asking anybody. */
const PLAIN =
  /^\s*(?:[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?|null|true|false|(?:(?:date|time|timestamp|decimal)\s*)?'(?:[^']|'')*')\s*$/i;

/** True where `value` is plainly an expression without column names; otherwise the engine is asked. */
export function isPlainParameter(value: string): boolean {
  return PLAIN.test(value);
}

export function stringLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Puts values (SQL expressions) in the places of `?`. Values without any `?` are ignored, as Athena does. */
export function parameterEdits(query: string, values: readonly string[]): Edit[] {
  const offsets = parameterOffsets(query);
  if (offsets.length === 0) return [];
  if (offsets.length !== values.length) {
    const counted = `expected ${offsets.length} but found ${values.length}`;
    throw new QueryError(
      "INVALID_PARAMETER_USAGE",
      "USER_ERROR",
      `line 1:1: Incorrect number of parameters: ${counted}`,
      undefined,
    );
  }
  return offsets.map((start, at) => {
    const value = (values[at] ?? "").trim();
    return { start, end: start + 1, text: isPlainParameter(value) ? value : `(${value})` };
  });
}
