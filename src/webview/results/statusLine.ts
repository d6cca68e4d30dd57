// The line below the grid: which rows these are, what the query took, and what is read out loud when it changes.
import type { Fact, TabStatus } from "../../messages/results.ts";
import { button, h, icon } from "./dom.ts";

const number = (value: number) => value.toLocaleString("en-US");
const rows = (value: number) => `${number(value)} row${value === 1 ? "" : "s"}`;

/** "10,000 of 69,659 rows held", and why not all. */
export function heldText(status: Extract<TabStatus, { kind: "rows" }>): {
  readonly text: string;
  readonly about: string;
} {
  const { reading, held, of, limit } = status;
  if (reading) return { text: `${rows(held)} so far`, about: "The result is being read." };
  if (limit === null) return { text: rows(held), about: "All rows of the result." };
  const most = limit === "rows" ? "10,000 rows" : "64 MB";
  return {
    text: of === null ? `First ${rows(held)} held` : `${number(held)} of ${rows(of)} held`,
    about: `The panel holds the first ${most} of a result. Sort, filter and copy see only these; Export CSV writes all.`,
  };
}

export class StatusLine {
  private readonly held = h("span", { class: "held" });
  private readonly view = h("span", { class: "narrowed" });
  private readonly selected = h("span", { class: "selectedcount" });
  private readonly facts = h("span", { class: "facts" });
  private readonly live = h("span", { class: "hidden", role: "status", aria: { live: "polite" } });
  readonly element = h(
    "footer",
    { class: "status" },
    h("span", { class: "told" }, this.held, this.view, this.selected),
    this.facts,
    this.live,
  );

  private drawn = "";

  constructor(private readonly copy: (text: string) => void) {}

  setStatus(status: TabStatus): void {
    this.held.replaceChildren();
    this.held.title = "";
    if (status.kind !== "rows") return;
    const { text, about } = heldText(status);
    if (status.broken !== null) this.held.append(icon("error"));
    this.held.append(status.broken === null ? text : `${text}; the rest could not be read: ${status.broken}`);
    this.held.title = status.broken === null ? about : `${this.held.textContent}\n${about}`;
    this.held.classList.toggle("partial", status.limit !== null || status.broken !== null);
  }

  /** What sort and filter make of the rows held; "" where they make nothing. */
  setView(text: string): void {
    this.view.textContent = text;
    this.view.title = text;
  }

  setSelected(text: string): void {
    this.selected.textContent = text;
  }

  setFacts(facts: readonly Fact[]): void {
    const key = JSON.stringify(facts);
    if (key === this.drawn) return;
    this.drawn = key;
    this.facts.replaceChildren(
      ...facts.map(({ name, value, about, copies }) => {
        if (copies) return button(name, () => this.copy(value), { icon: "copy", class: "fact link", title: about });
        return h("span", { class: "fact", title: about }, h("span", { class: "factname" }, name), " ", value);
      }),
    );
  }

  /** Read out loud; seen by nobody. */
  say(text: string): void {
    this.live.textContent = text;
  }
}
