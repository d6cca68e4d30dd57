// What was run from open .sql documents: each statement's last run, followed through edits, and its error marked where it stands now.
import * as vscode from "vscode";
import { splitStatements, type Statement } from "../../sql/split.ts";
import type { Asked, Run } from "./run.ts";
import { type Edit, faultIn, type Standing, standing, TrackedStatement } from "./tracked.ts";

interface Placed {
  readonly run: Run;
  readonly tracked: TrackedStatement;
  /** Its text is no longer the one that was run, or was run again since: followed on only so that Run Again finds it. */
  readonly past?: boolean;
}

/** Past runs of a document that are followed on. */
const PAST = 200;

export class EditorRuns implements vscode.Disposable {
  private readonly marks = vscode.languages.createDiagnosticCollection("boathouse");
  private readonly placed = new Map<string, Placed[]>();
  private readonly adopted = new Map<string, readonly Run[]>();
  private readonly splits = new WeakMap<vscode.TextDocument, { version: number; statements: Statement[] }>();
  private readonly listening: vscode.Disposable;
  private readonly moved = new vscode.EventEmitter<string>();
  /** A document whose statements were run was edited or closed; its address. */
  readonly onDidMove = this.moved.event;

  constructor() {
    this.listening = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.placed.delete(uri.toString());
        this.marks.delete(uri);
        this.moved.fire(uri.toString());
      }),
    );
  }

  /** The document's statements; split once a version. */
  statements(document: vscode.TextDocument): readonly Statement[] {
    const known = this.splits.get(document);
    if (known?.version === document.version) return known.statements;
    const statements = splitStatements(document.getText());
    this.splits.set(document, { version: document.version, statements });
    return statements;
  }

  /** The last run of a statement, as long as its text is the one that was run. */
  of(uri: vscode.Uri, statement: Statement): Run | undefined {
    const key = uri.toString();
    const here = this.placed
      .get(key)
      ?.find(({ tracked, past }) => !past && tracked.start === statement.start && tracked.sent === statement.text)?.run;
    return here ?? this.adopted.get(key)?.find(({ asked, id }) => id !== undefined && asked.sql === statement.text);
  }

  /** Runs of the document that a closed window began: known by their text, as nobody followed its edits. */
  adopt(uri: string, runs: readonly Run[]): void {
    this.adopted.set(uri, runs);
    for (const run of runs) {
      run.onDidChange(() => {
        if (run.state === "failed") this.place(uri, run);
      });
    }
  }

  /** Those of the document that have not ended. */
  running(uri: vscode.Uri): readonly Run[] {
    return (this.placed.get(uri.toString()) ?? []).flatMap(({ run, past }) => (past || run.ended ? [] : [run]));
  }

  /** The statement as it stands now where that one was sent from; undefined where it, or its document, is not there any more. */
  now(
    uri: string,
    asked: Pick<Asked, "sql" | "tracked">,
  ): { document: vscode.TextDocument; statement: Standing } | undefined {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
    if (document === undefined) return undefined;
    const statements = this.statements(document);
    const tracked = this.placed.get(uri)?.find((one) => one.tracked === asked.tracked)?.tracked;
    // Of before a reload, of a document that was opened again or is all replaced: by its text.
    const statement =
      tracked === undefined || tracked.lost
        ? statements.find(({ text }) => text === asked.sql)
        : standing(tracked, statements, document.getText());
    return statement === undefined ? undefined : { document, statement };
  }

  /** Begins to follow runs of a document; what was known of the same places goes, marks with it. */
  follow(uri: vscode.Uri, placed: readonly Placed[]): void {
    const key = uri.toString();
    const others = (this.placed.get(key) ?? []).map((old) =>
      placed.some(({ tracked }) => tracked.start < old.tracked.end && tracked.end > old.tracked.start)
        ? { ...old, past: true }
        : old,
    );
    const past = others.filter((old) => old.past).slice(-PAST);
    this.placed.set(key, [...past, ...others.filter((old) => !old.past), ...placed]);
    const again = new Set(placed.map(({ run }) => run.asked.sql));
    const adopted = this.adopted.get(key)?.filter(({ asked }) => !again.has(asked.sql)) ?? [];
    if (adopted.length === 0) this.adopted.delete(key);
    else this.adopted.set(key, adopted);
    for (const { run } of placed) {
      run.onDidChange(() => {
        if (run.state === "failed") this.mark(uri);
      });
    }
    this.mark(uri);
  }

  dispose(): void {
    this.listening.dispose();
    this.marks.dispose();
    this.moved.dispose();
    this.placed.clear();
    this.adopted.clear();
  }

  private place(uri: string, run: Run): void {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
    const statement = document && this.statements(document).find(({ text }) => text === run.asked.sql);
    if (document === undefined || statement === undefined) return;
    this.follow(document.uri, [{ run, tracked: new TrackedStatement(statement.text, statement.start) }]);
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const key = document.uri.toString();
    const placed = this.placed.get(key);
    if (placed === undefined || contentChanges.length === 0) return;
    const edits: Edit[] = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      offset: rangeOffset,
      length: rangeLength,
      text,
    }));
    // A statement that runs is followed on, so that its error can be marked; one that has ended is another one now.
    this.placed.set(
      key,
      placed.map((one) => (one.tracked.apply(edits) && one.run.ended ? { ...one, past: true } : one)),
    );
    this.mark(document.uri);
    this.moved.fire(key);
  }

  private mark(uri: vscode.Uri): void {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    // Denied, offline and their like are no faults of the text.
    const failed = (this.placed.get(uri.toString()) ?? []).filter(
      ({ run, past }) => !past && run.error?.kind === "invalid",
    );
    if (document === undefined || failed.length === 0) {
      this.marks.delete(uri);
      return;
    }
    this.marks.set(
      uri,
      failed.map(({ run, tracked }) => diagnostic(document, run, tracked)),
    );
  }
}

function diagnostic(document: vscode.TextDocument, run: Run, tracked: TrackedStatement): vscode.Diagnostic {
  const message = run.error?.message ?? "The query failed.";
  const fault = faultIn(tracked.sent, message);
  const start = document.positionAt(tracked.place(fault.start));
  let end = document.positionAt(tracked.place(fault.end));
  // What it spoke of was deleted meanwhile.
  if (end.isBeforeOrEqual(start)) end = document.getWordRangeAtPosition(start)?.end ?? start.translate(0, 1);
  const marked = new vscode.Diagnostic(new vscode.Range(start, end), message, vscode.DiagnosticSeverity.Error);
  marked.source = "Athena";
  return marked;
}
