// The rows of one result as the page sees them: read into a store, asked for by windows, described by a status.
import type { ColumnShown, Span, Table, TabStatus, View, WindowOfRows } from "../../../messages/results.ts";
import type { AwsSession } from "../../../aws/session.ts";
import { BoathouseError } from "../../../base/errors.ts";
import type { Execution } from "../../../queries/executions.ts";
import type { Column, Row } from "../../../queries/results.ts";
import type { ResultStore, ViewSpec } from "../../../queries/resultStore.ts";
import { known, messageFor } from "../../shell/failures.ts";
import { describeColumns, longestValue, toCell } from "./describe.ts";

/** The window that goes with the columns, so that the first rows show without being asked for. */
const FIRST = { rows: { from: 0, to: 100 }, columns: { from: 0, to: 50 } };
const NATURAL: View = { sort: [], filter: null };
/** The page hears of more rows at most so often; ms. */
const OFTEN = 100;
/** A page asks for no more cells than this at a time. */
const MOST_CELLS = 100_000;

export class HeldRows {
  private store: ResultStore | undefined;
  private shown: readonly ColumnShown[] = [];
  private reading = true;
  private of: number | undefined;
  private broken: BoathouseError | undefined;
  private told = 0;
  private readonly abort = new AbortController();

  constructor(private readonly changed: (what: "status" | "table") => void) {}

  /** What they take, as the store counts. */
  get bytes(): number {
    return this.store?.heldBytes ?? 0;
  }

  get ready(): boolean {
    return this.store !== undefined;
  }

  /** All was read, and there was nothing. */
  get empty(): boolean {
    return this.store?.held === 0 && !this.reading && this.broken === undefined;
  }

  get columns(): readonly Column[] {
    return this.store?.columns ?? [];
  }

  /**
   * Reads until the store is full or holds all. Disposing ends it without an error.
   * @throws BoathouseError where nothing could be read; what breaks off later is told by the status.
   */
  async read(session: AwsSession, execution: Execution): Promise<void> {
    const { signal } = this.abort;
    try {
      const { openResult, countRows, fill, MemoryStore } = await loadReading();
      // A count that can't be had is no failure.
      const counting = countRows(session, execution.id, signal).catch(() => undefined);
      const { columns, rows } = await openResult(session, execution, signal);
      const store = new MemoryStore(columns);
      const all = await fill(store, rows, { signal, onHeld: () => this.grown(store) });
      if (signal.aborted) return;
      if (this.store === undefined) await this.grown(store);
      this.reading = false;
      this.of = all ? store.held : undefined;
      this.changed("status");
      if (all) return;
      this.of = await counting;
      if (!signal.aborted && this.of !== undefined) this.changed("status");
    } catch (thrown) {
      if (signal.aborted) return;
      if (this.store === undefined) throw thrown;
      this.reading = false;
      this.broken = known(thrown);
      this.changed("status");
    }
  }

  private async grown(store: ResultStore): Promise<void> {
    if (this.abort.signal.aborted) return;
    if (this.store === undefined) {
      const all = { from: 0, to: store.columns.length };
      const { rows } = await store.window(spec(NATURAL), FIRST.rows, all);
      this.shown = describeColumns(store.columns, rows);
      this.store = store;
      this.changed("table");
    } else if (Date.now() - this.told >= OFTEN) {
      this.told = Date.now();
      this.changed("status");
    }
  }

  status(): TabStatus {
    const { store } = this;
    if (store === undefined)
      return { kind: "waiting", text: "Reading the result", elapsed: 0, cancellable: false, patience: "" };
    return {
      kind: "rows",
      reading: this.reading,
      held: store.held,
      of: this.of ?? null,
      limit: store.limit ?? null,
      broken: this.broken === undefined ? null : messageFor(this.broken),
    };
  }

  async table(tab: string): Promise<Table | null> {
    if (!this.ready) return null;
    return { tab, columns: this.shown, first: await this.window(NATURAL, FIRST.rows, FIRST.columns) };
  }

  async window(view: View, rows: Span, columns: Span, signal?: AbortSignal): Promise<WindowOfRows> {
    const across = within(columns, this.columns.length);
    const most = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, across.to - across.from)));
    const down = within({ from: rows.from, to: Math.min(rows.to, rows.from + most) }, Number.MAX_SAFE_INTEGER);
    const found = await this.values(view, down, across, signal);
    return {
      rows: { from: down.from, to: down.from + found.rows.length },
      columns: across,
      cells: found.rows.map((row) => row.map(toCell)),
      count: found.count,
    };
  }

  /** Whole values. */
  async values(
    view: View,
    rows: Span,
    columns: Span,
    signal?: AbortSignal,
  ): Promise<{ count: number; rows: readonly Row[] }> {
    const { store } = this;
    if (store === undefined) throw new BoathouseError("notFound", "The rows are no longer held.");
    return store.window(spec(view), rows, within(columns, store.columns.length), signal);
  }

  /** Characters of the longest held value of a column, at most `most`. */
  async widest(column: number, most: number): Promise<number> {
    const { rows } = await this.values(
      NATURAL,
      { from: 0, to: this.store?.held ?? 0 },
      { from: column, to: column + 1 },
    );
    return Math.max(longestValue(rows, 0, most), Math.min(most, this.columns[column]?.name.length ?? 0));
  }

  dispose(): void {
    this.abort.abort();
    void this.store?.dispose();
  }
}

/** What reads results, loaded at the first need. */
export async function loadReading() {
  const [results, filling, memory] = await Promise.all([
    import("../../../queries/results.ts"),
    import("../../../queries/resultStore.ts"),
    import("../../../queries/memoryStore.ts"),
  ]);
  return { ...results, ...filling, ...memory };
}

/** A page's numbers are only asked for, never trusted. */
function within({ from, to }: Span, most: number): Span {
  const clean = (value: number) => (Number.isSafeInteger(value) ? Math.min(Math.max(0, value), most) : 0);
  return { from: clean(from), to: Math.max(clean(from), clean(to)) };
}

function spec({ sort, filter }: View): ViewSpec {
  return {
    sort,
    filter:
      filter === null || filter.text === "" ? undefined : { text: filter.text, column: filter.column ?? undefined },
  };
}
