// Catalog and queries on a service that denies, throttles and goes away: what the person sees, and that nothing is asked too often.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import type { Run } from "../../../src/ui/queries/run.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { FakeAws, type Refusal } from "../connections/fakeAws.ts";
import { activeShell, closeEditors, label, openScript, rows } from "../extension.ts";
import { openOperations } from "../journal.ts";
import { until } from "../until.ts";

const DENIED: Refusal = { status: 400, code: "AccessDeniedException", message: "not authorized to perform this" };
const SLOW: Refusal = { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
const ID = "11111111-2222-3333-4444-555555555555";

describe("a service that refuses", () => {
  let fake: FakeAws;
  let shell: Shell;
  before(async () => {
    shell = await activeShell();
  });
  beforeEach(async () => {
    fake = await FakeAws.start();
    writeFileSync(
      process.env["AWS_SHARED_CREDENTIALS_FILE"] ?? "",
      "[p]\naws_access_key_id = AKIAONE\naws_secret_access_key = secret\n",
    );
    await shell.connections.choose({ kind: "endpoint", url: fake.url, region: "eu-west-1", profile: "p" });
    await vscode.commands.executeCommand("boathouse.queries.choose", { workGroup: "primary", database: "sales" });
  });
  afterEach(async () => {
    await closeEditors();
    await fake.stop();
  });
  after(() => shell.connections.choose(undefined));

  const tables = (from: number) =>
    Array.from({ length: 100 }, (_, at) => ({ Name: `t${String(from + at).padStart(4, "0")}` }));
  const run = async (sql: string) => {
    const { document } = await openScript(sql);
    const [begun] = (await vscode.commands.executeCommand<readonly Run[]>("boathouse.queries.run")) ?? [];
    assert.ok(begun);
    await until("it ends", async () => begun.ended);
    return { document, run: begun };
  };

  it("tables that are throttled half way: what was read stays, why it stopped stands below, and no storm follows", async function () {
    this.timeout(120_000);
    let pages = 0;
    fake.answer = (operation) =>
      operation === "GetTables" ? { TableList: tables(100 * pages), NextToken: String(++pages) } : undefined;
    fake.refuse = (operation) => (operation === "GetTables" && pages >= 2 ? DENIED : undefined);
    const [database] = await rows(shell, "boathouse.catalog");
    const stopped = await until("the end of reading", async () => {
      const last = (await rows(shell, "boathouse.catalog", database?.node)).at(-1);
      return last?.item.contextValue === "state:denied" ? last : undefined;
    });
    assert.match(label(stopped.item), /not authorized/);
    const seen = await rows(shell, "boathouse.catalog", database?.node);
    assert.equal(label(seen[0]?.item as vscode.TreeItem), "t0000");
    const asked = fake.count("GetTables");
    await vscode.commands.executeCommand("boathouse.catalog.filter", "t0");
    await vscode.commands.executeCommand("boathouse.catalog.filter", "t01");
    await until("the filter has its answer", async () => (await rows(shell, "boathouse.catalog")).length > 1);
    await vscode.commands.executeCommand("boathouse.catalog.clearFilter");
    assert.ok(fake.count("GetTables") <= asked + 4, `${fake.count("GetTables") - asked} more calls`);
  });

  it("a query that may not be started fails in its tab, and the SQL is not marked for it", async () => {
    fake.refuse = (operation) => (operation === "StartQueryExecution" ? DENIED : undefined);
    const { document, run: failed } = await run("SELECT 1");
    assert.equal(failed.state, "failed");
    assert.equal(failed.error?.kind, "denied");
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
    await until("the journal holds nothing more", async () => openOperations(shell) === 0);
  });

  it("a query whose state can't be asked for a while is asked again, and shown to its end", async function () {
    this.timeout(120_000);
    let looks = 0;
    fake.answer = (operation) => {
      if (operation === "StartQueryExecution") return { QueryExecutionId: ID };
      if (operation !== "GetQueryExecution") return undefined;
      const State = looks > 8 ? "FAILED" : "RUNNING";
      return {
        QueryExecution: {
          QueryExecutionId: ID,
          Query: "SELECT 1",
          Status: { State, StateChangeReason: "SYNTAX_ERROR: line 1:8: no" },
        },
      };
    };
    // Four tries of the SDK and more.
    fake.refuse = (operation) => (operation === "GetQueryExecution" && ++looks > 2 && looks < 9 ? SLOW : undefined);
    const { document, run: failed } = await run("SELECT x");
    assert.equal(failed.error?.message, "SYNTAX_ERROR: line 1:8: no");
    assert.deepEqual(
      vscode.languages.getDiagnostics(document.uri).map(({ range }) => document.getText(range)),
      ["x"],
    );
    assert.equal(fake.count("StartQueryExecution"), 1);
  });

  it("an error is marked where it belongs, also where the document was edited while the query ran", async () => {
    let edited = false;
    fake.answer = (operation) => {
      if (operation === "StartQueryExecution") return { QueryExecutionId: ID };
      if (operation !== "GetQueryExecution") return undefined;
      const State = edited ? "FAILED" : "RUNNING";
      // In code points, as the engine counts: the one behind the BMP is one.
      return {
        QueryExecution: {
          QueryExecutionId: ID,
          Status: { State, StateChangeReason: "COLUMN_NOT_FOUND: line 2:19: no" },
        },
      };
    };
    const { document, selection } = await openScript("SELECT 1;\n\nSELECT\n  'ü😀' AS a, 1 AS missing\nFROM t;");
    assert.ok(selection.isEmpty);
    const edit = async (line: number, character: number, text: string) => {
      const change = new vscode.WorkspaceEdit();
      change.insert(document.uri, new vscode.Position(line, character), text);
      await vscode.workspace.applyEdit(change);
    };
    const [begun] =
      (await vscode.commands.executeCommand<readonly Run[]>("boathouse.queries.run", document.uri, 11)) ?? [];
    await until("it runs", async () => begun?.execution?.state === "RUNNING");
    await edit(0, 0, "-- a line before\n");
    await edit(4, 2, "2 AS b, ");
    edited = true;
    await until("it ends", async () => begun?.ended);
    const [mark] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(mark === undefined ? "" : document.getText(mark.range), "missing");
    // Now it is another statement.
    await edit(4, 2, "3 AS c, ");
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  it("the Queries view says where it is denied", async () => {
    fake.refuse = (operation) => (/QueryExecutions|NamedQueries/.test(operation) ? DENIED : undefined);
    const [named, recent] = await rows(shell, "boathouse.queries");
    for (const group of [named, recent]) {
      const [row] = await rows(shell, "boathouse.queries", group?.node);
      assert.equal(row?.item.contextValue, "state:denied");
    }
  });
});
