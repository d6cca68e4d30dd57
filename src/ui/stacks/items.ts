// How the nodes of the stack view look.
import * as vscode from "vscode";
import { stackPhase } from "../../stacks/state.ts";
import { oneLine } from "../shell/text.ts";
import {
  eventText,
  eventTooltip,
  type GroupName,
  resourceText,
  resourceTooltip,
  stackContext,
  type StacksNode,
  stackText,
  stackTooltip,
} from "./nodes.ts";

const GREEN = new vscode.ThemeColor("testing.iconPassed");
const RED = new vscode.ThemeColor("testing.iconFailed");
const YELLOW = new vscode.ThemeColor("list.warningForeground");
const PASSED = new vscode.ThemeIcon("pass", GREEN);
const RUNNING = new vscode.ThemeIcon("sync~spin");
const FAILED = new vscode.ThemeIcon("error", RED);
const BEGAN = new vscode.ThemeIcon("arrow-small-right");
const RECORDED = new vscode.ThemeIcon("circle-outline");

const GROUPS: Readonly<Record<GroupName, readonly [label: string, icon: string]>> = {
  resources: ["Resources", "symbol-structure"],
  events: ["Events", "history"],
  parameters: ["Parameters", "settings"],
  outputs: ["Outputs", "output"],
};

export function stackItem(node: StacksNode): vscode.TreeItem {
  const now = new Date();
  switch (node.kind) {
    case "stack": {
      const item = new vscode.TreeItem(oneLine(node.stack.name), vscode.TreeItemCollapsibleState.Collapsed);
      item.description = stackText(node.stack, now);
      item.iconPath = stackIcon(node.stack.status);
      item.contextValue = stackContext(node.stack);
      item.tooltip = stackTooltip(node.stack);
      return item;
    }
    case "group": {
      const [label, icon] = GROUPS[node.group];
      const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
      item.iconPath = new vscode.ThemeIcon(icon);
      return item;
    }
    case "resource": {
      const { resource } = node;
      const item = new vscode.TreeItem(oneLine(resource.logicalId));
      item.description = resourceText(resource);
      item.iconPath = resource.recorded ? RECORDED : statusIcon(resource.status);
      item.tooltip = resourceTooltip(resource);
      item.contextValue = ["resource", "value", ...(node.page === undefined ? [] : ["console"])].join(" ");
      return item;
    }
    case "event": {
      const item = new vscode.TreeItem(oneLine(node.event.logicalId));
      item.description = oneLine(eventText(node.event, now));
      // An event is of the past: nothing in it turns.
      item.iconPath = node.event.status.endsWith("_IN_PROGRESS") ? BEGAN : statusIcon(node.event.status);
      item.tooltip = eventTooltip(node.event);
      item.contextValue = "event value";
      return item;
    }
    case "value": {
      const item = new vscode.TreeItem(oneLine(node.name));
      item.description = oneLine(node.value);
      item.tooltip = `${node.name}\n${node.value}`;
      item.iconPath = new vscode.ThemeIcon(node.parent.group === "outputs" ? "symbol-constant" : "symbol-parameter");
      item.contextValue = `${node.parent.group} value`;
      return item;
    }
  }
}

function stackIcon(status: string): vscode.ThemeIcon {
  switch (stackPhase(status)) {
    case "running":
      return RUNNING;
    case "succeeded":
      return PASSED;
    case "review":
      return new vscode.ThemeIcon("preview");
    default:
      // As it was before: nothing is broken, but what was asked for was not done.
      return status === "UPDATE_ROLLBACK_COMPLETE" ? new vscode.ThemeIcon("warning", YELLOW) : FAILED;
  }
}

function statusIcon(status: string): vscode.ThemeIcon {
  if (status.endsWith("_FAILED")) return FAILED;
  if (status.endsWith("_IN_PROGRESS")) return /ROLLBACK/.test(status) ? new vscode.ThemeIcon("discard") : RUNNING;
  if (/^DELETE_(COMPLETE|SKIPPED)/.test(status)) return new vscode.ThemeIcon("trash");
  return PASSED;
}
