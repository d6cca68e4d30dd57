// The local lake by clicks: its variables in a terminal, a plan decided on its document, a query without a place for its result, and
// the reset that leaves nothing.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endpointOf, readKeys, readRecord } from "../../src/local/record.ts";
import { openStage, type Stage } from "./harness.ts";

describe("the local lake by clicks", function () {
  this.timeout(180_000);
  let stage: Stage;
  let failed = false;

  before(async () => {
    stage = await openStage({
      name: "lake",
      env: { AWS_PROFILE: "somebody-elses", AWS_ENDPOINT_URL: "https://elsewhere.example" },
      files: (folder) => writeFileSync(join(folder, "parameters.sql"), "SELECT ? AS a, ? AS b;\n"),
    });
    await stage.workbench.sideBar();
    await stage.workbench.welcomeButton("Start Local Lake");
    await stage.workbench.treeItem(/Local lake.*running/, "Connection").waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    failed = true;
    await stage.workbench.screenshots.take(`failed ${this.currentTest.title}`);
  });
  after(() => stage.close(failed));

  it("a terminal has the lake's variables, and none that lead elsewhere", async () => {
    const { workbench, lake, workspace } = stage;
    await workbench.command("Boathouse: Open Terminal with AWS Variables");
    await workbench.page.locator(".terminal-wrapper.active .xterm-helper-textarea").waitFor({ state: "attached" });
    const file = join(workspace, "variables.txt");
    // The prompt may not be there yet: what is typed then is read later.
    await workbench.page.locator(".terminal-wrapper.active").click();
    await workbench.type(`env > ${file}.part && mv ${file}.part ${file}`);
    await workbench.press("Enter");
    for (let tries = 0; tries < 300 && !existsSync(file); tries++) await sleep(100);
    const lines = readFileSync(file, "utf8").split("\n");
    const record = readRecord(lake);
    assert.ok(record);
    assert.ok(
      lines.includes(`AWS_ENDPOINT_URL=${endpointOf(record)}`),
      lines.filter((line) => line.startsWith("AWS")).join(),
    );
    assert.ok(lines.some((line) => /^AWS_ACCESS_KEY_ID=.+/.test(line)));
    assert.equal(
      lines.find((line) => line.startsWith("AWS_PROFILE=")),
      undefined,
    );
    await workbench.shot("terminal");
    await workbench.command("Terminal: Kill All Terminals");
  });

  it("values for a statement's ? are asked for one by one, and a workgroup without a place is said with what helps", async () => {
    const { workbench } = stage;
    await workbench.openFile("parameters.sql");
    await workbench.codeLens("Run on local lake").click();
    await workbench.fill("1 + 1", /Value 1 of 2, of “SELECT \?”/);
    await workbench.fill("'two'", /Value 2 of 2, of “SELECT \? AS a, \?”/);
    await workbench.message(/no stack on the local lake yet, and workgroup primary names no output location/);
    await workbench.shot("no output location");
    await workbench.messageButton(/names no output location/, "Set Output Location");
    await workbench.fill("s3://no-such-bucket-of-ours/", /Folder in S3 for the results/);
    await workbench.webview(".app");
  });

  it("a plan that was discarded on its document is not executed by its message, which says so", async () => {
    const { workbench } = stage;
    await workbench.closeMessages();
    await workbench.command("Boathouse: Deploy Stack");
    await workbench.pick("Boathouse lake with defaults");
    await workbench.tab("Plan for stack boathouse").waitFor();
    await workbench.message(/Plan to create stack boathouse/);
    await workbench.codeLens("Discard").click();
    await workbench.tab("Plan for stack boathouse").waitFor({ state: "detached" });
    await workbench.messageButton(/Plan to create stack boathouse/, "Execute");
    await workbench.message(/This plan for stack boathouse was decided on already/);
    // What the plan was made on goes a moment later.
    await workbench.view("Stack").getByText("No stack is deployed on this connection.").waitFor();
  });

  it("parameters are seen at a glance, and only those that are ticked are asked for", async () => {
    const { workbench } = stage;
    await workbench.closeMessages();
    await workbench.command("Boathouse: Deploy Stack");
    await workbench.pick("choosing name and parameters", "Deploy to");
    await workbench.fill("tuned", "Name of the stack");
    const listed = await workbench.picks("Instance class");
    assert.match(
      listed.join("\n"),
      /Development or production.*dev[\s\S]*Instance class.*db\.t3\.micro.*must be offered in both/,
    );
    await workbench.shot("parameters");
    await workbench.tick(["Workers a job", "Instance class"]);
    await workbench.pick("db.t3.small", /3\/4|Instance class/);
    await workbench.fill("3", /Workers a job/);
    await workbench.tab("Plan for stack tuned").waitFor();
    await workbench.page.locator(".view-line", { hasText: /database\sdb\.t3\.small,\sMulti-AZ/ }).waitFor();
    await workbench.editor().click();
    await workbench.press("Control+End");
    await workbench.page.locator(".view-line", { hasText: /JobWorkers\s+3/ }).waitFor();
    await workbench.press("Control+Home");
    await workbench.codeLens("Discard").click();
    await workbench.view("Stack").getByText("No stack is deployed on this connection.").waitFor();
  });

  it("reset asks first, deletes all, and the next lake is an empty one", async () => {
    const { workbench, lake } = stage;
    await workbench.closeMessages();
    const before = readKeys(lake);
    assert.ok(before);
    await workbench.command("Boathouse: Reset Local Lake");
    await workbench.page.locator(".monaco-dialog-box").waitFor();
    await workbench.shot("reset");
    assert.match(
      await workbench.dialog("Cancel"),
      /Delete everything that the local lake holds\?[\s\S]*can't be undone/,
    );
    await workbench.treeItem(/Local lake.*running/, "Connection").waitFor();
    assert.deepEqual(readKeys(lake), before, "nothing was deleted");
    await workbench.command("Boathouse: Reset Local Lake");
    await workbench.dialog("Delete Everything");
    await workbench.message(/The local lake is empty now/);
    assert.equal(readKeys(lake), undefined);
    assert.equal(readRecord(lake), undefined);
    await workbench.messageButton(/The local lake is empty now/, "Start Local Lake");
    await workbench.treeItem(/Local lake.*running/, "Connection").waitFor();
    assert.notDeepEqual(readKeys(lake), before, "another lake has other keys");
  });
});
