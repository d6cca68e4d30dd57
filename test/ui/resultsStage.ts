// What the tests of the results panel share: a window whose connection is the stand-in, and the panel's page.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FrameLocator, Locator } from "playwright-core";
import type { Workbench } from "./driver.ts";
import { openStage, type Stage } from "./harness.ts";
import { StandIn, type StandInColumn, type StandInResult } from "./standIn.ts";

export interface ResultsStage {
  readonly stage: Stage;
  readonly workbench: Workbench;
  readonly standIn: StandIn;
  /** Runs the only statement of a file and returns the page of its panel. */
  run(file: string): Promise<FrameLocator>;
  close(failed?: boolean): Promise<void>;
}

/** Each file of the workspace is one statement; what it comes to is told by the file's name. */
export async function openResults(
  name: string,
  results: Readonly<Record<string, StandInResult>>,
): Promise<ResultsStage> {
  const standIn = await StandIn.start((sql) => {
    const [, file = ""] = /FROM "(\w+)"/.exec(sql) ?? [];
    return results[file] ?? { columns: [], fails: `TABLE_NOT_FOUND: line 1:15: Table '${file}' does not exist` };
  });
  const stage = await openStage({
    name,
    files: (folder) => {
      for (const [file, { sql = `SELECT * FROM "${file}";\n` }] of Object.entries(results)) {
        writeFileSync(join(folder, `${file}.sql`), sql);
      }
    },
    settings: { "boathouse.connection.endpoint": standIn.url, "boathouse.connection.region": "us-east-1" },
    env: { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "test" },
  });
  const { workbench } = stage;
  return {
    stage,
    workbench,
    standIn,
    run: async (file) => {
      // Files open in the group that has the focus, which may be the panel's.
      await workbench.press("Control+1");
      await workbench.openFile(`${file}.sql`);
      await workbench.codeLens(/Run on/).waitFor();
      await workbench.editor().locator(".view-line").first().click();
      await workbench.press("Control+Enter");
      await workbench.tab(`Results: ${file}.sql`).waitFor();
      return workbench.webview(".app");
    },
    close: async (failed) => {
      await stage.close(failed);
      await standIn.stop();
    },
  };
}

export const ORDER_COLUMNS: readonly StandInColumn[] = [
  ["o_orderkey", "bigint"],
  ["o_totalprice", "decimal", 12, 2],
  ["o_orderdate", "date"],
  ["o_orderpriority", "varchar", 2_147_483_647],
  ["o_comment", "varchar", 79],
];

export function* orders(count: number): Generator<readonly (string | null)[]> {
  const priorities = ["1-URGENT", "5-LOW", ""];
  for (let index = 0; index < count; index++) {
    yield [
      String(index + 1),
      (((index * 7919) % 1_000_000) / 100).toFixed(2),
      `1997-0${1 + (index % 9)}-1${index % 9}`,
      index % 5 === 0 ? null : (priorities[index % 3] ?? null),
      `carefully final deposits ${index}\nsleep`,
    ];
  }
}

/** The cell at a row and a column of the grid, 1-based as its reader counts. */
export function at(page: FrameLocator, row: number, column: number): Locator {
  return page.locator(`.row[aria-rowindex="${row + 1}"] .cell[aria-colindex="${column + 1}"]`);
}

export function cell(page: FrameLocator, row: number, column: number): Promise<string> {
  return at(page, row, column).innerText();
}

export function clipboard(workbench: Workbench): Promise<string> {
  return workbench.page.evaluate("navigator.clipboard.readText()");
}
