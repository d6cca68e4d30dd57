// The bar above the grid: filter, copy, export, run again.
import type { TextFormat } from "../../messages/results.ts";
import { button, h, icon } from "./dom.ts";
import { menuButton } from "./menu.ts";
import { againText } from "./text.ts";

export interface ToolbarEvents {
  filter(text: string, column: number | null): void;
  copy(format: TextFormat, names: boolean): void;
  export(): void;
  rerun(): void;
  /** From the filter back to the rows. */
  leave(): void;
}

/** The filter waits for the next letter so long; ms. */
const TYPING = 150;

export class Toolbar {
  private readonly input = h("input", {
    type: "text",
    class: "filter",
    placeholder: "Filter the rows held",
    spellcheck: false,
    aria: { label: "Filter the rows held: text that a value contains" },
  });
  private readonly scope = h("select", { class: "scope", aria: { label: "Columns to filter by" } });
  private readonly clear = h(
    "button",
    { class: "tool clear", type: "button", title: "Clear Filter (Escape)" },
    icon("close"),
  );
  private readonly exporter: HTMLButtonElement;
  private readonly again: HTMLButtonElement;
  readonly element: HTMLElement;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private column: { readonly index: number; readonly name: string } | undefined;

  constructor(private readonly events: ToolbarEvents) {
    this.exporter = button("Export CSV", () => events.export(), {
      icon: "download",
      title: "Export the whole result as CSV, not only the rows held",
    });
    this.again = button(againText({ lost: false }), () => events.rerun(), { icon: "again" });
    this.clear.append(h("span", { class: "hidden" }, "Clear Filter"));
    this.element = h(
      "div",
      { class: "toolbar", role: "toolbar", aria: { label: "Result" } },
      h("div", { class: "filterbox" }, icon("filter"), this.input, this.clear),
      this.scope,
      h("span", { class: "grow" }),
      menuButton("Copy", "copy", [
        { label: "Copy", key: "Ctrl+C", press: () => events.copy("tsv", false) },
        { label: "Copy with Column Names", key: "Ctrl+Shift+C", press: () => events.copy("tsv", true) },
        { label: "Copy as CSV", press: () => events.copy("csv", true) },
        { label: "Copy as JSON", press: () => events.copy("json", true) },
        { label: "Copy as Markdown", press: () => events.copy("markdown", true) },
      ]),
      this.exporter,
      this.again,
    );
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.scope.addEventListener("change", () => this.tell());
    this.clear.addEventListener("click", () => {
      this.reset();
      this.input.focus();
      this.tell();
    });
    this.drawScope();
  }

  focusFilter(): void {
    this.input.focus();
    this.input.select();
  }

  /** The column with the focus is the one that the filter can be held to; the chosen one stays while it filters. */
  setColumn(index: number, name: string): void {
    if (this.scope.value === "column" && this.input.value !== "") return;
    if (this.column?.index === index && this.column.name === name) return;
    this.column = { index, name };
    this.drawScope();
  }

  setFilter(text: string, column: { readonly index: number; readonly name: string } | undefined): void {
    this.input.value = text;
    if (column !== undefined) this.column = column;
    this.drawScope(column !== undefined);
    this.clear.hidden = text === "";
  }

  setExporting(now: boolean): void {
    this.exporter.disabled = now;
  }

  setLost(lost: boolean): void {
    const text = againText({ lost });
    const label = this.again.querySelector("span");
    if (label === null || label.textContent === text) return;
    label.textContent = text;
    this.again.title = text;
  }

  private reset(): void {
    this.input.value = "";
    this.clear.hidden = true;
  }

  private drawScope(narrow = this.scope.value === "column"): void {
    const all = h("option", { value: "all", selected: !narrow }, "All columns");
    const one = this.column;
    const narrowed =
      one === undefined ? [] : [h("option", { value: "column", selected: narrow }, `Only ${one.name.slice(0, 60)}`)];
    this.scope.replaceChildren(all, ...narrowed);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.input.value !== "") {
      this.reset();
      this.tell();
    } else if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") {
      this.tell();
      this.events.leave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), TYPING);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.clear.hidden = this.input.value === "";
    this.events.filter(this.input.value, this.scope.value === "column" ? (this.column?.index ?? null) : null);
  }
}
