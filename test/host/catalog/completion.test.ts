// Names of the catalog offered while one types, asked as VS Code asks, in a real extension host on a real lake.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { type Seeded, seededLake, unseedLake } from "./lake.ts";

describe("completion", () => {
  let lake: Seeded;
  before(async function () {
    this.timeout(120_000);
    lake = await seededLake();
  });
  after(() => unseedLake(lake, [], false));

  /** Ours of what VS Code offers at ¦, as "name · detail". */
  async function offered(marked: string): Promise<vscode.CompletionItem[]> {
    const offset = marked.indexOf("¦");
    const content = marked.replace("¦", "");
    const document = await vscode.workspace.openTextDocument({ language: "sql", content });
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      document.positionAt(offset),
    );
    // Others offer words of the document, and SQL's own.
    return list.items.filter(({ sortText }) => sortText?.startsWith("!") === true);
  }
  const text = ({ label }: vscode.CompletionItem) =>
    typeof label === "string" ? label : [label.label, label.description].filter(Boolean).join(" · ");
  const texts = async (marked: string) => (await offered(marked)).map(text);

  it("behind FROM: the tables of the workspace's database, then databases", async () => {
    const all = await texts("SELECT * FROM ¦");
    assert.deepEqual(all.slice(0, 7), [
      "events · sales",
      "lost_bucket · sales",
      "lost_folder · sales",
      "no_location · sales",
      "odd_location · sales",
      "orders · sales",
      "recent · sales",
    ]);
    assert.ok(all.slice(7).includes("sales · database"), all.join());
    assert.deepEqual(await texts("SELECT * FROM sales.¦"), all.slice(0, 7));
    assert.deepEqual(await texts("SELECT * FROM nowhere.¦"), []);
  });

  it("columns of the statement's tables, in their order, with types; partition keys are marked", async () => {
    const columns = ["id · bigint", "customer · string", "total · decimal(12,2)", "placed · date"];
    assert.deepEqual((await texts("SELECT ¦ FROM orders")).slice(0, 4), columns);
    assert.deepEqual((await texts("SELECT o.¦ FROM sales.orders o WHERE 1 = 1")).slice(0, 4), columns);
    assert.deepEqual((await texts("SELECT sales.orders.¦ FROM sales.orders")).slice(0, 4), columns);
    assert.ok((await texts("SELECT ¦ FROM events, orders")).includes("year · int · partition key"));
    assert.ok((await texts("SELECT ¦ FROM events, orders x")).includes("x · orders"));
    assert.deepEqual(await texts("SELECT ¦ FROM no_such_table"), ["no_such_table · table"]);
    assert.deepEqual(await texts("SELECT 'a ¦ FROM orders"), []);
  });

  it("the statement under the cursor counts, not its neighbours; its table expressions are tables", async () => {
    assert.deepEqual(
      (await texts("SELECT * FROM events;\nSELECT ¦ FROM orders;\nSELECT 1 FROM lost_folder")).slice(0, 1),
      ["id · bigint"],
    );
    assert.equal((await texts("WITH big AS (SELECT * FROM orders)\nSELECT * FROM ¦"))[0], "big · of WITH");
  });

  it("a name that SQL reserves is inserted with quotes, and replaces a quoted one whole", async () => {
    const order = (await offered("SELECT ¦ FROM orders")).find((item) => text(item).startsWith("order · "));
    assert.equal(order?.insertText, '"order"');
    const quoted = (await offered('SELECT "or¦d" FROM orders')).find((item) => text(item).startsWith("order · "));
    assert.ok(quoted);
    assert.equal(quoted.filterText, '"order"');
    const { inserting } = quoted.range as { inserting: vscode.Range };
    assert.deepEqual([inserting.start.character, inserting.end.character], [7, 12]);
  });

  it("nothing is offered where it is switched off, or where nothing is connected", async () => {
    const settings = vscode.workspace.getConfiguration("boathouse");
    await settings.update("completion.enabled", false, vscode.ConfigurationTarget.Workspace);
    try {
      assert.deepEqual(await texts("SELECT * FROM ¦"), []);
    } finally {
      await settings.update("completion.enabled", undefined, vscode.ConfigurationTarget.Workspace);
    }
    const { connections } = lake.shell;
    const { choice } = connections;
    await connections.choose(undefined);
    assert.deepEqual(await texts("SELECT * FROM ¦"), []);
    await connections.choose(choice);
    await connections.session();
    assert.ok((await texts("SELECT * FROM ¦")).length > 7);
  });
});
