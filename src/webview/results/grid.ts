// The table: a grid of constant size in the page, whatever the rows and columns it scrolls over.
import type { ColumnShown, View } from "../../messages/results.ts";
import { HeaderElement, RowElement } from "./cells.ts";
import { h } from "./dom.ts";
import { Columns, Rows, type Span } from "./geometry.ts";
import { type Extent, fitted, type Place, type Rectangle, rectangle, type Selection, START } from "./selection.ts";
import type { Windows } from "./windows.ts";

export interface GridEvents {
  selected(rectangle: Rectangle | undefined, active: Place): void;
  /** Scrolled, selected, or a column made wider: what a rebuilt page goes on from. */
  moved(): void;
}

export interface Metrics {
  readonly rowHeight: number;
  readonly headHeight: number;
  /** Width of a digit. */
  readonly character: number;
}

const NARROWEST = 44;
const WIDEST = 1200;
/** Drawn beyond what is visible, so that scrolling shows no gaps. */
const MORE = { rows: 6, columns: 2 };

export class Grid {
  readonly head = h("div", { class: "headrow", role: "row", aria: { rowindex: "1" } });
  private readonly corner = h(
    "div",
    { class: "corner", role: "columnheader", aria: { colindex: "1" } },
    h("span", { class: "hidden" }, "Row"),
  );
  private readonly body = h("div", { class: "body", role: "rowgroup" });
  readonly element = h(
    "div",
    { class: "grid", role: "grid", aria: { multiselectable: "true", label: "Result rows" }, tabIndex: -1 },
    h("div", { class: "headgroup", role: "rowgroup" }, this.head),
    this.body,
  );
  private readonly rowElements = new Map<number, RowElement>();
  private readonly spareRows: RowElement[] = [];
  private readonly headElements = new Map<number, HeaderElement>();
  private readonly spareHeads: HeaderElement[] = [];
  private columns = new Columns([]);
  private shown: readonly ColumnShown[] = [];
  private count = 0;
  private sort: View["sort"] = [];
  private windows: Windows | undefined;
  private gutter = 0;
  private frame = 0;
  private heads = "";
  selection: Selection = START;

  constructor(
    private readonly events: GridEvents,
    private metrics: Metrics,
  ) {
    this.head.append(this.corner);
    this.element.addEventListener("scroll", () => {
      this.events.moved();
      this.soon();
    });
    new ResizeObserver(() => this.soon()).observe(this.element);
  }

  get extent(): Extent {
    return { rows: this.count, columns: this.columns.count };
  }

  get widths(): readonly number[] {
    return this.columns.widths;
  }

  get rectangle(): Rectangle | undefined {
    return rectangle(this.selection, this.extent);
  }

  get page(): number {
    return this.rows.page;
  }

  /** The scroll position as a row and a distance, which holds where heights differ. */
  get position(): { readonly row: number; readonly left: number } {
    return { row: this.rows.at(0, this.element.scrollTop), left: this.element.scrollLeft };
  }

  setTable(shown: readonly ColumnShown[], windows: Windows, widths: readonly number[] | undefined): void {
    this.shown = shown;
    this.windows = windows;
    const fits = widths?.length === shown.length;
    this.columns = new Columns(fits ? widths : shown.map((column) => this.natural(column)));
    this.element.setAttribute("aria-colcount", String(shown.length + 1));
    this.heads = "";
    this.drop();
  }

  setCount(count: number): void {
    this.count = count;
    this.element.setAttribute("aria-rowcount", String(count + 1));
    this.selection = fitted(this.selection, this.extent);
    this.soon();
  }

  setSort(sort: View["sort"]): void {
    this.sort = sort;
    this.soon();
  }

  setMetrics(metrics: Metrics): void {
    this.metrics = metrics;
    this.drop();
    this.soon();
  }

  scrollTo({ row, left }: { readonly row: number; readonly left: number }): void {
    this.layout();
    this.element.scrollTop = row * this.metrics.rowHeight;
    this.element.scrollLeft = left;
    this.soon();
  }

  select(selection: Selection, options: { readonly focus?: boolean; readonly reveal?: boolean } = {}): void {
    this.selection = fitted(selection, this.extent);
    if (options.reveal !== false) this.reveal(this.selection.active);
    this.render();
    if (options.focus !== false) this.focus();
    this.events.selected(this.rectangle, this.selection.active);
    this.events.moved();
  }

  /** Puts the focus on the active cell. */
  focus(): void {
    const { row, column } = this.selection.active;
    const target =
      row < 0 ? this.headElements.get(column)?.element : this.rowElements.get(row)?.cells.get(column)?.element;
    (target ?? this.element).focus({ preventScroll: true });
  }

  setWidth(column: number, width: number): void {
    const widths = [...this.columns.widths];
    widths[column] = Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
    this.columns = new Columns(widths);
    this.heads = "";
    this.events.moved();
    this.soon();
  }

  /** Wide enough for so many characters. */
  fit(column: number, characters: number): void {
    this.setWidth(column, (characters + 1) * this.metrics.character + 20);
  }

  /** The cell at a point of the window; row -1 is the header, column -1 the row numbers. */
  placeAt(x: number, y: number): Place {
    const box = this.element.getBoundingClientRect();
    const [left, top] = [x - box.left, y - box.top];
    const row =
      top < this.metrics.headHeight ? -1 : this.rows.at(top - this.metrics.headHeight, this.element.scrollTop);
    const column = left < this.gutter ? -1 : this.columns.at(left - this.gutter + this.element.scrollLeft);
    return { row, column };
  }

  /** Draws at the next frame, however often it is asked for until then. */
  soon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => this.render());
  }

  private get rows(): Rows {
    const viewport = Math.max(0, this.element.clientHeight - this.metrics.headHeight);
    return new Rows(this.count, this.metrics.rowHeight, viewport);
  }

  private natural({ name, type, characters }: ColumnShown): number {
    const longest = Math.max(name.length + 2, type.length * 0.9, characters + 1);
    return Math.round(Math.max(64, Math.min(420, longest * this.metrics.character + 20)));
  }

  private layout(): void {
    this.gutter = Math.round(Math.max(3, this.count.toLocaleString("en-US").length) * this.metrics.character + 18);
    this.element.style.setProperty("--gutter", `${this.gutter}px`);
    this.element.style.setProperty("--rowheight", `${this.metrics.rowHeight}px`);
    this.element.style.setProperty("--headheight", `${this.metrics.headHeight}px`);
    const width = this.gutter + this.columns.width;
    this.body.style.height = `${this.rows.scrollHeight}px`;
    this.body.style.width = `${width}px`;
    this.head.style.width = `${width}px`;
  }

  private reveal({ row, column }: Place): void {
    this.layout();
    const { element } = this;
    const across = element.clientWidth - this.gutter;
    const left = this.columns.reveal(column, element.scrollLeft, across);
    if (left !== element.scrollLeft) element.scrollLeft = left;
    if (row < 0) return;
    const top = this.rows.reveal(row, element.scrollTop);
    if (top !== element.scrollTop) element.scrollTop = top;
  }

  render(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (this.windows === undefined || !this.element.isConnected) return;
    this.layout();
    const { scrollTop, scrollLeft, clientWidth } = this.element;
    const rows = this.rows.visible(scrollTop, MORE.rows);
    const columns = this.columns.visible(scrollLeft, clientWidth - this.gutter, MORE.columns);
    this.windows.want(rows, columns);
    this.renderHead(columns);
    this.renderBody(rows, columns, scrollTop);
  }

  private renderHead(columns: Span): void {
    const { active } = this.selection;
    const selected = this.rectangle;
    const state = JSON.stringify([columns, this.gutter, this.sort, active.column, active.row < 0, selected?.columns]);
    if (state === this.heads) return;
    this.heads = state;
    const wanted = (column: number) => inside(columns, column) || column === active.column;
    for (const [column, head] of this.headElements) {
      if (wanted(column)) continue;
      head.element.remove();
      this.headElements.delete(column);
      this.spareHeads.push(head);
    }
    for (const column of withActive(columns, active.column, this.columns.count)) {
      const shown = this.shown[column];
      if (shown === undefined) continue;
      let head = this.headElements.get(column);
      if (head === undefined) {
        head = this.spareHeads.pop() ?? new HeaderElement();
        this.headElements.set(column, head);
        this.head.append(head.element);
      }
      head.element.style.left = `${this.gutter + this.columns.left(column)}px`;
      head.element.style.width = `${this.columns.widths[column] ?? 0}px`;
      const focused = active.row < 0 && active.column === column;
      head.draw(column, shown, this.sort, focused, selected !== undefined && inside(selected.columns, column));
    }
  }

  private renderBody(rows: Span, columns: Span, scrollTop: number): void {
    const { active } = this.selection;
    const selected = this.rectangle;
    for (const [row, element] of this.rowElements) {
      // The active cell stays in the page, so that it keeps the focus when it scrolls out of sight.
      if (inside(rows, row) || row === active.row) continue;
      element.element.remove();
      this.rowElements.delete(row);
      this.spareRows.push(element);
    }
    for (const row of withActive(rows, active.row, this.count)) {
      let element = this.rowElements.get(row);
      if (element === undefined) {
        element = this.spareRows.pop() ?? new RowElement();
        this.rowElements.set(row, element);
        this.body.append(element.element);
      }
      element.place(row, this.rows.top(row, scrollTop));
      element.keep((column) => inside(columns, column) || (row === active.row && column === active.column));
      const across = row === active.row ? withActive(columns, active.column, this.columns.count) : each(columns);
      const chosen = selected !== undefined && inside(selected.rows, row);
      element.head.classList.toggle("selected", chosen);
      for (const column of across) {
        element.cell(column).draw(
          {
            value: this.windows?.cell(row, column),
            row,
            column,
            selected: chosen && inside(selected.columns, column),
            active: row === active.row && column === active.column,
            left: this.gutter + this.columns.left(column),
            width: this.columns.widths[column] ?? 0,
          },
          this.shown[column]?.kind ?? "text",
        );
      }
    }
  }

  private drop(): void {
    for (const { element } of this.rowElements.values()) element.remove();
    for (const { element } of this.headElements.values()) element.remove();
    this.rowElements.clear();
    this.headElements.clear();
    this.heads = "";
  }
}

function inside({ from, to }: Span, index: number): boolean {
  return index >= from && index < to;
}

function* each({ from, to }: Span): Generator<number> {
  for (let index = from; index < to; index++) yield index;
}

function* withActive(span: Span, active: number, count: number): Generator<number> {
  if (active >= 0 && active < span.from) yield active;
  yield* each(span);
  if (active >= span.to && active < count) yield active;
}
