// How a run ended: its terminal state, and the reason that its ErrorMessage gives.
import type { SparkEnd } from "../../../engines/spark.ts";
import type { Ending } from "./live.ts";

/** Longest error message that is kept; characters. */
const LONGEST_ERROR = 4000;

export interface Outcome {
  readonly state: "SUCCEEDED" | Ending["state"];
  readonly reason?: string;
}

/** `ending` is why it was ended from outside, `end` how its process ended, `broken` why it did not get that far. */
export function outcomeOf(ending: Ending | undefined, end: SparkEnd | undefined, broken: string | undefined): Outcome {
  if (ending !== undefined) return ending.state === "STOPPED" ? { state: "STOPPED" } : ending;
  if (broken !== undefined) return { state: "FAILED", reason: broken };
  if (end?.code === 0) return { state: "SUCCEEDED" };
  const reason = end?.failure?.traceback ?? `Command failed with exit code ${end?.code ?? "unknown"}`;
  return { state: "FAILED", reason: reason.slice(0, LONGEST_ERROR) };
}
