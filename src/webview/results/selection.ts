// What is selected: a rectangle between an anchor and the active cell, or whole rows, whole columns, all. Pure.
import type { Span } from "./geometry.ts";

export interface Place {
  /** -1: the header. */
  readonly row: number;
  readonly column: number;
}

export interface Selection {
  /** "rows": as wide as the table, whatever the columns of the places; "columns": as high. */
  readonly shape: "cells" | "rows" | "columns" | "all";
  /** The cell that it began with. */
  readonly anchor: Place;
  /** The cell that has the focus; the header's cell selects nothing. */
  readonly active: Place;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
}

export interface Rectangle {
  readonly rows: Span;
  readonly columns: Span;
}

export const START: Selection = at({ row: 0, column: 0 });

export function at(place: Place): Selection {
  return { shape: "cells", anchor: place, active: place };
}

/** The selected rectangle; undefined where the focus is on the header or there is nothing. */
export function rectangle({ shape, anchor, active }: Selection, { rows, columns }: Extent): Rectangle | undefined {
  if (rows === 0 || columns === 0 || (active.row < 0 && shape !== "columns")) return undefined;
  const down = shape === "columns" || shape === "all" ? { from: 0, to: rows } : between(anchor.row, active.row, rows);
  const across =
    shape === "rows" || shape === "all" ? { from: 0, to: columns } : between(anchor.column, active.column, columns);
  return { rows: down, columns: across };
}

function between(a: number, b: number, count: number): Span {
  const [low, high] = [Math.max(0, Math.min(a, b)), Math.max(a, b)];
  return { from: Math.min(low, count - 1), to: Math.min(high + 1, count) };
}

export type Move =
  | "up"
  | "down"
  | "left"
  | "right"
  | "pageUp"
  | "pageDown"
  | "rowStart"
  | "rowEnd"
  | "top"
  | "bottom"
  | "first"
  | "last";

/** Where a move leads from a cell. The header lies above the first row. */
export function moved({ row, column }: Place, move: Move, extent: Extent, page: number): Place {
  const last = { row: extent.rows - 1, column: extent.columns - 1 };
  const target: Readonly<Record<Move, Place>> = {
    up: { row: row - 1, column },
    down: { row: row + 1, column },
    left: { row, column: column - 1 },
    right: { row, column: column + 1 },
    // A page up ends in the first row, not in the header.
    pageUp: { row: row < 0 ? row : Math.max(0, row - page), column },
    pageDown: { row: row + page, column },
    rowStart: { row, column: 0 },
    rowEnd: { row, column: last.column },
    top: { row: 0, column },
    bottom: { row: last.row, column },
    first: { row: 0, column: 0 },
    last,
  };
  return clamped(target[move], extent);
}

export function clamped({ row, column }: Place, { rows, columns }: Extent): Place {
  return { row: Math.max(-1, Math.min(row, rows - 1)), column: Math.max(0, Math.min(column, columns - 1)) };
}

/** The selection as far as it still lies in a table of that extent. */
export function fitted({ shape, anchor, active }: Selection, extent: Extent): Selection {
  return { shape, anchor: clamped(anchor, extent), active: clamped(active, extent) };
}

/** After a move: extended from the anchor, or begun anew. In the header nothing is extended. */
export function movedSelection(
  selection: Selection,
  move: Move,
  extend: boolean,
  extent: Extent,
  page: number,
): Selection {
  const active = moved(selection.active, move, extent, page);
  if (!extend) return at(active);
  const kept = selection.shape === "all" ? "cells" : selection.shape;
  return { shape: kept, anchor: selection.anchor, active: { ...active, row: Math.max(0, active.row) } };
}
