// Which sort follows from a press on a column's header. Pure.
import type { ColumnShown, View } from "../../messages/results.ts";

type Sort = View["sort"];

/** Ascending, descending, none, in turn. `add`: as a further key behind those that are there. */
export function nextSort(sort: Sort, column: number, add: boolean): Sort {
  const known = sort.find((key) => key.column === column);
  const next =
    known === undefined ? { column, descending: false } : known.descending ? undefined : { column, descending: true };
  if (!add) return next === undefined ? [] : [next];
  if (known === undefined) return next === undefined ? sort : [...sort, next];
  return sort.flatMap((key) => (key === known ? (next ?? []) : key));
}

/** "Sorted by amount descending, name ascending". */
export function sortText(sort: Sort, columns: readonly ColumnShown[]): string {
  const keys = sort.map(
    ({ column, descending }) => `${columns[column]?.name ?? column}${descending ? " descending" : " ascending"}`,
  );
  return `Sorted by ${keys.join(", ")}`;
}
