// What stands below the columns where there are no rows to show: that there are none, why, and what helps.
import type { Hint } from "../../messages/results.ts";
import { button, h } from "./dom.ts";

export interface NoneEvents {
  follow(): void;
  clearFilter(): void;
}

export interface NoneState {
  /** Of the view. */
  readonly count: number;
  readonly held: number;
  readonly reading: boolean;
  readonly hint: Hint | null;
}

export class None {
  readonly element = h("div", { class: "none", hidden: true });
  private drawn = "";

  constructor(private readonly events: NoneEvents) {}

  /** True where it is shown. */
  set({ count, held, reading, hint }: NoneState): boolean {
    const shown = count === 0 && !reading;
    const key = JSON.stringify([shown, held === 0, hint]);
    if (key !== this.drawn) this.draw(shown, held === 0, hint);
    this.drawn = key;
    return shown;
  }

  private draw(shown: boolean, empty: boolean, hint: Hint | null): void {
    this.element.hidden = !shown;
    if (!empty) {
      this.element.replaceChildren(
        h("div", { class: "nonetitle" }, "None of the rows held matches the filter."),
        button("Clear Filter", this.events.clearFilter, { class: "main second", icon: "close" }),
      );
      return;
    }
    this.element.replaceChildren(h("div", { class: "nonetitle" }, "No rows: the query succeeded and found none."));
    if (hint === null) return;
    this.element.append(h("div", { class: "next" }, hint.text));
    if (hint.button !== null) this.element.append(button(hint.button, this.events.follow, { class: "main" }));
  }
}
