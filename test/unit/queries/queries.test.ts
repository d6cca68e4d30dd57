// Queries: states that end, Athena's CSV, where an error stands, where a result lies.
import assert from "node:assert/strict";
import { errorPosition } from "../../../src/queries/executions.ts";
import { isTerminal, nextExecutionState } from "../../../src/queries/executionState.ts";
import { splitLocation } from "../../../src/queries/results.ts";
import { nextRunState } from "../../../src/jobs/runState.ts";
import { stackPhase } from "../../../src/stacks/state.ts";

describe("states", () => {
  it("a terminal state stays, whatever a late poll says", () => {
    assert.equal(nextExecutionState("CANCELLED", "RUNNING"), "CANCELLED");
    assert.equal(nextExecutionState("QUEUED", "RUNNING"), "RUNNING");
    assert.equal(nextExecutionState(undefined, "SUCCEEDED"), "SUCCEEDED");
    assert.equal(nextRunState("TIMEOUT", "RUNNING"), "TIMEOUT");
    assert.equal(nextRunState("STOPPING", "STOPPED"), "STOPPED");
    assert.ok(isTerminal("FAILED") && !isTerminal("QUEUED"));
  });

  it("a rollback that completed is a failure of what was asked", () => {
    const phases = {
      REVIEW_IN_PROGRESS: "review",
      CREATE_IN_PROGRESS: "running",
      UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: "running",
      CREATE_COMPLETE: "succeeded",
      UPDATE_ROLLBACK_COMPLETE: "failed",
      ROLLBACK_COMPLETE: "failed",
      DELETE_FAILED: "failed",
      DELETE_COMPLETE: "deleted",
    };
    for (const [status, phase] of Object.entries(phases)) assert.equal(stackPhase(status), phase, status);
    assert.equal(stackPhase(undefined), "none");
  });
});

describe("places", () => {
  it("an error's line and column are read from Athena's message", () => {
    assert.deepEqual(errorPosition("SYNTAX_ERROR: line 3:14: Column 'x' cannot be resolved"), { line: 3, column: 14 });
    assert.equal(errorPosition("TABLE_NOT_FOUND"), undefined);
  });

  it("a location is a bucket and a key", () => {
    assert.deepEqual(splitLocation("s3://b/a/b.csv"), { bucket: "b", key: "a/b.csv" });
    assert.deepEqual(splitLocation("s3://b"), { bucket: "b", key: "" });
    assert.throws(() => splitLocation("http://b/k"), { kind: "invalid" });
  });
});
