// What the Queries view and the lenses say, and what the journal keeps.
import assert from "node:assert/strict";
import { queryCost } from "../../../../src/queries/cost.ts";
import type { Execution } from "../../../../src/queries/executions.ts";
import { parseEntry } from "../../../../src/ui/queries/entry.ts";
import { fileName, labelOf } from "../../../../src/ui/queries/label.ts";
import { contextOf, executionDetail, executionNode, executionTooltip } from "../../../../src/ui/queries/nodes.ts";
import { targetOf } from "../../../../src/flows/queryTarget.ts";

const EXECUTION: Execution = {
  id: "id-1",
  sql: "-- revenue\nSELECT  sum(total)\nFROM orders",
  state: "SUCCEEDED",
  reason: undefined,
  database: "lake",
  workGroup: "primary",
  statementType: "DML",
  outputLocation: undefined,
  submitted: undefined,
  queueMilliseconds: 80,
  engineMilliseconds: 1100,
  totalMilliseconds: 1200,
  scannedBytes: 50_000_000,
};

describe("a statement's short name", () => {
  it("is its words without comments, on one line, not too long", () => {
    assert.equal(labelOf(EXECUTION.sql), "SELECT sum(total) FROM orders");
    assert.equal(labelOf("SELECT '😀😀😀😀'", 11), "SELECT '😀😀…");
    assert.equal(labelOf("-- nothing"), "(empty statement)");
  });

  it("of megabytes takes no time: its beginning is read", () => {
    assert.equal(labelOf(`SELECT ${"x, ".repeat(2_000_000)} y`, 12), "SELECT x, x…");
  });
});

describe("the name that an export's file is given", () => {
  for (const [sql, name] of [
    ["SELECT sum(total) FROM orders", "select-sum-total-from-orders"],
    // The label was cut within "customers".
    ["SELECT customer_id, name, country FROM all_our_customers", "select-customer-id-name-country-from-all-our"],
    ["SELECT 'Größe' AS \"naïve\"", "select-größe-as-naïve"],
    ["-- nothing", "empty-statement"],
    ["§§", "result"],
    [`SELECT ${"x".repeat(80)}`, "select"],
  ] as const) {
    it(`of ${sql.slice(0, 60)} is ${name}`, () => assert.equal(fileName(labelOf(sql)), name));
  }

  it("is cut at a word and never within one", () => {
    assert.equal(fileName(`${"word ".repeat(11)}and-wordy`), `${"word-".repeat(11)}and`);
    assert.equal(fileName("y".repeat(70)), "y".repeat(60));
  });
});

describe("what a query costs", () => {
  const cost = (part: Partial<Execution>, price?: number) => queryCost({ ...EXECUTION, ...part }, price);

  it("is by the terabyte, 10 MB at least, in whole megabytes", () => {
    assert.equal(cost({ scannedBytes: 1e12 }), 5);
    assert.equal(cost({ scannedBytes: 1 }), 0.00005);
    assert.equal(cost({ scannedBytes: 10_000_001 })?.toFixed(9), "0.000055000");
    assert.equal(cost({ scannedBytes: 1e12 }, 6.75), 6.75);
  });

  it("is nothing for DDL, failures and what scanned nothing; a cancelled one pays", () => {
    assert.equal(cost({ statementType: "DDL" }), 0);
    assert.equal(cost({ state: "FAILED" }), 0);
    assert.equal(cost({ scannedBytes: 0 }), 0);
    assert.equal(cost({ state: "CANCELLED", scannedBytes: 1e12 }), 5);
    assert.equal(cost({ scannedBytes: undefined }), undefined);
  });
});

describe("an execution in the view", () => {
  const node = executionNode(EXECUTION);

  it("tells time, bytes and, on AWS, cost", () => {
    assert.equal(executionDetail(node, "10:31:02", { local: true }), "1.2 s · 47.7 MB · 10:31:02");
    assert.equal(executionDetail(node, "10:31:02", { local: false }), "1.2 s · 47.7 MB · $0.00025 · 10:31:02");
    const failed = executionNode({ ...EXECUTION, state: "FAILED", reason: "SYNTAX_ERROR", scannedBytes: 0 });
    assert.equal(executionDetail(failed, "", { local: false }), "Failed · 1.2 s");
    assert.match(executionTooltip(failed, "", { local: false }), /^State: Failed\nReason: SYNTAX_ERROR\n/);
  });

  it("offers what its state allows", () => {
    const context = (state: Execution["state"]) => contextOf(executionNode({ ...EXECUTION, state }));
    assert.equal(context("QUEUED"), "execution.running");
    assert.equal(context("RUNNING"), "execution.running");
    assert.equal(context("SUCCEEDED"), "execution.succeeded");
    assert.equal(context("CANCELLED"), "execution.cancelled");
  });
});

describe("the journal's entry of statements", () => {
  it("is read back with the executions that were noted", () => {
    const entry = parseEntry({
      file: { uri: "file:///a.sql", title: "a.sql" },
      connection: { kind: "local" },
      token: "t",
      statements: [{ sql: "select 1", parameters: [] }],
      target: { workGroup: "w", database: "d" },
      execution0: "id-0",
      execution12: "id-12",
    });
    assert.deepEqual(entry?.executions, { 0: "id-0", 12: "id-12" });
    assert.equal(entry?.target?.workGroup, "w");
  });

  it("of another version or a broken one is none", () => {
    assert.equal(parseEntry({}), undefined);
    assert.equal(parseEntry({ connection: { kind: "local" }, token: "t", statements: "x" }), undefined);
    assert.equal(parseEntry({ connection: { kind: "mars" }, token: "t", statements: [], file: {} }), undefined);
  });
});

describe("where statements run when nothing was chosen", () => {
  const outputs = { WorkGroupName: "lake-wg", GlueDatabaseName: "lake_db" };

  it("is the workgroup and database of a lake's stack that stands", () => {
    const target = { workGroup: "lake-wg", database: "lake_db" };
    assert.deepEqual(targetOf({ status: "CREATE_COMPLETE", outputs }), target);
    assert.deepEqual(targetOf({ status: "UPDATE_ROLLBACK_COMPLETE", outputs }), target);
    assert.equal(targetOf({ status: "DELETE_IN_PROGRESS", outputs }), undefined);
    assert.equal(targetOf({ status: "CREATE_COMPLETE", outputs: {} }), undefined);
  });
});
