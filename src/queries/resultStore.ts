// The rows of a result, held so that a grid can ask for windows of them: the interface, and the one way it is filled.
import type { Column, Row } from "./results.ts";

export interface SortKey {
  /** Index among the store's columns. */
  readonly column: number;
  readonly descending: boolean;
}

export interface Filter {
  /** Found anywhere in a value's text, whatever its case. NULL has no text. Never empty. */
  readonly text: string;
  /** Undefined: in any column. */
  readonly column: number | undefined;
}

/** Which of the held rows, in which order. Sort and filter never see rows that are not held. */
export interface ViewSpec {
  /** The first key counts most; rows that are equal in all keep the result's order. */
  readonly sort: readonly SortKey[];
  readonly filter: Filter | undefined;
}

export const NATURAL: ViewSpec = { sort: [], filter: undefined };

/** Half open, 0-based. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Window {
  /** How many rows the view has now. */
  readonly count: number;
  /** The asked rows that exist, each with the asked columns, values whole. */
  readonly rows: readonly Row[];
}

/** What may not be exceeded: "rows" or "bytes" once it was reached. */
export type Limit = "rows" | "bytes";

/**
 * Rows held in the result's order. They are added while others are read; a view that was asked for meanwhile is of the rows held then.
 * Windows of one view agree with each other as long as no row is added.
 */
export interface ResultStore {
  readonly columns: readonly Column[];
  /** Rows held. */
  readonly held: number;
  /** What they take, as the store's own limit counts it. */
  readonly heldBytes: number;
  /** Adds rows in order, as many as fit; returns how many that were. */
  append(rows: readonly Row[]): Promise<number>;
  /** Set once rows did not fit. */
  readonly limit: Limit | undefined;
  window(view: ViewSpec, rows: Span, columns: Span, signal?: AbortSignal): Promise<Window>;
  /** Gives back what it holds. */
  dispose(): Promise<void>;
}

/** A batch is handed over when it has so many rows, or has waited so long: ms. The first one is what a screen shows. */
const FIRST = 100;
const BATCH = 500;
const LONGEST_WAIT = 30;

export interface FillOptions {
  readonly signal?: AbortSignal;
  /** After each batch; the next one waits for it. */
  readonly onHeld?: () => void | Promise<void>;
}

/**
 * Reads rows into the store until they end or it is full. One batch at a time, so the reader waits for the store; a full store ends the
 * reading, and with it the download. Returns whether it holds them all.
 */
export async function fill(
  store: ResultStore,
  rows: AsyncIterable<Row>,
  { signal, onHeld }: FillOptions = {},
): Promise<boolean> {
  let batch: Row[] = [];
  let since = Date.now();
  const flush = async (): Promise<boolean> => {
    const taken = await store.append(batch);
    const all = taken === batch.length;
    batch = [];
    since = Date.now();
    await onHeld?.();
    // Reading rows takes turn after turn of the event loop for itself; whoever waits to show the first ones comes before the next.
    await new Promise((resolve) => setImmediate(resolve));
    return all;
  };
  for await (const row of rows) {
    signal?.throwIfAborted();
    batch.push(row);
    const enough = store.held === 0 ? FIRST : BATCH;
    if (batch.length < enough && Date.now() - since < LONGEST_WAIT) continue;
    if (!(await flush())) return false;
  }
  return batch.length === 0 || flush();
}
