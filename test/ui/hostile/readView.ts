// Reading a tree as a person scrolls through it: VS Code draws only the rows in sight, so page after page, until the last.
import { setTimeout as sleep } from "node:timers/promises";
import type { Workbench } from "../driver.ts";

interface Row {
  readonly index: number;
  readonly last: boolean;
  readonly focused: boolean;
  readonly text: string;
}

export interface Read {
  /** How many there are. */
  readonly rows: number;
  /** Of all of them, as the page holds it. */
  readonly text: string;
}

/** Every row of a view from the first to the last. Begins anew where rows came in meanwhile. @throws where one was passed over. */
export async function readView(workbench: Workbench, view: string): Promise<Read> {
  for (let tries = 0; tries < 4; tries++) {
    const read = await readOnce(workbench, view);
    if (read !== undefined) return read;
  }
  throw new Error(`${view} does not stay as it is.`);
}

/** Undefined where the rows moved. */
async function readOnce(workbench: Workbench, view: string): Promise<Read | undefined> {
  const list = workbench.view(view).locator(".monaco-list").first();
  // A list that is still being filled takes no focus.
  for (let tries = 0; !(await shown(list)).some((row) => row.focused && row.index === 0); tries++) {
    if (tries > 40) throw new Error(`${view} has no first row.`);
    await list.focus();
    await workbench.press("Home");
    await sleep(250);
  }
  const found = new Map<number, string>();
  for (;;) {
    const rows = await shown(list);
    for (const { index, text } of rows) {
      // Pages overlap by a row.
      if (head(found.get(index) ?? text) !== head(text)) return undefined;
      found.set(index, text);
    }
    const last = rows.find((row) => row.last);
    const focused = rows.find((row) => row.focused)?.index ?? -1;
    if (last !== undefined && focused === last.index) break;
    await workbench.press("PageDown");
    // Until the focus has moved, and what is behind it is drawn.
    const until = Date.now() + 10_000;
    while (!(await shown(list)).some((row) => row.focused && row.index > focused)) {
      if (Date.now() > until) throw new Error(`${view} does not go on behind row ${focused}.`);
    }
  }
  const end = Math.max(...found.keys());
  const missing = Array.from({ length: end + 1 }, (_, index) => index).filter((index) => !found.has(index));
  if (missing.length > 0) throw new Error(`${view}: rows were not drawn: ${missing.slice(0, 10).join(", ")} ...`);
  return { rows: end + 1, text: [...found.values()].join("\n") };
}

/** A row's beginning: what stands behind it may tell the time. */
function head(text: string): string {
  return text.slice(0, 12);
}

async function shown(list: ReturnType<Workbench["view"]>): Promise<Row[]> {
  return list.locator(".monaco-list-row").evaluateAll((rows) =>
    rows.map((row) => ({
      index: Number(row.getAttribute("data-index")),
      last: row.getAttribute("data-last-element") === "true",
      focused: row.classList.contains("focused"),
      text: row.textContent ?? "",
    })),
  );
}
