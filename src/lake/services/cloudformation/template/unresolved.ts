// A value that only a deployment can tell: an attribute of a resource that does not exist yet, or that is about to change.

export class Unresolved {
  /**
   * @param of what it stands for, e.g. "DataBucket.Arn"
   * @param isNew the resource does not exist yet, so the value is surely not what it was
   */
  constructor(
    readonly of: string,
    readonly isNew = true,
  ) {}
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

/** All that is not known yet within a value. */
export function unresolvedIn(value: unknown): Unresolved[] {
  if (value instanceof Unresolved) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(unresolvedIn);
}
