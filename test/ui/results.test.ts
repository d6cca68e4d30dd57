// The results panel as a person has it: rows, sort, filter, copy, all by keys; export; cancel; a reload.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FrameLocator } from "playwright-core";
import { at, cell, clipboard, ORDER_COLUMNS, openResults, orders, type ResultsStage } from "./resultsStage.ts";
import { until } from "../host/until.ts";

/** First rows are on the screen so long after SUCCEEDED, as the limit is; ms. */
const LIMIT = 500;

describe("the results panel", function () {
  this.timeout(180_000);
  let results: ResultsStage;
  let failed = false;

  before(async () => {
    results = await openResults("results", {
      orders: { columns: ORDER_COLUMNS, rows: () => orders(10_000), count: 10_000, runs: 3 },
      many: { columns: ORDER_COLUMNS, rows: () => orders(200_000), count: 200_000 },
      few: { columns: ORDER_COLUMNS, rows: () => orders(3), count: 3 },
      crawled: { columns: ORDER_COLUMNS, rows: () => orders(0), count: 0 },
      uncrawled: {
        columns: ORDER_COLUMNS,
        rows: () => orders(0),
        count: 0,
        also: {
          GetTable: {
            Table: {
              Name: "uncrawled",
              PartitionKeys: [{ Name: "day", Type: "string" }],
              StorageDescriptor: { Columns: [], Location: "s3://lake/uncrawled" },
            },
          },
          GetPartitions: { Partitions: [] },
          GetCrawlers: {
            Crawlers: [
              { Name: "lake-crawler", DatabaseName: "sales", Targets: { S3Targets: [{ Path: "s3://lake/" }] } },
            ],
          },
          StartCrawler: {},
          GetCrawler: { Crawler: { Name: "lake-crawler", State: "READY", LastCrawl: { Status: "SUCCEEDED" } } },
        },
      },
      typo: { columns: [], sql: 'SELECT * FROM "fex";\n' },
      slow: { columns: ORDER_COLUMNS, rows: () => orders(3), runs: 100_000 },
      later: { columns: ORDER_COLUMNS, rows: () => orders(3), runs: 35, count: 3 },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    failed = true;
    await results.workbench.screenshots.take(`failed ${this.currentTest.title}`);
  });
  after(() => results.close(failed));

  const active = (page: FrameLocator) => page.locator(".cell.active, .head.active");

  it("shows first rows soon after the query succeeded", async () => {
    const { run, standIn, workbench } = results;
    const page = await run("orders");
    const first = page.locator(".row .cell").first();
    for (const which of ["with the first panel of the window", "again"]) {
      await first.waitFor();
      const shown = Date.now() - (standIn.executions.at(-1)?.succeededAt ?? 0);
      const ratio = (shown / LIMIT).toFixed(2);
      process.stdout.write(
        `        first rows of 10,000, ${which}: ${shown} ms after SUCCEEDED, ${ratio} of the limit\n`,
      );
      await page.getByText("10,000 rows", { exact: true }).waitFor();
      if (which === "again") continue;
      await page.getByRole("button", { name: "Run Again" }).click();
      await page.locator(".place").waitFor();
    }
    assert.equal(await cell(page, 1, 4), "NULL");
    assert.equal(await cell(page, 2, 2), "79.19");
    await workbench.shot("rows");
  });

  it("is walked, sorted, selected and copied by keys alone", async () => {
    const { workbench } = results;
    const page = await workbench.webview(".grid");
    await at(page, 1, 1).click();
    for (const key of ["ArrowRight", "ArrowUp", "Enter"]) await workbench.press(key);
    await page.locator('.head[aria-sort="ascending"]').waitFor();
    assert.match(await page.locator(".head.active").innerText(), /o_totalprice/);
    await workbench.press("Enter");
    await page.locator('.head[aria-sort="descending"]').waitFor();
    await workbench.press("ArrowDown");
    await page.locator('.cell.active:has-text("9999.")').waitFor();
    await workbench.press("Control+End");
    await page.locator('.row[aria-rowindex="10001"] .cell.active').waitFor();
    await workbench.press("Control+Home");
    for (const key of ["Shift+ArrowDown", "Shift+ArrowRight", "Control+c"]) await workbench.press(key);
    await page.getByText("Copied 4 values", { exact: true }).waitFor();
    const [first = "", second = ""] = (await clipboard(workbench)).split("\n");
    assert.match(first, /^\d+\t\d+\.\d\d$/);
    assert.ok(Number(first.split("\t")[1]) >= Number(second.split("\t")[1]));
    await workbench.press("Control+f");
    await workbench.type("deposits 12\u0020");
    await workbench.press("Backspace");
    await page.getByText("111 of these match the filter").waitFor();
    await workbench.shot("filtered");
    await workbench.press("Escape");
    await workbench.press("Escape");
    assert.equal(await active(page).count(), 1);
  });

  it("opens a value whole, and closes it again", async () => {
    const { workbench } = results;
    const page = await workbench.webview(".grid");
    await at(page, 1, 5).click();
    await workbench.press("Enter");
    await page.locator("dialog[open] .viewtext").getByText("sleep").waitFor();
    await workbench.shot("value");
    await workbench.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "hidden" });
    assert.equal(await page.locator(".cell.active:focus").count(), 1);
  });

  it("copies by its menu in other formats", async () => {
    const { workbench } = results;
    const page = await workbench.webview(".grid");
    await at(page, 2, 2).click({ button: "right" });
    const entry = workbench.page.locator(".monaco-menu").getByText("Copy Selected Values as JSON");
    await entry.hover();
    // A menu takes no press in its first moment, so that the one that opened it is not one of its own.
    await workbench.page.waitForTimeout(300);
    await entry.click();
    await page.getByText("Copied 1 value", { exact: true }).waitFor();
    assert.match(await clipboard(workbench), /"o_totalprice": \d+\.\d\d/);
  });

  it("says what it holds of more, and exports all of it", async () => {
    const { run, stage, workbench, standIn } = results;
    const before = standIn.served;
    const page = await run("many");
    await page.getByText("10,000 of 200,000 rows held").waitFor();
    const first = standIn.served - before;
    await workbench.shot("held");
    await page.getByRole("button", { name: "Export CSV" }).click();
    await workbench.fill(join(stage.workspace, "all.csv"));
    const [, file = ""] = /to (\/.*\.csv)\./.exec(await workbench.message(/Exported .* to/)) ?? [];
    assert.ok(file.startsWith(stage.workspace), file);
    assert.equal(readFileSync(file, "utf8").split('"carefully').length - 1, 200_000);
    // What sockets hold on its way counts with the first rows; far from all of it does.
    const whole = statSync(file).size;
    assert.ok(first < whole / 2, `${first} of ${whole} bytes were read for the first rows`);
    assert.equal(existsSync(`${file}.part`), false);
    await workbench.closeMessages();
  });

  it("no rows are said to be none, below the columns that they would have", async () => {
    const { run, workbench, standIn } = results;
    const page = await run("crawled");
    await page.getByText("No rows: the query succeeded and found none.").waitFor();
    await page.locator(".head", { hasText: "o_totalprice" }).waitFor();
    await page.getByText("0 rows", { exact: true }).waitFor();
    assert.equal(await page.locator(".none .main").count(), 0, "the stand-in knows no such table");
    await workbench.shot("no rows");
    // The table is asked about, as the query found nothing; nobody may read the catalog here.
    assert.ok(standIn.asked.includes("GetTable"));
  });

  it("a table that was never crawled is said to have no partitions, and its crawler is a press away", async () => {
    const { run, workbench, standIn } = results;
    const page = await run("uncrawled");
    await page.getByText("sales.uncrawled has no partitions in the catalog yet").waitFor();
    await workbench.shot("no partitions");
    await page.getByRole("button", { name: "Run Crawler lake-crawler" }).click();
    await workbench.message(/Crawler lake-crawler succeeded/);
    assert.ok(standIn.asked.includes("StartCrawler"));
    await workbench.closeMessages();
  });

  it("a filter that nothing matches is said, with the way back", async () => {
    const { run, workbench } = results;
    const page = await run("few");
    await at(page, 1, 1).click();
    await workbench.press("Control+f");
    await workbench.type("nowhere to be found");
    await page.getByText("None of the rows held matches the filter.").waitFor();
    await workbench.shot("no match");
    await page.locator(".none .main").click();
    await page.locator(".row .cell").first().waitFor();
    await page.locator(".none").waitFor({ state: "hidden" });
  });

  it("Cancel ends the execution", async () => {
    const { run, standIn } = results;
    const page = await run("slow");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled", { exact: true }).waitFor();
    assert.equal(standIn.executions.at(-1)?.stopped, true);
    await page.getByText("The query was stopped before its end, so it has no result.", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Run Again" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled", { exact: true }).waitFor();
  });

  it("Run Again runs the statement as it stands now; once it is gone from its file, the button says that the same text runs", async () => {
    const { run, workbench, standIn } = results;
    const page = await run("typo");
    await page
      .getByText(/Table 'fex' does not exist/)
      .first()
      .waitFor();
    await workbench.editor().locator(".view-line").first().click();
    for (const key of ["End", "ArrowLeft", "ArrowLeft", "Backspace"]) await workbench.press(key);
    await workbench.type("w");
    await page.getByRole("button", { name: "Run Again" }).click();
    await page.locator(".row .cell").first().waitFor();
    assert.equal(standIn.executions.at(-1)?.sql, 'SELECT * FROM "few"');
    await workbench.editor().locator(".view-line").first().click();
    for (const key of ["Control+a", "Delete"]) await workbench.press(key);
    const before = standIn.executions.length;
    await page.getByRole("button", { name: "Run the Same Text Again" }).click();
    await until("another execution", async () => standIn.executions.length === before + 1);
    assert.equal(standIn.executions.at(-1)?.sql, 'SELECT * FROM "few"');
    // The whole text is back, so the statement is found again.
    await workbench.editor().locator(".view-line").first().click();
    await workbench.press("Control+z");
    await page.getByRole("button", { name: "Run Again", exact: true }).waitFor();
  });

  it("the line below the grid keeps its height when it says what was copied, however narrow", async () => {
    const { run, workbench } = results;
    const page = await run("few");
    const height = async () => (await page.locator(".status").boundingBox())?.height;
    const size = workbench.page.viewportSize();
    for (const width of [1100, 900, 760]) {
      await workbench.page.setViewportSize({ width, height: size?.height ?? 800 });
      await at(page, 1, 1).click();
      const before = await height();
      await workbench.press("Control+c");
      await page.getByText("Copied 1 value", { exact: true }).waitFor();
      assert.equal(await height(), before, `at ${width}`);
    }
    await workbench.shot("narrow");
    if (size !== null) await workbench.page.setViewportSize(size);
  });

  it("after a reload the rows are there again, and a query that still ran comes to its end", async () => {
    const { run, workbench, standIn } = results;
    const before = await run("later");
    await before.getByText("Running").first().waitFor();
    const started = standIn.executions.length;
    await workbench.reload();
    const tab = workbench.tab("Results: later.sql");
    await tab.click();
    const page = await workbench.webview('.grid[aria-rowcount="4"]');
    await page.locator(".row .cell").first().waitFor();
    assert.equal(standIn.executions.length, started, "nothing ran twice");
    await workbench.tab("Results: orders.sql").click();
    const other = await workbench.webview('.grid[aria-rowcount="10001"]');
    await other.locator('.head[aria-sort="descending"]').waitFor();
    await workbench.shot("reloaded");
  });
});
