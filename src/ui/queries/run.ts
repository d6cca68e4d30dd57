// One statement on its way: what is known of it, told to its tab of the results panel and to whoever shows its state.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import type { Execution } from "../../queries/executions.ts";
import type { ResultTab } from "./results/tab.ts";
import { bytes, duration } from "./results/describe.ts";
import type { TrackedStatement } from "./tracked.ts";

/** Terminal from `succeeded` on. */
export type RunState = "waiting" | "starting" | "running" | "stopping" | "succeeded" | "failed" | "cancelled";

export interface Asked {
  readonly sql: string;
  /** Values of its `?`. */
  readonly parameters?: readonly string[];
  /** Where its names are looked up, where that is not the workspace's database: a named query has its own. */
  readonly database?: string;
  /** Where it stands in an editor. */
  readonly tracked?: TrackedStatement;
}

export class Run {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly tabs = new Set<ResultTab>();
  private state_: RunState = "waiting";
  private began = Date.now();
  private execution_: Execution | undefined;
  private error_: BoathouseError | undefined;
  private id_: string | undefined;
  /** Of the whole result, once that is known. */
  rows: number | undefined;
  /** Its result is being read on the session that it ran on, until this resolves. */
  reading: Promise<unknown> = Promise.resolve();

  constructor(readonly asked: Asked) {}

  get state(): RunState {
    return this.state_;
  }

  get ended(): boolean {
    return this.state_ === "succeeded" || this.state_ === "failed" || this.state_ === "cancelled";
  }

  get id(): string | undefined {
    return this.id_;
  }

  get execution(): Execution | undefined {
    return this.execution_;
  }

  get error(): BoathouseError | undefined {
    return this.error_;
  }

  /** Milliseconds: so far, or to the end as the service counted. After a reload it began before this window. */
  get elapsed(): number {
    if (this.ended) return this.execution_?.totalMilliseconds ?? 0;
    return Date.now() - Math.min(this.began, this.execution_?.submitted?.getTime() ?? this.began);
  }

  /** "Queued 3.1 s", "Running 12 s · 4.2 MB scanned". */
  get phase(): string {
    const scanned = this.execution_?.scannedBytes ?? 0;
    const behind = scanned > 0 ? ` · ${bytes(scanned)} scanned` : "";
    return `${PHASES[this.state_] ?? (this.execution_?.state === "RUNNING" ? "Running" : "Queued")} ${duration(this.elapsed)}${behind}`;
  }

  /** Another tab that shows it, told what there is at once. */
  attach(tab: ResultTab): void {
    this.tabs.add(tab);
    if (this.id_ !== undefined) tab.started(this.id_);
    if (!this.ended) tab.phase(this.word(), this.execution_);
  }

  get shown(): boolean {
    return this.tabs.size > 0;
  }

  starting(): void {
    this.began = Date.now();
    this.become("starting");
    for (const tab of this.tabs) tab.phase(this.word());
  }

  started(id: string): void {
    this.id_ = id;
    for (const tab of this.tabs) tab.started(id);
    if (this.state_ !== "stopping") this.become("running");
  }

  seen(execution: Execution): void {
    this.execution_ = execution;
    for (const tab of this.tabs) tab.phase(this.word(), execution);
    this.changed.fire();
  }

  /** What hinders the looking, not the work. */
  hindered(text: string): void {
    for (const tab of this.tabs) tab.phase(text, this.execution_);
  }

  stopping(): void {
    if (this.ended) return;
    this.become("stopping");
    for (const tab of this.tabs) tab.phase(this.word(), this.execution_);
  }

  failed(error: BoathouseError, execution?: Execution): void {
    if (this.ended) return;
    this.execution_ = execution ?? this.execution_;
    this.error_ = error;
    for (const tab of this.tabs) tab.failed(error, execution);
    this.become(error.kind === "cancelled" ? "cancelled" : "failed");
  }

  /** Returns the tabs that are to read the result. */
  succeeded(execution: Execution): readonly ResultTab[] {
    this.execution_ = execution;
    this.become("succeeded");
    return [...this.tabs];
  }

  counted(rows: number): void {
    this.rows = rows;
    this.changed.fire();
  }

  private word(): string {
    return PHASES[this.state_] ?? (this.execution_?.state === "RUNNING" ? "Running" : "Queued");
  }

  private become(state: RunState): void {
    this.state_ = state;
    this.changed.fire();
  }
}

const PHASES: Partial<Record<RunState, string>> = { waiting: "Waiting", starting: "Starting", stopping: "Stopping" };

/** For statements that one before them kept from running. */
export function notRun(before: RunState): BoathouseError {
  const why = before === "cancelled" ? "was cancelled" : "failed";
  return new BoathouseError("cancelled", `Not run: the statement before it ${why}.`);
}
