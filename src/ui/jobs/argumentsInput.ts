// A run's arguments: the job's own, changed or added to before it starts.
import { type Choice, askFor, type Heading, pick } from "../shell/quickInput.ts";

/** What the person does next: start, change one, add one. */
type Next = { readonly kind: "run" } | { readonly kind: "change"; readonly name: string } | { readonly kind: "add" };

/** Arguments that Glue itself reads. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html */
const GLUES =
  /^--(job-language|scriptLocation|extra-|TempDir|enable-|job-bookmark-|additional-python|conf$|customer-|user-jars|continuous-|class$|python-modules|datalake-formats|auto-scale|executor-|spark-event|write-shuffle|no-color|custom-logGroup|custom-logStream|enable|encryption-type)/i;

/**
 * Asks until the person starts the run. Returns only what differs from the job's own arguments, as StartJobRun takes it.
 * @param given what an earlier run was given, to start from
 * @throws BoathouseError `cancelled` where the person leaves.
 */
export async function askArguments(
  job: string,
  defaults: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  const title = `Run ${job}`;
  const changed = new Map(Object.entries(given));
  for (;;) {
    const next = await pick<Next>(title, {
      placeholder: "Choose an argument to change it for this run",
      choices: argumentChoices(defaults, changed),
    });
    if (next.kind === "run") return Object.fromEntries(changed);
    const name = next.kind === "change" ? next.name : await askName(title);
    const value = await askFor(title, {
      prompt: `${name} for this run. The job itself stays as it is.`,
      value: changed.get(name) ?? defaults[name] ?? "",
    });
    if (value === defaults[name]) changed.delete(name);
    else changed.set(name, value);
  }
}

async function askName(title: string): Promise<string> {
  const typed = await askFor(title, {
    prompt: "Name of the argument, as the script reads it",
    placeholder: "day",
    validate: (text) => (/^(--)?[A-Za-z0-9_.-]+$/.test(text) ? undefined : "Letters, digits, _ . and - only."),
  });
  return typed.startsWith("--") ? typed : `--${typed}`;
}

/** The list: start first, then what the script reads, then what Glue reads. Pure. */
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
