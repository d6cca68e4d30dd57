// Ten thousand strings that would be scripts, links or icons, through every row, tooltip, document, question and message: they are text.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Workbench } from "./driver.ts";
import { openStage, type Stage } from "./harness.ts";
import { HostileEndpoint } from "./hostile/endpoint.ts";
import { KINDS, numbersIn, RAN, WATCH } from "./hostile/payloads.ts";
import { readView } from "./hostile/readView.ts";
import { until } from "./windowsStage.ts";

/** A profile's name as a credentials file takes it. */
const PROFILE = "$(squirrel)<img/src=x/onerror=console.error('XSS-RAN')>";

describe("hostile names and values in the window", function () {
  this.timeout(300_000);
  let endpoint: HostileEndpoint;
  let stage: Stage;
  let workbench: Workbench;
  let failed = false;
  const seen = new Set<number>();
  const see = (text: string) => {
    for (const number of numbersIn(text)) seen.add(number);
  };

  before(async () => {
    endpoint = await HostileEndpoint.start();
    stage = await openStage({
      name: "trees-hostile",
      // As high as it may be: what a tree shows at once is all that is in the page.
      size: { width: 1400, height: 2400 },
      files: (folder) => {
        writeFileSync(join(folder, "broken.sql"), "SELECT nothing FROM nowhere;\n");
        writeFileSync(
          join(folder, "..", "aws-credentials"),
          `[${PROFILE}]\naws_access_key_id = AKIATEST\naws_secret_access_key = test\n`,
        );
      },
      settings: {
        "boathouse.connection.endpoint": endpoint.url,
        "boathouse.connection.region": "us-east-1",
        "boathouse.connection.profile": PROFILE,
        "workbench.hover.delay": 50,
        "workbench.tree.enableStickyScroll": false,
      },
    });
    ({ workbench } = stage);
    await workbench.page.addInitScript(WATCH);
    await workbench.reload();
    await workbench.sideBar();
    await workbench.treeItem(/Signed in as/, "Connection").waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    failed = true;
    await workbench.screenshots.take(`failed ${this.currentTest.title}`);
  });
  after(async () => {
    await stage.close(failed);
    await endpoint.stop();
  });

  /** What ran, what a policy stopped, what was more than text. */
  const complaints = () =>
    workbench.consoleErrors.filter((text) => /HOSTILE|TrustedHTML|TrustedScript/.test(text) || text === RAN);

  const VIEWS = ["Connection", "Stack", "Jobs", "Catalog", "Queries"];
  /** The view alone, in the whole side bar. */
  async function alone(view: string): Promise<void> {
    await workbench.collapse(...VIEWS.filter((other) => other !== view));
    await workbench.uncollapse(view);
  }
  async function read(view: string): Promise<void> {
    const { rows, text } = await readView(workbench, view);
    const before = seen.size;
    see(text);
    process.stdout.write(`      ${view}: ${rows} rows, ${seen.size - before} payloads\n`);
    assert.deepEqual(complaints(), []);
  }

  it("databases, tables, columns, partitions", async () => {
    await alone("Catalog");
    const [database] = endpoint.data.databases;
    const [columns, partitions] = endpoint.data.tables(database?.Name ?? "");
    await open(database?.Name, "Catalog");
    await open(partitions?.Name, "Catalog");
    await openRow(/^Partitions/, "Catalog");
    await open(columns?.Name, "Catalog");
    await read("Catalog");
  });

  it("jobs, runs, triggers, crawlers", async () => {
    await alone("Jobs");
    for (const { Name } of endpoint.data.jobs.slice(0, 2).reverse()) await open(Name, "Jobs");
    await openRow(/^Crawlers/, "Jobs");
    await openRow(/^Triggers/, "Jobs");
    await read("Jobs");
  });

  it("stacks, resources, events, parameters, outputs", async () => {
    await alone("Stack");
    await open(endpoint.data.stacks[0]?.name, "Stack");
    for (const group of [/^Outputs/, /^Parameters/, /^Events/, /^Resources/]) await openRow(group, "Stack");
    await read("Stack");
  });

  it("named queries and executions", async () => {
    await alone("Queries");
    await read("Queries");
  });

  it("together ten thousand, each of them seen", () => {
    const shown = endpoint.data.inRows;
    const missing = [...shown].filter((number) => !seen.has(number));
    assert.deepEqual(missing.slice(0, 20), [], `${missing.length} of ${shown.size} were not seen`);
    assert.ok(shown.size >= 10_000, `${shown.size}`);
    process.stdout.write(`      ${shown.size} payloads seen in rows\n`);
  });

  it("tooltips", async () => {
    // As many jobs as there are kinds.
    for (const [view, numbers] of [
      ["Jobs", numbersIn(endpoint.data.jobs.map(({ Name }) => Name.split("\n")[0]).join()).slice(0, KINDS.length)],
      ["Stack", numbersIn(endpoint.data.stacks[0]?.name ?? "")],
    ] as const) {
      await alone(view);
      await workbench.view(view).locator(".monaco-list").first().focus();
      await workbench.press("Home");
      for (const number of numbers) {
        const row = workbench
          .view(view)
          .locator(".monaco-list-row")
          .filter({ hasText: `~${number}~` })
          .first();
        await settled(() => workbench.view(view).innerText());
        await row.hover();
        await workbench.page
          .locator(".monaco-hover:visible")
          .filter({ hasText: `~${number}~` })
          .first()
          .waitFor();
      }
    }
    await workbench.shot("tooltip");
    assert.deepEqual(complaints(), []);
  });

  it("documents: events, template, script, DDL, a log", async () => {
    const { data } = endpoint;
    const [stack = ""] = data.stacks.map(({ name }) => `~${numbersIn(name)[0]}~`);
    const [job = ""] = data.jobs.map(({ Name }) => `~${numbersIn(Name)[0]}~`);
    const shown = (number: number | undefined, where: ".editor-instance" | ".part.panel") =>
      workbench.line(new RegExp(`~${number}~`), where).waitFor();
    // The document has the oldest first.
    const event = data.stacks[0]?.events.at(-1);
    await workbench.command("Boathouse: Show Stack Events");
    await workbench.pick(stack);
    await shown(numbersIn(event?.reason ?? "")[0], ".editor-instance");
    // VS Code trusts what it makes of a preview's name.
    await workbench.page.locator(".tabs-container .tab.active").hover();
    await workbench.page.locator(".monaco-hover:visible").filter({ hasText: stack }).first().waitFor();
    await workbench.command("Boathouse: Show Stack Template");
    await workbench.pick(stack);
    await shown(numbersIn(data.template)[0], ".editor-instance");
    await workbench.command("Boathouse: Open Job Script");
    await workbench.pick(job);
    await shown(numbersIn(data.script)[0], ".editor-instance");
    await workbench.command("Boathouse: Show Table DDL");
    await workbench.pick(`~${numbersIn(data.databases[0]?.Name ?? "")[0]}~`);
    await workbench.pick(`~${numbersIn(data.tables(data.databases[0]?.Name ?? "")[0]?.Name ?? "")[0]}~`);
    await shown(
      numbersIn(JSON.stringify(data.table(data.tables(data.databases[0]?.Name ?? "")[0]?.Name ?? "")))[9],
      ".editor-instance",
    );
    await workbench.shot("ddl");
    await workbench.command("Boathouse: Show Log of Job Run");
    await workbench.pick(job);
    // A run is named by its time.
    await workbench.pick(/^\d\d:\d\d:\d\d/);
    await shown(numbersIn(data.logLines.join("\n")).at(-1), ".part.panel");
    await workbench.shot("log");
    assert.deepEqual(complaints(), []);
  });

  it("questions: connections, workgroups, stacks, jobs", async () => {
    for (const [command, text] of [
      ["Boathouse: Choose Connection", "squirrel"],
      ["Boathouse: Choose Workgroup and Database", `~${numbersIn(endpoint.data.workGroups.join())[0]}~`],
      ["Boathouse: Tear Down Stack", `~${numbersIn(endpoint.data.stacks[0]?.name ?? "")[0]}~`],
      ["Boathouse: Run Job", `~${numbersIn(endpoint.data.jobs[0]?.Name ?? "")[0]}~`],
    ] as const) {
      await workbench.command(command);
      const row = workbench.page.locator(".quick-input-widget .monaco-list-row").filter({ hasText: text }).first();
      await row.waitFor();
      await workbench.press("Escape");
    }
    // A description that holds a link is a tooltip of its row.
    const described = endpoint.data.databases.find(({ Description }) => Description.includes("](command:"));
    const [number] = numbersIn(described?.Description ?? "");
    await workbench.command("Boathouse: Show Table DDL");
    await workbench.page.locator(".quick-input-widget:visible input[type=text]").fill(`~${number}~`);
    const row = workbench.page
      .locator(".quick-input-widget .monaco-list-row")
      .filter({ hasText: `~${number}~` })
      .first();
    await row.locator(".label-description").hover();
    await workbench.page
      .locator(".monaco-hover:visible")
      .filter({ hasText: String(number) })
      .first()
      .waitFor();
    await workbench.press("Escape");
    assert.deepEqual(complaints(), []);
  });

  it("messages, the lens, the mark and the status bar", async () => {
    const { data } = endpoint;
    await alone("Connection");
    await workbench.treeItem(/Signed in as/, "Connection").waitFor();
    assert.match(await workbench.view("Connection").innerText(), /\$\(squirrel\)<img/);
    assert.match(await workbench.view("Connection").innerText(), new RegExp(`~${numbersIn(data.arn)[0]}~`));
    await workbench.status(/127\.0\.0\.1/).hover();
    await workbench.page
      .locator(".monaco-hover:visible")
      .filter({ hasText: `~${numbersIn(data.arn)[0]}~` })
      .first()
      .waitFor();
    await workbench.command("Boathouse: Run Job");
    await workbench.pick(`~${numbersIn(data.jobs[0]?.Name ?? "")[0]}~`);
    // The service refuses it with a payload.
    await workbench.message(new RegExp(`~${numbersIn(data.refused)[0]}~`));
    await workbench.shot("message");
    await workbench.closeMessages();
    await workbench.press("Control+1");
    await workbench.openFile("broken.sql");
    const lens = workbench.codeLens(/Run on/);
    assert.match(await lens.innerText(), /127/);
    // What the mouse was over last has its tooltip in the way.
    await workbench.page.mouse.move(900, 1500);
    await workbench.page.locator(".monaco-hover:visible").first().waitFor({ state: "hidden" });
    await lens.click();
    await workbench.marks().first().waitFor();
    // The mark lies below the text.
    await workbench
      .line(/SELECT nothing/, ".editor-instance")
      .locator("span", { hasText: "nothing" })
      .last()
      .hover();
    await workbench.page
      .locator(".monaco-hover:visible")
      .filter({ hasText: /SYNTAX_ERROR: line 1:8|~\d+~/ })
      .first()
      .waitFor();
    await workbench.shot("mark");
    assert.deepEqual(complaints(), []);
  });

  async function open(name: string | undefined, view: string): Promise<void> {
    const [number] = numbersIn(name ?? "");
    await openRow(new RegExp(`~${number}~`), view);
  }

  async function openRow(name: RegExp, view: string): Promise<void> {
    const list = workbench.view(view);
    const row = list.locator(".monaco-list-row").filter({ hasText: name }).first();
    const isOpen = async () => (await row.getAttribute("aria-expanded")) === "true";
    await row.waitFor();
    // VS Code draws another row with the same element when rows come in above: pressed again where that happened.
    for (let tries = 0; !(await isOpen()); tries++) {
      if (tries > 5) throw new Error(`${name} does not open.`);
      await settled(() => list.innerText());
      await row.locator(".monaco-tl-twistie").click();
      await until("it is open", isOpen, 5000).catch(() => undefined);
    }
    await settled(() => list.innerText());
  }
});

/** Waits until a text stays as it is. */
async function settled(text: () => Promise<string>): Promise<void> {
  let before: string | undefined;
  await until("what is shown stays as it is", async () => {
    const now = await text();
    const same = now === before;
    before = now;
    if (!same) await sleep(300);
    return same;
  });
}
