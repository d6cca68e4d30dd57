// The results panels: one a file, tabs a statement; found again by file, rebuilt after a reload from execution ids.
import * as vscode from "vscode";
import type { Action } from "../../../messages/results.ts";
import { BoathouseError } from "../../../base/errors.ts";
import { known } from "../../shell/failures.ts";
import { panelGroups } from "../../shell/groups.ts";
import { fileName } from "../label.ts";
import { VIEW_TYPE } from "./viewType.ts";
import { type Memento, parseMemento } from "./memento.ts";
import { loadReading } from "./heldRows.ts";
import { type PanelOwner, ResultPanel } from "./panel.ts";
import { StatementTab } from "./statementTab.ts";
import type { PanelFile, ResultHost, ResultTab, StatementInfo } from "./tab.ts";

export type { PanelFile, ResultHost, ResultTab, StatementInfo } from "./tab.ts";

/** All tabs' rows together take no more than this; those that were looked at longest ago are let go of and read again; bytes. */
const MOST_HELD = 256 * 1024 * 1024;
/** So long after an edit the panels are told, ms: it may be one of many. */
const TYPING = 300;

export class ResultPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, ResultPanel>();
  /** In the order in which they were last looked at. */
  private readonly recent = new Set<StatementTab>();
  private lastFocused: ResultPanel | undefined;
  private readonly listening: vscode.Disposable;
  /** Documents that were edited, of whose statements the panels are to be told. */
  private readonly moved = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private readonly owner: PanelOwner;

  constructor(private readonly host: ResultHost) {
    this.listening = vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      host.onDidMove((uri) => {
        if (this.panels.has(uri)) this.moved.add(uri);
        if (this.moved.size > 0) this.timer ??= setTimeout(() => this.tellMoved(), TYPING);
      }),
    );
    this.owner = {
      extensionUri: host.extensionUri,
      wanted: (tab) => void this.wanted(tab),
      rerun: (file, tab) => void this.rerun(file, tab),
      lost: (file, tab) => host.lost(file, tab),
      follow: ({ info, crawler }) => {
        if (crawler !== undefined) host.crawl(info.connection, crawler).catch((error: unknown) => host.failed(error));
      },
      exportTab: (tab) => this.exportTab(tab),
      failed: (error) => host.failed(error),
      focused: (panel) => {
        this.lastFocused = panel;
      },
      gone: (tab) => this.recent.delete(tab),
      closed: (panel) => {
        if (this.lastFocused === panel) this.lastFocused = undefined;
        if (this.panels.get(panel.file.uri) === panel) this.panels.delete(panel.file.uri);
      },
    };
  }

  /**
   * Shows the file's panel with a tab for each statement, in their order, waiting; the first of them is shown.
   * `replace`: the tabs that were there go (their executions do not end); false: the new ones stand behind them.
   */
  begin(file: PanelFile, statements: readonly StatementInfo[], replace: boolean): ResultTab[] {
    const known = this.panels.get(file.uri);
    const panel = known ?? this.make(file);
    const tabs = statements.map((info) => this.tab(info));
    const old = replace ? panel.tabs : [];
    panel.add(tabs, tabs[0]);
    panel.remove(old);
    if (known !== undefined) known.view.reveal(undefined, true);
    return tabs;
  }

  /** Brings a file's panel to the front, with the tab of that execution; false where there is none of it. */
  reveal(uri: string, executionId: string | undefined): boolean {
    const panel = this.panels.get(uri);
    const tab = panel?.tabs.find(({ info }) => info.executionId === executionId);
    if (panel === undefined || tab === undefined) return false;
    panel.show(tab);
    panel.add([], tab);
    panel.view.reveal(undefined, true);
    return true;
  }

  /** The same for an execution that any panel shows. */
  revealExecution(id: string): boolean {
    const shows = (panel: ResultPanel) => panel.tabs.some(({ info }) => info.executionId === id);
    const panel = [...this.panels.values()].find(shows);
    return panel !== undefined && this.reveal(panel.file.uri, id);
  }

  /** The panel that has the focus; while a menu has it, the one that had it before. */
  get focused(): ResultPanel | undefined {
    const all = [...this.panels.values()];
    return all.find(({ view }) => view.active) ?? all.find((panel) => panel === this.lastFocused && panel.view.visible);
  }

  /** For menus and keys: what is to be done with the selection of the panel that has the focus. */
  act(action: Action): void {
    this.focused?.act(action);
  }

  async exportFocused(): Promise<void> {
    const tab = this.focused?.active;
    if (tab !== undefined) await this.exportTab(tab);
  }

  async deserializeWebviewPanel(view: vscode.WebviewPanel, state: unknown): Promise<void> {
    const memento = parseMemento((state as { memento?: unknown } | undefined)?.memento);
    if (memento === undefined || memento.tabs.length === 0) {
      view.dispose();
      return;
    }
    await this.rebuild(view, memento);
  }

  dispose(): void {
    this.listening.dispose();
    clearTimeout(this.timer);
    // The views stay: VS Code closes them with its window and shows them again after a reload.
    for (const panel of this.panels.values()) panel.dispose();
    this.panels.clear();
  }

  private tellMoved(): void {
    this.timer = undefined;
    for (const uri of this.moved) this.panels.get(uri)?.moved();
    this.moved.clear();
  }

  private async rebuild(view: vscode.WebviewPanel, { file, tabs, active }: Memento): Promise<void> {
    const panel = this.adopt(view, file);
    const rebuilt = tabs.map(({ id, info }) => this.tab(info, id));
    for (const tab of rebuilt) tab.sleep();
    panel.add(
      rebuilt,
      rebuilt.find(({ id }) => id === active),
    );
  }

  private make(file: PanelFile): ResultPanel {
    // Where another panel is, unless it would cover the statement's own editor.
    const own = vscode.window.activeTextEditor?.viewColumn;
    const others = panelGroups().flatMap(({ viewColumn }) => (viewColumn === own ? [] : viewColumn));
    const view = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      `Results: ${file.title}`,
      { viewColumn: others.at(-1) ?? place(), preserveFocus: true },
      { enableScripts: true },
    );
    return this.adopt(view, file);
  }

  private adopt(view: vscode.WebviewPanel, file: PanelFile): ResultPanel {
    const icon = (theme: string) => vscode.Uri.joinPath(this.host.extensionUri, "media", `results-${theme}.svg`);
    view.iconPath = { light: icon("light"), dark: icon("dark") };
    const panel = new ResultPanel(view, file, this.owner);
    this.panels.set(file.uri, panel);
    panel.start().catch((error: unknown) => this.host.failed(error));
    return panel;
  }

  private tab(info: StatementInfo, id?: string): StatementTab {
    const price = () =>
      vscode.workspace.getConfiguration("boathouse").get<number>("queries.pricePerTerabyte") ?? undefined;
    const tab = new StatementTab(info, { price, first: () => this.host.first() }, id);
    this.recent.add(tab);
    tab.onDidChange((what) => {
      if (what === "table") this.makeRoom(tab);
      else if (what === "info" && tab.info.executionId !== undefined) void this.prepare(tab.info);
    });
    return tab;
  }

  /** While the query runs, what reads its result is loaded, so that the first rows wait for nothing but themselves. */
  private async prepare({ connection }: StatementInfo): Promise<void> {
    try {
      const session = await this.host.sessionFor(connection);
      await Promise.all([session.s3(), session.athena(), loadReading()]);
    } catch {
      // Whoever reads the result will say so.
    }
  }

  /** Its rows are read where they are not there; where it is of before a reload, what became of its execution is asked first. */
  private async wanted(tab: StatementTab): Promise<void> {
    this.recent.delete(tab);
    this.recent.add(tab);
    const { info } = tab;
    try {
      if (tab.asleep) {
        tab.wake();
        await this.wake(tab);
      } else if (tab.result !== undefined && tab.rows === undefined) {
        await tab.load(await this.host.sessionFor(info.connection));
      }
    } catch (error) {
      tab.failed(known(error));
    }
    this.makeRoom(tab);
  }

  private async wake(tab: StatementTab): Promise<void> {
    const { executionId, connection } = tab.info;
    if (executionId === undefined) {
      tab.failed(notStarted());
      return;
    }
    const { getExecution, executionFailure } = await import("../../../queries/executions.ts");
    const session = await this.host.sessionFor(connection);
    const execution = await getExecution(session, executionId);
    if (execution.state === "SUCCEEDED") await tab.succeeded(session, execution);
    else if (execution.state === "FAILED" || execution.state === "CANCELLED")
      tab.failed(executionFailure(execution), execution);
    else await this.host.reattach(tab, tab.info);
  }

  private async rerun(file: PanelFile, tab: StatementTab): Promise<void> {
    tab.again();
    try {
      await this.host.rerun(file, tab);
    } catch (error) {
      tab.failed(known(error));
    }
  }

  private async exportTab(tab: StatementTab): Promise<void> {
    const { result, info } = tab;
    if (result === undefined || tab.exporting) return;
    const { askFile, exportTo } = await import("./exporting.ts");
    const file = await askFile(fileName(info.label));
    if (file === undefined) return;
    tab.export(true);
    try {
      await exportTo(file, result, () => this.host.sessionFor(info.connection));
    } finally {
      tab.export(false);
    }
  }

  /** Lets go of what was looked at longest ago. Tabs that are on screen keep their rows. */
  private makeRoom(shown: StatementTab): void {
    const active = new Set([shown, ...[...this.panels.values()].map((panel) => panel.active)]);
    let held = 0;
    for (const tab of this.recent) held += tab.rows?.bytes ?? 0;
    for (const tab of this.recent) {
      if (held <= MOST_HELD) return;
      if (active.has(tab)) continue;
      held -= tab.rows?.bytes ?? 0;
      tab.unload();
      this.recent.delete(tab);
    }
  }
}

/** Where the first panel opens: in a group of its own below the only one, or beside. */
function place(): vscode.ViewColumn {
  const { all } = vscode.window.tabGroups;
  const placement = vscode.workspace.getConfiguration("boathouse").get<string>("results.placement");
  if (all.length !== 1 || placement !== "below") return vscode.ViewColumn.Beside;
  // Arrives before the panel does, since both go the same way in order.
  void vscode.commands.executeCommand("vscode.setEditorLayout", {
    orientation: 1,
    groups: [{ size: 0.5 }, { size: 0.5 }],
  });
  return vscode.ViewColumn.Two;
}

function notStarted(): BoathouseError {
  return new BoathouseError("notFound", "This statement was not started before the window was reloaded.", {
    next: "Run it again.",
  });
}
