// A job run's states: which may follow which. A terminal state is final. AWS page: Glue Developer Guide, "AWS Glue job run statuses".
import type { JobRunState } from "@aws-sdk/client-glue";

const NEXT: Readonly<Record<JobRunState, readonly JobRunState[]>> = {
  WAITING: ["STARTING", "STOPPING", "STOPPED", "FAILED", "EXPIRED"],
  STARTING: ["WAITING", "RUNNING", "STOPPING", "STOPPED", "FAILED", "TIMEOUT"],
  RUNNING: ["SUCCEEDED", "FAILED", "STOPPING", "TIMEOUT"],
  // A run that is being stopped ends stopped, or failed where the lake itself went away meanwhile.
  STOPPING: ["STOPPED", "FAILED"],
  STOPPED: [],
  SUCCEEDED: [],
  FAILED: [],
  TIMEOUT: [],
  ERROR: [],
  EXPIRED: [],
};

export function isTerminal(state: JobRunState): boolean {
  return NEXT[state].length === 0;
}

/** The state after `wanted` was asked for: `wanted` where it may follow, else the state as it was. */
export function nextState(current: JobRunState, wanted: JobRunState): JobRunState {
  return NEXT[current].includes(wanted) ? wanted : current;
}
