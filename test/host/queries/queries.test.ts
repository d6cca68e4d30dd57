// Statements of .sql documents in a real extension host on a real lake: run, marked, cancelled, gone on with after a reload.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { type Execution, finishExecution, getExecution, startStatement } from "../../../src/queries/executions.ts";
import { historyPage } from "../../../src/queries/history.ts";
import { whyNoRows } from "../../../src/ui/queries/noRows.ts";
import type { Run } from "../../../src/ui/queries/run.ts";
import { type Seeded, seededLake, unseedLake } from "../catalog/lake.ts";
import { BUCKET, WORKGROUP } from "../catalog/seed.ts";
import { closeEditors, label, openScript, rows, tell } from "../extension.ts";
import { leave, openOperations } from "../journal.ts";
import { until } from "../until.ts";

/** Works for minutes on any machine. */
const LONG = `SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS a(x)
CROSS JOIN UNNEST(sequence(1, 10000)) AS b(y) CROSS JOIN UNNEST(sequence(1, 10000)) AS c(z) WHERE (x * y * z) % 7 = 3`;

describe("queries", () => {
  let lake: Seeded;
  before(async function () {
    // The engine's first start on a busy machine.
    this.timeout(300_000);
    lake = await seededLake();
    const target = { workGroup: "primary", database: "sales", clientRequestToken: randomUUID() };
    await finishExecution(lake.session, await startStatement(lake.session, { sql: "SELECT 1", ...target }));
  });
  afterEach(closeEditors);
  after(() => unseedLake(lake, ["sales"], true));

  const runs = async (command: string, ...args: unknown[]) =>
    (await vscode.commands.executeCommand<readonly Run[] | undefined>(command, ...args)) ?? [];
  const ended = async (all: readonly Run[]) => {
    await until("all have ended", async () => all.every((run) => run.ended), 90_000);
    return all.map(({ state }) => state);
  };
  const lenses = async (document: vscode.TextDocument) =>
    (await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri)).map(
      ({ command, range }) => `${range.start.line}: ${command?.title.replaceAll(/\$\([^)]*\)\u00a0/g, "")}`,
    );
  const marks = (document: vscode.TextDocument) =>
    vscode.languages
      .getDiagnostics(document.uri)
      .map(({ range, message }) => ({ text: document.getText(range), message }));

  it("a lens above each statement names the connection, and the setting turns them off", async () => {
    const { document } = await openScript("-- one\nSELECT 1;\n\nSELECT ';' AS two;\n");
    assert.deepEqual(await lenses(document), ["1: Run on local lake", "3: Run on local lake"]);
    const settings = vscode.workspace.getConfiguration("boathouse");
    await settings.update("codeLens.enabled", false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await lenses(document), []);
    await settings.update("codeLens.enabled", undefined, vscode.ConfigurationTarget.Global);
    assert.equal((await lenses(document)).length, 2);
  });

  it("a script of 5 MB gets its lenses, those of the first 2,000 statements, and says what it leaves out", async () => {
    const one =
      "-- a comment; with one\nINSERT INTO orders VALUES (1, 'it''s; text', DATE '2024-01-01'), (2, 'ü', NULL);\n\n";
    const { document } = await openScript(one.repeat(Math.ceil(5_000_000 / one.length)));
    const began = performance.now();
    const all = await lenses(document);
    tell(`      the lenses of 5 MB after ${(performance.now() - began).toFixed(0)} ms`);
    assert.equal(all.length, 2001);
    assert.match(all.at(-1) ?? "", /^6001: [\d,]+ more statements: run with Ctrl\+Enter$/);
  });

  it("runs the statement under the cursor; the lens tells rows and time", async function () {
    this.timeout(120_000);
    const editor = await openScript("SELECT 1;\n\nSELECT id, customer\nFROM sales.orders;\n\nSELECT 3;");
    editor.selection = new vscode.Selection(3, 5, 3, 5);
    const begun = await runs("boathouse.queries.run");
    assert.deepEqual(
      begun.map(({ asked }) => asked.sql),
      ["SELECT id, customer\nFROM sales.orders"],
    );
    assert.match((await lenses(editor.document))[1] ?? "", /^2: (Starting|Queued|Running|Waiting) /);
    assert.deepEqual(await ended(begun), ["succeeded"]);
    await until("the lens tells rows", async () => /2: 15 rows · /.test((await lenses(editor.document)).join("\n")));
    assert.deepEqual(marks(editor.document), []);
    assert.equal(openOperations(lake.shell), 0);
  });

  it("a query without rows knows of a table that has no partitions yet, and of its crawler", async () => {
    const { CreateCrawlerCommand, CreateTableCommand } = await import("@aws-sdk/client-glue");
    const glue = await lake.session.glue();
    const table = (Name: string, Parameters?: Record<string, string>) =>
      glue.send(
        new CreateTableCommand({
          DatabaseName: "sales",
          TableInput: {
            Name,
            PartitionKeys: [{ Name: "day", Type: "string" }],
            StorageDescriptor: { Columns: [{ Name: "id", Type: "bigint" }], Location: `s3://${BUCKET}/raw/${Name}/` },
            ...(Parameters === undefined ? {} : { Parameters }),
          },
        }),
      );
    await table("uncrawled");
    await table("projected", { "projection.enabled": "true" });
    const why = (sql: string) => whyNoRows(lake.session, { sql, database: "sales" } as Execution);
    assert.deepEqual(await why("SELECT * FROM Uncrawled WHERE day = '1'"), {
      table: "sales.uncrawled",
      crawler: undefined,
    });
    await glue.send(
      new CreateCrawlerCommand({
        Name: "raw",
        Role: "arn:aws:iam::000000000000:role/crawler",
        DatabaseName: "sales",
        Targets: { S3Targets: [{ Path: `s3://${BUCKET}/raw` }] },
      }),
    );
    assert.deepEqual(await why('SELECT 1 FROM orders o JOIN sales."uncrawled" u ON u.id = o.id'), {
      table: "sales.uncrawled",
      crawler: "raw",
    });
    for (const sql of [
      "SELECT * FROM events WHERE day = 'no such day'",
      "SELECT * FROM orders WHERE id < 0",
      "SELECT * FROM projected",
      "SELECT * FROM not_there",
      "SELECT * FROM other.sales.uncrawled",
      "SHOW PARTITIONS uncrawled",
    ]) {
      assert.equal(await why(sql), undefined, sql);
    }
  });

  it("runs a selection, with what is selected of a statement", async () => {
    const editor = await openScript("SELECT id FROM sales.orders WHERE id < 3 ORDER BY id; SELECT 2");
    editor.selection = new vscode.Selection(0, 0, 0, 28);
    const begun = await runs("boathouse.queries.run");
    assert.deepEqual(
      begun.map(({ asked }) => asked.sql),
      ["SELECT id FROM sales.orders"],
    );
    assert.deepEqual(await ended(begun), ["succeeded"]);
  });

  it("runs all in order; one that fails stops the rest and is marked where Athena's message points", async () => {
    const editor = await openScript(
      "SELECT 1;\n\n  SELECT id,\n         not_there\n  FROM sales.orders;\n\nSELECT 3;\n",
    );
    const { document } = editor;
    const begun = await runs("boathouse.queries.runAll");
    assert.deepEqual(await ended(begun), ["succeeded", "failed", "cancelled"]);
    assert.equal(begun[2]?.error?.message, "Not run: the statement before it failed.");
    assert.equal(begun[2]?.id, undefined);
    assert.deepEqual(
      marks(document).map(({ text }) => text),
      ["not_there"],
    );
    assert.match(marks(document)[0]?.message ?? "", /Column 'not_there' cannot be resolved/);

    // Lines above move it; a change within the statement takes it back.
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "-- more\n-- lines\n"));
    assert.deepEqual(
      marks(document).map(({ text }) => text),
      ["not_there"],
    );
    await editor.edit((edit) => edit.insert(new vscode.Position(5, 18), "_at_all"));
    assert.deepEqual(marks(document), []);
  });

  it("marks what is no SQL, and the first word where the error names no place", async () => {
    const editor = await openScript("SELEC 1 FROM x;");
    assert.deepEqual(await ended(await runs("boathouse.queries.run")), ["failed"]);
    assert.deepEqual(
      marks(editor.document).map(({ text }) => text),
      ["SELEC"],
    );
    const other = await openScript("-- the table has none\nSHOW PARTITIONS sales.orders;");
    other.selection = new vscode.Selection(1, 3, 1, 3);
    assert.deepEqual(await ended(await runs("boathouse.queries.run")), ["failed"]);
    assert.deepEqual(
      marks(other.document).map(({ text, message }) => [text, /not a partitioned table/.test(message)]),
      [["SHOW", true]],
    );
  });

  it("pressed twice at once runs once; another statement of the file may run beside it; Cancel ends the execution", async function () {
    this.timeout(120_000);
    const { document } = await openScript(`${LONG};\nSELECT 2;`);
    const before = (await historyPage(lake.session, "primary", undefined)).executions.length;
    const [one, two] = await Promise.all([
      runs("boathouse.queries.run", document.uri, 0),
      runs("boathouse.queries.run", document.uri, 0),
    ]);
    assert.equal(one.length + two.length, 1);
    const [long] = [...one, ...two];
    assert.ok(long);
    assert.deepEqual(await ended(await runs("boathouse.queries.run", document.uri, LONG.length + 2)), ["succeeded"]);
    await until("it runs", async () => long.execution?.state === "RUNNING");
    assert.match((await lenses(document)).join("\n"), /0: Running .* \| ?|0: Cancel/);
    await vscode.commands.executeCommand("boathouse.queries.cancel", document.uri, 0);
    assert.deepEqual(await ended([long]), ["cancelled"]);
    assert.equal((await getExecution(lake.session, long.id ?? "")).state, "CANCELLED");
    const { executions } = await historyPage(lake.session, "primary", undefined);
    assert.equal(executions.length, before + 2);
    assert.deepEqual(marks(document), []);
  });

  it("one that waits behind another is cancelled before it starts; those behind it are not run", async () => {
    const { document } = await openScript(`${LONG};\nSELECT 2;\nSELECT 3;`);
    const begun = await runs("boathouse.queries.runAll");
    await until("the first runs", async () => begun[0]?.id !== undefined);
    await vscode.commands.executeCommand("boathouse.queries.cancel", document.uri, LONG.length + 2);
    assert.equal(begun[1]?.state, "cancelled");
    assert.equal(begun[0]?.ended, false);
    await vscode.commands.executeCommand("boathouse.queries.cancel", document.uri, 0);
    assert.deepEqual(await ended(begun), ["cancelled", "cancelled", "cancelled"]);
    assert.deepEqual(
      begun.slice(1).map(({ id }) => id),
      [undefined, undefined],
    );
  });

  it("a table whose bucket is gone fails its preview with Athena's words", async () => {
    const [sales] = (await rows(lake.shell, "boathouse.catalog")).filter(({ item }) => label(item) === "sales");
    const [table] = (await rows(lake.shell, "boathouse.catalog", sales?.node)).filter(
      ({ item }) => label(item) === "lost_bucket",
    );
    const begun = await runs("boathouse.catalog.preview", table?.node);
    assert.deepEqual(await ended(begun), ["failed"]);
    tell(`      ${begun[0]?.error?.message}`);
    assert.match(begun[0]?.error?.message ?? "", /no-such-bucket-here/);
  });

  it("a workgroup without an output location fails at once, and says what to do", async () => {
    const { CreateWorkGroupCommand } = await import("@aws-sdk/client-athena");
    const athena = await lake.session.athena();
    await athena.send(
      new CreateWorkGroupCommand({ Name: "bare", Configuration: { EnforceWorkGroupConfiguration: false } }),
    );
    await vscode.commands.executeCommand("boathouse.queries.choose", { workGroup: "bare" });
    const editor = await openScript("SELECT 1");
    const [run] = await runs("boathouse.queries.run");
    assert.deepEqual(await ended(run === undefined ? [] : [run]), ["failed"]);
    assert.equal(run?.error?.message, "Workgroup bare names no output location: a query's result has no place.");
    assert.equal(run?.error?.next, "Choose another workgroup, or set an output location.");
    assert.deepEqual(marks(editor.document), []);

    // Set for this workspace alone, the workgroup stays as it is.
    await vscode.commands.executeCommand("boathouse.queries.choose", {
      workGroup: "bare",
      outputLocation: "s3://seeded-lake/mine/",
    });
    const again = await runs("boathouse.queries.run");
    assert.deepEqual(await ended(again), ["succeeded"]);
    assert.match(again[0]?.execution?.outputLocation ?? "", /^s3:\/\/seeded-lake\/mine\//);
    await vscode.commands.executeCommand("boathouse.queries.choose", { workGroup: "primary" });
  });

  it("the view lists named queries and executions, newest first, with time and state; pages; a result is shown again", async () => {
    const { CreateNamedQueryCommand } = await import("@aws-sdk/client-athena");
    const athena = await lake.session.athena();
    await athena.send(
      new CreateNamedQueryCommand({
        Name: "$(trash) named",
        Database: "sales",
        QueryString: "SELECT count(*) FROM orders",
        WorkGroup: WORKGROUP,
      }),
    );
    await vscode.commands.executeCommand("boathouse.queries.choose", { workGroup: WORKGROUP });
    for (let at = 0; at < 60; at++) {
      await startStatement(lake.session, {
        sql: `SHOW TABLES IN sales LIKE 'o*${at}'`,
        workGroup: WORKGROUP,
        database: "sales",
        clientRequestToken: randomUUID(),
      });
    }
    const view = async (node?: unknown) => rows(lake.shell, "boathouse.queries", node);
    const [named, recent] = await view();
    await until("the newest has ended", async () => {
      const [newest] = await view(recent?.node);
      return newest?.item.contextValue === "execution.succeeded";
    });
    const [query] = await view(named?.node);
    assert.equal(label(query?.item as vscode.TreeItem), "$(trash) named");
    const first = await view(recent?.node);
    assert.equal(first.length, 51);
    assert.match(label(first[0]?.item as vscode.TreeItem), /^SHOW TABLES IN sales…$/);
    assert.equal(first[0]?.item.contextValue, "execution.succeeded");
    await vscode.commands.executeCommand(first.at(-1)?.item.command?.command ?? "");
    assert.equal((await view(recent?.node)).length, 60);

    await vscode.commands.executeCommand("boathouse.queries.copyId", first[0]?.node);
    const id = await vscode.env.clipboard.readText();
    assert.equal((await getExecution(lake.session, id)).sql, "SHOW TABLES IN sales LIKE 'o*59'");
    await vscode.commands.executeCommand("boathouse.queries.showResult", first[0]?.node);
    const tabs = () => vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all.map(({ label: name }) => name));
    await until("the panel", async () => tabs().some((name) => name.startsWith("Results: SHOW TABLES")));
    await vscode.commands.executeCommand("boathouse.queries.openStatement", query?.node);
    const opened = vscode.window.activeTextEditor?.document;
    assert.equal(opened?.getText(), "SELECT count(*) FROM orders;\n");
    // Opened again it is the same document, also with what was typed into it.
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(0, 0), "-- mine\n"));
    await vscode.commands.executeCommand("boathouse.queries.new");
    await vscode.commands.executeCommand("boathouse.queries.openStatement", query?.node);
    assert.equal(vscode.window.activeTextEditor?.document, opened);
    // It runs in its own database, whatever the workspace's is.
    await vscode.commands.executeCommand("boathouse.queries.choose", { database: "elsewhere" });
    assert.deepEqual(await ended(await runs("boathouse.queries.runNamed", query?.node)), ["succeeded"]);
    await vscode.commands.executeCommand("boathouse.queries.choose", { database: "sales" });
    await vscode.commands.executeCommand("boathouse.queries.choose", { workGroup: "primary" });
  });

  it("a click on an execution shows its rows or its error; documents open beside results, results where results are", async () => {
    // By their place on the screen.
    const groups = () =>
      [...vscode.window.tabGroups.all]
        .sort((a, b) => a.viewColumn - b.viewColumn)
        .map(({ tabs }) => tabs.map(({ label: name }) => name));
    const results = () => groups().findIndex((names) => names.some((name) => name.startsWith("Results: ")));
    await openScript("SELECT no_such_column");
    assert.deepEqual(await ended(await runs("boathouse.queries.run")), ["failed"]);
    await until("the panel below", async () => groups().length === 2 && results() === 1);
    await closeEditors();
    const [, recent] = await rows(lake.shell, "boathouse.queries");
    const failed = (await rows(lake.shell, "boathouse.queries", recent?.node)).find(
      ({ item }) => item.contextValue === "execution.failed",
    );
    await openScript("SELECT 1");
    const { command, arguments: args = [] } = failed?.item.command ?? { command: "" };
    await vscode.commands.executeCommand(command, ...args);
    await until("the panel below", async () => groups().length === 2 && results() === 1);

    await vscode.commands.executeCommand("workbench.action.focusSecondEditorGroup");
    await vscode.commands.executeCommand("boathouse.queries.new");
    assert.equal(vscode.window.activeTextEditor?.viewColumn, 1);
    await vscode.commands.executeCommand("workbench.action.focusSecondEditorGroup");
    await vscode.commands.executeCommand("boathouse.catalog.showDdl", {
      kind: "table",
      entry: { database: "sales", name: "orders" },
    });
    assert.equal(vscode.window.activeTextEditor?.viewColumn, 1);
    assert.equal(groups().length, 2);

    // Nothing but results on the screen: a document goes above them.
    await vscode.commands.executeCommand("workbench.action.closeEditorsInGroup");
    await until("results alone", async () => groups().length === 1 && results() === 0);
    await vscode.commands.executeCommand("boathouse.queries.new");
    await until("the document above", async () => groups().length === 2 && results() === 1);
    assert.equal(vscode.window.activeTextEditor?.viewColumn, 1);
  });

  it("a query that a closed window left is gone on with once: started again by its token it is the same execution", async function () {
    this.timeout(120_000);
    const token = randomUUID();
    const statements = [
      { sql: "SELECT 'left behind' AS a", parameters: [] },
      { sql: "SELECT 'not begun' AS b", parameters: [] },
    ];
    const target = { workGroup: WORKGROUP, database: "sales" };
    // The window was killed between the call and the note of its answer.
    const id = await startStatement(lake.session, {
      sql: statements[0]?.sql ?? "",
      ...target,
      clientRequestToken: `${token}-0`,
    });
    leave(lake.shell, "query", "2 statements of left.sql", {
      file: { uri: "file:///left.sql", title: "left.sql" },
      connection: { kind: "local" },
      token,
      statements,
      target,
      executions: {},
    });
    lake.shell.operations.resumeOpen();
    lake.shell.operations.resumeOpen();
    await until("the journal is empty", async () => openOperations(lake.shell) === 0, 90_000);
    const { executions } = await historyPage(lake.session, WORKGROUP, undefined);
    const own = executions.filter(({ sql }) => statements.some((statement) => statement.sql === sql));
    assert.deepEqual(
      own.map(({ sql, state }) => [sql, state]),
      [
        ["SELECT 'not begun' AS b", "SUCCEEDED"],
        ["SELECT 'left behind' AS a", "SUCCEEDED"],
      ],
    );
    assert.equal(own[1]?.id, id);
  });
});
