// Where rows and columns lie, and which of them a scrolled viewport shows. Pure; pixels.

/** Half open, 0-based. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An element taller than this is not laid out reliably by browsers. */
const TALLEST = 8_000_000;

/**
 * Rows of equal height under a scroll bar. Where all of them would be taller than an element may be, the scroll bar's way is shorter than the
 * rows' and positions are stretched.
 */
export class Rows {
  constructor(
    readonly count: number,
    readonly height: number,
    /** Height of what shows rows, the header left out. */
    readonly viewport: number,
    private readonly tallest = TALLEST,
  ) {}

  private get whole(): number {
    return this.count * this.height;
  }

  /** Of the scrolled element. */
  get scrollHeight(): number {
    return Math.min(this.whole, Math.max(this.tallest, this.viewport));
  }

  private get stretch(): number {
    const way = this.scrollHeight - this.viewport;
    return this.whole <= this.scrollHeight || way <= 0 ? 1 : (this.whole - this.viewport) / way;
  }

  /** Rows that show any part of them, and `more` on both sides. */
  visible(scrollTop: number, more = 0): Span {
    const top = scrollTop * this.stretch;
    const from = Math.max(0, Math.floor(top / this.height) - more);
    const to = Math.min(this.count, Math.ceil((top + this.viewport) / this.height) + more);
    return { from: Math.min(from, this.count), to: Math.max(from, to) };
  }

  /** Where a row's top lies in the scrolled element. */
  top(row: number, scrollTop: number): number {
    return row * this.height - scrollTop * this.stretch + scrollTop;
  }

  /** The scroll position at which a row is whole on screen, as near to the present one as can be. */
  reveal(row: number, scrollTop: number): number {
    const top = scrollTop * this.stretch;
    const wanted = Math.min(row * this.height, Math.max(top, (row + 1) * this.height - this.viewport));
    return wanted === top ? scrollTop : wanted / this.stretch;
  }

  /** The row at a height in the viewport. */
  at(y: number, scrollTop: number): number {
    return Math.max(0, Math.min(this.count - 1, Math.floor((scrollTop * this.stretch + y) / this.height)));
  }

  /** Rows that a page key moves by. */
  get page(): number {
    return Math.max(1, Math.floor(this.viewport / this.height) - 1);
  }
}

/** Columns of their own widths, one beside the other. */
export class Columns {
  /** Left edges; one more than columns. */
  private readonly edges: Float64Array;

  constructor(readonly widths: readonly number[]) {
    this.edges = new Float64Array(widths.length + 1);
    for (const [index, width] of widths.entries()) this.edges[index + 1] = (this.edges[index] ?? 0) + width;
  }

  get count(): number {
    return this.widths.length;
  }

  get width(): number {
    return this.left(this.count);
  }

  left(column: number): number {
    return this.edges[column] ?? 0;
  }

  /** The column at a distance from the left edge of all. */
  at(x: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.left(middle + 1) <= x) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, Math.min(this.count - 1, low));
  }

  visible(scrollLeft: number, viewport: number, more = 0): Span {
    if (this.count === 0) return { from: 0, to: 0 };
    const from = Math.max(0, this.at(scrollLeft) - more);
    return { from, to: Math.min(this.count, this.at(scrollLeft + Math.max(0, viewport - 1)) + 1 + more) };
  }

  reveal(column: number, scrollLeft: number, viewport: number): number {
    const [left, right] = [this.left(column), this.left(column + 1)];
    return Math.min(left, Math.max(scrollLeft, right - viewport));
  }
}
