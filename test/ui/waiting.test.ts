// While engines are being fetched: a command says what it waits for, and its Cancel ends the waiting alone.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStage, type Stage } from "./harness.ts";

describe("a command while engines are being fetched", function () {
  this.timeout(120_000);
  let stage: Stage;
  let mirror: Server;
  let engines: string;
  let failed = false;

  before(async () => {
    // Takes requests and never answers: a fetch that lasts as long as the test.
    mirror = createServer(() => undefined);
    await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`;
    engines = mkdtempSync(join(tmpdir(), "boathouse-engines-"));
    // Root's PostgreSQL runs as another user: in a folder that this one can't reach it is looked for elsewhere.
    chmodSync(engines, 0o755);
    stage = await openStage({
      name: "waiting",
      settings: {
        "boathouse.engines.folder": engines,
        "boathouse.mirrors.npm": url,
        "boathouse.mirrors.maven": url,
        "boathouse.mirrors.pip": url,
      },
    });
  });
  afterEach(function () {
    failed ||= this.currentTest?.state === "failed";
  });
  after(async () => {
    await stage.close(failed);
    mirror.closeAllConnections();
    await new Promise((resolve) => mirror.close(resolve));
    rmSync(engines, { recursive: true, force: true });
  });

  it("Deploy Stack waits for PostgreSQL alone, and says so", async () => {
    const { workbench } = stage;
    await workbench.sideBar();
    await workbench.welcomeButton("Start Local Lake");
    assert.match(await workbench.dialog("Start and Fetch"), /PostgreSQL 18.*Spark 3\.5.*Trino /s);
    await workbench.message(/Fetching PostgreSQL, Spark, Trino/);
    await workbench.treeItem(/Local lake.*running/, "Connection").waitFor();
    await workbench.welcomeButton("Deploy Stack");
    await workbench.message(/Deploy Stack waits for PostgreSQL/);
    await workbench.shot("waits");
  });

  it("Cancel ends the waiting, and the fetch goes on", async () => {
    const { workbench } = stage;
    await workbench.messageButton(/Deploy Stack waits for PostgreSQL/, "Cancel");
    await workbench.status("Deploy Stack was not begun; PostgreSQL is still being fetched.").waitFor();
    await workbench.message(/Fetching PostgreSQL, Spark, Trino/);
  });

  it("a query that waits for Trino is cancelled at once by its lens, and its message goes", async () => {
    const { workbench } = stage;
    await workbench.openFile("1-first-look.sql");
    await workbench.codeLens("Run on local lake").click();
    await workbench.message(/The query waits for Trino/);
    await workbench.codeLens("Cancel").click();
    await workbench.codeLens("Cancelled").waitFor();
    await workbench.page.locator(".notification-toast", { hasText: "The query waits" }).waitFor({ state: "detached" });
    await workbench.message(/Fetching PostgreSQL, Spark, Trino/);
  });

  it("the fetch's own Cancel ends it, for who waits for it, too", async () => {
    const { workbench } = stage;
    await workbench.command("Boathouse: Deploy Stack");
    await workbench.message(/Deploy Stack waits for PostgreSQL/);
    await workbench.messageButton(/Fetching PostgreSQL, Spark, Trino/, "Cancel");
    await workbench.status(/not begun: fetching PostgreSQL was cancelled|Fetching was cancelled/).waitFor();
    await workbench.command("Boathouse: Deploy Stack");
    assert.match(await workbench.dialog("Cancel"), /Deploy Stack needs PostgreSQL, which is not on this machine yet/);
  });
});
