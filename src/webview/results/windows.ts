// The windows of rows that the page has: asked for in blocks as they scroll into sight, kept for a while, dropped when the view changes.
import type { Cell, WindowOfRows } from "../../messages/results.ts";
import type { Span } from "./geometry.ts";

export const BLOCK = { rows: 100, columns: 50 };
/** Blocks kept. */
const MOST = 120;

interface Block {
  readonly cells: readonly (readonly Cell[])[];
  /** Asked before rows were added or the table was known whole: it is asked for again, and shown meanwhile. */
  stale: boolean;
}

export type AskWindow = (rows: Span, columns: Span, signal: AbortSignal) => Promise<WindowOfRows>;

export class Windows {
  /** By "row block/column block", the one used last at the end. */
  private readonly blocks = new Map<string, Block>();
  private readonly asking = new Map<string, AbortController>();

  constructor(
    private readonly ask: AskWindow,
    /** More cells are there; `count` is the view's rows. */
    private readonly arrived: (count: number) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Undefined: not there yet. */
  cell(row: number, column: number): Cell | undefined {
    const [down, across] = [Math.floor(row / BLOCK.rows), Math.floor(column / BLOCK.columns)];
    return this.blocks.get(`${down}/${across}`)?.cells[row % BLOCK.rows]?.[column % BLOCK.columns];
  }

  /** Takes a window that came unasked. It begins at the first cell. */
  seed({ cells, columns }: WindowOfRows): void {
    for (let from = 0; from < Math.max(1, columns.to); from += BLOCK.columns) {
      const part = cells.slice(0, BLOCK.rows).map((row) => row.slice(from, from + BLOCK.columns));
      this.put(`0/${from / BLOCK.columns}`, { cells: part, stale: cells.length < BLOCK.rows });
    }
  }

  /** Asks for what is missing of a part that is on screen; gives up on what no longer is. */
  want(rows: Span, columns: Span): void {
    const wanted = new Set<string>();
    for (let down = Math.floor(rows.from / BLOCK.rows); down * BLOCK.rows < rows.to; down++) {
      for (let across = Math.floor(columns.from / BLOCK.columns); across * BLOCK.columns < columns.to; across++) {
        wanted.add(`${down}/${across}`);
      }
    }
    for (const [key, abort] of this.asking) {
      if (wanted.has(key)) continue;
      abort.abort();
      this.asking.delete(key);
    }
    for (const key of wanted) {
      const block = this.blocks.get(key);
      if (block !== undefined) this.put(key, block);
      if ((block === undefined || block.stale) && !this.asking.has(key)) void this.fetch(key);
    }
  }

  /** Rows were added or the view's rows are others: all is asked for again. `keep`: shown until the answer is there. */
  invalidate(keep: boolean): void {
    for (const abort of this.asking.values()) abort.abort();
    this.asking.clear();
    if (!keep) this.blocks.clear();
    for (const block of this.blocks.values()) block.stale = true;
  }

  /** Rows were added behind those that are there: only blocks that were not full are asked for again. */
  grown(): void {
    for (const block of this.blocks.values()) if (block.cells.length < BLOCK.rows) block.stale = true;
  }

  private put(key: string, block: Block): void {
    this.blocks.delete(key);
    this.blocks.set(key, block);
    for (const old of this.blocks.keys()) {
      if (this.blocks.size <= MOST) break;
      this.blocks.delete(old);
    }
  }

  private async fetch(key: string): Promise<void> {
    const [down = 0, across = 0] = key.split("/").map(Number);
    const abort = new AbortController();
    this.asking.set(key, abort);
    const rows = { from: down * BLOCK.rows, to: (down + 1) * BLOCK.rows };
    const columns = { from: across * BLOCK.columns, to: (across + 1) * BLOCK.columns };
    try {
      const { cells, count } = await this.ask(rows, columns, abort.signal);
      if (this.asking.get(key) !== abort) return;
      this.asking.delete(key);
      this.put(key, { cells, stale: false });
      this.arrived(count);
    } catch (error) {
      if (this.asking.get(key) !== abort) return;
      // Kept among those asked, so that a failing window is not asked for in a circle; a new view asks again.
      this.failed(error);
    }
  }
}
