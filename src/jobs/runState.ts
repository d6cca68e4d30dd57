// Job run states through one pure function; a terminal state is final, so a late poll can't undo it.
// https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html

export type RunState =
  | "STARTING"
  | "WAITING"
  | "RUNNING"
  | "STOPPING"
  | "STOPPED"
  | "SUCCEEDED"
  | "FAILED"
  | "TIMEOUT"
  | "ERROR"
  | "EXPIRED";

const TERMINAL: ReadonlySet<string> = new Set(["STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED"]);

export function isTerminal(state: RunState): boolean {
  return TERMINAL.has(state);
}

/** The state to show after `seen` was read: a terminal one stays. */
export function nextRunState(known: RunState | undefined, seen: RunState): RunState {
  return known !== undefined && isTerminal(known) ? known : seen;
}
