// The Catalog view's nodes, as plain data, and how a table becomes them.
import {
  type CatalogColumn,
  type CatalogDatabase,
  type CatalogTable,
  isView,
  type Partition,
  type TableEntry,
} from "../../catalog/catalog.ts";
import { qualifiedName, quoteName, quoteString } from "../../sql/quote.ts";
import { oneLine } from "../shell/text.ts";
import type { StateNode, TreeNode } from "../shell/tree.ts";

export interface DatabaseNode extends TreeNode {
  readonly kind: "database";
  readonly database: CatalogDatabase;
  /** It stands in a filtered tree: open, and with the tables that match. */
  readonly filtered: boolean;
  readonly note?: string;
}

export interface TableNode extends TreeNode {
  readonly kind: "table";
  readonly entry: TableEntry;
  readonly filtered: boolean;
}

export interface ColumnNode extends TreeNode {
  readonly kind: "column";
  readonly of: TableNode;
  readonly column: CatalogColumn;
}

export interface PartitionsNode extends TreeNode {
  readonly kind: "partitions";
  readonly of: TableNode;
  readonly keys: readonly CatalogColumn[];
}

export interface PartitionNode extends TreeNode {
  readonly kind: "partition";
  readonly of: PartitionsNode;
  readonly partition: Partition;
}

export interface LocationNode extends TreeNode {
  readonly kind: "location";
  readonly of: TableNode;
  readonly location: string | undefined;
}

export interface SizeNode extends TreeNode {
  readonly kind: "size";
  readonly of: TableNode;
  readonly location: string;
  readonly rows: number | undefined;
}

export type CatalogNode =
  | DatabaseNode
  | TableNode
  | ColumnNode
  | PartitionsNode
  | PartitionNode
  | LocationNode
  | SizeNode;

/** JSON keeps names with slashes apart. */
function idOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

export function databaseNode(database: CatalogDatabase, filtered: boolean, note?: string): DatabaseNode {
  // Another id while it is filtered: VS Code keeps what is open by id, and here all is.
  const id = idOf(filtered ? "filtered" : "database", database.name);
  return { kind: "database", id, database, filtered, ...(note === undefined ? {} : { note }) };
}

export function tableNode(entry: TableEntry, filtered: boolean): TableNode {
  return { kind: "table", id: idOf(filtered ? "filtered" : "table", entry.database, entry.name), entry, filtered };
}

/** Columns first, as they are what is looked for; then partitions, place and size. */
export function tableChildren(node: TableNode, table: CatalogTable): (CatalogNode | StateNode)[] {
  const { columns, location, rows } = table;
  const below = (...parts: readonly string[]) => `${node.id}${idOf(...parts)}`;
  const children: (CatalogNode | StateNode)[] = columns.map((column, at) => ({
    kind: "column",
    // Glue lets two columns have one name.
    id: below("column", String(at), column.name),
    of: node,
    column,
  }));
  if (columns.length === 0) {
    children.push({ kind: "state", id: below("none"), state: "empty", text: "The catalog knows no columns of it." });
  }
  const keys = columns.filter(({ partitionKey }) => partitionKey);
  if (keys.length > 0) children.push({ kind: "partitions", id: below("partitions"), of: node, keys });
  if (isView(table)) return children;
  children.push({ kind: "location", id: below("location"), of: node, location });
  if (location !== undefined && location !== "") {
    children.push({ kind: "size", id: below("size"), of: node, location, rows });
  }
  return children;
}

export function partitionNode(of: PartitionsNode, partition: Partition): PartitionNode {
  return { kind: "partition", id: `${of.id}${idOf(...partition.values)}`, of, partition };
}

/** "1997 / 01": the keys stand above them, and a side bar is too narrow for both. */
export function partitionValues({ partition: { values } }: PartitionNode): string {
  return oneLine(values.map((value) => (value === NULL_PARTITION ? "NULL" : value)).join(" / "));
}

/** "o_year=1997/o_month=01" */
export function partitionLabel({ of: { keys }, partition: { values } }: PartitionNode): string {
  return oneLine(values.map((value, at) => `${keys[at]?.name ?? "?"}=${value}`).join("/"));
}

/** What copying and inserting write: a name as a query needs it, a partition as its condition. */
export function sqlOf(node: CatalogNode): string | undefined {
  switch (node.kind) {
    case "database":
      return quoteName(node.database.name);
    case "table":
      return qualifiedName(node.entry.database, node.entry.name);
    case "column":
      return quoteName(node.column.name);
    case "partition":
      return conditionOf(node);
    default:
      return undefined;
  }
}

/** Hive's name for NULL and the empty string as a partition's value. */
const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";
const NUMBER = /^(tinyint|smallint|int|integer|bigint|double|float|decimal.*)$/;

/** What a query's WHERE says of that partition alone. */
export function conditionOf({ of: { keys }, partition: { values } }: PartitionNode): string {
  const conditions = values.map((value, at) => {
    const key = keys[at];
    const name = quoteName(key?.name ?? "");
    if (value === NULL_PARTITION) return `${name} IS NULL`;
    if (NUMBER.test(key?.type ?? "") && /^-?\d+(\.\d+)?$/.test(value)) return `${name} = ${value}`;
    if (key?.type === "date") return `${name} = DATE ${quoteString(value)}`;
    return `${name} = ${quoteString(value)}`;
  });
  return conditions.join(" AND ");
}
