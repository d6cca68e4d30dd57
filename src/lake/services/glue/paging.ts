// Pages of a list: tokens name the last key that was given out, so that a page is right whatever was written in between.
import type { Key, Store } from "../../state/store.ts";
import { invalidInput } from "./faults.ts";
import { unpack } from "./packing.ts";

export interface PageOptions<T> {
  readonly token: string | undefined;
  /** Members a page; the caller has checked it against the operation's limits. */
  readonly limit: number;
  readonly where?: (value: T) => boolean;
  readonly reverse?: boolean;
}

export interface Page<T> {
  readonly items: T[];
  /** Set where there is more. */
  readonly token: string | undefined;
}

/** A page of the records below `prefix`, in key order. */
export async function page<T>(store: Store, prefix: Key, options: PageOptions<T>): Promise<Page<T>> {
  const last = options.token === undefined ? undefined : [...prefix, ...readToken(options.token, prefix)];
  const range = last === undefined ? {} : options.reverse === true ? { before: last } : { after: last };
  const items: T[] = [];
  let key: Key = [];
  for await (const [found, record] of store.entries<unknown>(prefix, { ...range, reverse: options.reverse ?? false })) {
    const value = unpack(record) as T;
    if (options.where !== undefined && !options.where(value)) continue;
    if (items.length === options.limit) return { items, token: makeToken(key, prefix) };
    items.push(value);
    key = found;
  }
  return { items, token: undefined };
}

function makeToken(key: Key, prefix: Key): string {
  return Buffer.from(JSON.stringify([prefix.join("/"), key.slice(prefix.length)])).toString("base64url");
}

function readToken(token: string, prefix: Key): string[] {
  try {
    const [of, rest] = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as [unknown, unknown];
    if (of === prefix.join("/") && Array.isArray(rest) && rest.every((part) => typeof part === "string")) return rest;
  } catch {
    // Falls through: not a token of ours.
  }
  throw invalidInput("The pagination token is not one that this operation gave out.");
}

/** MaxResults within its limits (as the operation's page states them), `otherwise` where not given. */
export function pageSize(maxResults: number | undefined, largest: number, otherwise = largest): number {
  if (maxResults === undefined) return otherwise;
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > largest) {
    throw invalidInput(
      `1 validation error detected: Value '${maxResults}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and ${largest}`,
    );
  }
  return maxResults;
}
