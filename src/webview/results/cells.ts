// How a value, a row and a column's header look; elements are used again as others scroll in.
import type { Cell, ColumnShown, View } from "../../messages/results.ts";
import { h } from "./dom.ts";
import { onLine } from "./text.ts";

/** What a cell shows at the moment, so that only a difference touches the page. */
interface Drawn {
  value: Cell | undefined;
  row: number;
  column: number;
  selected: boolean;
  active: boolean;
  left: number;
  width: number;
}

export class CellElement {
  readonly element = h("div", { class: "cell", role: "gridcell", tabIndex: -1 });
  private drawn: Drawn | undefined;

  draw(next: Drawn, kind: string): void {
    const { element, drawn } = this;
    if (drawn?.column !== next.column || drawn.row !== next.row) {
      element.setAttribute("aria-colindex", String(next.column + 2));
      element.dataset["kind"] = kind;
    }
    if (drawn?.left !== next.left) element.style.left = `${next.left}px`;
    if (drawn?.width !== next.width) element.style.width = `${next.width}px`;
    if (drawn === undefined || drawn.value !== next.value) setValue(element, next.value);
    if (drawn?.selected !== next.selected) element.setAttribute("aria-selected", String(next.selected));
    if (drawn?.active !== next.active) element.tabIndex = next.active ? 0 : -1;
    if (drawn?.active !== next.active) element.classList.toggle("active", next.active);
    this.drawn = next;
  }
}

function setValue(element: HTMLElement, value: Cell | undefined): void {
  const state = value === undefined ? "loading" : value === null ? "null" : value === "" ? "empty" : "";
  element.dataset["state"] = state;
  element.removeAttribute("aria-label");
  if (value === undefined) element.textContent = "";
  else if (value === null) element.textContent = "NULL";
  else if (typeof value === "string") {
    element.textContent = onLine(value);
    if (value === "") element.setAttribute("aria-label", "empty text");
  } else {
    element.textContent = `${onLine(value.cut)}\u2026`;
    element.dataset["state"] = "cut";
    element.setAttribute(
      "aria-label",
      `${value.cut.slice(0, 100)}, and more: ${value.length.toLocaleString("en-US")} characters. Press Enter to see all.`,
    );
  }
}

export class RowElement {
  readonly head = h("div", { class: "rowhead", role: "rowheader", aria: { colindex: "1" } });
  readonly element = h("div", { class: "row", role: "row" }, this.head);
  readonly cells = new Map<number, CellElement>();
  private readonly spare: CellElement[] = [];
  private row = -1;

  place(row: number, top: number): void {
    this.element.style.transform = `translateY(${top}px)`;
    if (row === this.row) return;
    this.row = row;
    this.head.textContent = (row + 1).toLocaleString("en-US");
    this.element.setAttribute("aria-rowindex", String(row + 2));
    this.element.classList.toggle("odd", row % 2 === 1);
  }

  /** Takes out the cells of columns that are not wanted. */
  keep(wanted: (column: number) => boolean): void {
    for (const [column, cell] of this.cells) {
      if (wanted(column)) continue;
      this.cells.delete(column);
      cell.element.remove();
      this.spare.push(cell);
    }
  }

  cell(column: number): CellElement {
    const known = this.cells.get(column);
    if (known !== undefined) return known;
    const cell = this.spare.pop() ?? new CellElement();
    this.cells.set(column, cell);
    this.element.append(cell.element);
    return cell;
  }
}

export class HeaderElement {
  private readonly name = h("span", { class: "name" });
  private readonly mark = h("span", { class: "mark", aria: { hidden: "true" } });
  private readonly type = h("span", { class: "type" });
  readonly handle = h("div", { class: "handle", aria: { hidden: "true" } });
  readonly element = h(
    "div",
    { class: "head", role: "columnheader", tabIndex: -1 },
    h("div", { class: "title" }, this.name, this.mark),
    this.type,
    this.handle,
  );

  draw(column: number, shown: ColumnShown, sort: View["sort"], active: boolean, selected: boolean): void {
    const { element } = this;
    this.name.textContent = onLine(shown.name);
    this.type.textContent = onLine(shown.type);
    const rank = sort.findIndex((key) => key.column === column);
    const key = sort[rank];
    const order = key === undefined ? "none" : key.descending ? "descending" : "ascending";
    element.setAttribute("aria-sort", order);
    element.setAttribute("aria-colindex", String(column + 2));
    element.setAttribute("aria-label", `${shown.name}, ${shown.type}`);
    element.dataset["kind"] = shown.kind;
    element.dataset["column"] = String(column);
    element.tabIndex = active ? 0 : -1;
    element.classList.toggle("active", active);
    element.classList.toggle("selected", selected);
    const arrow = key === undefined ? "" : key.descending ? "\u25bc" : "\u25b2";
    this.mark.textContent = sort.length > 1 && key !== undefined ? `${arrow}${rank + 1}` : arrow;
    element.title = [
      shown.name,
      shown.about === "" ? shown.type : `${shown.type}: ${shown.about}`,
      "Click to sort the rows held; with Shift also by this column; with Ctrl to select it.",
    ].join("\n");
  }
}
