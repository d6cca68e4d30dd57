// The AWS CLI's own way to deploy, and boto3's, with their waiters.
import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Clients, clientsOf } from "../clients.ts";
import { startTestLake, type TestLake } from "../harness.ts";
import { refusal } from "./stacks.ts";

const TEMPLATE = `
Parameters: {Days: {Type: Number, Default: 7, AllowedValues: [7, 14]}, Owner: {Type: String}}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref Days}}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: Owner, Value: !Ref Owner}]}}
Outputs: {Group: {Value: !Ref Group}}`;

describe("the AWS CLI and boto3", () => {
  let lake: TestLake;
  let clients: Clients;
  let file: string;
  const aws = async (...args: string[]) => clients.aws("cloudformation", ...args);
  before(async () => {
    lake = await startTestLake();
    clients = clientsOf(lake);
    file = join(lake.folder, "template.yaml");
    writeFileSync(file, TEMPLATE);
  });
  after(() => lake.stop());

  it("aws cloudformation deploy makes a stack, changes it, and says when nothing changes", async () => {
    const deploy = async (...overrides: string[]) => {
      // The AWS CLI names its change sets by the second, and leaves those behind that change nothing.
      await sleep(1000 - (Date.now() % 1000));
      return aws("deploy", "--stack-name", "cli", "--template-file", file, "--parameter-overrides", ...overrides);
    };
    assert.match(await deploy("Owner=me"), /Successfully created\/updated stack - cli/);
    assert.match(await deploy("Days=14"), /Successfully created\/updated stack - cli/);
    assert.match(await refusal(deploy("Days=14")), /No changes to deploy\. Stack cli is up to date/);
    const parameters = await aws(
      "describe-stacks",
      "--stack-name",
      "cli",
      "--query",
      "Stacks[0].Parameters",
      "--output",
      "text",
    );
    assert.deepEqual(parameters.split("\n").toSorted(), ["Days\t14", "Owner\tme"]);
    assert.match(await refusal(deploy("Days=8")), /Parameter 'Days' must be one of AllowedValues/);
  });

  it("a deployment that can't be is told with its reason", async () => {
    writeFileSync(file, TEMPLATE.replace("RetentionInDays:", "Retention:"));
    const said = await refusal(
      aws("deploy", "--stack-name", "bad", "--template-file", file, "--parameter-overrides", "Owner=me"),
    );
    assert.match(
      said,
      /Failed to create the changeset: Waiter ChangeSetCreateComplete failed: .*For expression "Status" .* "FAILED"/s,
    );
    assert.match(said, /extraneous key \[Retention\] is not permitted/);
    writeFileSync(file, TEMPLATE);
  });

  it("its waiters, lists and deletion work", async () => {
    const resources = await aws(
      "list-stack-resources",
      "--stack-name",
      "cli",
      "--output",
      "text",
      "--query",
      "StackResourceSummaries[].[LogicalResourceId,ResourceStatus,ResourceStatusReason]",
    );
    assert.deepEqual(resources.split("\n").toSorted(), [
      "Group\tUPDATE_COMPLETE\tNone",
      "Vpc\tCREATE_COMPLETE\tRecorded by the local lake; nothing real stands behind it.",
    ]);
    await aws("validate-template", "--template-body", `file://${file}`);
    await aws("delete-stack", "--stack-name", "cli");
    await aws("wait", "stack-delete-complete", "--stack-name", "cli");
    assert.match(await refusal(aws("describe-stacks", "--stack-name", "cli")), /Stack with id cli does not exist/);
  });

  it("boto3 pages through events and waits", async () => {
    const seen = await clients.python(`
import boto3, json
cloudformation = boto3.client("cloudformation")
template = open(${JSON.stringify(file)}).read()
made = cloudformation.create_stack(StackName="boto", TemplateBody=template, Parameters=[{"ParameterKey": "Owner", "ParameterValue": "me"}])
cloudformation.get_waiter("stack_create_complete").wait(StackName="boto", WaiterConfig={"Delay": 1})
events = [event for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName="boto") for event in page["StackEvents"]]
outputs = boto3.resource("cloudformation").Stack("boto").outputs
cloudformation.delete_stack(StackName="boto")
cloudformation.get_waiter("stack_delete_complete").wait(StackName=made["StackId"], WaiterConfig={"Delay": 1})
print(json.dumps([events[0]["ResourceStatus"], len(events), outputs[0]["OutputKey"]]))`);
    assert.deepEqual(seen, ["CREATE_COMPLETE", 8, "Group"]);
  });
});
