// The result store in memory: the first 10,000 rows or 64 MB, whichever comes first.
import { sortBy } from "./compare.ts";
import type { Filter, Limit, ResultStore, Span, ViewSpec, Window } from "./resultStore.ts";
import type { Column, Row } from "./results.ts";

export const MOST_ROWS = 10_000;
export const MOST_BYTES = 64 * 1024 * 1024;

/** A value takes its text and so many bytes beside it: the string's head and its place in the row. */
const CELL = 24;
/** Views that were made are kept, so that scrolling in one does not make it again. */
const VIEWS = 4;
/** Filtering gives way to others after so long; ms. */
const SLICE = 10;

export class MemoryStore implements ResultStore {
  private rows: Row[] = [];
  private bytes = 0;
  private reached: Limit | undefined;
  private readonly views = new Map<string, { readonly held: number; readonly order: Promise<readonly number[]> }>();

  constructor(
    readonly columns: readonly Column[],
    private readonly most: { readonly rows: number; readonly bytes: number } = { rows: MOST_ROWS, bytes: MOST_BYTES },
  ) {}

  get held(): number {
    return this.rows.length;
  }

  get heldBytes(): number {
    return this.bytes;
  }

  get limit(): Limit | undefined {
    return this.reached;
  }

  async append(rows: readonly Row[]): Promise<number> {
    let taken = 0;
    for (const row of rows) {
      if (this.reached !== undefined) break;
      const bytes = sizeOf(row);
      // The first row is held however large it is: something must be seen.
      if (this.rows.length >= this.most.rows) this.reached = "rows";
      else if (this.bytes + bytes > this.most.bytes && this.rows.length > 0) this.reached = "bytes";
      else {
        this.rows.push(row);
        this.bytes += bytes;
        taken++;
      }
    }
    return taken;
  }

  async window(view: ViewSpec, rows: Span, columns: Span, signal?: AbortSignal): Promise<Window> {
    const held = this.rows;
    if (view.sort.length === 0 && view.filter === undefined) {
      return { count: held.length, rows: held.slice(rows.from, rows.to).map((row) => cells(row, columns)) };
    }
    const order = await this.order(view);
    signal?.throwIfAborted();
    const asked = order.slice(rows.from, rows.to);
    return { count: order.length, rows: asked.map((index) => cells(held[index] ?? [], columns)) };
  }

  async dispose(): Promise<void> {
    this.rows = [];
    this.bytes = 0;
    this.views.clear();
  }

  /** Requests for the same view share one making of it. */
  private order(view: ViewSpec): Promise<readonly number[]> {
    const key = JSON.stringify(view);
    const known = this.views.get(key);
    if (known?.held === this.rows.length) return known.order;
    const made = { held: this.rows.length, order: makeOrder(this.rows.slice(), this.columns, view) };
    this.views.delete(key);
    this.views.set(key, made);
    for (const old of this.views.keys()) if (this.views.size > VIEWS) this.views.delete(old);
    return made.order;
  }
}

function cells(row: Row, { from, to }: Span): Row {
  return from === 0 && to >= row.length ? row : row.slice(from, to);
}

/** Bytes that a row takes in memory; texts of Latin-1 take one a character, others two. */
function sizeOf(row: Row): number {
  let bytes = row.length * CELL;
  for (const value of row) {
    if (value !== null) bytes += NARROW.test(value) ? value.length : 2 * value.length;
  }
  return bytes;
}
const NARROW = /^[\0-\xff]*$/;

async function makeOrder(rows: readonly Row[], columns: readonly Column[], view: ViewSpec): Promise<readonly number[]> {
  const order = view.filter === undefined ? rows.map((_, index) => index) : await filtered(rows, view.filter);
  // The last key first: each later sort keeps what the one before it made where it finds no difference.
  for (const { column, descending } of [...view.sort].reverse()) {
    const type = columns[column]?.type;
    if (type !== undefined) sortBy(order, (index) => rows[index]?.[column] ?? null, type, descending);
  }
  return order;
}

async function filtered(rows: readonly Row[], { text, column }: Filter): Promise<number[]> {
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu");
  const found: number[] = [];
  let since = Date.now();
  for (const [index, row] of rows.entries()) {
    const matches = (value: string | null | undefined) => typeof value === "string" && pattern.test(value);
    if (column === undefined ? row.some(matches) : matches(row[column])) found.push(index);
    if (Date.now() - since > SLICE) {
      await new Promise(setImmediate);
      since = Date.now();
    }
  }
  return found;
}
