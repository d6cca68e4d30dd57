// A value that only a deployment can tell: an attribute of a resource that does not exist yet.

export class Unresolved {
  /** @param of what it stands for, e.g. "DataBucket.Arn" */
  constructor(readonly of: string) {}
}

/** What AWS shows in a change set for a value that it does not know yet. */
export const KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}";

/** The value with AWS's placeholder where something is not known yet. */
export function showUnresolved(value: unknown): unknown {
  if (value instanceof Unresolved) return KNOWN_AFTER_APPLY;
  if (Array.isArray(value)) return value.map(showUnresolved);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, showUnresolved(item)]));
}

export function holdsUnresolved(value: unknown): boolean {
  if (value instanceof Unresolved) return true;
  if (Array.isArray(value)) return value.some(holdsUnresolved);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnresolved);
}
