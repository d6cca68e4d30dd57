// One panel: a webview with a tab a statement. It answers the page and tells it what changes.
import * as vscode from "vscode";
import type { Told } from "../../../messages/channel.ts";
import type { Action, Panel, ResultsContract, Tab } from "../../../messages/results.ts";
import { Disposables } from "../../shell/disposables.ts";
import type { Answering } from "./answers.ts";
import type { Memento } from "./memento.ts";
import { pageHtml } from "./page.ts";
import type { StatementTab } from "./statementTab.ts";
import type { PanelFile } from "./tab.ts";

/** What a panel needs of all panels. */
export interface PanelOwner {
  readonly extensionUri: vscode.Uri;
  /** The tab is looked at: its rows are to be there. */
  wanted(tab: StatementTab): void;
  rerun(file: PanelFile, tab: StatementTab): void;
  /** Its statement is not in the file any more. */
  lost(file: PanelFile, tab: StatementTab): boolean;
  follow(tab: StatementTab): void;
  exportTab(tab: StatementTab): Promise<void>;
  failed(error: unknown): void;
  gone(tab: StatementTab): void;
  focused(panel: ResultPanel): void;
  closed(panel: ResultPanel): void;
}

export class ResultPanel implements Answering, vscode.Disposable {
  private readonly entries = new Map<StatementTab, vscode.Disposable>();
  private readonly held = new Disposables();
  /** As the page was told. */
  private readonly lost = new Map<StatementTab, boolean>();
  private activeTab: StatementTab | undefined;
  private told: Told<ResultsContract> | undefined;
  /** The page of now has asked for its state; before that it is told nothing. */
  private open = false;
  private closed = false;

  constructor(
    readonly view: vscode.WebviewPanel,
    readonly file: PanelFile,
    readonly owner: PanelOwner,
  ) {
    view.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(owner.extensionUri, "dist", "webview")],
    };
    this.held.push(view.onDidDispose(() => this.dispose()));
    this.held.push(
      view.onDidChangeViewState(() => {
        if (view.active) owner.focused(this);
      }),
    );
  }

  /** Begins to answer, then loads the page. */
  async start(): Promise<void> {
    const { webview } = this.view;
    const { serveResults } = await import("./answers.ts");
    if (this.closed) return;
    this.told = serveResults(this, {
      post: (message) => void webview.postMessage(message),
      listen: (heard) => webview.onDidReceiveMessage(heard),
    });
    webview.html = pageHtml(webview, this.owner.extensionUri);
  }

  get tabs(): readonly StatementTab[] {
    return [...this.entries.keys()];
  }

  get active(): StatementTab | undefined {
    return this.activeTab;
  }

  tab(id: string): StatementTab | undefined {
    return this.tabs.find((tab) => tab.id === id);
  }

  add(tabs: readonly StatementTab[], active: StatementTab | undefined): void {
    for (const tab of tabs)
      this.entries.set(
        tab,
        tab.onDidChange((what) => void this.changed(tab, what)),
      );
    this.activeTab = active ?? this.activeTab ?? tabs[0];
    void this.tellPanel();
  }

  /** Their executions go on. */
  remove(tabs: readonly StatementTab[]): void {
    for (const tab of tabs) {
      this.entries.get(tab)?.dispose();
      this.entries.delete(tab);
      this.drop(tab);
    }
    if (this.activeTab !== undefined && !this.entries.has(this.activeTab)) this.activeTab = this.tabs[0];
    void this.tellPanel();
  }

  show(tab: StatementTab): void {
    this.activeTab = tab;
    this.owner.wanted(tab);
  }

  close(tab: StatementTab): void {
    this.remove([tab]);
    if (this.tabs.length === 0) this.view.dispose();
  }

  rerun(tab: StatementTab): void {
    this.owner.rerun(this.file, tab);
  }

  follow(tab: StatementTab): void {
    this.owner.follow(tab);
  }

  async exportTab(tab: StatementTab): Promise<void> {
    await this.owner.exportTab(tab).catch((error: unknown) => this.owner.failed(error));
  }

  /** The page of now asked for its state. */
  async opened(active: string | null): Promise<Panel> {
    const wanted = active === null ? undefined : this.tab(active);
    if (wanted !== undefined) this.activeTab = wanted;
    if (this.activeTab !== undefined) this.owner.wanted(this.activeTab);
    this.open = true;
    return this.panel();
  }

  act(action: Action): void {
    this.told?.tell("act", action);
  }

  /** The file was edited: its tabs' statements may have gone from it, or come back. */
  moved(): void {
    if (!this.open) return;
    for (const [tab, before] of this.lost) {
      if (this.owner.lost(this.file, tab) !== before) this.told?.tell("tab", this.shown(tab));
    }
  }

  private shown(tab: StatementTab): Tab {
    const lost = this.owner.lost(this.file, tab);
    this.lost.set(tab, lost);
    return tab.shown(lost);
  }

  /** Without its rows being told again: the page has what it shows. */
  private async tellPanel(): Promise<void> {
    if (this.open) this.told?.tell("panel", await this.panel());
  }

  private async panel(): Promise<Panel> {
    const { activeTab } = this;
    const memento: Memento = {
      file: this.file,
      tabs: this.tabs.map(({ id, info }) => ({ id, info })),
      active: activeTab?.id ?? "",
    };
    return {
      tabs: this.tabs.map((tab) => this.shown(tab)),
      active: activeTab?.id ?? "",
      table: (await activeTab?.table()) ?? null,
      memento,
    };
  }

  private async changed(tab: StatementTab, what: "status" | "table" | "info"): Promise<void> {
    if (!this.open) return;
    if (what === "info") await this.tellPanel();
    const table = what === "table" && tab === this.activeTab ? await tab.table() : null;
    this.told?.tell("tab", this.shown(tab));
    if (table !== null) this.told?.tell("table", table);
  }

  /** Lets go of everything but the view itself, which is VS Code's. */
  dispose(): void {
    this.closed = true;
    this.open = false;
    this.held.dispose();
    this.told?.dispose();
    this.told = undefined;
    for (const [tab, listening] of this.entries) {
      listening.dispose();
      this.drop(tab);
    }
    this.entries.clear();
    this.owner.closed(this);
  }

  private drop(tab: StatementTab): void {
    this.lost.delete(tab);
    this.owner.gone(tab);
    tab.dispose();
  }
}
