// Statements that this window runs: journaled before they start, one after the other within a batch, watched to their end.
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import type { JournalData, Operation } from "../../base/journal.ts";
import { sleep } from "../../base/wait.ts";
import { lacksOutputLocation } from "../../queries/workGroups.ts";
import { type ConnectionChoice, choiceName } from "../connections/choice.ts";
import { CANCELLED, known } from "../shell/failures.ts";
import { QUERY } from "../shell/kinds.ts";
import { say } from "../shell/say.ts";
import type { Shell } from "../shell/shell.ts";
import { showFailure } from "../shell/showFailure.ts";
import { Steady } from "../shell/steady.ts";
import { parseEntry, type RunEntry } from "./entry.ts";
import { labelOf } from "./label.ts";
import type { PanelFile, ResultPanels, ResultTab, StatementInfo } from "./results/panels.ts";
import { type Asked, notRun, Run } from "./run.ts";
import type { Sessions } from "./sessions.ts";
import type { Target, Targets } from "./target.ts";
import { type Use, watchRun } from "./watching.ts";

/** VS Code rebuilds the panels that are seen within so long of a reload; ms. */
const REBUILT = 1500;

export interface RunsParts {
  readonly shell: Shell;
  readonly targets: Targets;
  readonly sessions: Sessions;
  /** Says that the workgroup has no place for results and asks for what helps. Resolves to whether there is one now. */
  readonly placeMissing: (workGroup: string) => Promise<boolean>;
  /** Runs of a document that a closed window began go on here. */
  readonly resumed: (uri: string, runs: readonly Run[]) => void;
}

export interface BeginOptions {
  /** The panel's earlier tabs go. */
  readonly replace: boolean;
  /** Runs the same once more, after what hindered it is out of the way. */
  readonly again?: () => unknown;
}

interface Batch {
  readonly runs: readonly Run[];
  readonly entry: RunEntry;
  readonly again?: () => unknown;
}

export class Runs implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Run>();
  /** A run of this window moved on. */
  readonly onDidChange = this.changed.event;
  private readonly live = new Set<Run>();
  private readonly closing = new AbortController();
  private panels_: ResultPanels | undefined;
  private engineRan = false;
  /** What each tab was asked last. */
  private readonly asked = new WeakMap<ResultTab, Asked>();
  /** The connection that each was begun on, whatever the window is switched to meanwhile. */
  private readonly uses = new WeakMap<Run, Use>();

  constructor(private readonly parts: RunsParts) {
    parts.shell.operations.onResume(QUERY, (operation) => this.resume(operation));
  }

  set panels(panels: ResultPanels) {
    this.panels_ = panels;
  }

  /** Those that have not ended, in the order in which they began. */
  get running(): readonly Run[] {
    return [...this.live].filter(({ ended }) => !ended);
  }

  /**
   * Runs statements one after the other; one that fails stops those behind it. Returns at once.
   * @throws BoathouseError `notFound` where no connection is chosen.
   */
  begin(file: PanelFile, asked: readonly Asked[], options: BeginOptions): readonly Run[] {
    const choice = this.choice();
    const infos = asked.map(({ sql }) => infoOf(sql, choice));
    const tabs = this.panels_?.begin(file, infos, options.replace) ?? [];
    return this.start(file, asked, tabs, choice, options.again ?? (() => this.begin(file, asked, options)));
  }

  /** Runs a statement into a tab that is there: Run Again. */
  again(file: PanelFile, tab: ResultTab, asked: Asked): readonly Run[] {
    const choice = this.choice();
    tab.again(infoOf(asked.sql, choice));
    return this.start(file, [asked], [tab], choice, () => this.again(file, tab, asked));
  }

  /** No query of this window has succeeded on the local lake yet: its engine may have to start first. */
  get first(): boolean {
    return !this.engineRan;
  }

  /** What the tab shows was asked so in this window; undefined for one of before a reload. */
  askedOf(tab: ResultTab): Asked | undefined {
    return this.asked.get(tab);
  }

  /** A tab of before a reload whose execution still runs: this window's run of it where there is one, else it is only watched. */
  async attach(tab: ResultTab, info: StatementInfo): Promise<void> {
    const { executionId: id } = info;
    if (id === undefined) return;
    const own = [...this.live].find((run) => run.id === id);
    if (own !== undefined) {
      this.listen(own, tab);
      return;
    }
    const run = this.make({ sql: info.sql });
    this.listen(run, tab);
    run.started(id);
    try {
      await watchRun(run, id, this.useOf(info.connection), this.closing.signal);
    } finally {
      this.live.delete(run);
    }
  }

  /** A person's cancel: the execution ends. One that was not started yet does not start. */
  async cancel(run: Run): Promise<void> {
    if (run.ended) return;
    // Behind others: it will not start, and neither will those behind it.
    if (run.state === "waiting") {
      run.failed(cancelledBefore());
      return;
    }
    run.stopping();
    const { id } = run;
    // Not started yet: whoever starts it looks.
    if (id === undefined) return;
    const use = this.uses.get(run) ?? this.useOf(this.choice());
    const { stopExecution } = await import("../../queries/executions.ts");
    await use((session) => stopExecution(session, id));
  }

  dispose(): void {
    this.closing.abort(new BoathouseError("cancelled", "The window closes; the query goes on."));
    this.changed.dispose();
  }

  private start(
    file: PanelFile,
    asked: readonly Asked[],
    tabs: readonly ResultTab[],
    choice: ConnectionChoice,
    again: () => unknown,
  ): readonly Run[] {
    const runs = asked.map((one, at) => {
      const run = this.make(one);
      const tab = tabs[at];
      if (tab !== undefined) this.listen(run, tab);
      return run;
    });
    const entry: RunEntry = {
      file,
      connection: choice,
      token: randomUUID(),
      statements: asked.map(({ sql, parameters = [], database }) => ({
        sql,
        parameters,
        ...(database === undefined ? {} : { database }),
      })),
      target: undefined,
      executions: {},
    };
    const title = asked.length === 1 ? labelOf(asked[0]?.sql ?? "") : `${asked.length} statements of ${file.title}`;
    // Written down once it is known where they run, and before the first of them starts.
    void this.prepare({ runs, entry, again }, title);
    return runs;
  }

  private async prepare(batch: Batch, title: string): Promise<void> {
    const { shell, targets } = this.parts;
    let on: Steady | undefined;
    try {
      await this.needEngine(batch.runs);
      const [first] = batch.runs;
      if (first?.ended === false) first.starting();
      on = await Steady.of(shell);
      const use = this.hold(batch.runs, on);
      const entry = { ...batch.entry, connection: on.choice, target: await use((session) => targets.get(session)) };
      await shell.operations.run(QUERY, title, entry as unknown as JournalData, (operation) =>
        this.work({ ...batch, entry }, operation, use),
      );
    } catch (thrown) {
      this.fail(batch.runs, known(thrown));
    } finally {
      this.letGo(batch.runs, on);
    }
  }

  /** While an engine is being fetched they wait, and can be cancelled at once. */
  private async needEngine([first]: readonly Run[]): Promise<void> {
    const over = new AbortController();
    const listening = first?.onDidChange(() => {
      if (first.ended) over.abort(new BoathouseError("cancelled", CANCELLED));
    });
    try {
      await this.parts.shell.needEngines(["trino"], "The query", over.signal);
    } finally {
      listening?.dispose();
    }
  }

  /** They have ended; their connection is given back once their results are read. */
  private letGo(runs: readonly Run[], on: Steady | undefined): void {
    for (const run of runs) this.live.delete(run);
    if (on !== undefined) void Promise.allSettled(runs.map(({ reading }) => reading)).then(() => on.dispose());
  }

  private hold(runs: readonly Run[], on: Steady): Use {
    const use: Use = (act) => on.use(act);
    for (const run of runs) this.uses.set(run, use);
    return use;
  }

  /** Runs those that have not run yet. */
  private async work(batch: Batch, operation: Operation, use: Use): Promise<void> {
    const { runs } = batch;
    for (const [at, run] of runs.entries()) {
      if (!run.ended) await this.one(run, at, batch, operation, use);
      this.parts.shell.tell("queries");
      if (run.state === "succeeded") continue;
      for (const later of runs.slice(at + 1)) later.failed(notRun(run.state));
      return;
    }
  }

  private async one(run: Run, at: number, batch: Batch, operation: Operation, use: Use): Promise<void> {
    const { entry } = batch;
    let id = entry.executions[at];
    if (id === undefined) {
      if (run.state !== "stopping") run.starting();
      try {
        id = await this.launch(run, at, entry, use);
      } catch (thrown) {
        const error = known(thrown);
        if (lacksOutputLocation(error)) this.noPlace(run, entry.target?.workGroup ?? "", error, batch.again);
        else this.fail([run], error);
        return;
      }
      operation.note({ [`execution${at}`]: id });
    }
    const stop = run.state === "stopping";
    run.started(id);
    this.parts.shell.tell("queries");
    // Cancelled while it was started.
    if (stop) await this.cancel(run).catch((error: unknown) => this.tell(error));
    await watchRun(run, id, use, this.closing.signal);
    if (run.state === "succeeded" && entry.connection.kind === "local") this.engineRan = true;
  }

  private async launch(run: Run, at: number, entry: RunEntry, use: Use): Promise<string> {
    const { targets } = this.parts;
    const { startStatement } = await import("../../queries/executions.ts");
    const target: Target = entry.target ?? (await use((session) => targets.get(session)));
    return use((session) =>
      startStatement(session, {
        sql: run.asked.sql,
        workGroup: target.workGroup,
        database: run.asked.database ?? target.database,
        clientRequestToken: `${entry.token}-${at}`,
        parameters: run.asked.parameters ?? [],
        ...(target.outputLocation === undefined ? {} : { outputLocation: target.outputLocation }),
      }),
    );
  }

  /** Fails at once, and runs the same again where the person gives it a place. */
  private noPlace(run: Run, workGroup: string, cause: BoathouseError, again: Batch["again"]): void {
    run.failed(
      new BoathouseError(
        "conflict",
        `Workgroup ${workGroup} names no output location: a query's result has no place.`,
        {
          resource: `workgroup ${workGroup}`,
          next: "Choose another workgroup, or set an output location.",
          cause,
        },
      ),
    );
    void this.parts
      .placeMissing(workGroup)
      .then((placed) => (placed ? again?.() : undefined))
      .catch((error: unknown) => this.tell(error));
  }

  /** What a closed window left: its executions are watched on, and statements that had not begun are run. */
  private async resume(operation: Operation): Promise<void> {
    const entry = parseEntry(operation.data);
    if (entry === undefined) return;
    const runs = entry.statements.map((statement) => this.make(statement));
    for (const [at, run] of runs.entries()) {
      const id = entry.executions[at];
      if (id !== undefined) run.started(id);
    }
    this.parts.resumed(entry.file.uri, runs);
    const { connected, isFresh } = await import("../shell/resuming.ts");
    let on: Steady | undefined;
    try {
      on = await connected(this.parts.shell, operation);
      if (on === undefined) return;
      await this.goOn({ runs, entry }, operation, isFresh(operation), this.hold(runs, on));
    } finally {
      this.letGo(runs, on);
    }
  }

  private async goOn({ runs, entry }: Batch, operation: Operation, fresh: boolean, use: Use): Promise<void> {
    // Those that ended while no window looked count as done: only the last begun one is asked for.
    const last = runs.findLastIndex((run) => run.id !== undefined);
    const rest = fresh ? runs.length : last + 1;
    const left = runs.length - rest;
    if (left > 0) {
      void say.info(
        `${left} of ${runs.length} statements of ${entry.file.title} were not run: their window was closed for too long.`,
      );
    }
    for (const [at, run] of runs.entries()) {
      if (at < last) run.failed(new BoathouseError("cancelled", "Ended before."));
      if (at < last || at >= rest) continue;
      if (run.id !== undefined) await sleep(REBUILT, this.closing.signal);
      if (!run.shown && (run.id === undefined || !isOpen(entry.file))) this.openTab(run, entry);
      await this.one(run, at, { runs, entry }, operation, use);
      this.parts.shell.tell("queries");
      if (!run.shown) this.tellEnd(run, entry);
      if (run.state !== "succeeded") return;
    }
  }

  private openTab(run: Run, entry: RunEntry): void {
    const info = infoOf(run.asked.sql, entry.connection);
    const [tab] =
      this.panels_?.begin(entry.file, [run.id === undefined ? info : { ...info, executionId: run.id }], false) ?? [];
    if (tab !== undefined) this.listen(run, tab);
  }

  /** Its panel is there, but nobody has looked at it since the reload: a message says how it ended. */
  private tellEnd(run: Run, entry: RunEntry): void {
    const label = labelOf(run.asked.sql);
    if (run.state !== "succeeded") {
      this.tell(run.error);
      return;
    }
    const show = "Show Result";
    void say.info(`“${label}” has ended.`, show).then((pressed) => {
      if (pressed === show && run.execution !== undefined)
        return this.show(entry.file, run.execution, entry.connection);
      return undefined;
    });
  }

  /** Shows the result of an execution that has ended, or watches one that runs. */
  async show(
    file: PanelFile,
    execution: { readonly id: string; readonly sql: string },
    choice: ConnectionChoice,
  ): Promise<void> {
    const [tab] =
      this.panels_?.begin(file, [{ ...infoOf(execution.sql, choice), executionId: execution.id }], true) ?? [];
    if (tab === undefined) return;
    tab.started(execution.id);
    await this.attach(tab, { ...tab.info, executionId: execution.id });
  }

  private make(asked: Asked): Run {
    const run = new Run(asked);
    this.live.add(run);
    run.onDidChange(() => {
      if (!this.closing.signal.aborted) this.changed.fire(run);
    });
    return run;
  }

  private listen(run: Run, tab: ResultTab): void {
    run.attach(tab);
    this.asked.set(tab, run.asked);
    const listening = tab.onCancel(() => void this.cancel(run).catch((error: unknown) => this.tell(error)));
    run.onDidChange(() => {
      if (run.ended) listening.dispose();
    });
  }

  /** The first of them failed for that; the others were not run. What the editor can't mark is told in a message, too. */
  private fail([first, ...others]: readonly Run[], error: BoathouseError): void {
    if (this.closing.signal.aborted) return;
    first?.failed(error);
    for (const run of others) run.failed(notRun(first?.state ?? "failed"));
    if (error.kind !== "invalid" && error.kind !== "cancelled") this.tell(error);
  }

  private tell(error: unknown): void {
    void showFailure(error, this.parts.shell.log, async () => undefined);
  }

  private useOf(choice: ConnectionChoice): Use {
    return async (act) => act(await this.parts.sessions.of(choice));
  }

  private choice(): ConnectionChoice {
    const { choice } = this.parts.shell.connections;
    if (choice !== undefined) return choice;
    throw new BoathouseError("notFound", "No connection is chosen.", {
      next: "Start the local lake, or choose an AWS profile.",
    });
  }
}

/** A panel of before the reload that VS Code rebuilds once it is looked at. */
function isOpen({ title }: PanelFile): boolean {
  const label = `Results: ${title}`;
  return vscode.window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => tab.label === label));
}

function cancelledBefore(): BoathouseError {
  return new BoathouseError("cancelled", "Cancelled before it started.");
}

export function infoOf(sql: string, connection: ConnectionChoice): StatementInfo {
  return { sql, label: labelOf(sql), connection, connectionName: choiceName(connection) };
}
