// The Queries view: named queries of the workgroup, and its executions, newest first.
import * as vscode from "vscode";
import type { AwsSession } from "../../aws/session.ts";
import type { Execution } from "../../queries/executions.ts";
import type { Shell } from "../shell/shell.ts";
import { paceOf, Polling } from "../shell/polling.ts";
import { oneLine } from "../shell/text.ts";
import { fullTime, moment } from "../shell/times.ts";
import { NodeTree, type StateNode, type TreeSource } from "../shell/tree.ts";
import {
  contextOf,
  executionDetail,
  executionLabel,
  type ExecutionNode,
  executionNode,
  executionTooltip,
  GROUPS,
  isRunning,
  namedNode,
  type QueryNode,
} from "./nodes.ts";
import type { Targets } from "./target.ts";

const VIEW = "boathouse.queries";

export class QueriesView implements TreeSource<QueryNode>, vscode.Disposable {
  readonly viewId = VIEW;
  readonly tree: NodeTree<QueryNode>;
  private readonly polling: Polling;
  private readonly listening: vscode.Disposable;
  /** Pages of executions that are shown: the first is read again with each refresh, so that new ones appear. */
  private pages = 1;

  constructor(
    private readonly shell: Shell,
    private readonly targets: Targets,
  ) {
    this.tree = new NodeTree(shell, this);
    this.polling = new Polling(
      this.tree.view,
      () => paceOf(shell.connections.choice?.kind),
      () => this.tree.refresh(GROUPS[1]),
    );
    this.listening = vscode.Disposable.from(
      targets.onDidChange(() => this.again()),
      shell.connections.onDidChange(() => {
        this.pages = 1;
        if (shell.connections.state.kind !== "connected") this.tree.view.description = "";
      }),
      shell.onDidHappen((what) => {
        if (what === "queries") this.tree.refresh(GROUPS[1]);
        if (what === "stacks") this.again();
      }),
    );
  }

  /** Reads all of it anew. */
  again(): void {
    this.pages = 1;
    this.tree.refresh();
  }

  more(): void {
    this.pages += 1;
    this.tree.refresh(GROUPS[1]);
  }

  async children(node: QueryNode | undefined, session: AwsSession): Promise<readonly (QueryNode | StateNode)[]> {
    const target = await this.targets.get(session);
    if (node === undefined) {
      this.tree.view.description = [target.workGroup, target.database].filter(Boolean).join(" · ");
      return GROUPS;
    }
    if (node.kind !== "group") return [];
    return node.of === "named" ? this.named(session, target.workGroup) : this.recent(session, target.workGroup);
  }

  item(node: QueryNode): vscode.TreeItem {
    if (node.kind === "group") {
      const item = new vscode.TreeItem(
        node.of === "named" ? "Named queries" : "Recent executions",
        vscode.TreeItemCollapsibleState.Expanded,
      );
      item.iconPath = new vscode.ThemeIcon(node.of === "named" ? "bookmark" : "history");
      return item;
    }
    if (node.kind === "named") {
      const { name, description, sql, database } = node.query;
      const item = new vscode.TreeItem(oneLine(name));
      item.iconPath = new vscode.ThemeIcon("file-code");
      item.description = oneLine(description ?? "");
      item.tooltip = [description ?? "", database === "" ? "" : `Database: ${database}`, "", sql.slice(0, 1500)]
        .join("\n")
        .trim();
      item.command = { command: "boathouse.queries.openStatement", title: "Open Statement", arguments: [node] };
      return item;
    }
    return this.executionItem(node);
  }

  parent(node: QueryNode): QueryNode | undefined {
    if (node.kind === "group") return undefined;
    return GROUPS[node.kind === "named" ? 0 : 1];
  }

  dispose(): void {
    this.listening.dispose();
    this.polling.dispose();
    this.tree.dispose();
  }

  private executionItem(node: ExecutionNode): vscode.TreeItem {
    const { execution } = node;
    const item = new vscode.TreeItem(executionLabel(node));
    const options = {
      local: this.shell.connections.choice?.kind === "local",
      pricePerTB: this.shell.setting<number>("boathouse.queries.pricePerTerabyte"),
    };
    const when = execution.submitted === undefined ? "" : moment(execution.submitted, new Date());
    item.description = executionDetail(node, when, options);
    item.tooltip = executionTooltip(
      node,
      execution.submitted === undefined ? "" : fullTime(execution.submitted),
      options,
    );
    item.iconPath = iconOf(execution);
    item.contextValue = contextOf(node);
    // Its rows, its error, or how far it is.
    item.command = { command: "boathouse.queries.showResult", title: "Show Result", arguments: [node] };
    item.accessibilityInformation = {
      label: `${execution.state.toLowerCase()}, ${executionLabel(node)}, ${item.description}`,
    };
    return item;
  }

  private async named(session: AwsSession, workGroup: string): Promise<readonly (QueryNode | StateNode)[]> {
    const { listNamedQueries } = await import("../../queries/named.ts");
    const queries = await listNamedQueries(session, workGroup);
    if (queries.length > 0) return queries.map(namedNode);
    return [{ kind: "state", id: "named/empty", state: "empty", text: `Workgroup ${oneLine(workGroup)} has none.` }];
  }

  private async recent(session: AwsSession, workGroup: string): Promise<readonly (QueryNode | StateNode)[]> {
    const { historyPage } = await import("../../queries/history.ts");
    const executions: Execution[] = [];
    let next: string | undefined;
    for (let page = 0; page < this.pages; page++) {
      const read = await historyPage(session, workGroup, next);
      executions.push(...read.executions);
      next = read.next;
      if (next === undefined) break;
    }
    this.polling.seen(executions.some(isRunning));
    if (executions.length === 0) {
      return [{ kind: "state", id: "recent/empty", state: "empty", text: "Nothing has run yet." }];
    }
    const nodes: (QueryNode | StateNode)[] = executions.map(executionNode);
    if (next !== undefined) {
      nodes.push({
        kind: "state",
        id: "recent/more",
        state: "more",
        text: "Show more",
        command: { id: "boathouse.queries.more", title: "Show More" },
      });
    }
    return nodes;
  }
}

function iconOf(execution: Execution): vscode.ThemeIcon {
  switch (execution.state) {
    case "SUCCEEDED":
      return new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
    case "FAILED":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
    case "CANCELLED":
      return new vscode.ThemeIcon("circle-slash");
    case "QUEUED":
      return new vscode.ThemeIcon("clock");
    default:
      return new vscode.ThemeIcon("loading~spin");
  }
}
