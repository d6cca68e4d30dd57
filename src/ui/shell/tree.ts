// A tree view over plain nodes: what they are comes from one function, what they look like from another; states are nodes too.
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { AwsSession } from "../../aws/session.ts";
import type { BoathouseError } from "../../base/errors.ts";
import type { CommandId } from "../contributions.ts";
import { known, messageFor } from "./failures.ts";
import type { Shell } from "./shell.ts";

/** `id`: unique in the view, and the same again after a refresh. */
export interface TreeNode {
  readonly kind: string;
  readonly id: string;
}

/** What stands where nodes would: nothing there, not allowed, failed, more to come. Its context value is `state:<state>`. */
export interface StateNode extends TreeNode {
  readonly kind: "state";
  readonly state: "empty" | "loading" | "denied" | "failed" | "more";
  readonly text: string;
  readonly detail?: string;
  /** What pressing it does. */
  readonly command?: { readonly id: CommandId; readonly title: string; readonly args?: readonly unknown[] };
}

export interface TreeSource<N extends TreeNode> {
  readonly viewId: string;
  /** Children of a node (undefined: the roots), on the connection's session. An empty answer at the root shows the view's welcome. */
  children(node: N | undefined, session: AwsSession): Promise<readonly (N | StateNode)[]>;
  item(node: N): vscode.TreeItem;
  parent?(node: N): N | undefined;
}

const ICONS: Readonly<Record<StateNode["state"], vscode.ThemeIcon>> = {
  empty: new vscode.ThemeIcon("circle-slash"),
  loading: new vscode.ThemeIcon("loading~spin"),
  denied: new vscode.ThemeIcon("lock"),
  failed: new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground")),
  more: new vscode.ThemeIcon("ellipsis"),
};

/** How often, and how many ms apart, a node is looked for that the view has not drawn yet. */
const DRAWN_TRIES = 20;
const DRAWN_EACH = 100;

export class NodeTree<N extends TreeNode> implements vscode.TreeDataProvider<N | StateNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<N | StateNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<N | StateNode>;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly shell: Shell,
    private readonly source: TreeSource<N>,
    options: { readonly canSelectMany?: boolean } = {},
  ) {
    this.view = vscode.window.createTreeView(source.viewId, {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: options.canSelectMany ?? false,
    });
    this.listening = shell.connections.onDidChange(() => this.refresh());
    shell.trees.set(source.viewId, this as vscode.TreeDataProvider<unknown>);
  }

  /** Reads a node's children again; all where none is named. */
  refresh(node?: N): void {
    this.changed.fire(node);
  }

  /** Opens a node and puts the focus on it, once the view has drawn it: one that was opened only now has not yet. */
  async reveal(node: N): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await this.view.reveal(node, { expand: true, focus: true, select: true });
        return;
      } catch (error) {
        if (tries === DRAWN_TRIES) throw error;
        await sleep(DRAWN_EACH);
      }
    }
  }

  getTreeItem(node: N | StateNode): vscode.TreeItem {
    return isState(node) ? stateItem(node) : withId(this.source.item(node), node);
  }

  getParent(node: N | StateNode): N | undefined {
    return isState(node) ? undefined : this.source.parent?.(node);
  }

  async getChildren(node?: N | StateNode): Promise<(N | StateNode)[]> {
    if (node !== undefined && isState(node)) return [];
    const { connections } = this.shell;
    // Without a connection the view's welcome says what to do.
    if (connections.choice === undefined) return [];
    try {
      return [...(await this.shell.use((session) => this.source.children(node, session), { quietly: true }))];
    } catch (thrown) {
      const state = this.shell.connections.state.kind;
      // The welcome says so, once for all views.
      if (state === "stopped" || state === "none" || state === "failed") return [];
      return [failedNode(known(thrown), node?.id ?? this.source.viewId)];
    }
  }

  dispose(): void {
    this.listening.dispose();
    this.view.dispose();
    this.changed.dispose();
  }
}

export function isState(node: TreeNode): node is StateNode {
  return node.kind === "state";
}

/** The node that stands where reading failed. */
export function failedNode(error: BoathouseError, where: string): StateNode {
  const denied = error.kind === "denied" || error.kind === "credentials";
  const id = `${where}/failed`;
  return {
    kind: "state",
    id,
    state: denied ? "denied" : "failed",
    // What a service says of a token is for the tooltip.
    text: error.kind === "credentials" ? "Credentials are not accepted" : error.message,
    detail: messageFor(error),
    command:
      error.kind === "credentials"
        ? { id: "boathouse.connections.signIn", title: "Sign In" }
        : denied
          ? { id: "boathouse.connections.choose", title: "Choose Connection" }
          : { id: "boathouse.refresh", title: "Try Again" },
  };
}

function stateItem(node: StateNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.text);
  item.id = node.id;
  item.iconPath = ICONS[node.state];
  item.contextValue = `state:${node.state}`;
  item.tooltip = node.detail ?? node.text;
  if (node.command !== undefined) {
    item.description = node.state === "more" ? "" : node.command.title;
    item.command = { command: node.command.id, title: node.command.title, arguments: [...(node.command.args ?? [])] };
  }
  item.accessibilityInformation = { label: [node.text, node.command?.title].filter(Boolean).join(". ") };
  return item;
}

function withId(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
  item.id = node.id;
  item.contextValue ??= node.kind;
  return item;
}
