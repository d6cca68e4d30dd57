// What the page keeps of each tab for when VS Code builds it again: where one was, and the view.
import type { View } from "../../messages/results.ts";
import { type Selection, START } from "./selection.ts";

export interface TabState {
  readonly view: View;
  readonly row: number;
  readonly left: number;
  readonly selection: Selection;
  /** Only where a person changed them. */
  readonly widths: readonly number[] | null;
}

export interface Kept {
  readonly memento: unknown;
  readonly active: string;
  readonly tabs: Readonly<Record<string, TabState>>;
}

export const FRESH: TabState = {
  view: { sort: [], filter: null },
  row: 0,
  left: 0,
  selection: START,
  widths: null,
};

/** What VS Code gave back; it was written by this page, or by one of an older version. */
export function readKept(value: unknown): Kept {
  const { memento, active, tabs } = (value ?? {}) as Partial<Kept>;
  const known = typeof tabs === "object" && tabs !== null ? tabs : {};
  const whole = Object.entries(known).filter(([, state]) => "view" in state && "selection" in state);
  return { memento, active: typeof active === "string" ? active : "", tabs: Object.fromEntries(whole) };
}
