// A workspace that is not trusted: nothing is started, sent or deleted, each view says why, and what is refused leads to the way out.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStage, type Stage } from "./harness.ts";

describe("a workspace that is not trusted", function () {
  this.timeout(120_000);
  let stage: Stage;
  let failed = false;

  before(async () => {
    stage = await openStage({
      name: "trust",
      trust: true,
      files: (folder) => writeFileSync(join(folder, "one.sql"), "SELECT 1;\n"),
    });
  });
  afterEach(function () {
    failed ||= this.currentTest?.state === "failed";
  });
  after(() => stage.close(failed));

  it("each view says why it is empty, with the way out", async () => {
    const { workbench } = stage;
    await workbench.status("Restricted Mode").waitFor();
    await workbench.sideBar();
    for (const view of ["Connection", "Stack", "Jobs", "Catalog", "Queries"]) {
      const welcome = workbench.view(view).locator(".welcome-view-content");
      await welcome.getByText("only in a workspace that you trust").waitFor();
      await welcome.locator(".monaco-button", { hasText: "Manage Workspace Trust" }).waitFor();
    }
    await workbench.shot("views");
  });

  it("the palette offers nothing that starts a program or sends a request, and offers the sample", async () => {
    const { workbench } = stage;
    const titles = (await workbench.palette("Boathouse: ")).join("\n");
    assert.match(titles, /Open Sample/);
    assert.match(titles, /Open Walkthrough/);
    assert.doesNotMatch(titles, /Start Local Lake|Reset Local Lake|Fetch Engines|Deploy Stack|Run Job/);
  });

  it("a .sql file opens without lenses, and its key runs nothing", async () => {
    const { workbench } = stage;
    await workbench.openFile("one.sql");
    await workbench.editor().locator(".view-line").first().click();
    await workbench.press("Control+Enter");
    // What a refused command of ours would have said comes after a while; the lake's folder would be there.
    await workbench.status("Boathouse").waitFor();
    assert.equal(await workbench.codeLenses("Run on").count(), 0);
    assert.equal(existsSync(stage.lake), false, "no lake was made");
  });

  it("once it is trusted the lake starts", async () => {
    const { workbench } = stage;
    const { page } = workbench;
    await workbench.sideBar();
    await workbench.welcomeButton("Manage Workspace Trust");
    await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).first().click();
    await page.locator(".workspace-trust-header.workspace-trust-trusted").waitFor();
    await page.locator(".monaco-modal-editor-block .codicon-close").first().click();
    await page.locator(".workspace-trust-editor").waitFor({ state: "detached" });
    await workbench.welcomeButton("Start Local Lake");
    await workbench.treeItem(/Local lake/, "Connection").waitFor();
  });
});
