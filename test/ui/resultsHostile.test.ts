// The results panel against bad input: payloads of scripts in every string, five thousand columns, values of a megabyte, a result that
// is gone, a download that breaks off.
import assert from "node:assert/strict";
import type { FrameLocator } from "playwright-core";
import { at, cell, clipboard, ORDER_COLUMNS, openResults, orders, type ResultsStage } from "./resultsStage.ts";
import { WATCH } from "./hostile/payloads.ts";
import type { StandInColumn, StandInResult } from "./standIn.ts";

/** What a script that ran would say on the console. */
const RAN = "XSS-RAN";
const CALL = `console.error('${RAN}')`;
const PAYLOADS = [
  `<script>${CALL}</script>`,
  `<img src=x onerror="${CALL}">`,
  `<svg onload="${CALL}"></svg>`,
  `"><iframe srcdoc="<script>parent.${CALL}</script>"></iframe>`,
  `<a href="javascript:${CALL}" autofocus onfocus="${CALL}">x</a>`,
  `'-${CALL}-'`,
  `</textarea></title></style><script>${CALL}</script>`,
  `<details open ontoggle="${CALL}">`,
  `\${${CALL}}`,
  `{{constructor.constructor("${CALL}")()}}`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror="${CALL}">`,
  `<input style="background:url(javascript:${CALL})" onfocus="${CALL}" autofocus>`,
  `\u202e<b onmouseover="${CALL}">\u202c`,
  `[x](command:boathouse.lake.start?%5B%5D) $(alert) <base href="//x">`,
];
const payload = (index: number) => `${index}:${PAYLOADS[index % PAYLOADS.length] ?? ""}`;

interface Seen {
  readonly cells: number[];
  readonly heads: number[];
}

/**
 * In the page: scrolls over the whole grid, a little less than what is in sight at a time, waits until that is drawn, and returns the numbers
 * of all payloads that stood in its cells and heads.
 */
const READ_ALL = `async (grid) => {
  const cells = new Set();
  const heads = new Set();
  const numbers = (selector) => [...grid.querySelectorAll(selector)].map((one) => /(\\d+):/.exec(one.textContent)?.[1]);
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  const inSight = () => numbers(".row .cell").join();
  for (let pass = 0; pass < 3 && cells.size < 10000; pass++) {
    for (let left = 0; ; left += grid.clientWidth * 0.6) {
      for (let top = 0; ; top += grid.clientHeight * 0.8) {
        grid.scrollLeft = left;
        grid.scrollTop = top;
        // Rows come a moment after their place: until what is drawn stays as it is.
        for (let tries = 0, before; tries < 30 && (before === undefined || before !== inSight()); tries++) {
          before = inSight();
          await frame();
          await frame();
        }
        for (const number of numbers(".row .cell")) if (number !== undefined) cells.add(Number(number));
        for (const number of numbers(".head")) if (number !== undefined) heads.add(Number(number));
        if (top + grid.clientHeight >= grid.scrollHeight) break;
      }
      if (left + grid.clientWidth >= grid.scrollWidth) break;
    }
  }
  return { cells: [...cells], heads: [...heads] };
}`;

/** 10,000 values of 20 columns, a name of its own for each column, and statements that become tabs. */
const HOSTILE: StandInResult = {
  sql: `SELECT '${PAYLOADS[0]?.replaceAll("'", "''") ?? ""}' FROM "hostile";\n\nSELECT "<img src=x onerror=alert(1)>" FROM "refused";\n`,
  columns: Array.from(
    { length: 20 },
    (_, index): StandInColumn => [payload(index), index % 2 === 0 ? "varchar" : payload(index)],
  ),
  *rows() {
    for (let row = 0; row < 500; row++) yield Array.from({ length: 20 }, (_, column) => payload(row * 20 + column));
  },
  count: 500,
};

const WIDE: StandInResult = {
  columns: Array.from(
    { length: 5000 },
    (_, index): StandInColumn => [`column_${index}`, index % 3 === 0 ? "bigint" : "varchar"],
  ),
  *rows() {
    for (let row = 0; row < 300; row++) yield Array.from({ length: 5000 }, (_, column) => `${row}/${column}`);
  },
  count: 300,
};

const MEGABYTE = 1024 * 1024;
const BIG: StandInResult = {
  columns: [
    ["id", "bigint"],
    ["document", "varchar"],
  ],
  *rows() {
    for (let row = 0; row < 200; row++) yield [String(row), `${row}:${"x".repeat(MEGABYTE)}`];
  },
  count: 200,
};

describe("the results panel against bad input", function () {
  this.timeout(180_000);
  let results: ResultsStage;
  let failed = false;
  const gone: StandInResult = { columns: ORDER_COLUMNS, rows: () => orders(10), gone: true };

  before(async () => {
    results = await openResults("results-hostile", {
      hostile: HOSTILE,
      wide: WIDE,
      big: BIG,
      gone,
      broken: { columns: ORDER_COLUMNS, rows: () => orders(9000), breaksAt: 300_000 },
      refused: { columns: [], fails: `SYNTAX_ERROR: line 1:8: ${PAYLOADS.join(" ")}` },
      empty: { columns: ORDER_COLUMNS, rows: () => [], count: 0 },
    });
    await results.workbench.page.addInitScript(WATCH);
    await results.workbench.reload();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    failed = true;
    await results.workbench.screenshots.take(`failed ${this.currentTest.title}`);
  });
  after(() => results.close(failed));

  /** The page's and the window's complaints about their policies, and what a payload would say. */
  const complaints = () =>
    results.workbench.consoleErrors.filter((text) =>
      /HOSTILE|XSS-RAN|Content Security Policy|TrustedHTML|TrustedScript/.test(text),
    );

  /** Elements in the page. */
  const elements = (page: FrameLocator) => page.locator("*").count();

  it("10,000 payloads in names, types and values run nothing and break no policy", async function () {
    // Each cell is scrolled to.
    this.timeout(400_000);
    const { run, workbench } = results;
    await run("hostile");
    await workbench.command("Boathouse: Run All Statements");
    const page = await workbench.webview(".tabs .tab + .tab");
    await page.locator('.tab[aria-label$="failed"]').click();
    await page.locator(".message").getByText("SYNTAX_ERROR").waitFor();
    await workbench.shot("payloads-failed");
    await page.locator(".tab").first().click();
    await at(page, 1, 1).click();
    const readAll = `(${READ_ALL})(document.querySelector(".grid"))`;
    const { cells, heads } = await page.locator(".grid").evaluate<Seen, undefined>(readAll, undefined);
    process.stdout.write(`        ${cells.length} payloads seen in cells, ${heads.length} in heads\n`);
    const all = Array.from({ length: 10_000 }, (_, index) => index);
    assert.deepEqual(
      cells.sort((a, b) => a - b),
      all,
    );
    assert.deepEqual(
      heads.sort((a, b) => a - b),
      all.slice(0, 20),
    );
    await workbench.press("Control+Home");
    assert.equal(await cell(page, 1, 2), payload(1));
    await workbench.press("Enter");
    await page.locator("dialog[open] .viewtext").getByText(payload(0), { exact: true }).waitFor();
    await workbench.press("Escape");
    await workbench.press("Control+f");
    await workbench.type("<script>");
    await page.getByText("of these match the filter").waitFor();
    await workbench.press("Escape");
    const marked = await page.locator(".grid img, .grid script, .grid iframe, .grid a, .grid input, .grid b").count();
    assert.equal(marked, 0);
    await workbench.shot("payloads");
    assert.deepEqual(complaints(), []);
  });

  it("a message of the service that holds payloads is text", async () => {
    const page = await results.run("refused");
    await page.locator(".message").getByText("SYNTAX_ERROR").waitFor();
    assert.equal(await page.locator(".place img, .place script, .place iframe").count(), 0);
    assert.deepEqual(complaints(), []);
  });

  it("five thousand columns scroll and are walked like five, the page no larger", async () => {
    const { run, workbench } = results;
    const page = await run("wide");
    await at(page, 1, 1).click();
    const few = await elements(page);
    await workbench.press("Control+End");
    await page.locator('.cell.active:text-is("299/4999")').waitFor();
    const many = await elements(page);
    process.stdout.write(`        elements in the page: ${few} at the first column of 5,000, ${many} at the last\n`);
    assert.ok(many < 3000 && Math.abs(many - few) < few);
    await page.locator('.head[aria-colindex="5001"]').waitFor();
    assert.equal(await page.locator(".grid").getAttribute("aria-colcount"), "5001");
    await workbench.shot("columns");
  });

  it("values of a megabyte are cut on the screen, whole in their view and on the clipboard", async () => {
    const { run, workbench, standIn } = results;
    const before = standIn.served;
    const page = await run("big");
    await page.getByText(/^\d+ of 200 rows held$/).waitFor();
    const taken = (standIn.served - before) / MEGABYTE;
    assert.ok(taken < 100, `${taken} MB were read to hold 64`);
    assert.ok((await cell(page, 2, 2)).length < 1000);
    await at(page, 2, 2).click();
    await workbench.press("Enter");
    await page.getByText("1,048,578 characters").waitFor();
    await workbench.shot("megabyte");
    await page.locator("dialog[open]").getByRole("button", { name: "Copy" }).click();
    await page.getByText("Copied 1 value", { exact: true }).first().waitFor({ state: "attached" });
    assert.equal((await clipboard(workbench)).length, MEGABYTE + 2);
    await workbench.press("Escape");
  });

  it("a result object that is gone is said, and Run Again makes another", async () => {
    const { run, workbench } = results;
    const page = await run("gone");
    await page.locator(".phase").getByText("The result is gone").waitFor();
    await workbench.shot("gone");
    gone.gone = false;
    await page.getByRole("button", { name: "Run Again" }).click();
    await page.getByText("10 rows", { exact: true }).waitFor();
  });

  it("a download that breaks off leaves the rows that came, and says so", async () => {
    const page = await results.run("broken");
    await page.getByText("the rest could not be read").waitFor();
    assert.equal(await cell(page, 1, 1), "1");
  });

  it("a result without rows has its columns", async () => {
    const page = await results.run("empty");
    await page.getByText("0 rows", { exact: true }).waitFor();
    assert.match(await page.locator(".head").first().innerText(), /o_orderkey/);
    await results.workbench.shot("empty");
  });
});
