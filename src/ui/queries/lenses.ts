// A CodeLens above each statement of a .sql document: where it runs, how far it is, how it ended.
import * as vscode from "vscode";
import type { Statement } from "../../sql/split.ts";
import type { CommandId, SettingId } from "../contributions.ts";
import type { Shell } from "../shell/shell.ts";
import { plain } from "../shell/text.ts";
import { Asking } from "./asking.ts";
import type { EditorRuns } from "./editorRuns.ts";
import { duration, plural } from "./results/describe.ts";
import type { Run } from "./run.ts";
import type { Runs } from "./runs.ts";

export const SQL: vscode.DocumentSelector = [
  { language: "sql", scheme: "file" },
  { language: "sql", scheme: "untitled" },
  { language: "sql", scheme: "vscode-remote" },
  { language: "sql", scheme: "vscode-vfs" },
];

const ENABLED: SettingId = "boathouse.codeLens.enabled";
/** Lenses of so many statements; a dump has hundreds of thousands, which nobody runs one by one. */
const MOST = 2000;
/** How often a running statement's lens tells its time, ms. */
const TICK = 1000;

export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly listening: vscode.Disposable;
  private readonly asking: Asking;
  private ticking: NodeJS.Timeout | undefined;
  /** What each run's lens said last, its time aside. */
  private readonly words = new WeakMap<Run, string>();

  constructor(
    private readonly shell: Shell,
    private readonly editorRuns: EditorRuns,
    private readonly runs: Runs,
  ) {
    this.asking = new Asking(SQL, () => this.changed.fire());
    this.listening = vscode.Disposable.from(
      this.asking,
      vscode.languages.registerCodeLensProvider(SQL, this),
      shell.connections.onDidChange(() => this.asking.again()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(ENABLED)) this.asking.again();
      }),
      runs.onDidChange((run) => this.moved(run)),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    this.asking.asked(document);
    const { name } = this.shell.connections;
    if (name === undefined || this.shell.setting<boolean>(ENABLED, document) === false) return [];
    const statements = this.editorRuns.statements(document);
    const lenses = statements.slice(0, MOST).flatMap((statement) => this.lensesOf(document, statement, name));
    const next = statements[MOST];
    if (next !== undefined) {
      const range = rangeOf(document, next);
      const title = `${plural(statements.length - MOST, "more statement")}: run with Ctrl+Enter`;
      lenses.push(new vscode.CodeLens(range, { title, command: "" }));
    }
    return lenses;
  }

  dispose(): void {
    clearTimeout(this.ticking);
    this.listening.dispose();
    this.changed.dispose();
  }

  private lensesOf(document: vscode.TextDocument, statement: Statement, name: string): vscode.CodeLens[] {
    const range = rangeOf(document, statement);
    const place = [document.uri, statement.start];
    const lens = (title: string, command: CommandId | "", tooltip = "") =>
      new vscode.CodeLens(range, { title, command, tooltip, arguments: place });
    const run = this.editorRuns.of(document.uri, statement);
    if (run !== undefined && !run.ended) {
      return [
        lens(`$(sync~spin)\u00a0${run.phase}`, "boathouse.queries.showPanel", "Show the results panel"),
        lens("Cancel", "boathouse.queries.cancel", "End this query"),
      ];
    }
    const start = lens(
      `$(play)\u00a0Run on ${plain(name)}`,
      "boathouse.queries.run",
      "Run this statement (Ctrl+Enter at the cursor)",
    );
    if (run === undefined) return [start];
    return [start, lens(endOf(run), "boathouse.queries.showPanel", run.error?.message ?? "Show the result")];
  }

  private moved(run: Run): void {
    const word = `${run.state} ${run.execution?.state ?? ""}`;
    if (this.words.get(run) !== word || run.rows !== undefined) this.asking.again();
    this.words.set(run, word);
    this.tick();
  }

  /** Time goes on where the service has nothing new to say. */
  private tick(): void {
    if (this.ticking !== undefined) return;
    this.ticking = setTimeout(() => {
      this.ticking = undefined;
      if (this.runs.running.length === 0) return;
      this.asking.again();
      this.tick();
    }, TICK);
  }
}

/** "$(check) 15,000 rows · 1.2 s" */
function endOf(run: Run): string {
  const time = run.elapsed === 0 ? "" : ` · ${duration(run.elapsed)}`;
  switch (run.state) {
    case "succeeded":
      return `$(check)\u00a0${run.rows === undefined ? "Succeeded" : plural(run.rows, "row")}${time}`;
    case "cancelled":
      return `$(circle-slash)\u00a0Cancelled${time}`;
    default:
      return `$(error)\u00a0Failed${time}`;
  }
}

function rangeOf(document: vscode.TextDocument, statement: Statement): vscode.Range {
  const start = document.positionAt(statement.start);
  return new vscode.Range(start, start);
}
