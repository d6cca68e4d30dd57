// The view of the connection: what is connected, who one is there, and how it is. It opens the session when it is first seen.
import * as vscode from "vscode";
import type { EngineName } from "../../base/engines.ts";
import type { CommandId } from "../contributions.ts";
import { runningEngines } from "../lake/facts.ts";
import { engineTitle } from "../lake/meter.ts";
import { buttonsFor, messageFor } from "../shell/failures.ts";
import type { Shell } from "../shell/shell.ts";
import { shownPath } from "../shell/paths.ts";
import { oneLine } from "../shell/text.ts";
import type { ConnectionChoice } from "./choice.ts";
import type { ConnectionState } from "./connections.ts";

export type ConnectionNode =
  | {
      readonly kind: "head";
      readonly id: "head";
      readonly label: string;
      readonly description: string;
      readonly icon: string;
      readonly context: string;
    }
  | FactNode
  | { readonly kind: "engines"; readonly id: "engines"; readonly missing: number }
  | EngineNode
  | { readonly kind: "problem"; readonly id: "problem"; readonly text: string }
  | {
      readonly kind: "help";
      readonly id: string;
      readonly title: string;
      readonly command: CommandId;
      readonly args: readonly unknown[];
    };

/** One line of what is known: "Region: us-east-1". */
export interface FactNode {
  readonly kind: "fact";
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly icon: string;
  readonly detail?: string | undefined;
  /** What `value` is short for. */
  readonly whole?: string;
}

export interface EngineNode {
  readonly kind: "engine";
  readonly id: string;
  readonly engine: EngineName;
  readonly version: string;
  readonly present: boolean;
  /** What it does: "running", "fetching: 120 of 344 MB". */
  readonly state: string;
}

const VIEW = "boathouse.connection";

export class ConnectionView implements vscode.TreeDataProvider<ConnectionNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ConnectionNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<ConnectionNode>;
  private readonly listening: vscode.Disposable;

  constructor(private readonly shell: Shell) {
    this.view = vscode.window.createTreeView(VIEW, { treeDataProvider: this });
    shell.trees.set(VIEW, this as vscode.TreeDataProvider<unknown>);
    const again = () => this.changed.fire(undefined);
    this.listening = vscode.Disposable.from(
      shell.connections.onDidChange(again),
      shell.engines.onDidChange(again),
      // A job or query starts an engine.
      shell.onDidHappen(again),
    );
  }

  async getChildren(node?: ConnectionNode): Promise<ConnectionNode[]> {
    const { connections } = this.shell;
    if (node?.kind === "engines") return this.engines();
    if (node !== undefined || connections.choice === undefined || !vscode.workspace.isTrusted) return [];
    // Seen for the first time: what this finds shows by the change of state.
    if (connections.state.kind === "none")
      void this.shell.use(async () => undefined, { quietly: true }).catch(() => undefined);
    const { choice, state } = connections;
    const nodes = nodesOf(choice, state, { lakeFolder: connections.lakeFolder, expires: await this.expiry() });
    if (choice.kind !== "local" || state.kind !== "connected") return nodes;
    const missing = (await this.engines()).filter((engine) => engine.kind === "engine" && !engine.present).length;
    return [...nodes, { kind: "engines", id: "engines", missing }];
  }

  getTreeItem(node: ConnectionNode): vscode.TreeItem {
    return itemOf(node);
  }

  dispose(): void {
    this.listening.dispose();
    this.view.dispose();
    this.changed.dispose();
  }

  private async engines(): Promise<ConnectionNode[]> {
    const { engineStates } = await import("../../local/engines/plan.ts");
    const { connections, engines } = this.shell;
    const running = runningEngines(connections.lakeFolder, connections.cacheFolder);
    return engineStates(connections.cacheFolder).map(({ engine, version, present }) => {
      const fetching = engines.textOf(engine);
      const still = running.has(engine) ? "running" : present ? "ready" : "not fetched";
      const state = fetching === undefined || present ? still : `fetching: ${fetching}`;
      return { kind: "engine", id: `engine/${engine}`, engine, version, present, state };
    });
  }

  private async expiry(): Promise<Date | undefined> {
    const { choice, state, credentials } = this.shell.connections;
    if (choice === undefined || choice.kind === "local" || state.kind !== "connected") return undefined;
    const keys = await credentials
      .provider(choice.profile)()
      .catch(() => undefined);
    return keys?.expiration;
  }
}

/** What the view lists; nothing for a lake that does not run, where the welcome stands. */
export function nodesOf(
  choice: ConnectionChoice,
  state: ConnectionState,
  more: { readonly lakeFolder: string; readonly expires: Date | undefined },
): ConnectionNode[] {
  if (state.kind === "stopped") return [];
  const name =
    choice.kind === "local"
      ? "Local lake"
      : choice.kind === "aws"
        ? (choice.profile ?? "Default credentials")
        : choice.url;
  const head: ConnectionNode = {
    kind: "head",
    id: "head",
    label: oneLine(name),
    description: described(state),
    icon:
      state.kind === "connecting"
        ? "loading~spin"
        : choice.kind === "local"
          ? "database"
          : choice.kind === "aws"
            ? "cloud"
            : "server",
    context: choice.kind === "local" && state.kind === "connected" ? "lake:running" : `connection:${state.kind}`,
  };
  if (state.kind === "failed")
    return [head, { kind: "problem", id: "problem", text: messageFor(state.error) }, ...help(state)];
  return [
    head,
    ...(choice.kind === "local" ? lakeFacts(state, more.lakeFolder) : awayFacts(choice, state, more.expires)),
  ];
}

function described(state: ConnectionState): string {
  const lake = state.kind === "connected" ? state.lake : undefined;
  return lake === undefined ? HEADS[state.kind] : `running · version ${lake.version}`;
}

const HEADS: Readonly<Record<ConnectionState["kind"], string>> = {
  none: "connecting...",
  connecting: "connecting...",
  connected: "connected",
  stopped: "stopped",
  failed: "failed",
};

function help(state: Extract<ConnectionState, { kind: "failed" }>): ConnectionNode[] {
  return buttonsFor(state.error).map(({ title, command, args }, at) => ({
    kind: "help",
    id: `help/${at}`,
    title,
    // Trying again is reading the views again.
    command: command ?? "boathouse.refresh",
    args: args ?? [],
  }));
}

function lakeFacts(state: ConnectionState, folder: string): FactNode[] {
  const lake = state.kind === "connected" ? state.lake : undefined;
  return [
    ...(lake === undefined ? [] : [fact("Endpoint", lake.endpoint, "link"), fact("Region", lake.region, "globe")]),
    folderFact(folder),
  ];
}

function awayFacts(
  choice: Exclude<ConnectionChoice, { kind: "local" }>,
  state: ConnectionState,
  expires: Date | undefined,
): FactNode[] {
  const identity = state.kind === "connected" ? state.identity : undefined;
  return [
    ...(identity === undefined
      ? []
      : [
          fact("Account", identity.account, "organization"),
          fact("Signed in as", identity.who, "account", identity.arn),
        ]),
    fact("Region", choice.region, "globe"),
    ...(choice.kind === "endpoint" ? [fact("Profile", choice.profile ?? "default chain", "key")] : []),
    ...(expires === undefined
      ? []
      : [fact("Credentials until", expires.toLocaleTimeString(), "watch", expires.toString())]),
  ];
}

/** Shortened; the tooltip has it whole, and so has what is copied. */
function folderFact(folder: string): FactNode {
  return { ...fact("Folder", shownPath(folder), "folder"), whole: folder };
}

function fact(label: string, value: string, icon: string, detail?: string): FactNode {
  return { kind: "fact", id: `fact/${label}`, label, value: oneLine(value), icon, detail };
}

function itemOf(node: ConnectionNode): vscode.TreeItem {
  const item = new vscode.TreeItem("");
  item.id = node.id;
  switch (node.kind) {
    case "head":
      item.label = node.label;
      item.description = node.description;
      item.iconPath = new vscode.ThemeIcon(node.icon);
      item.contextValue = node.context;
      item.tooltip = `${node.label}: ${node.description}`;
      break;
    case "fact":
      item.label = node.label;
      item.description = node.value;
      item.iconPath = new vscode.ThemeIcon(node.icon);
      item.contextValue = "fact";
      item.tooltip = `${node.label}: ${node.whole ?? node.value}${node.detail === undefined ? "" : `\n${node.detail}`}`;
      break;
    case "engines":
      item.label = "Engines";
      item.description = node.missing === 0 ? "" : `${node.missing} not fetched`;
      item.iconPath = new vscode.ThemeIcon("server-process");
      item.contextValue = node.missing === 0 ? "engines" : "engines:missing";
      item.collapsibleState =
        node.missing === 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded;
      break;
    case "engine":
      item.label = engineTitle(node.engine);
      item.description = `${node.version} · ${node.state}`;
      item.iconPath = engineIcon(node);
      item.contextValue = node.present ? "engine" : "engine:missing";
      item.tooltip = `${engineTitle(node.engine)} ${node.version}: ${node.state}`;
      break;
    case "problem":
      item.label = oneLine(node.text);
      item.iconPath = new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
      item.tooltip = node.text;
      break;
    case "help":
      item.label = node.title;
      item.iconPath = new vscode.ThemeIcon("arrow-right");
      item.command = { command: node.command, title: node.title, arguments: [...node.args] };
      break;
  }
  return item;
}

function engineIcon(node: EngineNode): vscode.ThemeIcon {
  if (node.state.startsWith("fetching")) return new vscode.ThemeIcon("loading~spin");
  if (node.state === "running") return new vscode.ThemeIcon("vm-running", new vscode.ThemeColor("charts.green"));
  return new vscode.ThemeIcon(node.present ? "vm" : "cloud-download");
}
