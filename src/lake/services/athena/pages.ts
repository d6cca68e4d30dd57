// Pages of a list: the token names the last key that was given out, so a page is right whatever was written in between.
import type { Key, Store } from "../../state/store.ts";
import { constraint, invalidRequest } from "./faults.ts";

export interface Page<T> {
  readonly items: T[];
  /** Set where there is more. */
  readonly token: string | undefined;
}

/** A page of the values below `prefix` in key order (or the other way round). */
export async function pageOf<T>(
  store: Store,
  prefix: Key,
  options: { token: string | undefined; limit: number; reverse?: boolean },
): Promise<Page<T>> {
  const { token, limit, reverse = false } = options;
  const last = token === undefined ? undefined : readToken(token, prefix);
  const range = last === undefined ? {} : reverse ? { before: last } : { after: last };
  const items: T[] = [];
  let end: Key = [];
  for await (const [key, value] of store.entries<T>(prefix, { ...range, reverse, limit: limit + 1 })) {
    if (items.length === limit) return { items, token: makeToken(end, prefix) };
    items.push(value);
    end = key;
  }
  return { items, token: undefined };
}

function makeToken(key: Key, prefix: Key): string {
  return Buffer.from(JSON.stringify([prefix, key.slice(prefix.length)])).toString("base64");
}

function readToken(token: string, prefix: Key): Key {
  if (token === "") throw constraint("nextToken", "have length greater than or equal to 1");
  try {
    const [of, rest] = JSON.parse(Buffer.from(token, "base64").toString("utf8")) as [unknown, unknown];
    const mine = JSON.stringify(of) === JSON.stringify(prefix);
    if (mine && Array.isArray(rest) && rest.every((part) => typeof part === "string")) return [...prefix, ...rest];
  } catch {
    // Falls through: not a token of ours.
  }
  throw invalidRequest(`The nextPageToken is malformed: ${token}`);
}
