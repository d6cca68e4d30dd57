// The page: tabs, one tab's content, and the talk with the extension.
import type { Panel, Tab, Table } from "../../messages/results.ts";
import type { Ask } from "./ask.ts";
import { h } from "./dom.ts";
import { FRESH, type Kept, type TabState } from "./kept.ts";
import { emptyPlace, failedPlace, waitingPlace } from "./places.ts";
import { StatusLine } from "./statusLine.ts";
import { TableView } from "./tableView.ts";
import { TabRow } from "./tabs.ts";

/** What is kept is written at most so often; ms. */
const KEEPING = 250;

export class App {
  private readonly tabRow: TabRow;
  private readonly content = h("div", { class: "content", id: "content", role: "tabpanel" });
  private readonly status = new StatusLine((text) => this.copyText(text));
  readonly element: HTMLElement;
  private tabs: readonly Tab[] = [];
  private active = "";
  private memento: unknown;
  private table: TableView | undefined;
  private readonly states = new Map<string, TabState>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the content: an answer for another tab than the one that is shown counts for nothing. */
  private shown = "";

  constructor(
    private readonly ask: Ask,
    private readonly keep: (kept: Kept) => void,
    kept: Kept,
  ) {
    for (const [id, state] of Object.entries(kept.tabs)) this.states.set(id, state);
    this.active = kept.active;
    this.memento = kept.memento;
    this.tabRow = new TabRow({
      show: (id) => void this.show(id),
      close: (id) => void this.ask("close", { tab: id }),
    });
    const heading = h("h1", { class: "hidden" }, "Query results");
    this.element = h("main", { class: "app" }, heading, this.tabRow.element, this.content, this.status.element);
  }

  async open(): Promise<void> {
    this.setPanel(await this.ask("open", { active: this.active === "" ? null : this.active }));
  }

  get view(): TableView | undefined {
    return this.table;
  }

  setPanel({ tabs, active, table, memento }: Panel): void {
    this.tabs = tabs;
    this.active = active;
    this.memento = memento;
    const ids = new Set(tabs.map(({ id }) => id));
    for (const id of this.states.keys()) if (!ids.has(id)) this.states.delete(id);
    this.tabRow.draw(tabs, active);
    // At once: the window may be reloaded at any time, and what runs is found again by this.
    this.keepNow();
    if (table !== null && table.tab === active && this.table?.tab !== active) this.setTable(table);
    else this.draw();
  }

  setTab(tab: Tab): void {
    const before = this.tabs.find(({ id }) => id === tab.id)?.status;
    this.tabs = this.tabs.map((known) => (known.id === tab.id ? tab : known));
    if (before?.kind !== tab.status.kind) this.tabRow.draw(this.tabs, this.active);
    if (tab.id === this.active) this.draw();
  }

  /** The first rows of a tab. */
  setTable(table: Table): void {
    if (table.tab !== this.active) return;
    this.table?.dispose();
    this.table = new TableView(table, this.states.get(table.tab) ?? FRESH, this.ask, this.status, (state) => {
      this.states.set(table.tab, state);
      this.keepSoon();
    });
    this.draw();
  }

  private async show(id: string): Promise<void> {
    if (id === this.active) return;
    this.active = id;
    this.table?.dispose();
    this.table = undefined;
    this.tabRow.draw(this.tabs, id);
    this.draw();
    this.keepSoon();
    const table = await this.ask("show", { tab: id });
    if (table !== null && this.active === id && this.view === undefined) this.setTable(table);
  }

  private draw(): void {
    const tab = this.tabs.find(({ id }) => id === this.active);
    if (tab === undefined) {
      this.content.replaceChildren();
      return;
    }
    this.content.setAttribute("aria-labelledby", `tab-${tab.id}`);
    this.status.setFacts(tab.facts);
    this.status.setStatus(tab.status);
    const { status } = tab;
    if (status.kind !== "rows" || !tab.table) {
      this.table?.dispose();
      this.table = undefined;
    }
    // The same again: what has the focus or is selected stays.
    const key =
      status.kind === "rows"
        ? `rows ${tab.id} ${this.table !== undefined}`
        : JSON.stringify([tab.id, tab.lost, { ...status, elapsed: 0 }]);
    if (this.table !== undefined && status.kind === "rows") this.table.setStatus(status, tab);
    if (key === this.shown && this.table === undefined) return;
    this.drawContent(tab, key);
  }

  private drawContent(tab: Tab, key: string): void {
    const { status } = tab;
    const events = {
      cancel: () => void this.ask("cancel", { tab: tab.id }),
      rerun: () => void this.ask("rerun", { tab: tab.id }),
      copyMessage: (text: string) => this.copyText(text),
    };
    const again = key !== this.shown;
    this.shown = key;
    if (this.table !== undefined) {
      if (this.table.columns === 0) this.content.replaceChildren(emptyPlace(tab, events));
      else if (this.table.element.parentElement !== this.content) {
        this.content.replaceChildren(this.table.element);
        this.table.attached(document.hasFocus());
      }
      if (again && status.kind === "rows")
        this.status.say(
          status.held === 0 && !status.reading ? "No rows." : `Rows are there: ${status.held.toLocaleString("en-US")}.`,
        );
      return;
    }
    this.status.setView("");
    this.status.setSelected("");
    const focused = this.content.contains(document.activeElement);
    if (status.kind === "waiting") this.content.replaceChildren(waitingPlace(tab, status, events));
    else if (status.kind === "failed") this.content.replaceChildren(failedPlace(tab, status, events));
    else this.content.replaceChildren();
    if (focused) this.content.querySelector("button")?.focus();
    if (again)
      this.status.say(
        status.kind === "failed" ? `${status.title}. ${status.message}` : status.kind === "waiting" ? status.text : "",
      );
  }

  private copyText(text: string): void {
    void this.ask("copyText", { text }).then(() => this.status.say("Copied."));
  }

  private keepSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepNow(), KEEPING);
  }

  private keepNow(): void {
    clearTimeout(this.timer);
    this.keep({ memento: this.memento, active: this.active, tabs: Object.fromEntries(this.states) });
  }
}
