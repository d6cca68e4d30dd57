// A tab's table: toolbar, grid and cell view, and the view (sort and filter) that they share.
import type { Action, Hint, Tab, Table, TabStatus, TextFormat, View } from "../../messages/results.ts";
import type { Ask } from "./ask.ts";
import { CellView } from "./cellView.ts";
import { h } from "./dom.ts";
import { Grid } from "./grid.ts";
import type { TabState } from "./kept.ts";
import { type Command, commandOf } from "./keys.ts";
import { measure } from "./metrics.ts";
import { listenToPointer, selectColumn } from "./pointer.ts";
import { at, movedSelection, type Place, type Rectangle } from "./selection.ts";
import type { StatusLine } from "./statusLine.ts";
import { None } from "./none.ts";
import { nextSort, sortText } from "./sorting.ts";
import { Toolbar } from "./toolbar.ts";
import { Windows } from "./windows.ts";

const FORMATS: Readonly<Record<TextFormat, string>> = {
  tsv: "tab-separated text",
  csv: "CSV",
  json: "JSON",
  markdown: "Markdown",
};

export class TableView {
  private readonly grid: Grid;
  private readonly toolbar: Toolbar;
  private readonly cellView: CellView;
  private readonly windows: Windows;
  private readonly probe = measure((metrics) => this.grid.setMetrics(metrics));
  private view: View;
  private held = 0;
  private reading = true;
  private hint: Hint | null = null;
  private count = 0;
  private widened: boolean;
  private opened: Place | undefined;
  private readonly none = new None({
    follow: () => void this.attempt(this.ask("follow", { tab: this.tab })),
    clearFilter: () => {
      this.toolbar.setFilter("", undefined);
      this.filter("", null);
      this.grid.focus();
    },
  });
  private readonly message = h("div", { class: "banner", role: "alert", hidden: true });
  readonly element: HTMLElement;

  constructor(
    private readonly table: Table,
    private readonly state: TabState,
    private readonly ask: Ask,
    private readonly status: StatusLine,
    private readonly changed: (state: TabState) => void,
  ) {
    const { columns } = table;
    const known = ({ column }: { column: number }) => column < columns.length;
    this.view = { sort: state.view.sort.filter(known), filter: state.view.filter };
    this.widened = state.widths !== null;
    this.windows = new Windows(
      (rows, across, signal) => ask("window", { tab: this.tab, view: this.view, rows, columns: across }, signal),
      (count) => this.arrived(count),
      (error) => this.fail(error),
    );
    if (this.natural) this.windows.seed(table.first);
    this.grid = new Grid(
      { selected: (rectangle, active) => this.selected(rectangle, active), moved: () => this.moved() },
      this.probe.metrics,
    );
    this.grid.selection = state.selection;
    this.grid.setTable(columns, this.windows, state.widths ?? undefined);
    this.grid.setSort(this.view.sort);
    this.toolbar = new Toolbar({
      filter: (text, column) => this.filter(text, column),
      copy: (format, names) => void this.copy(format, names),
      export: () => void this.attempt(ask("export", { tab: this.tab })),
      rerun: () => void this.attempt(ask("rerun", { tab: this.tab })),
      leave: () => this.grid.focus(),
    });
    const filter = this.view.filter;
    const column = filter?.column ?? null;
    const named = column === null ? undefined : { index: column, name: columns[column]?.name ?? "" };
    this.toolbar.setFilter(filter?.text ?? "", named);
    this.cellView = new CellView({
      copy: () => void this.copyOpened(),
      edit: () => {
        const place = this.opened;
        if (place !== undefined) void this.attempt(ask("edit", { tab: this.tab, view: this.view, ...place }));
        this.cellView.element.close();
      },
      // Unless the person has gone on to somewhere else: the event comes a moment later.
      closed: () => {
        if (document.activeElement === null || document.activeElement === document.body) this.grid.focus();
      },
    });
    this.element = h(
      "div",
      { class: "table" },
      this.toolbar.element,
      this.message,
      this.grid.element,
      this.none.element,
      this.probe.element,
      this.cellView.element,
    );
    this.grid.element.dataset["vscodeContext"] = JSON.stringify({
      webviewSection: "grid",
      preventDefaultContextMenuItems: true,
    });
    this.grid.element.addEventListener("keydown", (event) => this.key(event));
    this.grid.element.addEventListener("copy", (event) => {
      event.preventDefault();
      void this.copy("tsv", false);
    });
    listenToPointer(this.grid, {
      sort: (index, add) => this.sort(nextSort(this.view.sort, index, add), index),
      open: (place) => void this.openCell(place),
      fit: (index) => void this.fit(index),
    });
    this.setCount(table.first.count);
  }

  get tab(): string {
    return this.table.tab;
  }

  get columns(): number {
    return this.table.columns.length;
  }

  private get natural(): boolean {
    return this.view.sort.length === 0 && this.view.filter === null;
  }

  /** It is in the page now. */
  attached(focus: boolean): void {
    this.grid.setMetrics(this.probe.metrics);
    if (!this.natural) this.grid.setCount(Math.max(this.count, this.state.row + 1));
    this.grid.scrollTo(this.state);
    this.grid.render();
    if (focus) this.grid.focus();
    this.selected(this.grid.rectangle, this.grid.selection.active);
  }

  focus(): void {
    this.grid.focus();
  }

  setStatus(status: Extract<TabStatus, { kind: "rows" }>, { exporting, hint, lost }: Tab): void {
    this.toolbar.setExporting(exporting);
    this.toolbar.setLost(lost);
    this.hint = hint;
    this.reading = status.reading;
    if (status.held === this.held) return this.describe();
    this.held = status.held;
    if (this.natural) {
      this.windows.grown();
      this.setCount(status.held);
    } else if (!status.reading) this.windows.invalidate(true);
    this.grid.soon();
    this.describe();
  }

  act(action: Action): void {
    const { active } = this.grid.selection;
    switch (action.kind) {
      case "copy":
        return void this.copy(action.format, action.names);
      case "sort":
        return this.sort(
          action.descending === null ? [] : [{ column: active.column, descending: action.descending }],
          active.column,
        );
      case "open":
        return void this.openCell(active);
      case "find":
        return this.toolbar.focusFilter();
      case "selectAll":
      case "selectRow":
      case "selectColumn":
        return this.run({ kind: action.kind });
    }
  }

  dispose(): void {
    this.probe.dispose();
    this.windows.invalidate(false);
    if (this.cellView.element.open) this.cellView.element.close();
    this.element.remove();
  }

  private key(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    const header = this.grid.selection.active.row < 0;
    const command = commandOf({ key, ctrl: ctrlKey || metaKey, shift: shiftKey, alt: altKey }, header);
    if (command === undefined) return;
    // Not VS Code's as well.
    event.preventDefault();
    event.stopPropagation();
    this.run(command);
  }

  private run(command: Command): void {
    const { grid } = this;
    const { selection } = grid;
    const { active } = selection;
    switch (command.kind) {
      case "move":
        return grid.select(movedSelection(selection, command.move, command.extend, grid.extent, grid.page));
      case "selectAll":
        return grid.select({ ...selection, shape: "all" }, { reveal: false });
      case "selectRow":
        return grid.select({ ...selection, shape: "rows" }, { reveal: false });
      case "selectColumn":
        return selectColumn(grid, active.column);
      case "collapse":
        return grid.select(at(active), { reveal: false });
      case "open":
        return void this.openCell(active);
      case "copy":
        return void this.copy("tsv", false);
      case "copyNames":
        return void this.copy("tsv", true);
      case "find":
        return this.toolbar.focusFilter();
      case "sort":
        return this.sort(nextSort(this.view.sort, active.column, command.add), active.column);
      case "resize":
        return grid.setWidth(active.column, (grid.widths[active.column] ?? 0) + command.by);
      case "fit":
        return void this.fit(active.column);
    }
  }

  private sort(sort: View["sort"], column: number): void {
    this.view = { ...this.view, sort };
    this.grid.setSort(sort);
    const { active } = this.grid.selection;
    // Rows are others now: what was selected is not.
    this.grid.selection = at(active.column === column ? active : { row: active.row, column });
    this.changeView();
    this.status.say(sort.length === 0 ? "Not sorted." : `${sortText(sort, this.table.columns)}. Of the rows held.`);
  }

  private filter(text: string, column: number | null): void {
    const filter = text === "" ? null : { text, column };
    if (JSON.stringify(filter) === JSON.stringify(this.view.filter)) return;
    this.view = { ...this.view, filter };
    this.grid.selection = at({ row: 0, column: this.grid.selection.active.column });
    this.grid.element.scrollTop = 0;
    this.changeView();
  }

  private changeView(): void {
    this.message.hidden = true;
    this.windows.invalidate(false);
    if (this.natural) this.setCount(this.held);
    this.grid.select(this.grid.selection, { focus: this.grid.element.contains(document.activeElement), reveal: false });
    this.describe();
    this.moved();
  }

  private arrived(count: number): void {
    if (!this.natural || count > this.count) this.setCount(count);
    this.grid.soon();
  }

  private setCount(count: number): void {
    const before = this.count;
    this.count = count;
    this.grid.setCount(count);
    this.describe();
    if (before !== count && this.view.filter !== null)
      this.status.say(`${count.toLocaleString("en-US")} of ${this.held.toLocaleString("en-US")} rows held match.`);
  }

  private describe(): void {
    const { sort, filter } = this.view;
    const { count, held, reading, hint } = this;
    this.element.classList.toggle("norows", this.none.set({ count, held, reading, hint }));
    const parts: string[] = [];
    if (filter !== null) parts.push(`${this.count.toLocaleString("en-US")} of these match the filter`);
    if (sort.length > 0)
      parts.push(sortText(sort, this.table.columns).replace("S", parts.length === 0 ? "these s" : "s"));
    this.status.setView(parts.join(", "));
  }

  private selected(rectangle: Rectangle | undefined, active: Place): void {
    const shown = this.table.columns[active.column];
    if (shown !== undefined) this.toolbar.setColumn(active.column, shown.name);
    const [down, across] =
      rectangle === undefined
        ? [0, 0]
        : [rectangle.rows.to - rectangle.rows.from, rectangle.columns.to - rectangle.columns.from];
    const many = down * across > 1;
    const size = `${down.toLocaleString("en-US")} \u00d7 ${across.toLocaleString("en-US")} selected`;
    this.status.setSelected(many ? size : "");
    if (many) this.status.say(`${down} rows, ${across} columns selected`);
  }

  private moved(): void {
    this.changed({
      view: this.view,
      ...this.grid.position,
      selection: this.grid.selection,
      widths: this.widened ? this.grid.widths : null,
    });
  }

  private async fit(column: number): Promise<void> {
    this.widened = true;
    const characters = await this.attempt(this.ask("widest", { tab: this.tab, column }));
    if (characters !== undefined) this.grid.fit(column, characters);
  }

  private async openCell(place: Place): Promise<void> {
    if (place.row < 0 || place.row >= this.count) return;
    const value = await this.attempt(this.ask("cell", { tab: this.tab, view: this.view, ...place }));
    if (value === undefined) return;
    this.opened = place;
    this.cellView.show(this.table.columns[place.column]?.name ?? "", place.row, value);
  }

  private async copyOpened(): Promise<void> {
    if (this.opened === undefined) return;
    const { row, column } = this.opened;
    await this.copyPart({ rows: { from: row, to: row + 1 }, columns: { from: column, to: column + 1 } }, "tsv", false);
  }

  private async copy(format: TextFormat, names: boolean): Promise<void> {
    const { rectangle } = this.grid;
    if (rectangle !== undefined) await this.copyPart(rectangle, format, names);
    else {
      const text = this.table.columns[this.grid.selection.active.column]?.name ?? "";
      await this.attempt(this.ask("copyText", { text }));
      this.status.say("Copied the column's name.");
    }
  }

  private async copyPart({ rows, columns }: Rectangle, format: TextFormat, names: boolean): Promise<void> {
    const asked = this.ask("copy", { tab: this.tab, view: this.view, rows, columns, format, names });
    if ((await this.attempt(asked)) === undefined) return;
    const cells = (rows.to - rows.from) * (columns.to - columns.from);
    this.status.setSelected(`Copied ${cells.toLocaleString("en-US")} ${cells === 1 ? "value" : "values"}`);
    this.status.say(`Copied ${cells} ${cells === 1 ? "value" : "values"} as ${FORMATS[format]}.`);
  }

  private async attempt<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
      return await asked;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private fail(error: unknown): void {
    this.message.textContent = error instanceof Error ? error.message : String(error);
    this.message.hidden = false;
  }
}
