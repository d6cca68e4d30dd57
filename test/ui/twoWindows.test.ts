// Two windows on one lake: what a closed one left is taken up by exactly one other, nothing is done twice, both show the same.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { AwsSession } from "../../src/aws/session.ts";
import { runPage } from "../../src/jobs/runs.ts";
import { historyPage } from "../../src/queries/history.ts";
import { listStacks } from "../../src/stacks/stack.ts";
import { artifacts, type Workbench } from "./driver.ts";
import { type Entry, forget, openWindows, windowsTold, told, until, type WindowsStage } from "./windowsStage.ts";

/** 500 million sums: some ten seconds on two cores. */
const slow = (name: string) => `SELECT sum(x * y + z) AS ${name}
FROM unnest(sequence(1, 10000)) a(x)
CROSS JOIN unnest(sequence(1, 10000)) b(y)
CROSS JOIN unnest(sequence(1, 5)) c(z);
`;
/** Where no panel shows the rows, a message says so. */
const ENDED = /“SELECT sum.* has ended/;
const GONE = /Stack boathouse is gone/;
const STANDS = /Stack boathouse stands on local lake/;
/** What a job may take on a machine that others use, too; ms. */
const JOB = 120_000;

describe("two windows on one lake", function () {
  this.timeout(10 * 60_000);
  let windows: WindowsStage;
  let failed = false;
  let first: Workbench | undefined;
  let second: Workbench | undefined;
  let other: Workbench | undefined;

  // One test, so that a second try begins with windows and a lake of its own.
  const parts: [title: string, act: () => Promise<void>][] = [];
  function part(title: string, act: () => Promise<void>): void {
    parts.push([title, act]);
  }

  beforeEach(async () => {
    [first, second, other] = [undefined, undefined, undefined];
    failed = false;
    windows = await openWindows("two-windows", { "slow.sql": slow("slow"), "later.sql": slow("later") });
    const { workbench } = windows.stage;
    await connect(workbench);
    // The engine is up, so that what is slow is the query.
    await workbench.openFile("slow.sql");
    await workbench.replaceText("SELECT 1 AS warm;\n");
    await workbench.press("Control+S");
    await workbench.codeLens("Run on local lake").click();
    await workbench.codeLens(/row/).waitFor({ timeout: JOB });
    await workbench.replaceText(slow("slow"));
    await workbench.press("Control+S");
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    failed = true;
    for (const [name, window] of Object.entries({ first, second, other })) {
      await window?.page.screenshot({ path: join(artifacts("ui", "two-windows"), `failed-${name}.png`) });
    }
    process.stdout.write(`${JSON.stringify(windows.entries(), undefined, 1)}\n`);
  });
  afterEach(() => windows.close(failed));

  async function connect(window: Workbench): Promise<void> {
    await window.sideBar();
    await window.welcomeButton("Start Local Lake");
    await window.status("local lake").waitFor();
    await window.treeItem("count", "Jobs").waitFor({ timeout: 60_000 });
  }

  const executions = async (session: AwsSession, sql: string) =>
    (await historyPage(session, "primary", undefined)).executions
      .filter((one) => one.sql.includes(`AS ${sql}`))
      .map(({ state }) => state);
  const runs = async (session: AwsSession) => (await runPage(session, "count", 50)).runs.map(({ state }) => state);
  const stacks = async (session: AwsSession) =>
    (await listStacks(session)).map(({ name, status }) => `${name} ${status}`);
  const noted = (what: RegExp): Entry | undefined => windows.entries().find(({ text }) => what.test(text));

  part("two that open at once: one of them takes up each operation of a closed one, and shows its end", async () => {
    const { session, stage, entries } = windows;
    await runJob(stage.workbench);
    await until("the run is noted", () => noted(/"runId"/), JOB);
    await stage.workbench.codeLens("Run on local lake").click();
    await until("the execution is noted", () => noted(/"execution0"/), JOB);
    const before = new Set(entries().map(({ holder }) => holder));
    await windows.remember();
    await stage.workbench.close();
    await until("nobody of before holds any", () => entries().every(({ holder }) => !before.has(holder)));
    const opened = await Promise.all([windows.open(), windows.open(), windows.open(windows.elsewhere)]);
    [first, second, other] = opened;
    const two = [there(first), there(second)];
    await until("both have ended", () => entries().length === 0, JOB);
    await sayOne(two, /Job count SUCCEEDED/);
    await until("the rows are shown, or a message leads to them", async () => {
      for (const window of two) if (await shows(window, "slow")) return true;
      return (await windowsTold(two, ENDED)) > 0;
    });
    assert.ok((await windowsTold(two, ENDED)) <= 1);
    assert.deepEqual(await told(there(other)), []);
    assert.deepEqual(await executions(session, "slow"), ["SUCCEEDED"]);
    assert.deepEqual(await runs(session), ["SUCCEEDED"]);
  });

  part("both run the same job at once: it runs once, the other is told; every window shows the run", async () => {
    const { session } = windows;
    const all = [there(first), there(second)];
    await connect(there(other));
    const every = [...all, there(other)];
    await forget(every);
    const seen = every.map((window) => window.treeItem(/count.*(STARTING|RUNNING)/, "Jobs").waitFor({ timeout: JOB }));
    await Promise.all([...seen, ...all.map(runJob)]);
    await sayOne(all, /Job count runs already, as often at once as it may/);
    assert.equal((await runs(session)).length, 2);
  });

  part("where the extension host that holds it dies, exactly one goes on with it and tells its end", async () => {
    const { session, entries } = windows;
    const all = [there(first), there(second)];
    // What stands on the screen counts whenever the screen changes.
    for (const window of all) await window.closeMessages();
    await forget(all);
    const { holder } = await until("it is held", () => entries().find((entry) => entry.holder !== undefined));
    process.kill(holder ?? 0, "SIGKILL");
    await until("another holds it", () =>
      entries().every((entry) => entry.holder !== undefined && entry.holder !== holder),
    );
    assert.equal(entries().length, 1);
    await until("it has ended", () => entries().length === 0, JOB);
    await sayOne(all, /Job count SUCCEEDED/);
    for (const window of [...all, there(other)]) await window.treeItem(/count.*SUCCEEDED/, "Jobs").waitFor();
    assert.deepEqual(await told(there(other)), []);
    assert.deepEqual(await runs(session), ["SUCCEEDED", "SUCCEEDED"]);
  });

  part(
    "what a closed window held goes to the one that stands open beside it, and to none of another workspace",
    async () => {
      const { session, entries } = windows;
      const [closing, staying] = [there(first), there(second)];
      await closing.openFile("later.sql");
      await closing.codeLens("Run on local lake").click();
      await until("the execution is noted", () => noted(/"execution0"/), JOB);
      await closing.close();
      first = undefined;
      await until("it has ended", () => entries().length === 0, JOB);
      await until("its rows are shown", () => shows(staying, "later"));
      assert.deepEqual(await told(there(other)), []);
      assert.deepEqual(await executions(session, "later"), ["SUCCEEDED"]);
      first = await windows.open();
    },
  );

  part(
    "closed in the middle of a deploy, then of its tear-down: the other goes on with each, and says its end",
    async () => {
      const { session, entries, pause, resume } = windows;
      const staying = there(second);
      for (const [begin, status, end] of [
        [deploy, "CREATE_IN_PROGRESS", STANDS],
        [tearDown, "DELETE_IN_PROGRESS", GONE],
      ] as const) {
        const closing = there(first);
        await forget([staying]);
        await begin(closing);
        await until(`the stack is ${status}`, async () => (await stacks(session)).includes(`boathouse ${status}`));
        pause();
        const { holder } = await until("it is held", () => entries().find((entry) => entry.holder !== undefined));
        await closing.close();
        first = undefined;
        await until("the other holds it", () =>
          entries().some((entry) => entry.holder !== undefined && entry.holder !== holder),
        );
        resume();
        await until("it has ended", () => entries().length === 0, JOB);
        await sayOne([staying], end);
        first = await windows.open();
      }
      assert.deepEqual(await stacks(session), []);
      assert.deepEqual(await told(there(other)), []);
    },
  );

  part("both deploy the same stack at once, then both tear it down: each is told how it ended", async () => {
    const both = [there(first), there(second)];
    for (const window of both) {
      await window.welcomeButton("Deploy Stack");
      await window.pick("Boathouse lake with defaults");
    }
    for (const window of both) await window.message(/Plan to create stack boathouse/, JOB);
    await forget(both);
    await Promise.all(both.map((window) => window.messageButton(/Plan to create stack boathouse/, "Execute")));
    await until("nothing is open", () => windows.entries().length === 0, JOB);
    await until("one says that it stands", async () => (await windowsTold(both, STANDS)) > 0);
    await until(
      "the other says what became of its plan",
      async () => (await windowsTold(both, /Stack boathouse|ChangeSet/)) === 2,
    );
    process.stdout.write(`      deployed: ${JSON.stringify(await Promise.all(both.map(told)), undefined, 1)}\n`);
    for (const window of both) {
      await window.treeItem(/boathouse.*CREATE_COMPLETE/, "Stack").waitFor();
      await window.command("Boathouse: Tear Down Stack");
      await window.pick("boathouse", "Tear down");
      await window.page.locator(".monaco-dialog-box").waitFor();
    }
    await forget(both);
    await Promise.all(both.map((window) => window.dialog("Tear Down boathouse")));
    await until("nothing is open", () => windows.entries().length === 0, JOB);
    await until("both say how it ended", async () => (await windowsTold(both, GONE)) === 2);
    process.stdout.write(`      torn down: ${JSON.stringify(await Promise.all(both.map(told)), undefined, 1)}\n`);
    assert.deepEqual(await told(there(other)), []);
  });

  it("do each thing once, take up what the other left, and show the same", async () => {
    for (const [title, act] of parts) {
      const began = Date.now();
      await act();
      process.stdout.write(`      · ${title} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
    }
  });
});

/** Waits until one of the windows tells it, and sees that it is told once in all of them. */
async function sayOne(windows: readonly Workbench[], what: RegExp): Promise<void> {
  await until(`a message says ${what}`, async () => (await windowsTold(windows, what)) > 0, JOB);
  assert.equal(await windowsTold(windows, what), 1);
}

/** Whether its results panel shows rows of a column of that name. */
async function shows(window: Workbench, column: string): Promise<boolean> {
  const panel = await window.webview(`.head:has-text("${column}")`, 500).catch(() => undefined);
  return panel !== undefined && (await panel.locator(".row .cell").count()) > 0;
}

function there(window: Workbench | undefined): Workbench {
  assert.ok(window, "a test before this one opens it");
  return window;
}

async function runJob(window: Workbench): Promise<void> {
  await window.rowButton("count", "Run Job", "Jobs");
}

async function deploy(window: Workbench): Promise<void> {
  await window.welcomeButton("Deploy Stack");
  await window.pick("Boathouse lake with defaults");
  await window.messageButton(/Plan to create stack boathouse/, "Execute", JOB);
}

async function tearDown(window: Workbench): Promise<void> {
  await window.treeItem(/boathouse.*CREATE_COMPLETE/, "Stack").waitFor();
  await window.command("Boathouse: Tear Down Stack");
  await window.pick("boathouse", "Tear down");
  await window.dialog("Tear Down boathouse");
}
