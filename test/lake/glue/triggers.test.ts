// Triggers: on demand, by the clock, and once watched jobs have ended. The clock is moved, never waited for.
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import {
  BatchGetTriggersCommand,
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreateTriggerCommand,
  type CreateTriggerCommandInput,
  DeleteJobCommand,
  DeleteTriggerCommand,
  GetJobRunsCommand,
  GetTriggerCommand,
  GlueClient,
  type JobRun,
  ListCrawlsCommand,
  ListTriggersCommand,
  StartCrawlerCommand,
  StartTriggerCommand,
  StopTriggerCommand,
  UpdateTriggerCommand,
} from "@aws-sdk/client-glue";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { BUCKET, JobBench, PATIENCE } from "./scripts.ts";

const DAILY = "cron(0 1 * * ? *)";
const HOUR = 3_600_000;

describe("Glue triggers", function () {
  this.timeout(PATIENCE + 60_000);
  let lake: TestLake;
  let glue: GlueClient;
  let bench: JobBench;

  const create = (Name: string, definition: Partial<CreateTriggerCommandInput>) =>
    glue.send(new CreateTriggerCommand({ Name, Type: "ON_DEMAND", Actions: [{ JobName: "one" }], ...definition }));
  const state = async (Name: string) => (await glue.send(new GetTriggerCommand({ Name }))).Trigger?.State;
  const runs = async (JobName: string): Promise<JobRun[]> =>
    (await glue.send(new GetJobRunsCommand({ JobName }))).JobRuns ?? [];
  /** Waits until the job has `count` runs and none of them goes on; newest first. */
  const settled = async (job: string, count: number): Promise<JobRun[]> => {
    let list: JobRun[] = [];
    await waitFor(
      async () => {
        list = await runs(job);
        return list.length >= count && list.every(({ CompletedOn }) => CompletedOn !== undefined);
      },
      PATIENCE,
      100,
    );
    return list;
  };
  /** Moves the clock to the next `hour` o'clock UTC, plus a second. */
  const advanceTo = async (hour: number): Promise<void> => {
    const now = Number((await lake.control("clock"))["now"]);
    const midnight = Math.floor(now / (24 * HOUR)) * 24 * HOUR;
    const at = midnight + hour * HOUR + 1000;
    await lake.advance(at > now ? at - now : at + 24 * HOUR - now);
  };

  before(async () => {
    lake = await startTestLake();
    glue = new GlueClient(lake.config);
    bench = new JobBench(lake, glue);
    await bench.prepare();
    await bench.job("one", `import sys\nprint(sys.argv)`);
    await bench.job("two", `print("two")`);
    await bench.job("bad", `raise RuntimeError("no")`);
    await bench.job("then", `print("then")`);
    await bench.job("last", `print("last")`);
  });
  after(() => lake.stop());

  const REFUSED: [what: string, definition: Partial<CreateTriggerCommandInput>, reason: RegExp][] = [
    [
      "a schedule of five fields",
      { Type: "SCHEDULED", Schedule: "cron(0 1 * * ?)" },
      /six fields are needed, 5 were given/,
    ],
    ["a rate", { Type: "SCHEDULED", Schedule: "rate(1 day)" }, /must be of the form cron/],
    ["a schedule without one", { Type: "SCHEDULED" }, /Value null at 'schedule'/],
    ["a schedule on demand", { Schedule: DAILY }, /type ON_DEMAND can't have a schedule/],
    [
      "a start on creation on demand",
      { StartOnCreation: true },
      /StartOnCreation is not supported for triggers of type ON_DEMAND/,
    ],
    ["no action", { Actions: [] }, /at least one action/],
    ["an action on two things", { Actions: [{ JobName: "one", CrawlerName: "c" }] }, /either a job or a crawler/],
    [
      "a job that is not there",
      { Actions: [{ JobName: "nope" }] },
      /EntityNotFoundException: Job with name: nope not found/,
    ],
    [
      "a crawler that is not there",
      { Actions: [{ CrawlerName: "nope" }] },
      /Crawler entry with name nope does not exist/,
    ],
    [
      "conditions without a word between",
      { Type: "CONDITIONAL", Predicate: { Conditions: [when("one"), when("two")] } },
      /Logical is required/,
    ],
    [
      "a condition on a state that is not watched",
      { Type: "CONDITIONAL", Predicate: { Conditions: [when("one", "RUNNING")] } },
      /one of SUCCEEDED, STOPPED, FAILED, TIMEOUT/,
    ],
    [
      "a condition on no state",
      { Type: "CONDITIONAL", Predicate: { Conditions: [{ JobName: "one" }] } },
      /it says undefined/,
    ],
    ["an event", { Type: "EVENT" }, /The local lake does not implement glue triggers of type EVENT/],
    ["a workflow", { WorkflowName: "w" }, /does not implement glue:CreateTrigger with WorkflowName/],
  ];
  for (const [what, definition, reason] of REFUSED) {
    it(`refuse ${what}`, async () => {
      await rejects(create("refused", definition), (error) => {
        match(String(error), reason);
        return true;
      });
      await rejects(state("refused"), { name: "EntityNotFoundException" });
    });
  }

  it("on demand: fires when started, with its own arguments, and stays CREATED", async () => {
    await create("by-hand", { Actions: [{ JobName: "one", Arguments: { "--why": "asked" }, Timeout: 3 }] });
    await rejects(create("by-hand", {}), { name: "AlreadyExistsException" });
    await glue.send(new StartTriggerCommand({ Name: "by-hand" }));
    const [run] = await settled("one", 1);
    deepEqual([run?.TriggerName, run?.Timeout, run?.JobRunState], ["by-hand", 3, "SUCCEEDED"]);
    match((await bench.lines(run?.Id ?? "")).join(), /'--why', 'asked'/);
    equal(await state("by-hand"), "CREATED");
  });

  it("scheduled: fires at its time once activated, and not any more when stopped", async () => {
    await create("daily", { Type: "SCHEDULED", Schedule: DAILY });
    await advanceTo(1);
    equal((await runs("one")).length, 1);
    await glue.send(new StartTriggerCommand({ Name: "daily" }));
    equal(await state("daily"), "ACTIVATED");
    await advanceTo(0);
    equal((await runs("one")).length, 1);
    await advanceTo(1);
    deepEqual(
      (await settled("one", 2)).map(({ TriggerName }) => TriggerName),
      ["daily", "by-hand"],
    );
    await glue.send(new StopTriggerCommand({ Name: "daily" }));
    equal(await state("daily"), "DEACTIVATED");
    await advanceTo(1);
    equal((await runs("one")).length, 2);
    await rejects(glue.send(new StopTriggerCommand({ Name: "daily" })), /is not activated/);
  });

  it("scheduled: several times at once make one run, and an update moves the next one", async () => {
    await create("soon", { Type: "SCHEDULED", Schedule: DAILY, StartOnCreation: true, Actions: [{ JobName: "two" }] });
    await lake.advance(72 * HOUR);
    await settled("two", 1);
    equal((await runs("two")).length, 1);
    const { Trigger } = await glue.send(
      new UpdateTriggerCommand({ Name: "soon", TriggerUpdate: { Schedule: "cron(0 5 * * ? *)" } }),
    );
    deepEqual([Trigger?.Schedule, Trigger?.Actions], ["cron(0 5 * * ? *)", [{ JobName: "two" }]]);
    await advanceTo(4);
    equal((await runs("two")).length, 1);
    await advanceTo(5);
    await settled("two", 2);
    await glue.send(new StopTriggerCommand({ Name: "soon" }));
  });

  it("conditional: fires once after all of a firing have succeeded, and not for runs that no trigger started", async () => {
    await create("both", { Actions: [{ JobName: "one" }, { JobName: "two" }] });
    const Predicate = { Logical: "AND" as const, Conditions: [when("one"), when("two")] };
    await create("after", { Type: "CONDITIONAL", Predicate, Actions: [{ JobName: "then" }], StartOnCreation: true });
    await bench.ended("one", await bench.start("one"));
    await bench.ended("two", await bench.start("two"));
    equal((await runs("then")).length, 0);
    // One of the two by one firing, the other by another: no single firing has both.
    await glue.send(new StartTriggerCommand({ Name: "by-hand" }));
    await settled("one", 4);
    equal((await runs("then")).length, 0);
    await glue.send(new StartTriggerCommand({ Name: "both" }));
    const [run] = await settled("then", 1);
    deepEqual(run?.PredecessorRuns?.map(({ JobName }) => JobName).sort(), ["one", "two"]);
    deepEqual([run?.TriggerName, run?.JobRunState], ["after", "SUCCEEDED"]);
    await glue.send(new StartTriggerCommand({ Name: "both" }));
    equal((await settled("then", 2)).length, 2);
    await glue.send(new StopTriggerCommand({ Name: "after" }));
    await glue.send(new StartTriggerCommand({ Name: "both" }));
    await settled("two", 6);
    equal((await runs("then")).length, 2);
  });

  it("conditional: any of several, a failed one too, and what it starts may be watched in turn", async () => {
    await create("bad-one", { Actions: [{ JobName: "bad" }] });
    const Predicate = { Logical: "ANY" as const, Conditions: [when("bad", "FAILED"), when("two", "TIMEOUT")] };
    await create("rescue", { Type: "CONDITIONAL", Predicate, Actions: [{ JobName: "then" }], StartOnCreation: true });
    await create("chain", {
      Type: "CONDITIONAL",
      Predicate: { Conditions: [when("then")] },
      Actions: [{ JobName: "two" }],
      StartOnCreation: true,
    });
    const before = (await runs("two")).length;
    await glue.send(new StartTriggerCommand({ Name: "bad-one" }));
    equal((await settled("then", 3))[0]?.TriggerName, "rescue");
    equal((await settled("two", before + 1))[0]?.TriggerName, "chain");
    equal((await runs("bad"))[0]?.JobRunState, "FAILED");
  });

  it("conditional: both jobs, then the crawler, then a job after the crawl", async () => {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "found" } }));
    await glue.send(
      new CreateCrawlerCommand({
        Name: "look",
        Role: "crawler",
        DatabaseName: "found",
        Targets: { S3Targets: [{ Path: `s3://${BUCKET}/data/` }] },
      }),
    );
    const both = { Logical: "AND" as const, Conditions: [when("one"), when("two")] };
    await create("crawl", {
      Type: "CONDITIONAL",
      Predicate: both,
      Actions: [{ CrawlerName: "look" }],
      StartOnCreation: true,
    });
    const crawled = {
      Conditions: [{ CrawlerName: "look", CrawlState: "SUCCEEDED" as const, LogicalOperator: "EQUALS" as const }],
    };
    await create("crawled", {
      Type: "CONDITIONAL",
      Predicate: crawled,
      Actions: [{ JobName: "last" }],
      StartOnCreation: true,
    });
    await glue.send(new StartTriggerCommand({ Name: "both" }));
    const [run] = await settled("last", 1);
    equal(run?.TriggerName, "crawled");
    const { Crawls } = await glue.send(new ListCrawlsCommand({ CrawlerName: "look" }));
    deepEqual(
      Crawls?.map(({ State }) => State),
      ["COMPLETED"],
    );
    // A crawl by hand sets nothing off.
    await glue.send(new StartCrawlerCommand({ Name: "look" }));
    await waitFor(
      async () =>
        (await glue.send(new ListCrawlsCommand({ CrawlerName: "look" }))).Crawls?.filter(
          ({ State }) => State === "COMPLETED",
        ).length === 2,
      PATIENCE,
    );
    equal((await runs("last")).length, 1);
  });

  it("what can't be started is kept as a run that ended: one run too many, a job that is gone", async () => {
    await bench.job("long", `import time\ntime.sleep(600)`);
    await create("twice", { Actions: [{ JobName: "long" }] });
    await glue.send(new StartTriggerCommand({ Name: "twice" }));
    await glue.send(new StartTriggerCommand({ Name: "twice" }));
    const [second, first] = await runs("long");
    deepEqual(
      [second?.JobRunState, second?.ErrorMessage],
      ["FAILED", "ConcurrentRunsExceededException: Concurrent runs exceeded for long"],
    );
    await bench.stop("long", first?.Id ?? "");
    await bench.ended("long", first?.Id ?? "");
    await glue.send(new DeleteJobCommand({ JobName: "long" }));
    await glue.send(new StartTriggerCommand({ Name: "twice" }));
    const [lost] = await runs("long");
    deepEqual([lost?.JobRunState, lost?.ErrorMessage, lost?.TriggerName], ["ERROR", "Job long was deleted.", "twice"]);
  });

  it("are listed, by the job that they start too", async () => {
    deepEqual((await glue.send(new ListTriggersCommand({ DependentJobName: "bad" }))).TriggerNames, ["bad-one"]);
    const all = (await glue.send(new ListTriggersCommand({}))).TriggerNames;
    deepEqual((await glue.send(new ListTriggersCommand({ DependentJobName: "nope" }))).TriggerNames, all);
    const some = await glue.send(new BatchGetTriggersCommand({ TriggerNames: ["daily", "nope"] }));
    deepEqual([some.Triggers?.map(({ Name }) => Name), some.TriggersNotFound], [["daily"], ["nope"]]);
    await glue.send(new DeleteTriggerCommand({ Name: "daily" }));
    equal((await glue.send(new DeleteTriggerCommand({ Name: "daily" }))).Name, "daily");
    await rejects(state("daily"), { name: "EntityNotFoundException" });
  });

  it("an activated schedule is armed again by the next lake, which makes up for nothing", async () => {
    await glue.send(new StartTriggerCommand({ Name: "soon" }));
    const before = (await runs("two")).length;
    await lake.kill();
    lake = await lake.restart();
    glue = new GlueClient(lake.config);
    bench = new JobBench(lake, glue);
    equal((await runs("two")).length, before);
    await advanceTo(5);
    equal((await settled("two", before + 1)).length, before + 1);
  });
});

function when(JobName: string, State: "SUCCEEDED" | "FAILED" | "TIMEOUT" | "RUNNING" = "SUCCEEDED") {
  return { JobName, State, LogicalOperator: "EQUALS" as const };
}
