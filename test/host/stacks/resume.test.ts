// What a closed window left of a load, a run-all or a crawl, at each moment at which it may have closed: gone on with, and begun once.
import assert from "node:assert/strict";
import type { AwsSession } from "../../../src/aws/session.ts";
import { getCrawler, startCrawler } from "../../../src/jobs/crawlers.ts";
import { getRun, type JobRun, listRuns, startRun } from "../../../src/jobs/runs.ts";
import { isTerminal } from "../../../src/jobs/runState.ts";
import { stopLake } from "../../../src/local/stop.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { activeShell } from "../extension.ts";
import { leave, openOperations } from "../journal.ts";
import { until } from "../until.ts";
import { dropSmallLake, jobNames, makeSmallLake } from "./smallLake.ts";

const STACK = "left-lake";
const CRAWLER = `${STACK}-crawler`;
const { customers, orders, loader } = jobNames(STACK);
const KINDS = [
  { kind: "load", title: "Load sample data", jobs: [loader] },
  { kind: "runAll", title: "Run all jobs", jobs: [customers, orders] },
] as const;
/** Longer ago than a window may begin by itself what had not begun. */
const LONG_AGO = new Date(Date.now() - 60 * 60_000);

describe("what a closed window left of", function () {
  this.timeout(120_000);
  let shell: Shell;
  let session: AwsSession;

  before(async () => {
    shell = await activeShell();
    session = await shell.connections.startLake();
    await makeSmallLake(session, STACK);
  });
  after(async () => {
    await dropSmallLake(session, STACK);
    await shell.connections.choose(undefined);
    await stopLake(shell.connections.lakeFolder);
  });

  const common = { connection: { kind: "local" }, stackName: STACK };
  /** Runs of jobs, all of them there ever were. */
  const runsOf = async (jobs: readonly string[]): Promise<JobRun[]> =>
    (await Promise.all(jobs.map((job) => listRuns(session, job)))).flat();
  const goOn = async () => {
    shell.operations.resumeOpen();
    await until("the journal's end", async () => openOperations(shell) === 0);
  };
  const atRest = async (jobs: readonly string[]) =>
    until("the end of all runs", async () => (await runsOf(jobs)).every(({ state }) => isTerminal(state)));

  for (const { kind, title, jobs } of KINDS) {
    describe(kind, () => {
      /** Starts each job as the window did, and returns the ids by job. */
      const startAll = async () =>
        Object.fromEntries(await Promise.all(jobs.map(async (job) => [job, await startRun(session, job)] as const)));
      let before = 0;
      beforeEach(async () => {
        await atRest(jobs);
        before = (await runsOf(jobs)).length;
      });
      const begun = async () => (await runsOf(jobs)).length - before;

      it("before a run was started: each is started once", async () => {
        leave(shell, kind, title, common);
        await goOn();
        assert.equal(await begun(), jobs.length);
        assert.ok((await runsOf(jobs)).every(({ state }) => state === "SUCCEEDED"));
      });

      it("between the start of the runs and the writing of their ids: they are found", async () => {
        leave(shell, kind, title, common);
        await startAll();
        await goOn();
        assert.equal(await begun(), jobs.length);
        assert.ok((await runsOf(jobs)).every(({ state }) => state === "SUCCEEDED"));
      });

      it("while they run: they are followed to their end", async () => {
        const runs = await startAll();
        leave(shell, kind, title, { ...common, runs });
        shell.operations.resumeOpen();
        await until("that they are under way", async () =>
          (await runsOf(jobs)).some(({ state }) => state === "RUNNING"),
        );
        assert.equal(openOperations(shell), 1, "it lasts as long as they do");
        await until("the journal's end", async () => openOperations(shell) === 0);
        assert.equal(await begun(), jobs.length);
        for (const [job, id] of Object.entries(runs)) assert.equal((await getRun(session, job, id)).state, "SUCCEEDED");
      });

      it("after they had ended: nothing is begun", async () => {
        const runs = await startAll();
        leave(shell, kind, title, { ...common, runs });
        await atRest(jobs);
        await goOn();
        assert.equal(await begun(), jobs.length);
      });

      it("long ago, before a run was started: nothing is begun unasked", async () => {
        leave(shell, kind, title, common, LONG_AGO);
        await goOn();
        assert.equal(await begun(), 0);
      });

      it("after Cancel, before a run was told to stop: it is stopped", async () => {
        leave(shell, kind, title, { ...common, cancelled: true });
        await startAll();
        await goOn();
        await atRest(jobs);
        assert.equal(await begun(), jobs.length);
        const newest = await Promise.all(jobs.map(async (job) => (await listRuns(session, job, 1))[0]));
        assert.deepEqual(
          newest.map((run) => run?.state),
          jobs.map(() => "STOPPED"),
        );
      });
    });
  }

  // Before there are other runs, which would count as its own for being newer than it.
  it("a run-all of which one job was begun long ago: that one is followed, the other is not begun", async () => {
    await atRest([customers, orders]);
    const before = await runsOf([customers, orders]);
    const id = await startRun(session, customers);
    leave(shell, "runAll", "Run all jobs", { ...common, runs: { [customers]: id } }, LONG_AGO);
    await goOn();
    assert.equal((await getRun(session, customers, id)).state, "SUCCEEDED");
    assert.equal((await runsOf([customers, orders])).length, before.length + 1);
  });

  describe("crawl", () => {
    const data = { ...common, crawler: CRAWLER };
    const crawls = async () => {
      const { ListCrawlsCommand } = await import("@aws-sdk/client-glue");
      const { Crawls = [] } = await (await session.glue()).send(new ListCrawlsCommand({ CrawlerName: CRAWLER }));
      return Crawls.length;
    };
    const last = async () => (await getCrawler(session, CRAWLER)).lastStarted?.toISOString() ?? null;
    const ready = async () => until("its end", async () => (await getCrawler(session, CRAWLER)).state === "READY");
    let before = 0;
    beforeEach(async () => {
      await ready();
      before = await crawls();
    });

    for (const [moment, noted] of [
      ["before anything was asked for", false],
      ["before the call went out", true],
    ] as const) {
      it(`${moment}: it is begun once`, async () => {
        leave(shell, "crawl", "Crawl", noted ? { ...data, before: await last() } : data);
        await goOn();
        assert.equal(await crawls(), before + 1);
        assert.equal((await getCrawler(session, CRAWLER)).lastStatus, "SUCCEEDED");
      });
    }

    it("while it crawls: it is followed to its end", async () => {
      leave(shell, "crawl", "Crawl", { ...data, before: await last() });
      await startCrawler(session, CRAWLER);
      await goOn();
      assert.equal((await getCrawler(session, CRAWLER)).state, "READY", "it lasted as long as the crawl");
      assert.equal(await crawls(), before + 1);
    });

    it("after it had ended: nothing is begun", async () => {
      leave(shell, "crawl", "Crawl", { ...data, before: await last() });
      await startCrawler(session, CRAWLER);
      await ready();
      await goOn();
      assert.equal(await crawls(), before + 1);
    });

    it("long ago, before it was begun: nothing is begun unasked", async () => {
      leave(shell, "crawl", "Crawl", data, LONG_AGO);
      await goOn();
      assert.equal(await crawls(), before);
    });
  });
});
