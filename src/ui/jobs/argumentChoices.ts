// The list that a run's arguments are chosen and changed in. Pure.
import type { Choice, Heading } from "../shell/quickInput.ts";

/** What the person does next: start, change one, add one. */
export type Next =
  | { readonly kind: "run" }
  | { readonly kind: "change"; readonly name: string }
  | { readonly kind: "add" };

/** Arguments that Glue itself reads. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html */
const GLUES =
  /^--(job-language|scriptLocation|extra-|TempDir|enable-|job-bookmark-|additional-python|conf$|customer-|user-jars|continuous-|class$|python-modules|datalake-formats|auto-scale|executor-|spark-event|write-shuffle|no-color|custom-logGroup|custom-logStream|enable|encryption-type)/i;

/** The list: start first, then what the script reads, then what Glue reads. */
export function argumentChoices(
  defaults: Readonly<Record<string, string>>,
  changed: ReadonlyMap<string, string>,
): (Choice<Next> | Heading)[] {
  const names = [...new Set([...Object.keys(defaults), ...changed.keys()])];
  const choice = (name: string): Choice<Next> => ({
    label: name,
    description: changed.get(name) ?? defaults[name] ?? "",
    ...(changed.has(name)
      ? { detail: defaults[name] === undefined ? "added for this run" : `changed for this run from ${defaults[name]}` }
      : {}),
    value: { kind: "change", name },
  });
  const own = names.filter((name) => !GLUES.test(name));
  const glues = names.filter((name) => GLUES.test(name));
  return [
    {
      icon: "play",
      label: "Run",
      description: changed.size === 0 ? "with the job's own arguments" : `with ${changed.size} changed`,
      value: { kind: "run" },
    },
    { icon: "add", label: "Add an argument...", value: { kind: "add" } },
    ...(own.length === 0 ? [] : [{ heading: "Arguments of the script" }, ...own.map(choice)]),
    ...(glues.length === 0 ? [] : [{ heading: "Arguments of Glue" }, ...glues.map(choice)]),
  ];
}
