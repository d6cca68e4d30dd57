// How the nodes of the jobs view look.
import * as vscode from "vscode";
import type { RunState } from "../../jobs/runState.ts";
import { oneLine } from "../shell/text.ts";
import {
  crawlerText,
  crawlerTooltip,
  type JobsNode,
  jobsContext,
  jobText,
  jobTooltip,
  runLabel,
  runText,
  runTooltip,
  triggerText,
  triggerTooltip,
} from "./nodes.ts";

const GREEN = new vscode.ThemeColor("testing.iconPassed");
const RED = new vscode.ThemeColor("testing.iconFailed");
const BLUE = new vscode.ThemeColor("charts.blue");
const YELLOW = new vscode.ThemeColor("list.warningForeground");

const RUN_ICONS: Readonly<Record<RunState, vscode.ThemeIcon>> = {
  STARTING: new vscode.ThemeIcon("sync~spin", BLUE),
  WAITING: new vscode.ThemeIcon("watch", BLUE),
  RUNNING: new vscode.ThemeIcon("sync~spin", BLUE),
  STOPPING: new vscode.ThemeIcon("sync~spin", YELLOW),
  STOPPED: new vscode.ThemeIcon("circle-slash", YELLOW),
  SUCCEEDED: new vscode.ThemeIcon("pass", GREEN),
  FAILED: new vscode.ThemeIcon("error", RED),
  TIMEOUT: new vscode.ThemeIcon("clockface", RED),
  ERROR: new vscode.ThemeIcon("error", RED),
  EXPIRED: new vscode.ThemeIcon("clockface", YELLOW),
};

export function jobsItem(node: JobsNode): vscode.TreeItem {
  const now = new Date();
  const item = plainItem(node, now);
  item.contextValue = jobsContext(node);
  return item;
}

function plainItem(node: JobsNode, now: Date): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  switch (node.kind) {
    case "job": {
      const item = new vscode.TreeItem(oneLine(node.job.name), Collapsed);
      item.description = oneLine(jobText(node.last, now));
      item.iconPath =
        typeof node.last === "object" ? runIcon(node.last.state) : new vscode.ThemeIcon("circle-large-outline");
      item.tooltip = jobTooltip(node, now);
      return item;
    }
    case "run": {
      const item = new vscode.TreeItem(runLabel(node.run, now), None);
      item.description = oneLine(runText(node.run, now));
      item.iconPath = runIcon(node.run.state);
      item.tooltip = runTooltip(node.run, now);
      item.command = { command: "boathouse.jobs.showLog", title: "Show Log", arguments: [node] };
      return item;
    }
    case "list": {
      const item = new vscode.TreeItem(node.list === "triggers" ? "Triggers" : "Crawlers", Collapsed);
      item.description = String(node.count);
      item.iconPath = new vscode.ThemeIcon(node.list === "triggers" ? "calendar" : "search");
      return item;
    }
    case "trigger": {
      const item = new vscode.TreeItem(oneLine(node.trigger.name), None);
      item.description = oneLine(triggerText(node, now));
      item.iconPath = triggerIcon(node.trigger);
      item.tooltip = triggerTooltip(node, now);
      return item;
    }
    case "crawler": {
      const { crawler } = node;
      const item = new vscode.TreeItem(oneLine(crawler.name), None);
      item.description = oneLine(crawlerText(crawler, now));
      item.iconPath =
        crawler.state === "READY"
          ? crawler.lastStatus === undefined
            ? new vscode.ThemeIcon("circle-large-outline")
            : runIcon(crawler.lastStatus === "CANCELLED" ? "STOPPED" : crawler.lastStatus)
          : RUN_ICONS.RUNNING;
      item.tooltip = crawlerTooltip(crawler, now);
      return item;
    }
  }
}

function runIcon(state: string): vscode.ThemeIcon {
  return (RUN_ICONS as Readonly<Record<string, vscode.ThemeIcon>>)[state] ?? new vscode.ThemeIcon("question");
}

function triggerIcon({ type, state }: { readonly type: string; readonly state: string }): vscode.ThemeIcon {
  const color = state === "ACTIVATED" ? GREEN : undefined;
  const icon = type === "CONDITIONAL" ? "git-merge" : type === "ON_DEMAND" ? "play-circle" : "calendar";
  return new vscode.ThemeIcon(icon, color);
}
