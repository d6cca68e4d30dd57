// A run's arguments: the job's own, changed or added to before it starts.
import { askFor, pick } from "../shell/quickInput.ts";
import { argumentChoices, type Next } from "./argumentChoices.ts";

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
