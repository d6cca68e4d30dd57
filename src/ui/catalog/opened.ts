// What a person has opened in the catalog's tree. VS Code forgets it of nodes that a filter takes away; here it is kept, so that
// clearing the filter shows the tree as it was, with what was opened meanwhile.
import type { CatalogNode } from "./nodes.ts";

export class Opened {
  private readonly keys = new Set<string>();

  /** The same for a node and for the one that stands for it in a filtered tree. */
  has(node: CatalogNode): boolean {
    const key = keyOf(node);
    return key !== undefined && this.keys.has(key);
  }

  opened(node: CatalogNode): void {
    const key = keyOf(node);
    if (key === undefined) return;
    this.keys.add(key);
    // In a filtered tree its database is open without anybody having opened it.
    if (node.kind === "table") this.keys.add(databaseKey(node.entry.database));
  }

  /** Of a database in a filtered tree it says nothing of the whole one. */
  closed(node: CatalogNode): void {
    const key = keyOf(node);
    if (key !== undefined && !(node.kind === "database" && node.filtered)) this.keys.delete(key);
  }
}

function keyOf(node: CatalogNode): string | undefined {
  switch (node.kind) {
    case "database":
      return databaseKey(node.database.name);
    case "table":
      return JSON.stringify([node.entry.database, node.entry.name]);
    case "partitions":
      return JSON.stringify([node.of.entry.database, node.of.entry.name, "partitions"]);
    default:
      return undefined;
  }
}

function databaseKey(name: string): string {
  return JSON.stringify([name]);
}
