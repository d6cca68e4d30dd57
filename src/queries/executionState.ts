// Query execution states through one pure function; a terminal state is final.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecutionStatus.html

export type ExecutionState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export function isTerminal(state: ExecutionState): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}

export function nextExecutionState(known: ExecutionState | undefined, seen: ExecutionState): ExecutionState {
  return known !== undefined && isTerminal(known) ? known : seen;
}
