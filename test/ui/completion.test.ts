// Names of the catalog while a person types, in the editor as it is drawn: chosen by keys, and shown as they are called.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsSession } from "../../src/aws/session.ts";
import { type RunningLake, startLake } from "../../src/local/start.ts";
import { openStage, type Stage } from "./harness.ts";

const HOSTILE = "$(trash) <img src=x onerror=alert(1)>";

describe("names of the catalog while one types", function () {
  this.timeout(120_000);
  let stage: Stage;
  let lake: RunningLake;
  let session: AwsSession;
  let failed = false;

  before(async () => {
    stage = await openStage({
      name: "completion",
      files: (folder) => {
        for (const name of ["tables", "columns", "quoted"]) writeFileSync(join(folder, `${name}.sql`), "");
      },
    });
    mkdirSync(stage.lake, { recursive: true });
    lake = await startLake({ folder: stage.lake });
    const { region, endpoint, accessKeyId, secretAccessKey } = lake;
    const keys = { accessKeyId, secretAccessKey };
    session = new AwsSession({ kind: "local", region, endpointUrl: endpoint, keys });
    await seed(session);
    const { workbench } = stage;
    await workbench.sideBar();
    await workbench.welcomeButton("Start Local Lake");
    await workbench.treeItem("shop", "Catalog").waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    failed = true;
    await stage.workbench.screenshots.take(`failed ${this.currentTest.title}`);
  });
  after(async () => {
    session.dispose();
    await lake.dispose();
    await stage.close(failed);
  });

  const rows = () => stage.workbench.page.locator(".suggest-widget.visible .monaco-list-row");
  const text = async () => (await stage.workbench.editorText()).replaceAll("\u00a0", " ").trim();
  /** An empty document with the cursor in it. */
  const open = async (name: string) => {
    await stage.workbench.openFile(name);
    await stage.workbench.editor().click();
    await reads("");
  };
  const reads = async (expected: string) => {
    for (let tries = 0; tries < 100 && (await text()) !== expected; tries++) await sleep(50);
    assert.equal(await text(), expected);
  };

  it("tables behind a database and a dot, then the columns of an alias: typed and taken by keys", async () => {
    const { workbench } = stage;
    await open("tables.sql");
    await workbench.type("SELECT * FROM shop.");
    await rows().filter({ hasText: "orders" }).first().waitFor();
    await workbench.type("ord");
    await workbench.press("Tab");
    await workbench.type(" o WHERE o.");
    await rows().filter({ hasText: "total" }).filter({ hasText: "decimal(12,2)" }).waitFor();
    await workbench.shot("columns of an alias");
    await workbench.type("tot");
    await workbench.press("Tab");
    await reads("SELECT * FROM shop.orders o WHERE o.total");
  });

  it("a reserved name is quoted, and one that is being quoted is replaced whole", async () => {
    const { workbench } = stage;
    await open("quoted.sql");
    await workbench.type("SELECT o.gro");
    await workbench.press("Escape");
    await workbench.type(" FROM shop.orders o");
    for (let back = 0; back < " FROM shop.orders o".length; back++) await workbench.press("ArrowLeft");
    await workbench.press("Control+Space");
    await rows().filter({ hasText: "group" }).first().waitFor();
    await workbench.press("Tab");
    await reads('SELECT o."group" FROM shop.orders o');
    await workbench.press("ArrowLeft");
    await workbench.press("Backspace");
    await workbench.press("Control+Space");
    await rows().filter({ hasText: "group" }).first().waitFor();
    await workbench.press("Tab");
    await reads('SELECT o."group" FROM shop.orders o');
  });

  it("a hostile name is text: no icon, no markup", async () => {
    const { workbench } = stage;
    await open("columns.sql");
    await workbench.type("SELECT * FROM shop.");
    const row = rows().filter({ hasText: "onerror" });
    await row.waitFor();
    await workbench.shot("hostile name");
    assert.equal(await row.locator("img").count(), 0);
    assert.equal(await row.locator(".codicon-trash").count(), 0);
  });
});

async function seed(session: AwsSession): Promise<void> {
  const { CreateDatabaseCommand, CreateTableCommand } = await import("@aws-sdk/client-glue");
  const glue = await session.glue();
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "shop", Description: "What is sold" } }));
  const Columns = [
    { Name: "id", Type: "bigint", Comment: "number of the order" },
    { Name: "total", Type: "decimal(12,2)" },
    { Name: "group", Type: "string" },
  ];
  for (const Name of ["orders", "customers", HOSTILE]) {
    const TableInput = {
      Name,
      TableType: "EXTERNAL_TABLE",
      PartitionKeys: [{ Name: "year", Type: "int" }],
      StorageDescriptor: { Columns, Location: "s3://nowhere/" },
    };
    await glue.send(new CreateTableCommand({ DatabaseName: "shop", TableInput }));
  }
}
