// One value, whole: a dialog over the grid, for long texts, line breaks and JSON.
import { button, h } from "./dom.ts";
import { prettyJson } from "./json.ts";

export interface CellViewEvents {
  /** Puts exactly this value on the clipboard. */
  copy(): void;
  edit(): void;
  /** The focus goes back. */
  closed(): void;
}

export class CellView {
  private readonly heading = h("h2", { class: "viewtitle", id: "celltitle" });
  private readonly about = h("span", { class: "viewabout" });
  private readonly text = h("pre", { class: "viewtext", tabIndex: 0, aria: { label: "Value" } });
  private readonly pretty = h("input", { type: "checkbox", id: "pretty" });
  private readonly prettyLine = h("label", { class: "viewoption" }, this.pretty, "Format JSON");
  private readonly wrap = h("input", { type: "checkbox", id: "wrap" });
  readonly element: HTMLDialogElement;
  private value: string | null = null;
  private json: string | undefined;

  constructor(events: CellViewEvents) {
    this.wrap.checked = true;
    this.element = h(
      "dialog",
      { class: "view", aria: { labelledby: "celltitle" } },
      h(
        "div",
        { class: "viewbar" },
        this.heading,
        this.about,
        this.prettyLine,
        h("label", { class: "viewoption" }, this.wrap, "Wrap lines"),
        button("Copy", () => events.copy(), { icon: "copy", title: "Copy the whole value" }),
        button("Open in Editor", () => events.edit(), { icon: "open" }),
        button("Close", () => this.element.close(), { icon: "close", title: "Close (Escape)" }),
      ),
      this.text,
    );
    this.pretty.addEventListener("change", () => this.draw());
    this.wrap.addEventListener("change", () => this.draw());
    this.element.addEventListener("close", () => {
      this.text.textContent = "";
      events.closed();
    });
    // Escape closes the dialog, and nothing of VS Code's.
    this.element.addEventListener("keydown", (event) => event.stopPropagation());
  }

  show(name: string, row: number, value: string | null): void {
    this.value = value;
    this.json = value === null ? undefined : prettyJson(value);
    this.prettyLine.hidden = this.json === undefined;
    this.pretty.checked = this.json !== undefined;
    this.heading.textContent = `${name}, row ${(row + 1).toLocaleString("en-US")}`;
    this.about.textContent =
      value === null ? "NULL" : value === "" ? "empty text" : `${value.length.toLocaleString("en-US")} characters`;
    this.draw();
    if (!this.element.open) this.element.showModal();
    this.text.scrollTop = 0;
    this.text.focus();
  }

  private draw(): void {
    this.text.classList.toggle("wrapped", this.wrap.checked);
    this.text.classList.toggle("null", this.value === null);
    this.text.textContent = this.pretty.checked && this.json !== undefined ? this.json : (this.value ?? "NULL");
  }
}
