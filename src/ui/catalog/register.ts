// Registers the commands and the view of the catalog.
import * as vscode from "vscode";
import { SQL } from "../queries/lenses.ts";
import type { Queries } from "../queries/register.ts";
import { oneLine, plain } from "../shell/text.ts";
import type { Shell } from "../shell/shell.ts";
import { isState, NodeTree, type StateNode } from "../shell/tree.ts";
import { CatalogCompletion } from "./completion.ts";
import type { CatalogParts } from "./commands.ts";
import {
  type CatalogNode,
  conditionOf,
  type DatabaseNode,
  type LocationNode,
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
    const { filterBox } = await import("./filterBox.ts");
    await filterBox(source.filter, filter);
  });
  shell.command("boathouse.catalog.clearFilter", () => filter(""));
  shell.command("boathouse.catalog.show", async (name: string) => {
    await vscode.commands.executeCommand("boathouse.catalog.focus");
    if (source.filter !== "") filter("");
    const database = await shell.use((session) => source.database(session, name));
    if (database !== undefined) await tree.reveal(database);
  });
  shell.command("boathouse.catalog.more", (node: DatabaseNode | PartitionsNode) => source.more(node));
  shell.command("boathouse.catalog.refreshNode", (node: DatabaseNode | TableNode) => source.forgetNode(node));
  held.push(vscode.languages.registerCompletionItemProvider(SQL, new CatalogCompletion(shell, source, queries), "."));
  registerTables({ shell, source, queries });
}

function registerTables(parts: CatalogParts): void {
  const { shell, queries } = parts;
  // Loaded when one is pressed: the window opens sooner.
  const commands = () => import("./commands.ts");
  for (const [id, title, act] of [
    ["boathouse.catalog.preview", "Preview 100 Rows", "preview"],
    ["boathouse.catalog.select", "New SELECT from Table", "newSelect"],
    ["boathouse.catalog.showDdl", "Show Table DDL", "showDdl"],
  ] as const) {
    shell.command(id, async (node?: TableNode) => {
      const { tableFor, [act]: command } = await commands();
      return command(parts, await tableFor(parts, node, title));
    });
  }
  shell.command("boathouse.catalog.selectPartition", async (node: PartitionNode) =>
    (await commands()).newSelect(parts, node.of.of.entry, conditionOf(node)),
  );
  shell.command("boathouse.catalog.size", async (node?: TableNode | SizeNode) =>
    (await commands()).measure(parts, node),
  );
  for (const [id, act] of [
    ["boathouse.catalog.copyName", "copyName"],
    ["boathouse.catalog.insertName", "insertName"],
  ] as const) {
    shell.command(id, async (node?: CatalogNode, selected?: readonly (CatalogNode | StateNode)[]) =>
      (await commands())[act](parts, node, selected),
    );
  }
  shell.command("boathouse.catalog.copyLocation", async (node: LocationNode | PartitionNode) =>
    (await commands()).copyLocation(node),
  );
  shell.command("boathouse.catalog.useDatabase", async ({ database }: DatabaseNode) => {
    await queries.targets.choose({ database: database.name });
    vscode.window.setStatusBarMessage(`Statements now run in ${plain(database.name)}`, 4000);
  });
}
