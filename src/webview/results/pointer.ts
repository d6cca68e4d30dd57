// The mouse in the grid: select cells, rows and columns, widen columns, sort.
import type { Grid } from "./grid.ts";
import { at, type Place, rectangle } from "./selection.ts";

export interface PointerEvents {
  sort(column: number, add: boolean): void;
  open(place: Place): void;
  fit(column: number): void;
}

/** Scrolling by a drag beyond the edge: pixels a step. */
const EDGE = 24;

export function listenToPointer(grid: Grid, events: PointerEvents): void {
  const { element } = grid;
  let dragging: "cells" | "rows" | undefined;
  let widening: { readonly column: number; readonly from: number; readonly width: number } | undefined;

  element.addEventListener("pointerdown", (event) => {
    const place = grid.placeAt(event.clientX, event.clientY);
    if (onScrollBar(element, event)) return;
    const column = handleColumn(event.target);
    if (event.button === 0 && column !== undefined) {
      widening = { column, from: event.clientX, width: grid.widths[column] ?? 0 };
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
      return;
    }
    if (event.button === 2) return choose(place);
    if (event.button !== 0 || place.row < 0) return;
    // The focus goes to the cell by `select`; the browser's own would take it to the grid.
    event.preventDefault();
    const rows = place.column < 0;
    dragging = rows ? "rows" : "cells";
    const active = { row: place.row, column: rows ? grid.selection.active.column : place.column };
    grid.select(
      { shape: dragging, anchor: event.shiftKey ? grid.selection.anchor : active, active },
      { reveal: !rows },
    );
    element.setPointerCapture(event.pointerId);
  });

  element.addEventListener("pointermove", (event) => {
    if (widening !== undefined) {
      grid.setWidth(widening.column, widening.width + event.clientX - widening.from);
      return;
    }
    if (dragging === undefined) return;
    const box = element.getBoundingClientRect();
    if (event.clientY > box.bottom) element.scrollTop += EDGE;
    else if (event.clientY < box.top) element.scrollTop -= EDGE;
    if (event.clientX > box.right) element.scrollLeft += EDGE;
    else if (event.clientX < box.left) element.scrollLeft -= EDGE;
    const place = grid.placeAt(event.clientX, event.clientY);
    const { selection } = grid;
    const active = {
      row: Math.max(0, place.row),
      column: dragging === "rows" ? selection.active.column : Math.max(0, place.column),
    };
    if (active.row === selection.active.row && active.column === selection.active.column) return;
    grid.select({ ...selection, active }, { reveal: dragging === "cells" });
  });

  // What is cut by its column's width is read by pointing at it.
  element.addEventListener("pointerover", ({ target }) => {
    if (!(target instanceof HTMLElement) || target.getAttribute("role") !== "gridcell") return;
    target.title = target.scrollWidth > target.clientWidth ? (target.textContent ?? "") : "";
  });

  const end = () => {
    dragging = undefined;
    widening = undefined;
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);

  element.addEventListener("click", (event) => {
    if (onScrollBar(element, event) || handleColumn(event.target) !== undefined) return;
    const place = grid.placeAt(event.clientX, event.clientY);
    if (place.row >= 0) return;
    // The corner above the row numbers selects all.
    if (place.column < 0) return grid.select({ ...grid.selection, shape: "all" }, { reveal: false });
    if (event.ctrlKey || event.metaKey) return selectColumn(grid, place.column);
    events.sort(place.column, event.shiftKey);
  });

  element.addEventListener("dblclick", (event) => {
    const column = handleColumn(event.target);
    if (column !== undefined) return events.fit(column);
    const place = grid.placeAt(event.clientX, event.clientY);
    if (place.row >= 0 && place.column >= 0) events.open(place);
  });

  /** The menu is about the selection, and where the mouse is outside of it, about the cell under the mouse. */
  function choose(place: Place): void {
    const column = Math.max(0, place.column);
    if (place.row < 0) return grid.select(at({ row: -1, column }));
    const { rows, columns } = rectangle(grid.selection, grid.extent) ?? {};
    const within = rows !== undefined && place.row >= rows.from && place.row < rows.to;
    if (within && columns !== undefined && column >= columns.from && column < columns.to) return;
    const active = { row: place.row, column };
    grid.select({ shape: place.column < 0 ? "rows" : "cells", anchor: active, active });
  }
}

export function selectColumn(grid: Grid, column: number): void {
  const row = Math.max(0, grid.selection.active.row);
  const place = { row, column };
  grid.select({ shape: "columns", anchor: place, active: place });
}

function handleColumn(target: EventTarget | null): number | undefined {
  if (!(target instanceof HTMLElement) || !target.classList.contains("handle")) return undefined;
  return Number(target.parentElement?.dataset["column"] ?? Number.NaN);
}

function onScrollBar(element: HTMLElement, event: MouseEvent): boolean {
  const box = element.getBoundingClientRect();
  return event.clientX - box.left >= element.clientWidth || event.clientY - box.top >= element.clientHeight;
}
