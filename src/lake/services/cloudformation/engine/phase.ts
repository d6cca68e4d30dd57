// A phase of a stack operation: what it is given, and what follows it.
import type { StackStatus } from "@aws-sdk/client-cloudformation";
import type { Lake } from "../../../lake.ts";
import type { OperationRecord, StackRecord } from "../records.ts";
import type { StackStore } from "../store.ts";
import type { Intake } from "./intake.ts";
import type { ResourceActions } from "./resources.ts";

/** What the phases are given. */
export interface Phase {
  readonly lake: Lake;
  readonly store: StackStore;
  readonly intake: Intake;
  readonly actions: ResourceActions;
  readonly operation: OperationRecord;
  readonly stack: StackRecord;
  /** Aborted when the operation is cancelled or its time is over. */
  readonly cancel: AbortController;
  readonly stopping: () => boolean;
}

/** The status that follows a phase. */
export interface Outcome {
  readonly status: StackStatus;
  readonly reason?: string;
  /** Changes of the stack's record that go with it. */
  readonly stack?: Partial<StackRecord>;
  /** The operation is over, and can't be taken up again. */
  readonly ends?: boolean;
  /** Exports to be written and removed with it. */
  readonly exports?: { readonly put: ReadonlyMap<string, string>; readonly remove: readonly string[] };
  /** The template that stands from now on. */
  readonly template?: string;
}
