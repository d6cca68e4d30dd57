// The row of tabs: one a statement, with its state.
import type { Tab } from "../../messages/results.ts";
import { h, icon } from "./dom.ts";
import { onLine } from "./text.ts";

export interface TabEvents {
  show(id: string): void;
  close(id: string): void;
}

const STATES: Readonly<Record<Tab["status"]["kind"], string>> = {
  waiting: "running",
  failed: "failed",
  rows: "succeeded",
};

export class TabRow {
  readonly element = h("div", { class: "tabs", role: "tablist", aria: { label: "Statements" } });

  constructor(private readonly events: TabEvents) {
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  draw(tabs: readonly Tab[], active: string): void {
    const focused = this.element.contains(document.activeElement);
    // A file of one statement needs no tabs.
    this.element.hidden = tabs.length < 2;
    this.element.replaceChildren(...tabs.map((tab, index) => this.tab(tab, index, tab.id === active)));
    if (focused) this.element.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  private tab({ id, label, status, sql, connection }: Tab, index: number, active: boolean): HTMLElement {
    const state = status.kind === "failed" && status.cancelled ? "cancelled" : STATES[status.kind];
    const mark = h("span", { class: `state ${state}`, aria: { hidden: "true" } });
    if (state === "failed") mark.append(icon("error"));
    else if (state === "succeeded") mark.append(icon("done"));
    else if (state === "cancelled") mark.append(icon("stop"));
    const close = h("span", { class: "close", title: "Close (Delete)", aria: { hidden: "true" } }, icon("close"));
    close.addEventListener("click", (event) => {
      event.stopPropagation();
      this.events.close(id);
    });
    return h(
      "div",
      {
        class: "tab",
        role: "tab",
        id: `tab-${id}`,
        tabIndex: active ? 0 : -1,
        title: `${sql.slice(0, 1000)}\n\nOn ${connection}`,
        aria: { selected: String(active), controls: "content", label: `${index + 1}: ${label}, ${state}` },
        data: { tab: id },
        on: { click: () => this.events.show(id) },
      },
      mark,
      h("span", { class: "label" }, onLine(`${index + 1}: ${label}`)),
      close,
    );
  }

  private key(event: KeyboardEvent): void {
    const tabs = [...this.element.children] as HTMLElement[];
    const index = tabs.findIndex((tab) => tab === document.activeElement);
    if (index < 0) return;
    const last = tabs.length - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowLeft: index === 0 ? last : index - 1,
      ArrowRight: index === last ? 0 : index + 1,
      Home: 0,
      End: last,
    };
    const next = tabs[to[event.key] ?? -1];
    const id = tabs[index]?.dataset["tab"] ?? "";
    if (next !== undefined) {
      next.focus();
      this.events.show(next.dataset["tab"] ?? "");
    } else if (event.key === "Delete") this.events.close(id);
    else if (event.key === "Enter" || event.key === " ") this.events.show(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
