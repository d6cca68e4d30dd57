// Asks for the values of a statement's `?`.
// https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
import { BoathouseError } from "../../base/errors.ts";
import { classify } from "../../sql/classify.ts";
import { parameterOffsets } from "../../sql/tokens.ts";
import { askSteps } from "../shell/quickInput.ts";
import { oneLine } from "../shell/text.ts";

/** More than a person answers one by one. */
const MOST = 20;
/** A statement that long is data, and looking for its parameters takes a moment; characters. */
const LONGEST = 262_144;

/** What was answered last, by the statement's text. */
const answered = new Map<string, readonly string[]>();

/** Undefined where the statement has no parameters. @throws BoathouseError `cancelled` where the person presses Escape. */
export async function askParameters(sql: string): Promise<readonly string[] | undefined> {
  if (sql.length > LONGEST || !sql.includes("?")) return undefined;
  const places = parameterOffsets(sql);
  // PREPARE gives them with EXECUTE.
  if (places.length === 0 || classify(sql).kind === "PREPARE") return undefined;
  if (places.length > MOST) {
    throw new BoathouseError("invalid", `The statement has ${places.length} parameters; ${MOST} can be asked for.`, {
      next: "Write values in place of some of them, or use PREPARE and EXECUTE … USING.",
    });
  }
  const before = answered.get(sql) ?? [];
  const values = places.map((_, at) => before[at] ?? "");
  await askSteps(
    "Query Parameters",
    places.map((offset, at) => async (ask) => {
      values[at] = await ask.text({
        prompt: `Value ${at + 1} of ${places.length}, of “${around(sql, offset)}”. As SQL: 42, 'text', DATE '2026-01-31'.`,
        value: values[at] ?? "",
        placeholder: "'text'",
        validate: (value) => (value.trim() === "" ? "A value is needed; NULL where there is none." : undefined),
      });
    }),
  );
  answered.set(sql, values);
  return values;
}

/** The words before a parameter, so that a person knows which one it is. */
export function around(sql: string, offset: number): string {
  const words = oneLine(sql.slice(Math.max(0, offset - 60), offset + 1))
    .trim()
    .split(/\s+/);
  const last = words.slice(-5);
  return `${last.length < words.length || offset > 60 ? "… " : ""}${last.join(" ")}`;
}
