// Running what an editor shows: the statement under the cursor, the selection, or all of a document.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import { statementAt, statementsIn } from "../../sql/places.ts";
import { splitStatements, type Statement } from "../../sql/split.ts";
import type { EditorRuns } from "./editorRuns.ts";
import { askParameters } from "./parameters.ts";
import type { PanelFile, ResultTab } from "./results/tab.ts";
import type { Asked, Run } from "./run.ts";
import type { Runs } from "./runs.ts";
import { TrackedStatement } from "./tracked.ts";

export function panelFileOf(document: vscode.TextDocument): PanelFile {
  const name = document.uri.path.split("/").at(-1) ?? "";
  return { uri: document.uri.toString(), title: name === "" ? "Untitled" : name };
}

/** Runs a lens's statement, the selection, or the statement at the cursor. */
export async function runHere(
  runs: Runs,
  editorRuns: EditorRuns,
  uri: vscode.Uri | undefined,
  start: number | undefined,
): Promise<readonly Run[]> {
  if (uri !== undefined && start !== undefined) {
    const document = await vscode.workspace.openTextDocument(uri);
    const statements = editorRuns.statements(document);
    // A lens that is older than the last edit names where its statement was: what stands there now is what the person sees.
    const statement =
      statements.find((one) => one.start === start) ?? statementAt(statements, document.getText(), start);
    if (statement === undefined) throw nothing("That place");
    return runStatements(runs, editorRuns, document, [statement]);
  }
  const editor = editorOf(uri);
  const { document, selection } = editor;
  const script = document.getText();
  const from = document.offsetAt(selection.start);
  if (!selection.isEmpty) {
    const to = document.offsetAt(selection.end);
    // A selection within one statement is run as it is: a part of it is what the person means.
    const chosen = splitStatements(script.slice(from, to)).map((one) => ({
      ...one,
      start: one.start + from,
      end: one.end + from,
    }));
    if (chosen.length > 0) return runStatements(runs, editorRuns, document, chosen);
    throw nothing(
      statementsIn(editorRuns.statements(document), from, to).length === 0 ? "The selection" : "The selected text",
    );
  }
  const statement = statementAt(editorRuns.statements(document), script, from);
  if (statement === undefined) throw nothing("The document");
  return runStatements(runs, editorRuns, document, [statement]);
}

export async function runAll(runs: Runs, editorRuns: EditorRuns, uri: vscode.Uri | undefined): Promise<readonly Run[]> {
  const document = uri === undefined ? editorOf(undefined).document : await vscode.workspace.openTextDocument(uri);
  const statements = editorRuns.statements(document);
  if (statements.length === 0) throw nothing("The document");
  return runStatements(runs, editorRuns, document, statements);
}

/** Runs statements of a document in order. One that runs already is not started a second time. */
async function runStatements(
  runs: Runs,
  editorRuns: EditorRuns,
  document: vscode.TextDocument,
  statements: readonly Statement[],
): Promise<readonly Run[]> {
  const { uri, version } = document;
  if (running(editorRuns, uri, statements)) return [];
  const whole = new Set(editorRuns.statements(document).map(({ start, end }) => `${start} ${end}`));
  const asked: (Asked & { readonly tracked: TrackedStatement })[] = [];
  for (const statement of statements) {
    const parameters = await askParameters(statement.text);
    asked.push({
      sql: statement.text,
      ...(parameters === undefined ? {} : { parameters }),
      tracked: new TrackedStatement(statement.text, statement.start, !whole.has(`${statement.start} ${statement.end}`)),
    });
  }
  // Again: two presses may both have come so far.
  if (running(editorRuns, uri, statements)) return [];
  // Asked for parameters, a person may have gone on typing: then places are those of before.
  const placed = document.version === version;
  const begun = runs.begin(panelFileOf(document), asked, {
    replace: editorRuns.running(uri).length === 0,
    // Where they stand by then.
    again: () => {
      const starts = new Set(asked.map(({ tracked }) => tracked.start));
      const same = editorRuns.statements(document).filter(({ start }) => starts.has(start));
      return same.length === 0 ? undefined : runStatements(runs, editorRuns, document, same);
    },
  });
  if (placed) {
    editorRuns.follow(
      uri,
      asked.flatMap(({ tracked }, at) => {
        const run = begun[at];
        return run === undefined ? [] : [{ run, tracked }];
      }),
    );
  }
  return begun;
}

/** Run Again in a tab: what stands now where its statement stood; its own text where that is not to be found. */
export async function runAgain(runs: Runs, editorRuns: EditorRuns, file: PanelFile, tab: ResultTab): Promise<void> {
  const before: Asked = runs.askedOf(tab) ?? { sql: tab.info.sql };
  await loaded(file.uri);
  const found = editorRuns.now(file.uri, before);
  const version = found?.document.version;
  const sql = found?.statement.text ?? before.sql;
  const parameters = await askParameters(sql);
  const tracked =
    found?.document.version === version && found !== undefined
      ? new TrackedStatement(sql, found.statement.start, before.tracked?.part)
      : undefined;
  const { database } = before;
  const [run] = runs.again(file, tab, {
    sql,
    ...(parameters === undefined ? {} : { parameters }),
    ...(database === undefined ? {} : { database }),
    ...(tracked === undefined ? {} : { tracked }),
  });
  if (run !== undefined && tracked !== undefined && found !== undefined)
    editorRuns.follow(found.document.uri, [{ run, tracked }]);
}

/** After a reload VS Code loads an editor's document only once it is looked at. */
async function loaded(address: string): Promise<void> {
  if (!isOpen(address)) return;
  // A file that was deleted meanwhile holds no statement.
  await Promise.resolve(vscode.workspace.openTextDocument(vscode.Uri.parse(address))).catch(() => undefined);
}

/** An editor shows it, or it is a file. */
function isOpen(address: string): boolean {
  if (address.startsWith("boathouse-")) return false;
  const inTab = ({ input }: vscode.Tab) => input instanceof vscode.TabInputText && input.uri.toString() === address;
  return !address.startsWith("untitled:") || vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(inTab));
}

/** A tab's statement is gone from its file: Run Again can only run the same text. What no document holds (a preview) can't get lost. */
export function isLost(runs: Runs, editorRuns: EditorRuns, { uri }: PanelFile, tab: ResultTab): boolean {
  if (uri.startsWith("boathouse-")) return false;
  const held = vscode.workspace.textDocuments.some((open) => open.uri.toString() === uri);
  // Of one that is not loaded it is known once Run Again is pressed.
  if (!held) return !isOpen(uri);
  return editorRuns.now(uri, runs.askedOf(tab) ?? { sql: tab.info.sql }) === undefined;
}

/** A second press on what runs does nothing; on several of which some run, it is refused. */
function running(editorRuns: EditorRuns, uri: vscode.Uri, statements: readonly Statement[]): boolean {
  const busy = statements.filter((statement) => editorRuns.of(uri, statement)?.ended === false);
  if (busy.length === 0) return false;
  if (statements.length === 1) {
    vscode.window.setStatusBarMessage("The statement is already running", 4000);
    return true;
  }
  throw new BoathouseError("conflict", `${busy.length} of these ${statements.length} statements are already running.`, {
    next: "Wait for their end, or cancel them.",
  });
}

function editorOf(uri: vscode.Uri | undefined): vscode.TextEditor {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri?.toString());
  const editor = shown ?? vscode.window.activeTextEditor;
  if (editor !== undefined) return editor;
  throw new BoathouseError("invalid", "No editor is open.", { next: "Open a .sql file first." });
}

function nothing(what: string): BoathouseError {
  return new BoathouseError("invalid", `${what} holds no statement.`, { next: "Put the cursor into a statement." });
}
