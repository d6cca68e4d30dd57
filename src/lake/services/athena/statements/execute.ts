// EXECUTE name USING values: the workgroup's prepared statement with the values in its places.
// https://docs.aws.amazon.com/athena/latest/ug/sql-execute.html
import { meaningful, unquote } from "../../../../sql/tokens.ts";
import { QueryError } from "../../../engines/query.ts";
import { rewrite } from "./rewrite.ts";
import { parameterEdits } from "./dialect.ts";

export function executeName(query: string): string {
  const [, name] = [...meaningful(query)];
  return name === undefined ? "" : name.kind === "quoted" ? unquote(name) : name.text;
}

/** Throws the engine's kind of error where there is no such statement. */
export function expandExecute(query: string, find: (name: string) => string | undefined): string {
  const name = executeName(query);
  const statement = find(name);
  if (statement === undefined) {
    throw new QueryError("NOT_FOUND", "USER_ERROR", `line 1:1: Prepared statement not found: ${name}`, undefined);
  }
  return rewrite(statement, parameterEdits(statement, values(query))).text;
}

/** Expressions behind USING, cut at the commas outside parentheses. */
function values(query: string): string[] {
  const list = [...meaningful(query)];
  const using = list[2];
  if (using?.text.toUpperCase() !== "USING") return [];
  const found: string[] = [];
  let depth = 0;
  let start = using.end;
  for (const token of list.slice(3)) {
    if (token.text === "(" || token.text === "[") depth++;
    else if (token.text === ")" || token.text === "]") depth--;
    else if (token.text === "," && depth === 0) {
      found.push(query.slice(start, token.start));
      start = token.end;
    }
  }
  found.push(query.slice(start));
  return found;
}
