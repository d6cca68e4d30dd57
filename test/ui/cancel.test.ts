// A deploy cancelled in each of its phases, by the clicks of a person; the lake is held at the phase meanwhile.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AwsSession } from "../../src/aws/session.ts";
import { executeDeploy, planDeploy } from "../../src/flows/deployStages.ts";
import { eventPage } from "../../src/stacks/events.ts";
import { findStack, listStacks, stackResources } from "../../src/stacks/stack.ts";
import { deployedTemplate } from "../../src/stacks/template.ts";
import { type HeldStage, openHeld, until } from "./heldStage.ts";
import type { Holding } from "./holding.ts";

/** A stack may take so long on a machine that others use, too; ms. */
const STACK = 90_000;

const LAKE = readFileSync("resources/templates/lake.yaml", "utf8").replaceAll(/^ *#.*\n/gm, "");

/** One that is long in the making: databases one after the other. */
const LONG = `Resources:\n${[1, 2, 3, 4, 5]
  .map(
    (number) => `  Database${number}:
    Type: AWS::RDS::DBInstance${number === 1 ? "" : `\n    DependsOn: Database${number - 1}`}
    Properties:
      Engine: postgres
      EngineVersion: "18.4"
      DBInstanceClass: db.t3.micro
      AllocatedStorage: "20"
      MasterUsername: long
      ManageMasterUserPassword: true
`,
  )
  .join("")}`;

/** An update that takes its time: a bucket, then a database of its own. */
const CHANGED = LAKE.replace(
  /^Outputs:/m,
  `  FirstExtra:
    Type: AWS::S3::Bucket
  ExtraDatabase:
    Type: AWS::RDS::DBInstance
    DependsOn: FirstExtra
    Properties:
      Engine: postgres
      EngineVersion: "18.4"
      DBInstanceClass: !Ref DatabaseClass
      AllocatedStorage: "20"
      MasterUsername: extra
      ManageMasterUserPassword: true
Outputs:`,
);

describe("a deploy that is cancelled", function () {
  this.timeout(5 * 60_000);
  // One story: what comes later builds on what came before.
  this.bail(true);
  this.retries(0);
  let stage: HeldStage;
  let way: Holding;
  let session: AwsSession;
  let failed = true;

  before(async () => {
    stage = await openHeld({
      name: "cancel",
      files: (workspace) => writeFileSync(join(workspace, "changed.yaml"), CHANGED),
    });
    ({ way, session } = stage);
    await stage.workbench.sideBar();
    await stage.workbench.collapse("Jobs", "Catalog", "Queries");
  });
  after(() => stage.close(failed));

  const pause = () => stage.pause();
  const resume = () => stage.resume();
  const open = () => stage.open();
  const seen = (name: string, text: string) => stage.seen(name, text);
  /** The stacks that there are, as "name STATUS". */
  const stacks = async () =>
    (await listStacks(session))
      .filter(({ status }) => status !== "DELETE_COMPLETE")
      .map(({ name, status }) => `${name} ${status}`);
  const nothingIsLeft = async () => {
    await until("no stack", async () => (await stacks()).length === 0, STACK);
    await until("an empty journal", () => open().length === 0);
    await until("an empty view", async () => (await stage.workbench.rows("Stack")).length === 0);
  };

  const askToDeploy = () => stage.workbench.command("Boathouse: Deploy Stack");
  const deployLake = async () => {
    await askToDeploy();
    await stage.workbench.pick("Boathouse lake with defaults", "Deploy to");
  };
  const deployChanged = async () => {
    const { workbench } = stage;
    await workbench.openFile("changed.yaml");
    await askToDeploy();
    await workbench.pick("Template changed.yaml", "Deploy to");
    await workbench.fill("boathouse", "Name of the stack");
    await workbench.tick([], "Instance class");
  };
  const executePlan = async () => {
    // Not by its message: that of an earlier plan may stand there, too.
    await stage.workbench.codeLens("Execute This Plan").click();
  };
  it("while the questions are asked: Escape, and nothing was begun", async () => {
    const { workbench } = stage;
    await askToDeploy();
    await workbench.pick("choosing name and parameters", "Deploy to");
    await workbench.fill("other", "Name of the stack");
    await until("the parameters", async () => (await workbench.picks()).join().includes("Instance class"));
    await workbench.press("Escape");
    await askToDeploy();
    assert.match((await workbench.picks("Deploy to")).join(), /stack boathouse/);
    await workbench.press("Escape");
    await nothingIsLeft();
    assert.equal(way.count("CreateChangeSet"), 0);
  });

  it("while it is planned: the plan is dropped as soon as the lake has said that it is there", async () => {
    const { workbench } = stage;
    const held = way.hold("CreateChangeSet", "answer");
    await deployLake();
    await held.reached;
    await seen("planning", await workbench.message(/Planning stack boathouse/));
    await workbench.messageButton(/Planning stack boathouse/, "Cancel");
    await seen("dropping", await workbench.message(/Dropping the plan of stack boathouse/));
    held.release();
    await seen(
      "dropped",
      await workbench.message(/Nothing was made or changed. The plan for stack boathouse was dropped/),
    );
    await nothingIsLeft();
    await workbench.closeMessages();
  });

  it("while the lake does not answer at all: what only reads is not waited for", async () => {
    const { workbench } = stage;
    await deployLake();
    await workbench.message(/Plan to create stack boathouse/);
    await workbench.messageButton(/Plan to create stack boathouse/, "Discard");
    await workbench.message(/was discarded/);
    await nothingIsLeft();
    await workbench.closeMessages();
    const held = way.hold("DescribeChangeSet");
    await deployLake();
    await held.reached;
    await workbench.messageButton(/Planning stack boathouse/, "Cancel");
    await workbench.message(/Nothing was made or changed. The plan for stack boathouse was dropped/);
    await nothingIsLeft();
    held.release();
    await workbench.closeMessages();
  });

  it("while the plan is reviewed: by the command; a deploy right behind waits until the plan is gone", async () => {
    const { workbench } = stage;
    await deployLake();
    await workbench.tab("Plan for stack boathouse").waitFor();
    const held = way.hold("DeleteStack");
    await workbench.command("Boathouse: Cancel Stack Operation");
    await held.reached;
    await workbench.tab("Plan for stack boathouse").waitFor({ state: "hidden" });
    // The first question still offers the stack's own name.
    await deployLake();
    await seen("earlier-plan", await workbench.message(/The earlier plan of stack boathouse is being dropped/));
    held.release();
    await workbench.message(/Nothing was made or changed. The plan for stack boathouse was discarded/);
    await workbench.tab("Plan for stack boathouse").waitFor();
    await workbench.message(/Plan to create stack boathouse/);
  });

  it("while it is created: the stack is deleted, and what was made of it", async () => {
    const { workbench } = stage;
    const executed = way.onceAnswered("ExecuteChangeSet", pause);
    await executePlan();
    await executed;
    await seen("creating", await workbench.message(/Creating stack boathouse/));
    await workbench.messageButton(/Creating stack boathouse/, "Cancel");
    await seen("creating-asked", await workbench.message(/cancelling deletes the stack and what was made of it/));
    const held = way.hold("DeleteStack");
    await workbench.messageButton(/cancelling deletes the stack/, "Delete Stack");
    await held.reached;
    held.release();
    resume();
    await seen(
      "created-not",
      await workbench.message(/The creation of stack boathouse was cancelled and the stack deleted/, STACK),
    );
    await nothingIsLeft();
    const { ListBucketsCommand } = await import("@aws-sdk/client-s3");
    assert.deepEqual((await (await session.s3()).send(new ListBucketsCommand({}))).Buckets ?? [], []);
    await workbench.closeMessages();
  });

  it("while job scripts are uploaded: the stack stands, and what it lacks is said; a new deploy finishes it", async () => {
    const { workbench } = stage;
    const held = way.hold("PutObject");
    const executed = way.onceAnswered("ExecuteChangeSet", pause);
    await deployLake();
    await executePlan();
    await executed;
    await workbench.messageButton(/Creating stack boathouse/, "Cancel");
    await workbench.message(/cancelling deletes the stack/);
    resume();
    await held.reached;
    // Answered when the stack stands: what stands is not deleted.
    await workbench.messageButton(/cancelling deletes the stack/, "Delete Stack");
    await seen("too-late", await workbench.message(/The creation of stack boathouse was over .* Nothing was deleted/));
    await seen("uploading", await workbench.message(/Uploading 4 job scripts/));
    await workbench.messageButton(/Uploading 4 job scripts/, "Cancel");
    const said = await workbench.message(/Stack boathouse stands, but/);
    await seen("unfinished", said);
    assert.match(said, /0 of its 4 job scripts are seen to be uploaded, and its triggers may be off/);
    await until("an empty journal", () => open().length === 0);
    held.release();
    await workbench.messageButton(/Stack boathouse stands, but/, "Deploy Again");
    await workbench.pick("with the stack's parameters", "Deploy to");
    await workbench.message(/Stack boathouse was already as the template says/);
    await until("an empty journal", () => open().length === 0);
    await workbench.closeMessages();
  });

  it("while an update's job scripts are uploaded: nothing of the stack is changed, and which scripts are new is said", async () => {
    const { workbench } = stage;
    const before = await whatStands();
    await olderScript();
    const held = way.hold("PutObject");
    await deployChanged();
    await executePlan();
    await held.reached;
    await workbench.messageButton(/Updating stack boathouse/, "Cancel");
    const said = await workbench.message(/The plan for stack boathouse was dropped/);
    await seen("update-dropped", said);
    assert.match(said, /Nothing of the stack was changed\..* Its job script orders_etl.py may be the new one already/);
    held.release();
    await until("an empty journal", () => open().length === 0);
    assert.deepEqual(await whatStands(), before);
    assert.deepEqual(await plans(), []);
    await workbench.closeMessages();
  });

  it("while it is updated: the stack is rolled back to what it was", async () => {
    const { workbench } = stage;
    const before = await whatStands();
    const executed = way.onceAnswered("ExecuteChangeSet", pause);
    await deployChanged();
    await executePlan();
    await executed;
    await workbench.message(/Updating stack boathouse/);
    await goOnUntil("FirstExtra");
    await workbench.command("Boathouse: Cancel Stack Operation");
    await seen("updating-asked", await workbench.message(/Cancelling rolls the stack back to what it was before/));
    // The lake gets it before it goes on: what is left of the update takes it some tenths of a second.
    const cancelled = way.forwarded("CancelUpdateStack");
    await workbench.messageButton(/Cancelling rolls the stack back/, "Cancel Update");
    await cancelled;
    resume();
    await seen(
      "rolled-back",
      await workbench.message(/Stack boathouse is as it was before \(UPDATE_ROLLBACK_COMPLETE\)/, STACK),
    );
    await until("an empty journal", () => open().length === 0);
    assert.deepEqual(await stacks(), ["boathouse UPDATE_ROLLBACK_COMPLETE"]);
    assert.deepEqual(await whatStands(), before);
    await workbench.closeMessages();
  });

  it("and a deploy right behind works", async () => {
    const { workbench } = stage;
    await deployChanged();
    await executePlan();
    await seen("updated", await workbench.message(/Stack boathouse stands on/, STACK));
    assert.deepEqual(await stacks(), ["boathouse UPDATE_COMPLETE"]);
    await until("an empty journal", () => open().length === 0);
    await workbench.closeMessages();
  });

  it("one that nobody of this window began: by the command, with its question", async () => {
    const { workbench, workspace } = stage;
    const template = join(workspace, "long.yaml");
    writeFileSync(template, LONG);
    const quietly = { report: () => undefined };
    const plan = await planDeploy(session, { stackName: "elsewhere", template, ...quietly });
    assert.ok(plan);
    await executeDeploy(session, plan, "elsewhere", quietly);
    // The only one that is under way: there is nothing to choose.
    await workbench.command("Boathouse: Cancel Stack Operation");
    await seen("elsewhere-asked", await workbench.message(/Stack elsewhere is still being created/));
    await workbench.messageButton(/Stack elsewhere is still being created/, "Delete Stack");
    await seen("elsewhere-deleted", await workbench.message(/The creation of stack elsewhere was cancelled/, STACK));
    assert.deepEqual(await stacks(), ["boathouse UPDATE_COMPLETE"]);
    failed = false;
  });

  /** Template, resources and outputs of the stack. */
  async function whatStands(): Promise<unknown> {
    const stack = await findStack(session, "boathouse");
    assert.ok(stack);
    const resources = (await stackResources(session, "boathouse")).map(
      ({ logicalId, physicalId, type }) => `${logicalId} ${type} ${physicalId ?? ""}`,
    );
    return { template: await deployedTemplate(session, stack.id), resources: resources.sort(), outputs: stack.outputs };
  }

  /** Change sets that could still be executed. */
  async function plans(): Promise<unknown[]> {
    const { ListChangeSetsCommand } = await import("@aws-sdk/client-cloudformation");
    const client = await session.cloudformation();
    const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName: "boathouse" }));
    return Summaries.filter(({ ExecutionStatus }) => ExecutionStatus === "AVAILABLE");
  }

  /** One of the job scripts is that of an older version. */
  async function olderScript(): Promise<void> {
    const stack = await findStack(session, "boathouse");
    const { PutObjectCommand } = await import("@aws-sdk/client-s3");
    const Bucket = stack?.outputs["ArtifactsBucketName"];
    const s3 = await session.s3();
    await s3.send(new PutObjectCommand({ Bucket, Key: "scripts/orders_etl.py", Body: "# older\n" }));
  }

  /** Lets the lake go on in small steps until a resource is complete; then it stands still again. */
  async function goOnUntil(logicalId: string): Promise<void> {
    const stack = await findStackWhilePaused();
    for (const end = Date.now() + STACK; ; ) {
      resume();
      const { events } = await eventPage(session, stack);
      pause();
      if (events.some((event) => event.logicalId === logicalId && event.status === "CREATE_COMPLETE")) return;
      if (Date.now() > end) throw new Error(`${logicalId} was not made.`);
    }
  }

  async function findStackWhilePaused(): Promise<string> {
    resume();
    const stack = await findStack(session, "boathouse");
    pause();
    return stack?.id ?? "";
  }
});
