// What stands in the grid's place while there are no rows: waiting with Cancel, what failed, a statement without a result.
import type { Tab, TabStatus } from "../../messages/results.ts";
import { button, h, icon } from "./dom.ts";
import { againText, inLines } from "./text.ts";

export interface PlaceEvents {
  cancel(): void;
  rerun(): void;
  copyMessage(text: string): void;
}

type Of<K extends TabStatus["kind"]> = Extract<TabStatus, { kind: K }>;

/** A wait that is to be explained; ms. */
const LONG = 3000;

/** Time as it goes by: "0.4 s", "12 s", "2 min 5 s". */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 60 ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** Ends its clock by itself once it is out of the page. */
export function waitingPlace(tab: Tab, status: Of<"waiting">, events: PlaceEvents): HTMLElement {
  const began = performance.now() - status.elapsed;
  const time = h("span", { class: "time" });
  const patience = h("div", { class: "where", hidden: true }, status.patience);
  const tick = () => {
    const now = performance.now() - began;
    time.textContent = elapsed(now);
    patience.hidden = status.patience === "" || now < LONG;
  };
  const clock = setInterval(() => (time.isConnected ? tick() : clearInterval(clock)), 100);
  if (status.elapsed > 0 || status.cancellable) tick();
  const line = h(
    "div",
    { class: "phase" },
    h("span", { class: "spinner", aria: { hidden: "true" } }),
    h("span", { class: "phasetext" }, status.text),
    time,
  );
  const cancel = button("Cancel", events.cancel, { icon: "stop", class: "main second", title: "Stop the query" });
  cancel.disabled = status.text === "Stopping";
  cancel.hidden = !status.cancellable;
  return h(
    "div",
    { class: "place" },
    line,
    h("div", { class: "where" }, `on ${tab.connection}`),
    patience,
    h("div", { class: "actions" }, cancel),
    sqlOf(tab),
  );
}

export function failedPlace(tab: Tab, status: Of<"failed">, events: PlaceEvents): HTMLElement {
  const message = h("div", { class: "message" }, inLines(status.message));
  return h(
    "div",
    { class: "place" },
    h(
      "div",
      { class: status.cancelled ? "phase" : "phase bad" },
      icon(status.cancelled ? "stop" : "error"),
      status.title,
    ),
    message,
    h("div", { class: "next", hidden: status.next === "" }, status.next),
    h(
      "div",
      { class: "actions" },
      button(againText(tab), events.rerun, { icon: "again", class: "main" }),
      button("Copy Message", () => events.copyMessage(status.message), { icon: "copy", class: "main second" }),
    ),
    sqlOf(tab),
  );
}

/** DDL and the like: it succeeded and has no table to show. */
export function emptyPlace(tab: Tab, events: PlaceEvents): HTMLElement {
  return h(
    "div",
    { class: "place" },
    h("div", { class: "phase good" }, icon("done"), "The statement succeeded. It returns no rows."),
    h("div", { class: "actions" }, button(againText(tab), events.rerun, { icon: "again", class: "main second" })),
    sqlOf(tab),
  );
}

function sqlOf({ sql }: Tab): HTMLElement {
  const longest = 5000;
  return h("pre", { class: "sql" }, inLines(sql.length > longest ? `${sql.slice(0, longest)}\u2026` : sql));
}
