// Which tables a filter lets through: every word of it must be found in `database.table`, whatever its case.
import type { TableEntry } from "./catalog.ts";

/** Undefined for a filter that says nothing: everything passes. */
export function tableFilter(text: string): ((entry: TableEntry) => boolean) | undefined {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return undefined;
  return ({ database, name }) => {
    const full = `${database}.${name}`.toLowerCase();
    return words.every((word) => full.includes(word));
  };
}
