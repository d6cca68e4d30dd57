// What can be done with tables and names: preview, SELECT, DDL, size, copy, insert.
import * as vscode from "vscode";
import type { AwsSession } from "../../aws/session.ts";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import { isView, type TableEntry } from "../../catalog/catalog.ts";
import { quoteDdlName, qualifiedName, selectFrom } from "../../sql/quote.ts";
import { asScript, openSql } from "../queries/documents.ts";
import type { Queries } from "../queries/register.ts";
import type { Run } from "../queries/run.ts";
import { count } from "../queries/results/describe.ts";
import { documentsOf } from "../shell/documents.ts";
import { known } from "../shell/failures.ts";
import { withProgress } from "../shell/progress.ts";
import { askSteps } from "../shell/quickInput.ts";
import { say } from "../shell/say.ts";
import type { Shell } from "../shell/shell.ts";
import { oneLine } from "../shell/text.ts";
import type { StateNode } from "../shell/tree.ts";
import {
  type CatalogNode,
  type LocationNode,
  type PartitionNode,
  type SizeNode,
  sqlOf,
  type TableNode,
} from "./nodes.ts";
import type { CatalogSource } from "./source.ts";

const PREVIEW_ROWS = 100;

export interface CatalogParts {
  readonly shell: Shell;
  readonly source: CatalogSource;
  readonly queries: Queries;
}

/** The table that a command is for: the node's, else one that the person picks. */
export async function tableFor(
  { shell, source, queries }: CatalogParts,
  node: TableNode | undefined,
  title: string,
): Promise<TableEntry> {
  if (node?.kind === "table") return node.entry;
  const target = await shell.use((session) => queries.targets.get(session)).catch(() => undefined);
  let database = target?.database ?? "";
  let table: TableEntry | undefined;
  await askSteps(title, [
    async (ask) => {
      database = await ask.pick({
        placeholder: "Database",
        choices: shell.use(async (session) => {
          const list = source.cache(session).databases;
          await list.all();
          if (list.error !== undefined) throw list.error;
          if (list.items.length === 0) throw nothing("The catalog has no databases.");
          return list.items.map(({ name, description }) => ({
            label: name,
            value: name,
            icon: "database",
            ...(description === undefined ? {} : { description }),
          }));
        }),
        active: (value) => value === database,
      });
    },
    async (ask) => {
      table = await ask.pick({
        placeholder: `Table or view of ${database}`,
        choices: shell.use(async (session) => {
          const list = source.cache(session).tables(database);
          await list.all();
          if (list.error !== undefined) throw list.error;
          if (list.items.length === 0) throw nothing(`Database ${database} has no tables.`);
          return list.items.map((entry) => ({
            label: entry.name,
            value: entry,
            icon: isView(entry) ? "eye" : "table",
          }));
        }),
      });
    },
  ]);
  if (table === undefined) throw new BoathouseError("cancelled", "Cancelled.");
  return table;
}

function nothing(message: string): BoathouseError {
  return new BoathouseError("notFound", message, { next: "Crawl, or run a job that makes one." });
}

export async function preview(parts: CatalogParts, entry: TableEntry): Promise<readonly Run[]> {
  const name = qualifiedName(entry.database, entry.name);
  const file = {
    uri: `boathouse-preview:${JSON.stringify([entry.database, entry.name])}`,
    title: `${entry.name} (preview)`,
  };
  return parts.queries.run(file, `SELECT * FROM ${name} LIMIT ${PREVIEW_ROWS}`);
}

/** @param condition for its WHERE */
export async function newSelect({ shell, source }: CatalogParts, entry: TableEntry, condition?: string): Promise<void> {
  const table = await shell.use((session) => source.cache(session).table(entry.database, entry.name));
  await openSql(
    asScript(
      selectFrom(
        entry.database,
        entry.name,
        table.columns.map(({ name }) => name),
        PREVIEW_ROWS,
        condition,
      ),
    ),
  );
}

/** Athena's own words where it can be asked, else written from the catalog; a read-only document either way. */
export async function showDdl(parts: CatalogParts, entry: TableEntry): Promise<void> {
  const { shell } = parts;
  const text = await withProgress(
    { title: `DDL of ${entry.database}.${entry.name}`, cancelled: "Stopped asking for the DDL." },
    ({ signal }) => shell.use((session) => ddlOf(parts, session, entry, signal)),
  );
  await documentsOf(shell).show(`${oneLine(entry.database)}.${oneLine(entry.name)}.sql`.replaceAll("/", "∕"), text, {
    language: "sql",
  });
}

async function ddlOf(
  { queries, source, shell }: CatalogParts,
  session: AwsSession,
  entry: TableEntry,
  signal: AbortSignal,
): Promise<string> {
  const name = isView(entry)
    ? qualifiedName(entry.database, entry.name)
    : `${quoteDdlName(entry.database)}.${quoteDdlName(entry.name)}`;
  try {
    const { runQuery } = await import("../../flows/query.ts");
    const target = await queries.targets.get(session);
    const { result } = await runQuery(session, {
      sql: `SHOW CREATE ${isView(entry) ? "VIEW" : "TABLE"} ${name}`,
      workGroup: target.workGroup,
      database: entry.database,
      signal,
    });
    const lines: string[] = [];
    for await (const row of result.rows) lines.push(row[0] ?? "");
    if (lines.length > 0) return `${lines.join("\n")}\n`;
  } catch (thrown) {
    if (isCancelled(thrown)) throw thrown;
    const error = known(thrown);
    if (error.kind === "credentials" || error.kind === "network") throw error;
    shell.log.info(`SHOW CREATE of ${entry.database}.${entry.name}: ${error.message}`);
  }
  const { createStatement } = await import("../../catalog/ddl.ts");
  const table = await source.cache(session).table(entry.database, entry.name);
  return `-- Written from the Glue catalog: Athena could not be asked for it.\n${createStatement(table)}\n`;
}

/** Lists what lies at the table's location; a long listing can be cancelled and ends at its bound. */
export async function measure(parts: CatalogParts, node: TableNode | SizeNode | undefined): Promise<void> {
  const { shell, source } = parts;
  const tableNode = node?.kind === "size" ? node.of : node;
  const entry = await tableFor(parts, tableNode, "Measure Table Size");
  const { storedSize } = await import("../../catalog/size.ts");
  const shown = node?.kind === "size" ? node : undefined;
  const note = (found: Parameters<CatalogSource["note"]>[1]) => {
    if (tableNode !== undefined) source.note(tableNode, found, shown ?? tableNode);
  };
  try {
    const size = await withProgress(
      { title: `Size of ${entry.database}.${entry.name}`, cancelled: "Stopped listing." },
      async ({ signal, say }) =>
        shell.use(async (session) => {
          const { location } = await source.cache(session).table(entry.database, entry.name);
          if (location === undefined || location === "") throw noLocation(entry);
          return storedSize(session, location, {
            signal,
            onProgress: (sofar) => {
              say(`${count(sofar.files)} files`);
              note({ size: sofar, measuring: !sofar.whole });
            },
          });
        }),
    );
    note({ size, measuring: false });
    if (tableNode === undefined || shown === undefined) {
      const { sizeText } = await import("./items.ts");
      void say.info(`${entry.database}.${entry.name}: ${sizeText(size, false)}.`);
    }
  } catch (error) {
    note({ measuring: false });
    throw error;
  }
}

function noLocation(entry: TableEntry): BoathouseError {
  return new BoathouseError("invalid", `${entry.database}.${entry.name} has no location in S3.`, {
    resource: `table ${entry.database}.${entry.name}`,
    next: isView(entry) ? "It is a view: the tables that it reads have one." : "Look at its DDL.",
  });
}

/** Of all selected nodes, in their order, as a list; of a table that is asked for, where no node is given. */
async function textOf(
  parts: CatalogParts,
  title: string,
  node: CatalogNode | undefined,
  selected: readonly (CatalogNode | StateNode)[] | undefined,
): Promise<string> {
  if (node === undefined) {
    const { database, name } = await tableFor(parts, undefined, title);
    return qualifiedName(database, name);
  }
  const nodes = selected === undefined || selected.length === 0 ? [node] : selected;
  const texts = nodes.flatMap((one) => (one.kind === "state" ? [] : (sqlOf(one) ?? [])));
  return texts.join(nodes.every(({ kind }) => kind === "partition") ? " OR " : ", ");
}

export async function copyName(
  parts: CatalogParts,
  node?: CatalogNode,
  selected?: readonly (CatalogNode | StateNode)[],
): Promise<void> {
  const text = await textOf(parts, "Copy Name as SQL", node, selected);
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage("Name copied", 3000);
}

/** At each cursor of the editor that was last used; in a new document where none is open. */
export async function insertName(
  parts: CatalogParts,
  node?: CatalogNode,
  selected?: readonly (CatalogNode | StateNode)[],
): Promise<void> {
  const text = await textOf(parts, "Insert Name into Editor", node, selected);
  // The results panel may be what was used last.
  const sql = vscode.window.visibleTextEditors.find(({ document }) => document.languageId === "sql");
  const editor = vscode.window.activeTextEditor ?? sql;
  if (editor === undefined) {
    await openSql(text);
    return;
  }
  const done = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
  if (!done)
    throw new BoathouseError("invalid", "The editor does not take text.", {
      next: "Open a document that can be changed.",
    });
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.Active });
}

export async function copyLocation(node: LocationNode | PartitionNode): Promise<void> {
  const location = node.kind === "location" ? node.location : node.partition.location;
  await vscode.env.clipboard.writeText(location ?? "");
  vscode.window.setStatusBarMessage("Location copied", 3000);
}
