// The import law holds in src, and each row of it has a file that fails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { LAW, rooms, violations } from "../../rules/importLaw.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

describe("import law", () => {
  it("src keeps it", () => {
    assert.deepEqual(violations(`${ROOT}src`), []);
  });

  it("every room it names exists, and no other", () => {
    assert.deepEqual(rooms(`${ROOT}src`), Object.keys(LAW).sort());
  });

  it("every fixture fails", () => {
    const found = violations(`${ROOT}test/rules/fixtures`).map(({ file, why }) => `${file}: ${why}`);
    assert.deepEqual(found.sort(), [
      "attic/any.ts: attic is no room of the law",
      "aws/imports-flows.ts: aws may not import flows",
      "base/imports-aws.ts: base may not import aws",
      "catalog/imports-stacks.ts: catalog may not import stacks",
      "cli/imports-lake.ts: cli may not import lake",
      "cli/leaves.ts: it leaves the sources",
      "extension.ts: extension may not import flows",
      "flows/imports-alias.ts: no path aliases",
      "flows/imports-cli.ts: flows may not import cli",
      "flows/imports-vscode.ts: flows may not import vscode",
      "jobs/imports-queries.ts: jobs may not import queries",
      "lake/imports-flows.ts: lake may not import flows",
      "lake/services/s3/imports-glue.ts: service s3 may not import service glue",
      "local/imports-aws.ts: local may not import aws",
      "messages/imports-ui.ts: messages may not import ui",
      "queries/imports-catalog.ts: queries may not import catalog",
      "sql/imports-lake.ts: sql may not import lake",
      "stacks/imports-jobs.ts: stacks may not import jobs",
      "ui/imports-lake.ts: ui may not import lake",
      "webview/imports-vscode.ts: webview may not import vscode",
    ]);
  });

  it("each room has a failing fixture", () => {
    const failing = new Set(
      violations(`${ROOT}test/rules/fixtures`).map(({ file }) => file.split("/")[0]?.replace(/\.ts$/, "")),
    );
    for (const room of Object.keys(LAW)) assert.ok(failing.has(room), `${room} has no file that must fail`);
  });

  it("ARCHITECTURE.md shows the same table", () => {
    const text = readFileSync(`${ROOT}ARCHITECTURE.md`, "utf8");
    for (const [room, may] of Object.entries(LAW)) {
      assert.ok(
        text.includes(`| ${room} | ${may.length === 0 ? "nothing of ours" : may.join(", ")} |`),
        `row of ${room}`,
      );
    }
  });
});
