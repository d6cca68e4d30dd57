// Lists keys with prefix and delimiter, a page at a time: what the four list operations have in common.
import { behindPrefix, compareKeys } from "./keys.ts";

export interface ListRequest {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  /**
   * Where the page before ended, or where the client wants to begin: a key or a common prefix. Begins at this key
   * (`accept` may leave it out); a common prefix that it is, or lies in, does not come again.
   */
  readonly after: string | undefined;
  /** Items and common prefixes together. */
  readonly limit: number;
}

export interface ListPage<T> {
  readonly items: T[];
  readonly prefixes: string[];
  readonly truncated: boolean;
  /** The last item or prefix of the page. */
  readonly last: T | string | undefined;
}

/**
 * Walks `source` (items from a key on, by key in UTF-8 order). Behind a common prefix the source is asked anew,
 * so that a folder of many keys costs one step. `accept` leaves out single items.
 */
export async function listPage<T extends { readonly key: string }>(
  source: (from: string) => AsyncIterable<T>,
  { prefix, delimiter, after = "", limit }: ListRequest,
  accept: (item: T) => boolean = () => true,
): Promise<ListPage<T>> {
  const items: T[] = [];
  const prefixes: string[] = [];
  let last: T | string | undefined;
  const given = after.startsWith(prefix) ? commonPrefix(after, prefix, delimiter) : undefined;
  let next = given === undefined ? laterOf(after, prefix) : behindPrefix(given);
  while (next !== undefined) {
    const start: string = next;
    next = undefined;
    for await (const item of source(start)) {
      if (!item.key.startsWith(prefix)) return { items, prefixes, truncated: false, last };
      const common = commonPrefix(item.key, prefix, delimiter);
      if (common === undefined && !accept(item)) continue;
      if (items.length + prefixes.length >= limit) return { items, prefixes, truncated: limit > 0, last };
      if (common === undefined) {
        items.push(item);
        last = item;
      } else {
        prefixes.push(common);
        last = common;
        next = behindPrefix(common);
        break;
      }
    }
  }
  return { items, prefixes, truncated: false, last };
}

function laterOf(a: string, b: string): string {
  return compareKeys(a, b) > 0 ? a : b;
}

function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined || delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
