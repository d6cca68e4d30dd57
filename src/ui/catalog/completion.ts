// Names of the catalog in .sql documents while one types: databases, tables, the columns of the tables that the statement names.
import * as vscode from "vscode";
import type { AwsSession } from "../../aws/session.ts";
import type { CatalogCache } from "../../catalog/cache.ts";
import type { CatalogColumn, TableEntry } from "../../catalog/catalog.ts";
import { quoteName } from "../../sql/quote.ts";
import type { TableReference } from "../../sql/names.ts";
import type { Wanted } from "../../sql/wanted.ts";
import type { SettingId } from "../contributions.ts";
import type { Queries } from "../queries/register.ts";
import { known } from "../shell/failures.ts";
import type { Shell } from "../shell/shell.ts";
import { plain } from "../shell/text.ts";
import type { CatalogSource } from "./source.ts";

const ENABLED: SettingId = "boathouse.completion.enabled";

/** UTF-16 units of a statement that is looked through at each key. */
const LONGEST = 200_000;

/** Tables whose columns are offered at once; each that was not looked at before is a request. */
const MOST_TABLES = 10;

/** Names that are offered at once; who has ten thousand types a part of the one that they mean. */
const MOST_NAMES = 1000;

/** A name that could stand there, in the catalog's spelling. */
interface Named {
  readonly name: string;
  readonly kind: vscode.CompletionItemKind;
  /** Behind the name: a type, what it is of. */
  readonly detail: string;
  readonly comment?: string | undefined;
}

interface Found {
  readonly names: readonly Named[];
  /** More are still read. */
  readonly more: boolean;
}

const NOTHING: Found = { names: [], more: false };

export class CatalogCompletion implements vscode.CompletionItemProvider {
  constructor(
    private readonly shell: Shell,
    private readonly source: CatalogSource,
    private readonly queries: Queries,
  ) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    cancel: vscode.CancellationToken,
  ): Promise<vscode.CompletionList | undefined> {
    const { shell } = this;
    // Nobody is asked for anything, and nothing is started, because somebody types.
    if (shell.connections.state.kind !== "connected" || shell.setting<boolean>(ENABLED, document) === false) return;
    const offset = document.offsetAt(position);
    const statement = this.queries.statementAt(document, offset);
    if (statement === undefined || statement.end - statement.start > LONGEST) return;
    const text = document.getText(
      new vscode.Range(document.positionAt(statement.start), document.positionAt(Math.max(statement.end, offset))),
    );
    const { wantedAt } = await import("../../sql/wanted.ts");
    const wanted = wantedAt(text, offset - statement.start);
    if (wanted === undefined) return;
    try {
      const found = await shell.use((session) => this.found(session, wanted), { quietly: true });
      if (cancel.isCancellationRequested) return;
      const { names, more } = fewer(found, text.slice(wanted.from, offset - statement.start));
      const place = placeOf(document, statement.start, wanted, position);
      return new vscode.CompletionList(
        names.map((named, at) => itemOf(named, at, place)),
        more,
      );
    } catch (error) {
      // A message at each key would be worse than no names.
      shell.log.debug("completion", known(error));
      return;
    }
  }

  private async found(session: AwsSession, wanted: Wanted): Promise<Found> {
    const cache = this.source.cache(session);
    const { database } = await this.queries.targets.get(session);
    const [first, second] = wanted.qualifier.slice(-2);
    // Of a table expression the catalog knows nothing.
    const tables = wanted.tables.filter((of) => of.database !== undefined || !wanted.expressions.has(of.table));
    if (wanted.kind === "table") {
      if (first !== undefined) return tablesIn(cache, first);
      return join([expressionsOf([...wanted.expressions]), await tablesIn(cache, database), await databasesIn(cache)]);
    }
    if (second !== undefined) return columnsOf(cache, { database: first, table: second }, database);
    if (first !== undefined) {
      const of = tables.filter(({ table, alias }) => alias === first || (alias === undefined && table === first));
      if (of.length > 0) return join(await Promise.all(of.map((one) => columnsOf(cache, one, database))));
      // Of a database, then: its tables, whose columns come behind the next dot.
      return tablesIn(cache, first);
    }
    const of = tables.slice(0, MOST_TABLES);
    const columns = await Promise.all(of.map((one) => columnsOf(cache, one, database)));
    const aliases = wanted.tables.map(({ table, alias }) => ({
      name: alias ?? table,
      kind: vscode.CompletionItemKind.Struct,
      detail: alias === undefined ? "table" : table,
    }));
    return join([...columns, { names: aliases, more: false }]);
  }
}

/** Of very many names those that hold what is typed; the editor asks again at the next key. */
function fewer(found: Found, typed: string): Found {
  if (found.names.length <= MOST_NAMES) return found;
  const part = typed.replaceAll('"', "").toLowerCase();
  return { names: found.names.filter(({ name }) => name.includes(part)).slice(0, MOST_NAMES), more: true };
}

/** What an item replaces: up to the cursor, or the whole name, as the person's settings have it; of a quoted one always the whole. */
interface Place {
  readonly inserting: vscode.Range;
  readonly replacing: vscode.Range;
  readonly quoted: boolean;
}

function placeOf(document: vscode.TextDocument, start: number, wanted: Wanted, position: vscode.Position): Place {
  const from = document.positionAt(start + wanted.from);
  const to = document.positionAt(start + wanted.to);
  // An open quote reaches to the statement's end: only what is on this line is replaced, and nothing where it goes on.
  const replacing = new vscode.Range(from, to.line === position.line ? to : position);
  return { inserting: wanted.quoted ? replacing : new vscode.Range(from, position), replacing, quoted: wanted.quoted };
}

function itemOf({ name, kind, detail, comment }: Named, at: number, place: Place): vscode.CompletionItem {
  const quoted = quoteName(name);
  // Labels are searched for icons; a text that is no Markdown is shown as it is.
  const item = new vscode.CompletionItem({ label: plain(name), description: plain(detail) }, kind);
  item.insertText = quoted;
  item.range = { inserting: place.inserting, replacing: place.replacing };
  item.filterText = place.quoted ? `"${name}"` : name;
  // Before names that VS Code finds in the document's words; columns as the table has them.
  item.sortText = `!${String(at).padStart(6, "0")}`;
  if (comment !== undefined && comment !== "") item.documentation = comment;
  return item;
}

function expressionsOf(expressions: readonly string[]): Found {
  const kind = vscode.CompletionItemKind.Struct;
  return { names: expressions.map((name) => ({ name, kind, detail: "of WITH" })), more: false };
}

async function databasesIn(cache: CatalogCache): Promise<Found> {
  const list = cache.databases;
  await list.first();
  if (!list.complete) void list.all();
  const kind = vscode.CompletionItemKind.Module;
  const names = list.items.map(({ name, description }) => ({ name, kind, detail: "database", comment: description }));
  return { names, more: !list.complete };
}

/** None where there is no such database. */
async function tablesIn(cache: CatalogCache, database: string | undefined): Promise<Found> {
  if (database === undefined) return NOTHING;
  await databasesIn(cache);
  if (cache.databases.complete && !cache.databases.items.some(({ name }) => name === database)) return NOTHING;
  const list = cache.tables(database);
  await list.first();
  if (!list.complete) void list.all();
  const kind = vscode.CompletionItemKind.Struct;
  const names = list.items.map(({ name }: TableEntry) => ({ name, kind, detail: database }));
  return { names, more: !list.complete };
}

/** None where the catalog has no such table: a table expression, a name that is not typed to its end. */
async function columnsOf(
  cache: CatalogCache,
  of: Pick<TableReference, "database" | "table">,
  current: string | undefined,
): Promise<Found> {
  const database = of.database ?? current;
  if (database === undefined) return NOTHING;
  try {
    const { columns } = await cache.table(database, of.table);
    return { names: columns.map(columnNamed), more: false };
  } catch (error) {
    if (known(error).kind === "notFound") return NOTHING;
    throw error;
  }
}

function columnNamed({ name, type, comment, partitionKey }: CatalogColumn): Named {
  const detail = partitionKey ? `${type} · partition key` : type;
  return { name, kind: vscode.CompletionItemKind.Field, detail, comment };
}

/** Each name once, as it is first. */
function join(all: readonly Found[]): Found {
  const names = new Map<string, Named>();
  for (const one of all.flatMap((found) => found.names)) {
    const key = `${one.kind} ${one.name}`;
    if (!names.has(key)) names.set(key, one);
  }
  return { names: [...names.values()], more: all.some(({ more }) => more) };
}
