// Cancelled plans where no click is needed: a service that never answers, what a closed window left, plans of others; and commands on a
// stack that is still being made or deleted.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import type { AwsSession } from "../../../src/aws/session.ts";
import { planDeploy } from "../../../src/flows/deployStages.ts";
import { getCrawler } from "../../../src/jobs/crawlers.ts";
import { stopLake } from "../../../src/local/stop.ts";
import { dropPlan, findPlan, makePlan, newChangeSetName } from "../../../src/stacks/changeSet.ts";
import { deleteStack } from "../../../src/stacks/deletion.ts";
import { findStack, listStacks } from "../../../src/stacks/stack.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { Holding } from "../../ui/holding.ts";
import { activeShell } from "../extension.ts";
import { leave, openOperations } from "../journal.ts";
import { until } from "../until.ts";
import { dropSmallLake, end, SMALL_LAKE } from "./smallLake.ts";

const BUCKET = JSON.stringify({ Resources: { Bucket: { Type: "AWS::S3::Bucket" } } });

/** Takes its time to be made, and to be deleted. */
const DATABASE = {
  Type: "AWS::RDS::DBInstance",
  DeletionPolicy: "Delete",
  Properties: {
    Engine: "postgres",
    EngineVersion: "18.4",
    DBInstanceClass: "db.t4g.micro",
    AllocatedStorage: "20",
    MasterUsername: "owner",
    ManageMasterUserPassword: true,
  },
};

describe("a plan that is not wanted", function () {
  this.timeout(120_000);
  let shell: Shell;
  let session: AwsSession;

  before(async () => {
    shell = await activeShell();
    session = await shell.connections.startLake();
  });
  after(async () => {
    await shell.connections.choose(undefined);
    await stopLake(shell.connections.lakeFolder);
  });

  const stacks = async () =>
    (await listStacks(session)).filter(({ status }) => status !== "DELETE_COMPLETE").map(({ name }) => name);
  const gone = async () => until("no stack", async () => (await stacks()).length === 0);
  const plan = async (stackName: string, changeSetName = newChangeSetName()) => {
    const made = await makePlan(session, { stackName, templateBody: BUCKET, parameters: {}, changeSetName });
    assert.ok(made);
    return made;
  };
  /** Presses Enter in the list that is open, until `holds`. */
  const accept = async (what: string, holds: () => Promise<boolean> | boolean) =>
    until(what, async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return holds();
    });

  it("of a window that closed before its change set was deleted: the next one deletes it", async () => {
    const changeSetName = newChangeSetName();
    await plan("dropped", changeSetName);
    const data = { connection: { kind: "local" }, stackName: "dropped", changeSetName, hidden: [], dropping: true };
    leave(shell, "deploy", "Deploy stack dropped", data);
    shell.operations.resumeOpen();
    await until("the journal's end", async () => openOperations(shell) === 0);
    await gone();
  });

  it("of a window that closed while it was reviewed is shown again, and discarded by the command", async () => {
    const changeSetName = newChangeSetName();
    await plan("shown", changeSetName);
    const data = { connection: { kind: "local" }, stackName: "shown", changeSetName, hidden: [] };
    leave(shell, "deploy", "Deploy stack shown", data);
    shell.operations.resumeOpen();
    const shown = () => vscode.window.activeTextEditor?.document.uri.path ?? "";
    await until("its document", async () => shown().startsWith("/Plan for stack shown"));
    await vscode.commands.executeCommand("boathouse.stacks.cancel");
    await until("the journal's end", async () => openOperations(shell) === 0);
    await gone();
  });

  it("of a window that closed before there was a change set: nothing is made", async () => {
    leave(shell, "deploy", "Deploy stack never", {
      connection: { kind: "local" },
      stackName: "never",
      changeSetName: newChangeSetName(),
      hidden: [],
    });
    shell.operations.resumeOpen();
    await until("the journal's end", async () => openOperations(shell) === 0);
    assert.deepEqual(await stacks(), []);
  });

  it("leaves another's plan for the same new stack where it is", async () => {
    const ours = await plan("both");
    const name = newChangeSetName();
    const theirs = await plan("both", name);
    await dropPlan(session, ours);
    assert.equal((await findPlan(session, "both", name))?.changeSetId, theirs.changeSetId);
    await dropPlan(session, theirs);
    await gone();
  });

  it("whose aborted call is answered after all is dropped then", async () => {
    const cancelling = new AbortController();
    const planning = makePlan(session, {
      stackName: "aborted",
      templateBody: BUCKET,
      parameters: {},
      signal: cancelling.signal,
    });
    cancelling.abort();
    await assert.rejects(planning, { kind: "cancelled" });
    await gone();
  });

  it("of a service that never answers is given up in time, and deleted where the answer comes after all", async () => {
    const lake = shell.connections.state.kind === "connected" ? shell.connections.state.lake : undefined;
    assert.ok(lake);
    const way = await Holding.before(lake.endpoint);
    writeFileSync(
      process.env["AWS_SHARED_CREDENTIALS_FILE"] ?? "",
      `[held]\naws_access_key_id = ${lake.accessKeyId}\naws_secret_access_key = ${lake.secretAccessKey}\n`,
    );
    await shell.connections.credentials.forget("held");
    await shell.connections.choose({ kind: "endpoint", url: way.url, region: lake.region, profile: "held" });
    // The lake's session was the window's, and went with it.
    session = await other(lake);
    try {
      const held = way.hold("CreateChangeSet");
      let ended = false;
      void vscode.commands.executeCommand("boathouse.stacks.deploy").then(() => (ended = true));
      await accept("that the plan is asked for", () => way.count("CreateChangeSet") > 0);
      assert.equal(openOperations(shell), 1);
      await vscode.commands.executeCommand("boathouse.stacks.cancel");
      await until("its end", async () => ended && openOperations(shell) === 0);
      held.release();
      // The call comes to the lake only now: what it makes is to go, and to stay away.
      let seen = Date.now();
      await until("no stack for 3 s", async () => {
        if ((await stacks()).length > 0) seen = Date.now();
        return Date.now() - seen > 3000;
      });
    } finally {
      session.dispose();
      await way.stop();
      session = await shell.connections.startLake();
    }
  });

  it("a plan for a stack that is being deleted waits for that end", async () => {
    const template = JSON.stringify({ Resources: { Database: DATABASE } });
    const { CreateStackCommand } = await import("@aws-sdk/client-cloudformation");
    const client = await session.cloudformation();
    const { StackId = "" } = await client.send(new CreateStackCommand({ StackName: "again", TemplateBody: template }));
    await end(session, StackId);
    await deleteStack(session, StackId, "delete");
    const planned = await planDeploy(session, {
      stackName: "again",
      template: await file(BUCKET),
      report: () => undefined,
    });
    assert.equal(planned?.kind, "CREATE");
    assert.notEqual(planned.stackId, StackId);
    assert.equal((await findStack(session, StackId))?.status, "DELETE_COMPLETE");
    await dropPlan(session, planned);
    await gone();
  });

  it("a crawl of a lake that is still being created begins once it stands", async () => {
    const { Resources, Outputs } = SMALL_LAKE;
    const template = JSON.stringify({ Resources: { ...Resources, Extra: DATABASE }, Outputs });
    const { CreateStackCommand } = await import("@aws-sdk/client-cloudformation");
    const client = await session.cloudformation();
    await client.send(
      new CreateStackCommand({ StackName: "becoming", TemplateBody: template, Capabilities: ["CAPABILITY_IAM"] }),
    );
    await vscode.commands.executeCommand("boathouse.stacks.crawl");
    assert.equal((await findStack(session, "becoming"))?.status, "CREATE_COMPLETE");
    assert.equal((await getCrawler(session, "becoming-crawler")).lastStatus, "SUCCEEDED");
    await dropSmallLake(session, "becoming");
    await gone();
  });

  async function file(text: string): Promise<string> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const uri = vscode.Uri.joinPath(folder, "bucket.json");
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    return uri.fsPath;
  }
});

/** A session of the test's own. */
async function other(lake: {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): Promise<AwsSession> {
  const { AwsSession: Session } = await import("../../../src/aws/session.ts");
  const { endpoint, region, accessKeyId, secretAccessKey } = lake;
  return new Session({ kind: "local", region, endpointUrl: endpoint, keys: { accessKeyId, secretAccessKey } });
}
