// Lists keys with prefix and delimiter, a page at a time: what the four list operations have in common.
import { behindPrefix, compareKeys } from "./keys.ts";

export interface ListRequest {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  /** Where to begin: at this key or behind it. */
  readonly from: string;
  /** A common prefix that was given already: it does not come again. */
  readonly skipPrefix?: string | undefined;
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
  { prefix, delimiter, from, skipPrefix, limit }: ListRequest,
  accept: (item: T) => boolean = () => true,
): Promise<ListPage<T>> {
  const items: T[] = [];
  const prefixes: string[] = [];
  let last: T | string | undefined;
  let next: string | undefined = compareKeys(from, prefix) > 0 ? from : prefix;
  const skipped = skipPrefix ?? "";
  if (skipped !== "" && next.startsWith(skipped)) next = behindPrefix(skipped);
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

function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined || delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
