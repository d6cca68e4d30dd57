// Stack status as one pure function: what a status means for those who wait.

export type StackPhase = "none" | "review" | "running" | "succeeded" | "failed" | "deleted";

/** What a CloudFormation stack status means. A rollback that completed is a failure of what was asked. */
export function stackPhase(status: string | undefined): StackPhase {
  if (status === undefined || status === "") return "none";
  if (status === "REVIEW_IN_PROGRESS") return "review";
  if (status === "DELETE_COMPLETE") return "deleted";
  if (status.endsWith("_IN_PROGRESS")) return "running";
  if (status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE" || status === "IMPORT_COMPLETE") return "succeeded";
  return "failed";
}
