// Looking into resolved template values, whose shape TypeScript does not know.

/** What lies at a path of names and indexes ("ConnectionInput/Name", "Statement/0"); undefined where anything on the way is missing. */
export function get(value: unknown, path: string): unknown {
  let here: unknown = value;
  for (const name of path.split("/")) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

/** A list's items; AWS lets a list of one stand without brackets in many places. */
export function items(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

export function texts(value: unknown): string[] {
  return items(value).map(String);
}

/** Text at a path, "" where there is none; JSON where something else than a plain value stands there. */
export function text(value: unknown, path: string): string {
  const found = get(value, path);
  if (found === undefined || found === null) return "";
  return typeof found === "string" ? found : JSON.stringify(found);
}

/** CloudFormation takes true and "true" alike. */
export function isTrue(value: unknown): boolean {
  return String(value) === "true";
}

export function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
