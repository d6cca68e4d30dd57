// The window reloaded while the loader, both jobs or the crawler run: it goes on once, shows the progress, and tells the end once.
import assert from "node:assert/strict";
import { listRuns } from "../../src/jobs/runs.ts";
import { jobNames, makeSmallLake } from "../host/stacks/smallLake.ts";
import { type HeldStage, openHeld, until } from "./heldStage.ts";

/** A job may take so long on a machine that others use, too; ms. */
const JOB = 120_000;

describe("a window that is reloaded", function () {
  this.timeout(5 * 60_000);
  // One story: what comes later builds on what came before.
  this.bail(true);
  this.retries(0);
  let stage: HeldStage;
  let failed = true;

  before(async () => {
    stage = await openHeld({ name: "reload", files: () => undefined });
    const { session, workbench } = stage;
    await workbench.sideBar();
    await workbench.collapse("Catalog", "Queries");
    await makeSmallLake(session, "boathouse");
  });
  after(() => stage.close(failed));

  const { loader, customers, orders } = jobNames("boathouse");
  const runsOf = async (...jobs: string[]) =>
    (await Promise.all(jobs.map((job) => listRuns(stage.session, job)))).flat();
  /** Each has one run that is RUNNING. */
  const running = async (...jobs: string[]) => {
    const states = (await runsOf(...jobs)).map(({ state }) => state);
    return states.filter((state) => state === "RUNNING").length === jobs.length;
  };
  /** The end is told, once, and nothing is open any more. */
  const ended = async (name: string, what: RegExp) => {
    const { workbench, open, seen } = stage;
    const said = await workbench.message(what, JOB);
    await until("an empty journal", () => open().length === 0);
    await workbench.command("Notifications: Show Notifications");
    const all = await workbench.messages();
    assert.equal(all.match(new RegExp(what, "g"))?.length, 1, all);
    await seen(name, said);
    await workbench.command("Notifications: Hide Notifications");
  };

  it("Cancel on a load stops the loader's run, and a load right behind works", async () => {
    const { workbench, way, open, seen } = stage;
    await workbench.command("Boathouse: Load Sample Data");
    await workbench.pick("69,659 orders", "Load sample data into boathouse");
    await until("that the loader runs", () => running(loader), JOB);
    await workbench.messageButton(/Load sample data into boathouse/, "Cancel");
    await seen("load-cancelled", await workbench.message(/“Load sample data into boathouse” was cancelled/, JOB));
    await until("an empty journal", () => open().length === 0);
    assert.deepEqual(
      (await runsOf(loader)).map(({ state }) => state),
      ["STOPPED"],
    );
    assert.equal(way.count("StartJobRun"), 1);
    await workbench.closeMessages();
  });

  it("while sample data is loaded: the loader's one run is followed to its end", async () => {
    const { workbench, way, seen } = stage;
    await workbench.command("Boathouse: Load Sample Data");
    await workbench.pick("69,659 orders", "Load sample data into boathouse");
    await until("that the loader runs", () => running(loader), JOB);
    // What the window that opens asks of the run is answered only once its progress was seen.
    const held = way.hold("GetJobRun", "answer");
    await workbench.reload();
    await seen("load", await workbench.message(/Load sample data into boathouse/));
    held.release();
    await ended("load-end", /boathouse is loaded in/);
    assert.equal(way.count("StartJobRun"), 2);
    assert.deepEqual(
      (await runsOf(loader)).map(({ state }) => state),
      ["SUCCEEDED", "STOPPED"],
    );
  });

  it("while all jobs run: both runs are followed, none is started again", async () => {
    const { workbench, way, seen } = stage;
    await workbench.messageButton(/boathouse is loaded in/, "Run All Jobs");
    await until("that both run", () => running(customers, orders), JOB);
    const held = way.hold("GetJobRun", "answer");
    await workbench.reload();
    await seen("run-all", await workbench.message(/Run all jobs of boathouse/));
    held.release();
    await ended("run-all-end", /boathouse-customers and boathouse-orders succeeded in/);
    assert.equal(way.count("StartJobRun"), 4);
    assert.deepEqual(
      (await runsOf(customers, orders)).map(({ state }) => state),
      ["SUCCEEDED", "SUCCEEDED"],
    );
  });

  it("while the crawler runs: the one crawl is followed to its end", async () => {
    const { workbench, way, seen, pause, resume, session } = stage;
    // The lake stands still in the midst of the crawl until the window is there again.
    const started = way.onceAnswered("StartCrawler", pause);
    await workbench.messageButton(/succeeded in/, "Crawl");
    await started;
    await workbench.message(/Crawl boathouse/);
    const held = way.hold("GetCrawler");
    await workbench.reload();
    resume();
    await seen("crawl", await workbench.message(/Crawl boathouse/));
    held.release();
    await ended("crawl-end", /Crawled 1 table: /);
    assert.equal(way.count("StartCrawler"), 1);
    const { ListCrawlsCommand } = await import("@aws-sdk/client-glue");
    const glue = await session.glue();
    const { Crawls = [] } = await glue.send(new ListCrawlsCommand({ CrawlerName: "boathouse-crawler" }));
    assert.deepEqual(
      Crawls.map(({ State }) => State),
      ["COMPLETED"],
    );
    await workbench.messageButton(/Crawled 1 table: /, "Show Catalog");
    await workbench.treeItem("things", "Catalog").waitFor();
    await seen("crawl-catalog", "its database is open in the catalog");
    failed = false;
  });
});
