// The stack view against a real lake: plan, discard, execute, watch, look, stacks that others change, and what a closed window left.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { AwsSession } from "../../../src/aws/session.ts";
import { stopLake } from "../../../src/local/stop.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import type { StackNode } from "../../../src/ui/stacks/nodes.ts";
import { activeShell, label, rows } from "../extension.ts";
import { leave, openOperations } from "../journal.ts";
import { until } from "../until.ts";

const VIEW = "boathouse.stack";

describe("stacks", function () {
  this.timeout(120_000);
  // One story: what comes later builds on what came before.
  this.bail(true);
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

  const stacks = async () => (await rows(shell, VIEW)).map(({ item }) => `${label(item)} ${String(item.description)}`);
  const stack = async (name: string): Promise<StackNode> => {
    const found = (await rows(shell, VIEW)).find(({ item }) => label(item) === name);
    assert.ok(found, `no stack ${name}`);
    return found.node as StackNode;
  };
  const under = async (name: string, group: string) => {
    const groups = await rows(shell, VIEW, await stack(name));
    const found = groups.find(({ item }) => label(item) === group);
    assert.ok(found, `no ${group}: ${groups.map(({ item }) => label(item)).join(", ")}`);
    return rows(shell, VIEW, found.node);
  };
  /** The plan in the editor. */
  const plan = () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.path.startsWith("/Plan for") === true ? document : undefined;
  };
  /** Presses Enter in the list that is open: what stands first. */
  const accept = () => vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
  const deploy = async () => {
    let ended = false;
    const deployed = vscode.commands.executeCommand("boathouse.stacks.deploy").then(() => {
      ended = true;
    });
    await until("the plan's document", async () => {
      await accept();
      return plan() !== undefined || ended;
    }).catch(async (error: Error) => {
      throw new Error(`${error.message} ${await window()}`);
    });
    if (ended) throw new Error(`The command ended without a plan. ${await window()}`);
    return { deployed };
  };
  /** What a failure is explained with. */
  const window = async () => {
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all.map((tab) => tab.label));
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    const seen = await Promise.race([stacks(), sleep(10_000).then(() => ["no answer for 10 s"])]);
    const { state } = shell.connections;
    return `Tabs: ${tabs.join(", ")}. Active: ${active}. Connection: ${state.kind}. Stacks: ${seen.join(", ")}.`;
  };

  it("there is none at first, and the view's welcome says what to do", async () => {
    assert.deepEqual(await stacks(), []);
  });

  it("a plan reads as a document, and makes nothing before it is executed", async () => {
    const { deployed } = await deploy();
    const text = plan()?.getText() ?? "";
    assert.match(text, /^Plan: create stack boathouse on local lake\n\d+ resources added\.\nNothing has been made yet/);
    assert.match(text, /\d+ of them are live, and \d+ are recorded only/);
    assert.match(text, /On AWS it would cost about \$/);
    assert.match(text, /^\+ OrdersJob +AWS::Glue::Job$/m);
    assert.match(text, /^\+ Vpc +AWS::EC2::VPC +recorded only$/m);
    assert.match(text, /^ {2}Kind +dev$/m);
    assert.match((await stacks()).join(), /^boathouse REVIEW_IN_PROGRESS/);
    assert.deepEqual(
      label((await under("boathouse", "Resources"))[0]?.item ?? new vscode.TreeItem("")),
      "No resources yet",
    );
    await vscode.commands.executeCommand("boathouse.stacks.discardPlan");
    await deployed;
    await until("nothing is left of it", async () => (await stacks()).length === 0);
  });

  it("closing the plan's tab discards it, too", async () => {
    const { deployed } = await deploy();
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await deployed;
    await until("nothing is left of it", async () => (await stacks()).length === 0);
  });

  it("while one deploy of a stack is under way, a second one of it does nothing", async () => {
    const { deployed: first } = await deploy();
    const second = vscode.commands.executeCommand("boathouse.stacks.deploy");
    let ended = false;
    void second.then(() => {
      ended = true;
    });
    await until("the second one's end", async () => {
      await accept();
      return ended;
    });
    const { ListChangeSetsCommand } = await import("@aws-sdk/client-cloudformation");
    const sets = await (await session.cloudformation()).send(new ListChangeSetsCommand({ StackName: "boathouse" }));
    assert.equal(sets.Summaries?.length, 1);
    await vscode.commands.executeCommand("boathouse.stacks.discardPlan");
    await first;
    await until("nothing is left of it", async () => (await stacks()).length === 0);
  });

  it("once executed, resources and events come while it is made", async () => {
    const { deployed } = await deploy();
    await vscode.commands.executeCommand("boathouse.stacks.executePlan");
    let ended = false;
    void deployed.then(() => {
      ended = true;
    });
    const seen = new Set<number>();
    const states = new Set<string>();
    await until("the end of the creation", async () => {
      seen.add((await under("boathouse", "Events")).length);
      for (const text of await stacks()) states.add(text.split(" ")[1] ?? "");
      return ended;
    });
    assert.ok(states.has("CREATE_IN_PROGRESS"), [...states].join());
    assert.ok(seen.size > 1, `numbers of events that were seen: ${[...seen].join()}`);
    assert.match((await stacks()).join(), /^boathouse CREATE_COMPLETE · just now$/);
    assert.equal(openOperations(shell), 0, "the journal holds nothing more");
  });

  it("resources say what is live and what is recorded only, the live ones first", async () => {
    const resources = (await under("boathouse", "Resources")).map(({ item }) => String(item.description));
    const first = resources.findIndex((text) => text.endsWith("recorded only"));
    assert.ok(first > 20, resources.join());
    assert.ok(resources.slice(first).every((text) => text.endsWith("recorded only")));
  });

  it("outputs and parameters are there to copy", async () => {
    const parameters = await under("boathouse", "Parameters");
    assert.ok(parameters.some(({ item }) => label(item) === "Kind" && item.description === "dev"));
    const output = (await under("boathouse", "Outputs")).find(({ item }) => label(item) === "WorkGroupName");
    await vscode.commands.executeCommand("boathouse.stacks.copyValue", output?.node);
    assert.equal(await vscode.env.clipboard.readText(), output?.item.description);
  });

  it("events and the template open as documents", async () => {
    await vscode.commands.executeCommand("boathouse.stacks.showEvents", await stack("boathouse"));
    const events = vscode.window.activeTextEditor?.document.getText() ?? "";
    assert.match(events, /^Events of stack boathouse, oldest first; times since /);
    assert.match(events, /CREATE_COMPLETE +boathouse +AWS::CloudFormation::Stack$/m);
    await vscode.commands.executeCommand("boathouse.stacks.showTemplate", await stack("boathouse"));
    assert.equal(vscode.window.activeTextEditor?.document.languageId, "yaml");
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? "", /^AWSTemplateFormatVersion/);
  });

  it("deployed again, nothing would change, and it says so without a plan", async () => {
    const again = vscode.commands.executeCommand("boathouse.stacks.deploy", await stack("boathouse"));
    let ended = false;
    void again.then(() => {
      ended = true;
    });
    await until("its end", async () => {
      await accept();
      return ended;
    });
    assert.equal(plan(), undefined);
    assert.match((await stacks()).join(), /^boathouse CREATE_COMPLETE/);
  });

  it("a stack that was deleted elsewhere leaves the view, and a command on its row changes nothing", async () => {
    const { CreateStackCommand, DeleteStackCommand } = await import("@aws-sdk/client-cloudformation");
    const client = await session.cloudformation();
    await client.send(new CreateStackCommand({ StackName: "other", TemplateBody: JSON.stringify(BUCKET) }));
    const told = new Set<string>();
    const listening = shell.onDidHappen((what) => told.add(what));
    await until("it stands", async () => /other CREATE_COMPLETE/.test((await stacks()).join()));
    listening.dispose();
    assert.ok(
      ["jobs", "catalog", "queries"].every((what) => told.has(what)),
      "the other views read again",
    );
    const node = await stack("other");
    await client.send(new DeleteStackCommand({ StackName: "other" }));
    await until("it is gone", async () => !/other/.test((await stacks()).join()));
    await vscode.commands.executeCommand("boathouse.stacks.tearDown", node);
    await vscode.commands.executeCommand("boathouse.stacks.showEvents", node);
    await vscode.commands.executeCommand("boathouse.stacks.load", node);
    assert.doesNotMatch((await stacks()).join(), /other/);
    assert.equal(openOperations(shell), 0);
  });

  it("a stack whose creation failed says that it can only be torn down", async () => {
    const { CreateStackCommand, DeleteStackCommand } = await import("@aws-sdk/client-cloudformation");
    const client = await session.cloudformation();
    await client.send(new CreateStackCommand({ StackName: "broken", TemplateBody: JSON.stringify(BROKEN) }));
    await until("it is rolled back", async () => /broken ROLLBACK_COMPLETE/.test((await stacks()).join()));
    const row = (await rows(shell, VIEW)).find(({ item }) => label(item) === "broken");
    assert.match(String(row?.item.tooltip), /It can only be torn down/);
    assert.equal(row?.item.contextValue, "stack resting console");
    const events = await under("broken", "Events");
    assert.ok(events.some(({ item }) => /CREATE_FAILED/.test(String(item.description))));
    await client.send(new DeleteStackCommand({ StackName: "broken" }));
  });

  it("an update that a closed window was executing is followed, and ends in the journal", async () => {
    const { newChangeSetName, makePlan, executePlan } = await import("../../../src/stacks/changeSet.ts");
    const changeSetName = newChangeSetName();
    const made = await makePlan(session, {
      stackName: "left",
      templateBody: JSON.stringify(BUCKET),
      parameters: {},
      changeSetName,
    });
    assert.ok(made);
    const entry = {
      connection: { kind: "local" },
      stackName: "left",
      changeSetName,
      hidden: [],
      executing: true,
      token: "t-1",
      stackId: made.stackId,
      changeSetId: made.changeSetId,
      kind: "CREATE",
      total: 1,
      since: new Date(Date.now() - 1000).toISOString(),
    };
    await executePlan(session, made, "t-1");
    leave(shell, "deploy", "Deploy stack left", entry);
    shell.operations.resumeOpen();
    await until("the entry's end", async () => openOperations(shell) === 0);
    assert.match((await stacks()).join(), /left CREATE_COMPLETE/);
  });

  it("a plan that another one of its stack has overtaken is said to hold no more", async () => {
    const { newChangeSetName, makePlan, executePlan } = await import("../../../src/stacks/changeSet.ts");
    const plans = [];
    for (let index = 0; index < 2; index++) {
      const request = { stackName: "raced", templateBody: JSON.stringify(BUCKET), parameters: {} };
      plans.push(await makePlan(session, { ...request, changeSetName: newChangeSetName() }));
    }
    const [first, second] = plans;
    assert.ok(first !== undefined && second !== undefined);
    await executePlan(session, first, "t-first");
    await assert.rejects(executePlan(session, second, "t-second"), /This plan does not hold any more/);
    await assert.rejects(executePlan(session, first, "t-again"), /This plan does not hold any more/);
    await until("it stands", async () => /raced CREATE_COMPLETE/.test((await stacks()).join()));
    const { DeleteStackCommand } = await import("@aws-sdk/client-cloudformation");
    await (await session.cloudformation()).send(new DeleteStackCommand({ StackName: "raced" }));
    await until("it is gone", async () => !/raced/.test((await stacks()).join()));
  });

  it("a plan whose execution was written down but never sent is executed by the next window", async () => {
    const { newChangeSetName, makePlan } = await import("../../../src/stacks/changeSet.ts");
    const changeSetName = newChangeSetName();
    const made = await makePlan(session, {
      stackName: "unsent",
      templateBody: JSON.stringify(BUCKET),
      parameters: {},
      changeSetName,
    });
    assert.ok(made);
    leave(shell, "deploy", "Deploy stack unsent", {
      connection: { kind: "local" },
      stackName: "unsent",
      changeSetName,
      hidden: [],
      executing: true,
      token: "t-2",
      stackId: made.stackId,
    });
    shell.operations.resumeOpen();
    await until("the entry's end", async () => openOperations(shell) === 0);
    assert.match((await stacks()).join(), /unsent CREATE_COMPLETE/);
  });

  it("tear-downs that a closed window had begun are ended, the whole lake's too", async () => {
    for (const name of ["left", "unsent", "boathouse"]) {
      leave(shell, "tearDown", `Tear down stack ${name}`, {
        connection: { kind: "local" },
        stackName: name,
        stackId: (await stack(name)).stack.id,
        token: `tear-${name}`,
        since: new Date(Date.now() - 1000).toISOString(),
        total: 1,
      });
    }
    shell.operations.resumeOpen();
    await until("their end", async () => openOperations(shell) === 0, 120_000);
    assert.deepEqual(await stacks(), []);
  });
});

const BUCKET = { Resources: { Bucket: { Type: "AWS::S3::Bucket" } } };

/** Its second bucket wants the name of its first. */
const BROKEN = {
  Resources: {
    Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "host-same" } },
    Other: { Type: "AWS::S3::Bucket", DependsOn: "Bucket", Properties: { BucketName: "host-same" } },
  },
};
