// Registers the commands and the view of the catalog.
import * as vscode from "vscode";
import type { Queries } from "../queries/register.ts";
import { oneLine, plain } from "../shell/text.ts";
import type { Shell } from "../shell/shell.ts";
import { isState, NodeTree } from "../shell/tree.ts";
import {
  type CatalogParts,
  copyLocation,
  copyName,
  insertName,
  measure,
  newSelect,
  preview,
  showDdl,
  tableFor,
} from "./commands.ts";
import { filterBox } from "./filterBox.ts";
import {
  type CatalogNode,
  conditionOf,
  type DatabaseNode,
  type PartitionNode,
  type PartitionsNode,
  type SizeNode,
  type TableNode,
} from "./nodes.ts";
import { CatalogSource } from "./source.ts";

/** Pages of a list that is read arrive faster than a tree should be drawn; ms. */
const MOMENT = 300;

export function registerCatalog(shell: Shell, queries: Queries): void {
  const { held } = shell;
  const waiting = new Map<string, CatalogNode | undefined>();
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    timer = undefined;
    const nodes = [...waiting.values()];
    waiting.clear();
    if (nodes.includes(undefined)) tree.refresh();
    else for (const node of nodes) tree.refresh(node);
  };
  const source = held.push(
    new CatalogSource({
      changed: (node) => {
        waiting.set(node?.id ?? "", node);
        timer ??= setTimeout(draw, MOMENT);
      },
    }),
  );
  held.push(new vscode.Disposable(() => clearTimeout(timer)));
  const tree = held.push(new NodeTree<CatalogNode>(shell, source, { canSelectMany: true }));
  held.push(tree.view.onDidExpandElement(({ element }) => isState(element) || source.opened.opened(element)));
  held.push(tree.view.onDidCollapseElement(({ element }) => isState(element) || source.opened.closed(element)));
  held.push(
    shell.onDidHappen((what) => {
      if (what === "catalog" || what === "stacks") source.forget();
    }),
  );

  const filter = (text: string): void => {
    source.setFilter(text);
    // At once: what a person types is not to wait for pages.
    clearTimeout(timer);
    draw();
    tree.view.message = text === "" ? "" : `Filter: ${oneLine(text)}`;
    void vscode.commands.executeCommand("setContext", "boathouse.catalogFiltered", text !== "");
  };
  // With a text it is set without asking.
  shell.command("boathouse.catalog.filter", async (text?: unknown) => {
    if (typeof text === "string") {
      filter(text);
      return;
    }
    // A tree that nobody sees can't follow.
    await vscode.commands.executeCommand("boathouse.catalog.focus");
    await filterBox(source.filter, filter);
  });
  shell.command("boathouse.catalog.clearFilter", () => filter(""));
  shell.command("boathouse.catalog.more", (node: DatabaseNode | PartitionsNode) => source.more(node));
  shell.command("boathouse.catalog.refreshNode", (node: DatabaseNode | TableNode) => source.forgetNode(node));
  registerTables({ shell, source, queries });
}

function registerTables(parts: CatalogParts): void {
  const { shell, queries } = parts;
  const onTable =
    (title: string, act: (parts: CatalogParts, table: TableNode["entry"]) => Promise<unknown>) =>
    async (node?: TableNode) =>
      act(parts, await tableFor(parts, node, title));
  shell.command("boathouse.catalog.preview", onTable("Preview 100 Rows", preview));
  shell.command(
    "boathouse.catalog.select",
    onTable("New SELECT from Table", (all, table) => newSelect(all, table)),
  );
  shell.command("boathouse.catalog.selectPartition", (node: PartitionNode) =>
    newSelect(parts, node.of.of.entry, conditionOf(node)),
  );
  shell.command("boathouse.catalog.showDdl", onTable("Show Table DDL", showDdl));
  shell.command("boathouse.catalog.size", (node?: TableNode | SizeNode) => measure(parts, node));
  type Selected = Parameters<typeof copyName>[2];
  shell.command("boathouse.catalog.copyName", (node?: CatalogNode, selected?: Selected) =>
    copyName(parts, node, selected),
  );
  shell.command("boathouse.catalog.insertName", (node?: CatalogNode, selected?: Selected) =>
    insertName(parts, node, selected),
  );
  shell.command("boathouse.catalog.copyLocation", copyLocation);
  shell.command("boathouse.catalog.useDatabase", async ({ database }: DatabaseNode) => {
    await queries.targets.choose({ database: database.name });
    vscode.window.setStatusBarMessage(`Statements now run in ${plain(database.name)}`, 4000);
  });
}
