// A statement's tab: its states, and the rows of its result, which can be let go of and read again.
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { AwsSession } from "../../../aws/session.ts";
import { BoathouseError } from "../../../base/errors.ts";
import type { Tab, Table, TabStatus } from "../../../messages/results.ts";
import type { Execution } from "../../../queries/executions.ts";
import { known } from "../../shell/failures.ts";
import { type NoRows, whyNoRows } from "../noRows.ts";
import { describeFacts, describeNoRows, endText } from "./describe.ts";
import { HeldRows } from "./heldRows.ts";
import type { ResultTab, StatementInfo } from "./tab.ts";

type State =
  | { readonly kind: "waiting"; readonly text: string; readonly since: number }
  | { readonly kind: "failed"; readonly error: BoathouseError; readonly title: string }
  /** SUCCEEDED; its rows are held, on their way, or not asked for yet. */
  | { readonly kind: "succeeded"; readonly execution: Execution }
  /** Of before a reload: what became of it is asked once the tab is shown. */
  | { readonly kind: "asleep" };

const NOT_READ: TabStatus = { kind: "waiting", text: "Not read yet", elapsed: 0, cancellable: false, patience: "" };

export type TabChange = "status" | "table" | "info";

export class StatementTab implements ResultTab {
  private state: State = { kind: "waiting", text: "Starting", since: Date.now() };
  private execution: Execution | undefined;
  private held: HeldRows | undefined;
  private noRows: NoRows | undefined;
  private readonly cancelled = new vscode.EventEmitter<void>();
  private readonly changed = new vscode.EventEmitter<TabChange>();
  readonly onCancel = this.cancelled.event;
  readonly onDidChange = this.changed.event;
  /** Its result is being written to a file. */
  exporting = false;

  constructor(
    private current: StatementInfo,
    private readonly asks: {
      /** Of a terabyte scanned, US dollars. */
      readonly price: () => number | undefined;
      /** No query has succeeded on the local lake yet. */
      readonly first: () => boolean;
    },
    readonly id: string = randomUUID(),
  ) {}

  get info(): StatementInfo {
    return this.current;
  }

  get rows(): HeldRows | undefined {
    return this.held;
  }

  /** SUCCEEDED: the execution whose result can be read. */
  get result(): Execution | undefined {
    return this.state.kind === "succeeded" ? this.state.execution : undefined;
  }

  /** The crawler that may help to rows. */
  get crawler(): string | undefined {
    return this.noRows?.crawler;
  }

  get asleep(): boolean {
    return this.state.kind === "asleep";
  }

  started(executionId: string): void {
    if (this.state.kind !== "waiting") this.again();
    this.current = { ...this.current, executionId };
    this.changed.fire("info");
  }

  phase(text: string, execution?: Execution): void {
    if (this.state.kind !== "waiting") return;
    this.execution = execution ?? this.execution;
    // The service's clock may be ahead of ours.
    const since = Math.min(execution?.submitted?.getTime() ?? this.state.since, Date.now());
    this.state = { kind: "waiting", text, since };
    this.changed.fire("status");
  }

  failed(error: BoathouseError, execution?: Execution): void {
    if (this.state.kind !== "waiting") return;
    this.execution = execution ?? this.execution;
    this.state = { kind: "failed", error, title: this.titleOf(error) };
    this.changed.fire("status");
  }

  async succeeded(session: AwsSession, execution: Execution): Promise<void> {
    if (this.state.kind !== "waiting") return;
    this.current = { ...this.current, executionId: execution.id };
    this.execution = execution;
    this.state = { kind: "succeeded", execution };
    await this.load(session);
  }

  /** Its statement runs again in it. */
  again(next: StatementInfo = this.current): void {
    this.unload();
    this.execution = undefined;
    this.noRows = undefined;
    const { executionId: _, ...info } = next;
    this.current = info;
    this.state = { kind: "waiting", text: "Starting", since: Date.now() };
    this.changed.fire("info");
  }

  sleep(): void {
    this.state = { kind: "asleep" };
  }

  /** Asked what became of it. */
  wake(): void {
    if (this.state.kind === "asleep")
      this.state = { kind: "waiting", text: "Looking for its execution", since: Date.now() };
    this.changed.fire("status");
  }

  cancel(): void {
    if (this.state.kind !== "waiting") return;
    this.phase("Stopping");
    this.cancelled.fire();
  }

  export(now: boolean): void {
    this.exporting = now;
    this.changed.fire("status");
  }

  /** Lets go of the rows; the next `load` reads them again. */
  unload(): void {
    this.held?.dispose();
    this.held = undefined;
  }

  /** Reads the rows, unless they are held. Never throws: what went wrong is the tab's state. */
  async load(session: AwsSession): Promise<void> {
    const execution = this.result;
    if (execution === undefined || this.held !== undefined) return;
    const held = new HeldRows((what) => {
      if (this.held === held) this.changed.fire(what);
    });
    this.held = held;
    this.changed.fire("status");
    try {
      await held.read(session, execution);
      if (held.empty) await this.explain(held, session, execution);
    } catch (thrown) {
      if (this.held === held) this.unreadable(known(thrown));
    }
  }

  /** That nothing is known is no failure. */
  private async explain(held: HeldRows, session: AwsSession, execution: Execution): Promise<void> {
    const found = await whyNoRows(session, execution).catch(() => undefined);
    if (this.held !== held || found === undefined) return;
    this.noRows = found;
    this.changed.fire("status");
  }

  /** The statement succeeded, its result can't be read. */
  unreadable(error: BoathouseError): void {
    this.unload();
    const gone = error.kind === "notFound";
    const where = error.resource ?? "Its object";
    this.state = {
      kind: "failed",
      title: gone ? "The result is gone" : "The result can't be read",
      error: gone
        ? new BoathouseError("notFound", `${where} is not there any more.`, {
            next: "Results are deleted by the bucket's lifecycle rules or by hand. Run the statement again.",
            cause: error,
          })
        : error,
    };
    this.changed.fire("status");
  }

  /** @param lost its statement is not in its file any more */
  shown(lost: boolean): Tab {
    const local = this.current.connection.kind === "local";
    return {
      id: this.id,
      label: this.current.label,
      sql: this.current.sql,
      connection: this.current.connectionName,
      status: this.status(),
      facts: describeFacts(this.execution, local, this.asks.price()),
      table: this.held?.ready ?? false,
      exporting: this.exporting,
      lost,
      hint: this.noRows === undefined ? null : describeNoRows(this.noRows),
    };
  }

  async table(): Promise<Table | null> {
    return (await this.held?.table(this.id)) ?? null;
  }

  private status(): TabStatus {
    const { state } = this;
    switch (state.kind) {
      case "waiting":
        return {
          kind: "waiting",
          text: state.text,
          elapsed: Date.now() - state.since,
          cancellable: this.current.executionId !== undefined,
          patience: this.patience(),
        };
      case "asleep":
        return NOT_READ;
      case "succeeded":
        return this.held?.status() ?? NOT_READ;
      case "failed":
        return {
          kind: "failed",
          title: state.title,
          ...endText(state.error),
          cancelled: state.error.kind === "cancelled",
        };
    }
  }

  private patience(): string {
    const { connection, executionId } = this.current;
    if (connection.kind !== "local" || executionId === undefined || !this.asks.first()) return "";
    return "The first query after the lake has started waits for Trino, some seconds.";
  }

  private titleOf({ kind }: BoathouseError): string {
    if (kind !== "cancelled") return "The statement failed";
    return this.current.executionId === undefined ? "Not run" : "Cancelled";
  }

  dispose(): void {
    this.unload();
    this.cancelled.dispose();
    this.changed.dispose();
  }
}
