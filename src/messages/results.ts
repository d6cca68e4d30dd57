// What the results panel's two sides say to each other: the page asks for windows of rows, the extension tells what happened.
import type { Contract } from "./channel.ts";

/** How a column's values are set: numbers to the right. */
export type ColumnKind = "number" | "boolean" | "time" | "text" | "nested";

export interface ColumnShown {
  readonly name: string;
  /** As Athena spells it: "decimal(12,2)". */
  readonly type: string;
  readonly kind: ColumnKind;
  /** The type in words, for the tooltip. */
  readonly about: string;
  /** Characters of its longest value among the first rows, cut at 60. */
  readonly characters: number;
}

/** NULL, a value, or the beginning of a long value. */
export type Cell = string | null | { readonly cut: string; readonly length: number };

/** A value longer than this reaches the page only when it is looked at by itself; characters. */
export const LONGEST_CELL = 500;

/** Half open, 0-based. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface View {
  readonly sort: readonly { readonly column: number; readonly descending: boolean }[];
  readonly filter: { readonly text: string; readonly column: number | null } | null;
}

export interface WindowOfRows {
  readonly rows: Span;
  readonly columns: Span;
  readonly cells: readonly (readonly Cell[])[];
  /** Rows of the view at that time. */
  readonly count: number;
}

/** A tab's table, as soon as its first rows are there. */
export interface Table {
  readonly tab: string;
  readonly columns: readonly ColumnShown[];
  /** The first window in the result's own order, so that rows show without asking. */
  readonly first: WindowOfRows;
}

export type TabStatus =
  | {
      readonly kind: "waiting";
      /** "Queued", "Running" ... */
      readonly text: string;
      /** Since the statement was started, at the time of this message; ms. */
      readonly elapsed: number;
      readonly cancellable: boolean;
      /** What is said once it takes longer than some seconds; "" for nothing. */
      readonly patience: string;
    }
  | {
      readonly kind: "failed";
      readonly title: string;
      readonly message: string;
      readonly next: string;
      /** A person's cancel is no failure. */
      readonly cancelled: boolean;
    }
  | {
      readonly kind: "rows";
      /** Rows are still being read into the store. */
      readonly reading: boolean;
      readonly held: number;
      /** Rows of the whole result, where known. */
      readonly of: number | null;
      /** Why not all are held. */
      readonly limit: "rows" | "bytes" | null;
      /** The reading broke off; what is held can still be seen. */
      readonly broken: string | null;
    };

/** A line of the status bar: "Scanned", "12.3 MB", and more in its tooltip. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly about: string;
  /** Its value is not shown but copied by a press. */
  readonly copies: boolean;
}

/** What may help a person on, and the button for it. */
export interface Hint {
  readonly text: string;
  readonly button: string | null;
}

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly sql: string;
  readonly connection: string;
  readonly status: TabStatus;
  readonly facts: readonly Fact[];
  /** Columns are known: a table can be asked for. */
  readonly table: boolean;
  readonly exporting: boolean;
  /** Its statement is not in its file any more: Run Again runs the text that was run. */
  readonly lost: boolean;
  /** Why there are no rows, where something is known of it. */
  readonly hint: Hint | null;
}

export interface Panel {
  readonly tabs: readonly Tab[];
  /** The tab that is shown; "" where there is none. */
  readonly active: string;
  readonly table: Table | null;
  /** Opaque to the page, which keeps it for the time after a reload. */
  readonly memento: unknown;
}

export type TextFormat = "tsv" | "csv" | "json" | "markdown";

/** What menus and keys of VS Code ask of the page's selection. */
export type Action =
  | { readonly kind: "copy"; readonly format: TextFormat; readonly names: boolean }
  | { readonly kind: "sort"; readonly descending: boolean | null }
  | { readonly kind: "open" | "find" | "selectAll" | "selectColumn" | "selectRow" };

interface Selected {
  readonly tab: string;
  readonly view: View;
  readonly rows: Span;
  readonly columns: Span;
}

export interface OfTab {
  readonly tab: string;
}

export interface ResultsContract extends Contract {
  /** The page asks. */
  readonly requests: {
    /** First of all; whatever was told before is in the answer. */
    readonly open: [params: { readonly active: string | null }, result: Panel];
    readonly show: [params: OfTab, result: Table | null];
    readonly window: [params: Selected, result: WindowOfRows];
    /** One value, whole. */
    readonly cell: [params: { tab: string; view: View; row: number; column: number }, result: string | null];
    /** Puts the selected values on the clipboard; answers how many characters. One value as TSV is the value itself, not quoted. */
    readonly copy: [params: Selected & { format: TextFormat; names: boolean }, result: number];
    /** Opens one value in an editor. */
    readonly edit: [params: { tab: string; view: View; row: number; column: number }, result: null];
    /** Characters of the longest held value of a column, its name included, cut at 400. */
    readonly widest: [params: OfTab & { readonly column: number }, result: number];
    readonly export: [params: OfTab, result: null];
    readonly cancel: [params: OfTab, result: null];
    readonly rerun: [params: OfTab, result: null];
    /** The hint's button was pressed. */
    readonly follow: [params: OfTab, result: null];
    /** Puts a text of the page (a message) on the clipboard. */
    readonly copyText: [params: { readonly text: string }, result: null];
    readonly close: [params: OfTab, result: null];
  };
  /** The extension tells. */
  readonly notifications: {
    /** Tabs came or went. */
    readonly panel: Panel;
    readonly tab: Tab;
    readonly table: Table;
    readonly act: Action;
  };
}
