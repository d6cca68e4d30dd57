// What a window that opens later goes on with a deploy by.
import type { Plan } from "../../stacks/changeSet.ts";

/** What the journal keeps of a deploy. No parameter values: some are secret, and the change set has them. */
export interface DeployData {
  readonly stackName: string;
  readonly changeSetName: string;
  readonly hidden: readonly string[];
  /** The plan was cancelled or discarded; its change set may still be there. */
  readonly dropping?: boolean;
  /** From the execution on. */
  readonly executing?: boolean;
  readonly token?: string;
  readonly stackId?: string;
  readonly changeSetId?: string;
  readonly kind?: Plan["kind"];
  readonly total?: number;
  /** ISO 8601: events before it are of an earlier operation. */
  readonly since?: string;
}
