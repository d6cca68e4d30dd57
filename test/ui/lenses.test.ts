// Lenses come whatever has the focus: VS Code drops its own question for them where an editor loses it right after opening.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStage, type Stage } from "./harness.ts";

const KEYS: Readonly<Record<string, string>> = {
  "the explorer": "Control+Shift+E",
  "the side bar": "Control+0",
  "the search": "Control+Shift+F",
};

describe("lenses of a file that loses the focus at once", function () {
  this.timeout(120_000);
  let stage: Stage;
  let failed = false;

  before(async () => {
    stage = await openStage({
      name: "lenses",
      themes: ["dark"],
      files: (folder) => {
        for (const at of Object.keys(KEYS).keys()) writeFileSync(join(folder, `${at}.sql`), "SELECT 1;\n\nSELECT 2;\n");
      },
    });
    await stage.workbench.sideBar();
    await stage.workbench.welcomeButton("Start Local Lake");
    await stage.workbench.status("local lake").waitFor();
  });
  afterEach(function () {
    failed ||= this.currentTest?.state === "failed";
  });
  after(() => stage.close(failed));

  for (const [at, [place, key]] of Object.entries(KEYS).entries()) {
    it(`to ${place}`, async () => {
      const { workbench } = stage;
      await workbench.openFile(`${at}.sql`);
      await workbench.press(key);
      await workbench.codeLenses("Run on local lake").nth(1).waitFor();
      assert.equal(await workbench.codeLenses("Run on local lake").count(), 2);
    });
  }

  it("and those of a file that one comes back to", async () => {
    const { workbench } = stage;
    await workbench.openFile("0.sql");
    await workbench.press("Control+0");
    await workbench.codeLenses("Run on local lake").nth(1).waitFor();
  });

  it("when the connection is known only then", async () => {
    const { workbench } = stage;
    await workbench.command("Boathouse: Stop Local Lake");
    await workbench.status(/stopped/).waitFor();
    await workbench.command("Boathouse: Start Local Lake");
    await workbench.press("Control+0");
    await workbench.status("local lake").waitFor();
    await workbench.codeLenses("Run on local lake").nth(1).waitFor();
  });
});
