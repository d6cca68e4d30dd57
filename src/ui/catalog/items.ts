// How the Catalog view's nodes look.
import * as vscode from "vscode";
import { isView } from "../../catalog/catalog.ts";
import { bytes, count, plural } from "../queries/results/describe.ts";
import { oneLine } from "../shell/text.ts";
import type { StoredSize } from "../../catalog/size.ts";
import { type CatalogNode, type ColumnNode, partitionLabel, partitionValues, type TableNode } from "./nodes.ts";

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** What was found out about a table's place since it is shown. */
export interface Found {
  /** What is wrong with the location. */
  readonly problem?: string;
  readonly size?: StoredSize;
  readonly measuring?: boolean;
  /** How many it has, in words. */
  readonly partitions?: string;
}

/** `open`: a person has opened it before. */
export function itemOf(node: CatalogNode, found: Found | undefined, open: boolean): vscode.TreeItem {
  const state = open ? Expanded : Collapsed;
  switch (node.kind) {
    case "database": {
      const { name, description, location } = node.database;
      const item = new vscode.TreeItem(shown(name), node.filtered ? Expanded : state);
      item.iconPath = new vscode.ThemeIcon("database");
      item.description = node.note ?? oneLine(description ?? "");
      item.tooltip = lines(name, description, location);
      return item;
    }
    case "table":
      return tableItem(node, state);
    case "column":
      return columnItem(node);
    case "partitions": {
      const item = new vscode.TreeItem("Partitions", state);
      item.iconPath = new vscode.ThemeIcon("folder");
      const keys = node.keys.map(({ name }) => oneLine(name)).join(" / ");
      item.description = found?.partitions === undefined ? keys : `${keys} · ${found.partitions}`;
      item.tooltip = `Partitioned by ${node.keys.map(({ name, type }) => `${oneLine(name)} (${oneLine(type)})`).join(", ")}`;
      return item;
    }
    case "partition": {
      const item = new vscode.TreeItem(shown(partitionValues(node)), None);
      item.iconPath = new vscode.ThemeIcon("symbol-constant");
      item.tooltip = lines(partitionLabel(node), node.partition.location);
      item.accessibilityInformation = { label: partitionLabel(node) };
      return item;
    }
    case "location": {
      const item = new vscode.TreeItem("Location", None);
      const problem = found?.problem ?? (node.location ? undefined : "The table names no location.");
      item.description =
        problem === undefined
          ? oneLine(node.location ?? "")
          : lines(problem, oneLine(node.location ?? "")).replace("\n", " ");
      item.iconPath =
        problem === undefined
          ? new vscode.ThemeIcon("link")
          : new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
      item.tooltip = lines(node.location ?? "", problem);
      item.accessibilityInformation = { label: `Location. ${item.description}` };
      return item;
    }
    case "size": {
      const item = new vscode.TreeItem("Size", None);
      item.iconPath = new vscode.ThemeIcon(found?.measuring === true ? "loading~spin" : "graph");
      const measured = found?.size === undefined ? "not measured yet" : sizeText(found.size, found.measuring === true);
      item.description = [measured, node.rows === undefined ? "" : `about ${plural(node.rows, "row")} by the catalog`]
        .filter((text) => text !== "")
        .join(" · ");
      item.tooltip =
        "Objects below the table's location, by listing them in S3.\nRows: as crawler or engine last wrote them into the catalog; they need not be exact.";
      item.command = { command: "boathouse.catalog.size", title: "Measure Table Size", arguments: [node] };
      return item;
    }
  }
}

function tableItem({ entry }: TableNode, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const item = new vscode.TreeItem(shown(entry.name), state);
  const view = isView(entry);
  item.iconPath = new vscode.ThemeIcon(view ? "eye" : "table");
  item.contextValue = view ? "view" : "table";
  item.description = view ? "view" : "";
  item.tooltip = lines(`${entry.database}.${entry.name}`, entry.type);
  item.accessibilityInformation = { label: `${view ? "view" : "table"} ${shown(entry.name)}` };
  return item;
}

function columnItem({ column }: ColumnNode): vscode.TreeItem {
  const item = new vscode.TreeItem(shown(column.name), None);
  item.iconPath = new vscode.ThemeIcon(column.partitionKey ? "key" : iconOf(column.type));
  const type = oneLine(column.type);
  const comment = oneLine(column.comment ?? "");
  item.description = [
    type.length > 60 ? `${type.slice(0, 59)}…` : type,
    column.partitionKey ? "partition key" : "",
    comment,
  ]
    .filter((text) => text !== "")
    .join(" · ");
  item.tooltip = lines(
    `${column.name}: ${column.type}`,
    column.partitionKey ? "Partition key" : undefined,
    column.comment,
  );
  return item;
}

const ICONS: readonly (readonly [RegExp, string])[] = [
  [/^(tinyint|smallint|int|integer|bigint|double|float|real|decimal)/, "symbol-number"],
  [/^(string|varchar|char)/, "symbol-string"],
  [/^boolean/, "symbol-boolean"],
  [/^(date|time)/, "calendar"],
  [/^array/, "symbol-array"],
  [/^(struct|row|map)/, "symbol-struct"],
  [/^binary/, "file-binary"],
];

export function iconOf(type: string): string {
  return ICONS.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1] ?? "symbol-field";
}

/** "12 files · 3.4 MB"; a listing that stopped at its bound says so. */
export function sizeText({ files, bytes: size, whole }: StoredSize, measuring: boolean): string {
  const more = whole || measuring ? "" : "at least ";
  return `${more}${plural(files, "file")} · ${bytes(size)}${measuring ? " so far" : ""}`;
}

/** "Show 100 more of 10,000", "Show more (4,200 read so far)". */
export function moreText(step: number, total: number, complete: boolean): string {
  return complete ? `Show ${count(step)} more of ${count(total)}` : `Show more (${count(total)} read so far)`;
}

/** A name fit for a label: one line, not endless. */
function shown(name: string): string {
  const line = oneLine(name);
  return line.length > 200 ? `${line.slice(0, 199)}…` : line === "" ? "(no name)" : line;
}

function lines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n");
}
