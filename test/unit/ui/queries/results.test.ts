// The results panel's words, and what a panel is rebuilt from.
import assert from "node:assert/strict";
import { BoathouseError } from "../../../../src/base/errors.ts";
import type { Execution } from "../../../../src/queries/executions.ts";
import {
  bytes,
  describeColumns,
  describeFacts,
  dollars,
  duration,
  endText,
  toCell,
} from "../../../../src/ui/queries/results/describe.ts";
import { parseMemento } from "../../../../src/ui/queries/results/memento.ts";

const execution = (some: Partial<Execution>) =>
  ({ id: "q", state: "SUCCEEDED", statementType: "DML", ...some }) as Execution;

describe("the panel's words", () => {
  it("amounts", () => {
    assert.deepEqual([0, 0.0000476837, 0.0123, 12.5].map(dollars), ["$0", "$0.000048", "$0.01", "$12.50"]);
    assert.deepEqual([0, 1023, 1024, 12_900_000, 5e12].map(bytes), [
      "0 bytes",
      "1023 bytes",
      "1.0 KB",
      "12.3 MB",
      "4.5 TB",
    ]);
    assert.deepEqual([85, 1240, 125_000].map(duration), ["85 ms", "1.2 s", "2 min 5 s"]);
  });
  it("types as Athena's DDL spells them", () => {
    const columns = [
      { name: "a", type: "decimal", precision: 12, scale: 2 },
      { name: "b", type: "varchar", precision: 2_147_483_647, scale: 0 },
      { name: "c", type: "varchar", precision: 20, scale: 0 },
    ];
    const shown = describeColumns(columns, [["1.00", "x".repeat(100), null]]);
    assert.deepEqual(
      shown.map(({ type, kind, characters }) => [type, kind, characters]),
      [
        ["decimal(12,2)", "number", 4],
        ["varchar", "text", 60],
        ["varchar(20)", "text", 4],
      ],
    );
  });
  it("a long value is cut, not in the midst of a character", () => {
    assert.equal(toCell("x".repeat(500)), "x".repeat(500));
    assert.deepEqual(toCell(`${"x".repeat(499)}\u{1F600}y`), { cut: "x".repeat(499), length: 502 });
  });
  it("a local lake charges nothing, and says what it would be on AWS", () => {
    const cost = (local: boolean) =>
      describeFacts(execution({ scannedBytes: 20_000_000 }), local).find(({ name }) => name === "Cost")?.value;
    assert.equal(cost(true), "free here, $0.0001 on AWS");
    assert.equal(cost(false), "$0.0001");
  });
});

describe("a query that was cancelled", () => {
  const said = (message: string, next: string) => endText(new BoathouseError("cancelled", message, { next }));

  it("says so in one sentence; a limit that ended it keeps Athena's words", () => {
    for (const reason of ["Query cancelled by user", "Query was cancelled by the user."])
      assert.deepEqual(said(reason, "Run it again."), {
        message: "The query was stopped before its end, so it has no result.",
        next: "",
      });
    assert.deepEqual(said("Bytes scanned limit was exceeded", "Scan less."), {
      message: "Bytes scanned limit was exceeded",
      next: "Scan less.",
    });
  });
});

describe("a panel after a reload", () => {
  const info = {
    sql: "SELECT 1",
    label: "SELECT 1",
    connection: { kind: "local" },
    connectionName: "local lake",
    executionId: "q",
  };
  const memento = { file: { uri: "file:///a.sql", title: "a.sql" }, tabs: [{ id: "t", info }], active: "t" };
  it("is rebuilt from what the page kept", () => {
    assert.deepEqual(parseMemento(JSON.parse(JSON.stringify(memento))), memento);
  });
  it("is not from anything else", () => {
    for (const bad of [undefined, null, 3, {}, { ...memento, file: {} }, { ...memento, tabs: "x" }]) {
      assert.equal(parseMemento(bad), undefined);
    }
    const tabs = [{ id: "t", info: { ...info, connection: { kind: "ftp" } } }, { id: 3 }, null];
    assert.deepEqual(parseMemento({ ...memento, tabs })?.tabs, []);
  });
});
