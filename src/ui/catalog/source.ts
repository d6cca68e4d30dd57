// What the Catalog view shows: from the cache of the session's catalog, by pages, filtered as one types.
import type * as vscode from "vscode";
import type { AwsSession } from "../../aws/session.ts";
import { CatalogCache } from "../../catalog/cache.ts";
import { databasePage, getTable, partitionPage, tablePage } from "../../catalog/catalog.ts";
import { tableFilter } from "../../catalog/filter.ts";
import type { PagedList } from "../../catalog/pagedList.ts";
import { count, plural } from "../queries/results/describe.ts";
import { oneLine } from "../shell/text.ts";
import { failedNode, type StateNode, type TreeSource } from "../shell/tree.ts";
import { type Found, itemOf, moreText } from "./items.ts";
import {
  type CatalogNode,
  type DatabaseNode,
  databaseNode,
  type LocationNode,
  partitionNode,
  type PartitionsNode,
  tableChildren,
  type TableNode,
  tableNode,
} from "./nodes.ts";
import { Opened } from "./opened.ts";

/** Tables or partitions that are shown at first, and that each "Show more" adds. */
const STEP = 100;
/** Partitions a request. */
const PARTITIONS = 200;

export interface SourceEvents {
  /** Of a node, or of all where none is named. */
  changed(node?: CatalogNode): void;
}

export class CatalogSource implements TreeSource<CatalogNode> {
  readonly viewId = "boathouse.catalog";
  private cache_: { readonly session: AwsSession; readonly cache: CatalogCache } | undefined;
  private text = "";
  /** By the list's node. */
  private readonly steps = new Map<string, number>();
  private readonly found = new Map<string, Found>();
  private readonly databases = new Map<string, DatabaseNode>();
  readonly opened = new Opened();

  constructor(private readonly events: SourceEvents) {}

  get filter(): string {
    return this.text;
  }

  /** Another text: the tree shows what matches of what is read, and the rest is read. */
  setFilter(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.steps.clear();
    this.events.changed();
  }

  cache(session: AwsSession): CatalogCache {
    if (this.cache_?.session !== session) {
      this.cache_?.cache.dispose();
      this.found.clear();
      this.cache_ = { session, cache: new CatalogCache(readerOf(session), (database) => this.grown(database)) };
    }
    return this.cache_.cache;
  }

  /** A database's node in the whole tree; undefined where there is none. */
  async database(session: AwsSession, name: string): Promise<DatabaseNode | undefined> {
    const list = this.cache(session).databases;
    await list.all();
    const found = list.items.find((database) => database.name === name);
    return found === undefined ? undefined : this.remember(databaseNode(found, false));
  }

  /** All is read anew. */
  forget(): void {
    this.cache_?.cache.forget();
    this.found.clear();
    this.events.changed();
  }

  forgetNode(node: DatabaseNode | TableNode): void {
    const cache = this.cache_?.cache;
    if (node.kind === "database") cache?.forgetIn(node.database.name);
    else {
      cache?.forgetIn(node.entry.database, node.entry.name);
      this.found.delete(node.id);
    }
    this.events.changed(node);
  }

  dispose(): void {
    this.cache_?.cache.dispose();
  }

  /** The list of that node shows its next step. */
  more(node: DatabaseNode | PartitionsNode): void {
    this.steps.set(node.id, this.step(node.id) + 1);
    this.events.changed(node);
  }

  note(node: TableNode, found: Found, changed: CatalogNode): void {
    this.found.set(node.id, { ...this.found.get(node.id), ...found });
    this.events.changed(changed);
  }

  item(node: CatalogNode): vscode.TreeItem {
    const ofTable = node.kind === "location" || node.kind === "size" || node.kind === "partitions";
    const of = ofTable ? this.found.get(node.of.id) : undefined;
    return itemOf(node, of, this.opened.has(node));
  }

  parent(node: CatalogNode): CatalogNode | undefined {
    switch (node.kind) {
      case "database":
        return undefined;
      case "table":
        return this.databases.get(node.entry.database);
      default:
        return node.of;
    }
  }

  async children(node: CatalogNode | undefined, session: AwsSession): Promise<readonly (CatalogNode | StateNode)[]> {
    const cache = this.cache(session);
    switch (node?.kind) {
      case undefined:
        return this.text === "" ? this.allDatabases(cache) : this.matchingDatabases(cache);
      case "database":
        return node.filtered ? this.matchingTables(node, cache) : this.tables(node, cache);
      case "table":
        return this.table(node, cache, session);
      case "partitions":
        return this.partitions(node, cache);
      default:
        return [];
    }
  }

  private async allDatabases(cache: CatalogCache): Promise<readonly (CatalogNode | StateNode)[]> {
    const list = cache.databases;
    await list.first();
    readOn(list);
    const nodes = list.items.map((database) => this.remember(databaseNode(database, false)));
    return [...nodes, ...stopped(list, "databases")];
  }

  private async tables(node: DatabaseNode, cache: CatalogCache): Promise<readonly (CatalogNode | StateNode)[]> {
    const list = cache.tables(node.database.name);
    await list.first();
    // The rest in the background, so that "Show more" and the filter have it.
    readOn(list);
    const nodes = list.items.slice(0, this.step(node.id) * STEP).map((entry) => tableNode(entry, false));
    if (list.items.length === 0 && list.complete) return [empty(node.id, "No tables yet.")];
    return [...nodes, ...this.moreOf(node, nodes.length, list.items.length, list.complete), ...stopped(list, node.id)];
  }

  private async matchingDatabases(cache: CatalogCache): Promise<readonly (CatalogNode | StateNode)[]> {
    await cache.databases.first();
    void cache.fill();
    const matches = tableFilter(this.text) ?? (() => true);
    const nodes: (CatalogNode | StateNode)[] = [];
    let read = 0;
    for (const database of cache.databases.items) {
      const { items } = cache.tables(database.name);
      read += items.length;
      const found = items.filter(matches).length;
      if (found > 0) nodes.push(this.remember(databaseNode(database, true, plural(found, "table"))));
    }
    if (!cache.filled) {
      nodes.push({
        kind: "state",
        id: "filter/loading",
        state: "loading",
        text: `Reading tables: ${count(read)} so far`,
      });
    } else if (nodes.length === 0) {
      nodes.push({
        ...empty("filter", `No table matches “${oneLine(this.text)}”.`),
        command: { id: "boathouse.catalog.clearFilter", title: "Clear Filter" },
      });
    }
    const broken = cache.databases.items
      .map(({ name }) => cache.tables(name))
      .find(({ error, loading }) => error !== undefined && !loading);
    if (broken !== undefined) nodes.push(...stopped(broken, "filter"));
    return nodes;
  }

  private matchingTables(node: DatabaseNode, cache: CatalogCache): readonly (CatalogNode | StateNode)[] {
    const list = cache.tables(node.database.name);
    const found = list.items.filter(tableFilter(this.text) ?? (() => true));
    const nodes = found.slice(0, this.step(node.id) * STEP).map((entry) => tableNode(entry, true));
    return [...nodes, ...this.moreOf(node, nodes.length, found.length, list.complete)];
  }

  private async table(
    node: TableNode,
    cache: CatalogCache,
    session: AwsSession,
  ): Promise<readonly (CatalogNode | StateNode)[]> {
    const children = tableChildren(node, await cache.table(node.entry.database, node.entry.name));
    const place = children.find((child): child is LocationNode => child.kind === "location");
    if (place !== undefined && this.found.get(node.id) === undefined) void this.look(place, session);
    return children;
  }

  private async partitions(node: PartitionsNode, cache: CatalogCache): Promise<readonly (CatalogNode | StateNode)[]> {
    const { database, name } = node.of.entry;
    const list = cache.partitions(database, name);
    const wanted = this.step(node.id) * STEP;
    await list.first();
    while (list.items.length < wanted && !list.complete) await list.more();
    const nodes = list.items.slice(0, wanted).map((partition) => partitionNode(node, partition));
    const known = `${list.complete ? "" : "at least "}${count(list.items.length)}`;
    // Its own row says how many; drawn again only where that is news.
    if (this.found.get(node.of.id)?.partitions !== known) this.note(node.of, { partitions: known }, node);
    if (nodes.length === 0) return [empty(node.id, "No partitions yet: crawl, or run MSCK REPAIR TABLE.")];
    return [...nodes, ...this.moreOf(node, nodes.length, list.items.length, list.complete)];
  }

  /** One request for each table that is opened: what is wrong with its place is said before a query fails on it. */
  private async look(node: LocationNode, session: AwsSession): Promise<void> {
    this.found.set(node.of.id, {});
    const { locationProblem } = await import("../../catalog/size.ts");
    const problem = await locationProblem(session, node.location).catch(() => undefined);
    if (problem !== undefined) this.note(node.of, { problem }, node);
  }

  private moreOf(node: DatabaseNode | PartitionsNode, shown: number, total: number, complete: boolean): StateNode[] {
    if (shown >= total && complete) return [];
    if (shown >= total && node.kind === "database") {
      return [{ kind: "state", id: `${node.id}/more`, state: "loading", text: `${count(total)} read so far` }];
    }
    return [
      {
        kind: "state",
        id: `${node.id}/more`,
        state: "more",
        text: moreText(Math.min(STEP, complete ? total - shown : STEP), total, complete),
        command: { id: "boathouse.catalog.more", title: "Show More", args: [node] },
      },
    ];
  }

  private step(id: string): number {
    return this.steps.get(id) ?? 1;
  }

  private remember(node: DatabaseNode): DatabaseNode {
    this.databases.set(node.database.name, node);
    return node;
  }

  private grown(database: string | undefined): void {
    if (this.text !== "" || database === undefined) this.events.changed();
    else {
      const node = this.databases.get(database);
      if (node !== undefined) this.events.changed(node);
    }
  }
}

/** Not where reading stopped: the tree is drawn when it does, and that must not begin it again. "Try Again" forgets the list. */
function readOn(list: PagedList<unknown>): void {
  if (list.error === undefined) void list.all();
}

function readerOf(session: AwsSession) {
  return {
    databases: (token: string | undefined) => databasePage(session, token),
    tables: (database: string, token: string | undefined) => tablePage(session, database, token),
    table: (database: string, name: string) => getTable(session, database, name),
    partitions: (database: string, table: string, token: string | undefined) =>
      partitionPage(session, database, table, { token, size: PARTITIONS }),
  };
}

function empty(where: string, text: string): StateNode {
  return { kind: "state", id: `${where}/empty`, state: "empty", text };
}

/** Reading the rest stopped: says why, and what was read stays. */
function stopped(list: PagedList<unknown>, where: string): StateNode[] {
  if (list.error === undefined || list.loading || list.complete) return [];
  return [failedNode(list.error, `${where}/rest`)];
}
