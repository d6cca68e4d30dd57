// The stack engine: carries the operation of each stack from phase to phase. The phase is the stack's status, so that a lake that was
// killed goes on where it was.
import type { StackStatus } from "@aws-sdk/client-cloudformation";
import { messageOf } from "../../../../base/errors.ts";
import type { Lake } from "../../../lake.ts";
import type { OperationRecord, StackRecord } from "../records.ts";
import type { StackStore } from "../store.ts";
import type { Intake } from "./intake.ts";
import { removeResources, revertResources } from "./backward.ts";
import { makeResources } from "./forward.ts";
import type { Outcome, Phase } from "./phase.ts";
import { ResourceNotes } from "./notes.ts";
import { ResourceActions } from "./resources.ts";
import { stackEvent } from "./stackEvent.ts";
import type { Types } from "./types.ts";

type Run = (phase: Phase) => Promise<Outcome>;

/** Statuses in which an operation acts; in all others it waits for a person, or is over. */
const PHASES: Partial<Record<StackStatus, Run>> = {
  CREATE_IN_PROGRESS: makeResources,
  UPDATE_IN_PROGRESS: makeResources,
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: (phase) => removeResources(phase, "update"),
  UPDATE_ROLLBACK_IN_PROGRESS: revertResources,
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: (phase) => removeResources(phase, "update rollback"),
  ROLLBACK_IN_PROGRESS: (phase) => removeResources(phase, "rollback"),
  DELETE_IN_PROGRESS: (phase) => removeResources(phase, "delete"),
};

export class StackEngine {
  private readonly running = new Map<string, { run: Promise<void>; cancel: AbortController }>();
  private readonly actions: ResourceActions;
  private stopping = false;

  constructor(
    private readonly lake: Lake,
    private readonly store: StackStore,
    types: Types,
    private readonly intake: Intake,
  ) {
    this.actions = new ResourceActions(new ResourceNotes(lake, store), types);
  }

  busy(): boolean {
    return this.running.size > 0;
  }

  /** Carries the stack's operation, whose record and status are written. What runs for the stack now is cancelled first. */
  launch(stackId: string): void {
    const earlier = this.running.get(stackId);
    earlier?.cancel.abort();
    const entry = { cancel: new AbortController(), run: Promise.resolve() };
    entry.run = (earlier?.run ?? Promise.resolve())
      .then(() => this.carry(stackId, entry.cancel))
      .catch((error: unknown) => {
        if (!this.stopping) this.lake.log("stack operation broke off", { stack: stackId, message: messageOf(error) });
      })
      .finally(() => {
        if (this.running.get(stackId) === entry) this.running.delete(stackId);
      });
    this.running.set(stackId, entry);
  }

  /** After a restart: takes up whatever was under way. */
  async resume(): Promise<void> {
    await this.store.start();
    for (const { stackId } of await this.store.operations()) {
      const stack = this.store.stack(stackId);
      if (stack === undefined || PHASES[stack.status] === undefined) continue;
      this.lake.log("stack operation taken up", { stack: stack.name, status: stack.status });
      this.launch(stackId);
    }
  }

  /** Starts nothing more, and waits for what acts now: its end is written down where it comes in time. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const { cancel } of this.running.values()) cancel.abort();
    await Promise.all([...this.running.values()].map(({ run }) => run));
  }

  private async carry(stackId: string, cancel: AbortController): Promise<void> {
    for (;;) {
      const stack = this.store.stack(stackId);
      const operation = this.store.operation(stackId);
      const run = stack === undefined ? undefined : PHASES[stack.status];
      if (stack === undefined || operation === undefined || run === undefined || this.stopping) return;
      const outcome = await run({
        lake: this.lake,
        store: this.store,
        intake: this.intake,
        actions: this.actions,
        operation,
        stack,
        cancel,
        stopping: () => this.stopping,
      });
      if (this.stopping) return;
      await this.enter(operation, stack.status, outcome);
      // Whoever cancelled it has launched what follows, with a signal of its own.
      if (cancel.signal.aborted) return;
    }
  }

  /** Enters the next status, unless another operation or a cancellation has moved the stack on meanwhile. */
  private enter(operation: OperationRecord, from: StackStatus, outcome: Outcome): Promise<void> {
    // Others change the stack's record too (termination protection, say): it is read and written alone.
    return this.store.lock(() => this.enterAlone(operation, from, outcome));
  }

  private async enterAlone(operation: OperationRecord, from: StackStatus, outcome: Outcome): Promise<void> {
    const now = this.store.stack(operation.stackId);
    if (now === undefined || now.status !== from || this.store.operation(operation.stackId)?.id !== operation.id)
      return;
    const { statusReason: _before, ...rest } = now;
    const record: StackRecord = {
      ...rest,
      ...outcome.stack,
      status: outcome.status,
      ...(outcome.reason === undefined ? {} : { statusReason: outcome.reason }),
    };
    await this.store.write((writer) => {
      writer.stack(record);
      stackEvent(writer, record, operation.token, outcome.reason);
      if (outcome.template !== undefined) writer.template(record.stackId, outcome.template);
      for (const name of outcome.exports?.remove ?? []) writer.removeExport(name);
      for (const [name, value] of outcome.exports?.put ?? []) writer.export({ name, value, stackId: record.stackId });
      if (outcome.ends === true) writer.endOperation(record.stackId);
    });
  }
}
