// What keys mean in the grid, after the grid pattern of WAI-ARIA. Pure.
// https://www.w3.org/WAI/ARIA/apg/patterns/grid/
import type { Move } from "./selection.ts";

export interface Key {
  readonly key: string;
  /** Control, or Command on a Mac. */
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

export type Command =
  | { readonly kind: "move"; readonly move: Move; readonly extend: boolean }
  | { readonly kind: "selectAll" | "selectRow" | "selectColumn" | "open" | "copy" | "copyNames" | "find" | "collapse" }
  | { readonly kind: "sort"; readonly add: boolean }
  | { readonly kind: "resize"; readonly by: number }
  | { readonly kind: "fit" };

const MOVES: Readonly<Record<string, readonly [plain: Move, ctrl: Move]>> = {
  ArrowUp: ["up", "top"],
  ArrowDown: ["down", "bottom"],
  ArrowLeft: ["left", "rowStart"],
  ArrowRight: ["right", "rowEnd"],
  PageUp: ["pageUp", "top"],
  PageDown: ["pageDown", "bottom"],
  Home: ["rowStart", "first"],
  End: ["rowEnd", "last"],
};

/** Pixels that a key widens a column by. */
const STEP = 16;

/** @param header whether the focus is on a column's header. Undefined: not a key of the grid's. */
export function commandOf({ key, ctrl, shift, alt }: Key, header: boolean): Command | undefined {
  if (header && alt && !ctrl) {
    if (key === "ArrowLeft") return { kind: "resize", by: -STEP };
    if (key === "ArrowRight") return { kind: "resize", by: STEP };
  }
  if (alt) return undefined;
  const move = MOVES[key];
  if (move !== undefined) return { kind: "move", move: move[ctrl ? 1 : 0], extend: shift && !header };
  if (ctrl) return withCtrl(key.toLowerCase(), shift);
  if (key === " " && shift) return header ? undefined : { kind: "selectRow" };
  if (header) {
    if (key === "Enter" || key === " ") return { kind: "sort", add: shift };
    return key.toLowerCase() === "f" ? { kind: "fit" } : undefined;
  }
  if ((key === "Enter" || key === " " || key === "F2") && !shift) return { kind: "open" };
  return key === "Escape" ? { kind: "collapse" } : undefined;
}

function withCtrl(key: string, shift: boolean): Command | undefined {
  if (key === "c") return { kind: shift ? "copyNames" : "copy" };
  if (shift) return undefined;
  if (key === "a") return { kind: "selectAll" };
  if (key === "f") return { kind: "find" };
  return key === " " ? { kind: "selectColumn" } : undefined;
}
