// The whole line as a person walks it, from an empty window to rows and back to nothing, with a picture at each step.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Workbench } from "./driver.ts";
import { openStage, type Stage } from "./harness.ts";
import { clipboard } from "./resultsStage.ts";

/** A job may take so long on a machine that others use, too; ms. */
const JOB = 240_000;

/** Long enough to be reloaded under, short enough to be waited for: 69,659 orders by those of three days. */
const SLOW = `SELECT sum(a.amount * b.amount) AS product
FROM orders a CROSS JOIN orders b
WHERE b.year = '1997' AND b.month = '01' AND b.day < '04';
`;

describe("the story", function () {
  this.timeout(20 * 60_000);
  this.retries(0);
  let stage: Stage;
  let failed = true;

  before(async () => {
    stage = await openStage({ name: "story", home: true, size: { width: 1440, height: 900 }, files: () => undefined });
  });
  after(() => stage.close(failed));

  it("opens the sample, starts a lake, deploys, loads, runs, watches, crawls, browses, queries, and tears down", async () => {
    const { workbench, data } = stage;
    const { page } = workbench;
    const sample = join(data, "sample");
    const step = async (name: string, what: () => Promise<unknown>) => {
      const began = Date.now();
      await workbench.guard(what());
      process.stdout.write(`      · ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
      await workbench.shot(name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase());
    };

    await step("Opens the side bar", () => workbench.sideBar());

    await step("Opens the sample", async () => {
      await workbench.command("Boathouse: Open Sample");
      await workbench.pick(sample);
      await workbench.pick("In This Window");
      await page.waitForURL(/sample/);
      await workbench.ready();
      await workbench.tab("README.md").waitFor();
      await workbench.sideBar();
    });

    await step("Starts the local lake", async () => {
      await workbench.welcomeButton("Start Local Lake");
      await workbench.treeItem(/Local lake/, "Connection").waitFor({ timeout: JOB });
      await workbench.status("local lake").waitFor();
    });

    await step("Asks to deploy", async () => {
      await workbench.welcomeButton("Deploy Stack");
      assert.match((await workbench.picks("Deploy to local lake")).join(), /Boathouse lake with defaults/);
    });

    await step("Reads the plan", async () => {
      await workbench.pick("Boathouse lake with defaults");
      await workbench.tab("Plan for stack boathouse").waitFor();
      assert.match(await workbench.editorText(), /Plan: create stack boathouse on local lake\n55 resources added/);
    });

    await step("Executes the plan", async () => {
      await workbench.codeLens("Execute This Plan").waitFor();
      await workbench.messageButton(/Plan to create stack boathouse/, "Execute");
      await workbench.message(/Creating stack boathouse/);
    });

    await step("Sees the stack stand", async () => {
      await workbench.message(/Stack boathouse stands on local lake/, 60_000);
      await workbench.treeItem(/boathouse.*CREATE_COMPLETE/, "Stack").waitFor();
    });

    await step("Loads the sample data", async () => {
      await workbench.messageButton(/Stack boathouse stands/, "Load Sample Data");
      await workbench.pick("69,659 orders");
      await workbench.message(/Load sample data into boathouse/);
      await workbench.treeItem(/load-source.*RUNNING/, "Jobs").waitFor({ timeout: JOB });
    });

    await step("Runs all jobs", async () => {
      await workbench.messageButton(/boathouse is loaded/, "Run All Jobs", JOB);
      await workbench.treeItem(/orders-etl.*RUNNING/, "Jobs").waitFor({ timeout: JOB });
    });

    await step("Watches a log", async () => {
      await workbench.expand(/boathouse-orders-etl/);
      await workbench
        .treeItem(/RUNNING/, "Jobs")
        .last()
        .waitFor();
      await workbench.command("Boathouse: Show Log of Job Run");
      await workbench.pick(/orders-etl/);
      await output(workbench, /Job boathouse-orders-etl, run jr_/);
      // Lines follow while it runs; this job says what it did at its end.
    });

    await step("Sees the jobs succeed", async () => {
      await workbench.message(/ succeeded in /, JOB);
      await workbench.treeItem(/orders-etl.*SUCCEEDED/, "Jobs").waitFor();
      await output(workbench, /orders: [\d,]+ changed/);
      await output(workbench, /SUCCEEDED after/);
    });

    await step("Crawls", async () => {
      await workbench.messageButton(/ succeeded in /, "Crawl", JOB);
      await workbench.message(/Crawled \d+ tables/, JOB);
      await workbench.press("Control+J");
    });

    await step("Browses to a column", async () => {
      await workbench.closeMessages();
      await workbench.collapse("Connection", "Stack", "Jobs", "Queries");
      await workbench.expand(/^boathouse/, /^table orders/);
      await workbench.treeItem(/amount.*decimal\(12,2\)/, "Catalog").waitFor();
    });

    await step("Runs a statement of a file", async () => {
      await workbench.openFile("1-first-look.sql");
      await workbench.codeLens("Run on local lake").click();
      const panel = await workbench.webview(".app", 60_000);
      await panel.getByText("69659").first().waitFor({ timeout: 120_000 });
    });

    await step("Looks at rows", async () => {
      await workbench.press("Control+1");
      await workbench.openFile("2-revenue.sql");
      await workbench.editor().locator(".view-line").first().click();
      await workbench.press("Control+End");
      await workbench.codeLensBelow(/SELECT order_id, customer_id/, "Run on local lake");
      const panel = await workbench.webview('.head:has-text("customer_id")', 60_000);
      await panel.locator(".row .cell").first().waitFor({ timeout: 120_000 });
      await panel
        .getByText(/[\d,]+ of [\d,]+ rows held|[\d,]+ rows/)
        .first()
        .waitFor();
    });

    await step("Sorts by amount, the largest first", async () => {
      const panel = await workbench.webview('.head:has-text("customer_id")');
      const head = panel.locator(".head", { hasText: "amount" });
      await head.click();
      await panel.locator('.head[aria-sort="ascending"]').waitFor();
      await head.click();
      await panel.locator('.head[aria-sort="descending"]').waitFor();
      const amounts = await panel.locator('.row .cell[aria-colindex="6"]').allInnerTexts();
      assert.ok(amounts.length > 5);
      assert.deepEqual(
        amounts.map(Number),
        amounts.map(Number).sort((a, b) => b - a),
      );
    });

    await step("Copies two rows with column names", async () => {
      const panel = await workbench.webview('.head:has-text("customer_id")');
      await panel.locator(".row .cell").first().click();
      for (const key of ["Shift+Space", "Shift+ArrowDown", "Control+Shift+C"]) await workbench.press(key);
      await panel.getByText(/^Copied 10 values$/).waitFor();
      const [names = "", ...rows] = (await clipboard(workbench)).trim().split("\n");
      assert.match(names, /customer_id/);
      assert.equal(rows.length, 2);
    });

    await step("Exports all of it", async () => {
      const panel = await workbench.webview('.head:has-text("customer_id")');
      await panel.getByRole("button", { name: "Export CSV" }).click();
      const file = join(sample, "quarter.csv");
      await workbench.saveAs(file, /\.csv$/);
      await workbench.message(/Exported .* to .*quarter\.csv/);
      assert.ok(existsSync(file));
      assert.ok(readFileSync(file, "utf8").trim().split("\n").length > 10_000);
      await workbench.closeMessages();
    });

    await step("Breaks the SQL and sees the mark", async () => {
      await workbench.press("Control+1");
      await workbench.openFile("4-partitions.sql");
      await workbench.replaceText("SELECT order_id,\n       amuont\nFROM orders;\n");
      await workbench.codeLens("Run on local lake").click();
      await workbench.marks().first().waitFor({ timeout: 60_000 });
      const panel = await workbench.webview('.app:has-text("amuont")');
      await panel
        .getByText(/line 2:8/)
        .first()
        .waitFor();
      await workbench.codeLens("Failed").waitFor();
    });

    await step("Reloads the window in mid-query", async () => {
      await workbench.press("Control+1");
      await workbench.openFile("3-customers.sql");
      await workbench.replaceText(SLOW);
      await workbench.press("Control+S");
      await workbench.codeLens("Run on local lake").click();
      await workbench.codeLens("Cancel").waitFor();
      await workbench.reload();
      // Its panel, and not that of another file, which a reload brings back as well.
      await workbench.webview('.app:has-text("Running"), .app:has-text("product")', JOB);
    });

    await step("Sees the end of the query that ran on", async () => {
      const panel = await workbench.webview('.app:has-text("product")', JOB);
      await panel.locator(".row .cell").first().waitFor({ timeout: JOB });
    });

    await step("Asks to tear down", async () => {
      await workbench.uncollapse("Stack", "Jobs", "Queries");
      await workbench.command("Boathouse: Tear Down Stack");
      await workbench.pick("boathouse", "Tear down");
      await page.locator(".monaco-dialog-box").waitFor();
    });

    await step("Sees that nothing is left", async () => {
      await workbench.dialog("Tear Down boathouse");
      await workbench.message(/Stack boathouse is gone .* nothing of it is left/, 120_000);
      assert.deepEqual(await workbench.rows("Stack"), []);
    });
    failed = false;
  });
});

/** Waits until the open output channel shows a line. */
async function output(workbench: Workbench, line: RegExp): Promise<void> {
  await workbench.line(line, ".part.panel").waitFor({ timeout: JOB });
}
