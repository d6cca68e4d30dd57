// Habit 8: a member with effect that an operation does not honour is refused by name, never ignored.
import { notImplemented } from "./fault.ts";

/** Throws for the first member of `input` that no path of `fields` admits. Lists are walked as if they were their items. */
export function refuseUnknown(subject: string, input: unknown, fields: readonly string[], path = ""): void {
  if (Array.isArray(input)) {
    for (const item of input) refuseUnknown(subject, item, fields, path);
    return;
  }
  if (typeof input !== "object" || input === null || Object.getPrototypeOf(input) !== Object.prototype) return;
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null) continue;
    const here = path === "" ? name : `${path}.${name}`;
    if (fields.includes(here)) continue;
    const deeper = fields.some((field) => field.startsWith(`${here}.`));
    if (!deeper) throw notImplemented(`${subject} with ${here}`);
    refuseUnknown(subject, value, fields, here);
  }
}
