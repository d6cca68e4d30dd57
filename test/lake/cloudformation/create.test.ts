// Stacks made: what happens in which order, and what is undone where it fails.
import { strict as assert } from "node:assert";
import {
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { startTestLake, type TestLake } from "../harness.ts";
import { refusal, Stacks } from "./stacks.ts";

const VPC = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}";
const RECORDED = "Recorded by the local lake; nothing real stands behind it.";

/** A group of logs, as a line of a template. */
const group = (id: string, more = "") =>
  `  ${id}: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /t/${id}${more}}}\n`;

describe("stacks that are made", () => {
  let lake: TestLake;
  let stacks: Stacks;
  let logs: CloudWatchLogsClient;
  before(async () => {
    lake = await startTestLake();
    stacks = new Stacks(lake);
    logs = new CloudWatchLogsClient(lake.config);
  });
  after(() => lake.stop());

  const create = (StackName: string, TemplateBody: string, rest: Partial<CreateStackCommandInput> = {}) =>
    stacks.client.send(new CreateStackCommand({ StackName, TemplateBody, ...rest }));
  const update = (StackName: string, TemplateBody: string, rest: Partial<UpdateStackCommandInput> = {}) =>
    stacks.client.send(new UpdateStackCommand({ StackName, TemplateBody, ...rest }));
  const groups = async (prefix: string) =>
    ((await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }))).logGroups ?? []).map(
      (found) => found.logGroupName,
    );

  describe("create", () => {
    it("makes each resource once those it needs are there, with AWS's events", async () => {
      const { StackId } = await create(
        "made",
        `
Description: two
Parameters: {Name: {Type: String, Default: first}}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/made/\${Name}", RetentionInDays: "7"}}
  Vpc: {Type: AWS::EC2::VPC, DependsOn: Group, Properties: {CidrBlock: 10.0.0.0/16}}
Outputs:
  Arn: {Value: !GetAtt Group.Arn, Description: of the group}
  Both: {Value: !Sub "\${Group} \${Vpc.CidrBlock}"}`,
        { Tags: [{ Key: "owner", Value: "me" }], ClientRequestToken: "token-1" },
      );
      const stack = await stacks.settled("made");
      assert.equal(stack.StackStatus, "CREATE_COMPLETE");
      assert.equal(stack.StackId, StackId);
      assert.equal(stack.Description, "two");
      assert.deepEqual(stack.Tags, [{ Key: "owner", Value: "me" }]);
      assert.deepEqual(stack.Outputs, [
        {
          OutputKey: "Arn",
          OutputValue: "arn:aws:logs:us-east-1:000000000000:log-group:/made/first:*",
          Description: "of the group",
        },
        { OutputKey: "Both", OutputValue: "/made/first 10.0.0.0/16" },
      ]);
      assert.deepEqual(await stacks.told("made"), [
        "made CREATE_IN_PROGRESS User Initiated",
        "Group CREATE_IN_PROGRESS",
        "Group CREATE_IN_PROGRESS Resource creation Initiated",
        "Group CREATE_COMPLETE",
        "Vpc CREATE_IN_PROGRESS",
        "Vpc CREATE_IN_PROGRESS Resource creation Initiated",
        `Vpc CREATE_COMPLETE ${RECORDED}`,
        "made CREATE_COMPLETE",
      ]);
      const events = await stacks.events("made");
      assert.ok(events.every(({ ClientRequestToken }) => ClientRequestToken === "token-1"));
      assert.equal(new Set(events.map(({ EventId }) => EventId)).size, events.length);
      const [first] = events.filter(({ LogicalResourceId }) => LogicalResourceId === "Group");
      assert.deepEqual(JSON.parse(first?.ResourceProperties ?? ""), {
        LogGroupName: "/made/first",
        RetentionInDays: 7,
      });
      assert.equal(first?.PhysicalResourceId, "");
    });

    it("says of each resource whether anything real stands behind it", async () => {
      const { StackResources } = await stacks.client.send(new DescribeStackResourcesCommand({ StackName: "made" }));
      const told = (StackResources ?? []).map((resource) => [
        resource.LogicalResourceId,
        resource.ResourceStatusReason,
      ]);
      assert.deepEqual(told, [
        ["Group", undefined],
        ["Vpc", RECORDED],
      ]);
      const listed = (await stacks.resources("made")).map((resource) => [
        resource.LogicalResourceId,
        resource.ResourceStatusReason,
      ]);
      assert.deepEqual(listed, told);
      const { StackResourceDetail } = await stacks.client.send(
        new DescribeStackResourceCommand({ StackName: "made", LogicalResourceId: "Vpc" }),
      );
      assert.equal(StackResourceDetail?.ResourceStatusReason, RECORDED);
      const byId = await stacks.client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: "/made/first" }));
      assert.equal(byId.StackResources?.[0]?.StackName, "made");
    });

    it("the same token answers with the same stack, another one that the name is taken", async () => {
      const again = await create("made", VPC, { ClientRequestToken: "token-1" });
      assert.equal(again.StackId, (await stacks.describe("made")).StackId);
      assert.equal(await refusal(create("made", VPC)), "AlreadyExistsException: Stack [made] already exists");
    });

    it("a wrong property is refused before anything is touched", async () => {
      const said = await refusal(create("early", "Resources: {A: {Type: AWS::SNS::Topic, Properties: {Nam: x}}}"));
      assert.equal(
        said,
        "ValidationError: Properties validation failed for resource A with message:\n#: extraneous key [Nam] is not permitted",
      );
      assert.match(await refusal(stacks.describe("early")), /does not exist/);
    });

    it("a failure is told, what ran is cancelled, and all that was made is deleted in reversed order", async () => {
      const body = `Resources:\n${group("First")}${group("Second").replace("Type:", "DependsOn: First, Type:")}  Bad: {Type: AWS::SNS::Topic, DependsOn: Second, Properties: {Nam: x}}\n${group("Never").replace("Type:", "DependsOn: Bad, Type:")}`;
      await create("broken", body, { DisableValidation: true });
      const stack = await stacks.settled("broken");
      assert.equal(stack.StackStatus, "ROLLBACK_COMPLETE");
      const told = await stacks.told("broken");
      assert.deepEqual(told.slice(told.indexOf("Second CREATE_COMPLETE") + 1), [
        "Bad CREATE_IN_PROGRESS",
        "Bad CREATE_FAILED Properties validation failed for resource Bad with message:\n#: extraneous key [Nam] is not permitted",
        "broken ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad]. Rollback requested by user.",
        "Bad DELETE_COMPLETE",
        "Second DELETE_IN_PROGRESS",
        "Second DELETE_COMPLETE",
        "First DELETE_IN_PROGRESS",
        "First DELETE_COMPLETE",
        "broken ROLLBACK_COMPLETE",
      ]);
      assert.deepEqual(await groups("/t/"), []);
      assert.deepEqual(await stacks.resources("broken"), []);
      assert.match(
        await refusal(
          stacks.client.send(new DescribeStackResourceCommand({ StackName: "broken", LogicalResourceId: "First" })),
        ),
        /Resource First does not exist for stack broken/,
      );
      assert.match(await refusal(update("broken", VPC)), /is in ROLLBACK_COMPLETE state and can not be updated/);
    });

    it("what is being made beside a failure is cancelled", async () => {
      const body = `Resources:
  Db: {Type: AWS::RDS::DBInstance, DeletionPolicy: Delete, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /t/beside}}
  Bad: {Type: AWS::SNS::Topic, DependsOn: Group, Properties: {Nam: x}}`;
      await create("beside", body, { DisableValidation: true });
      assert.equal((await stacks.settled("beside")).StackStatus, "ROLLBACK_COMPLETE");
      const told = await stacks.told("beside");
      assert.ok(told.includes("Db CREATE_FAILED Resource creation cancelled"), told.join("\n"));
      assert.ok(
        told.includes(
          "beside ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad, Db]. Rollback requested by user.",
        ),
        told.join("\n"),
      );
    });

    it("a failure of a function is the resource's, with the function's message", async () => {
      await create(
        "function",
        "Resources: {Q: {Type: AWS::SQS::Queue}, A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Select [9, !Split ['-', !GetAtt Q.QueueName]]}}}",
      );
      assert.equal((await stacks.settled("function")).StackStatus, "ROLLBACK_COMPLETE");
      assert.ok(
        (await stacks.told("function", "A")).includes(
          "A CREATE_FAILED Template error: Fn::Select cannot select nonexistent value at index 9",
        ),
      );
    });

    it("OnFailure DELETE leaves no stack, DO_NOTHING leaves what was made", async () => {
      const body = `Resources:\n${group("Kept")}  Bad: {Type: AWS::SNS::Topic, DependsOn: Kept, Properties: {Nam: x}}`;
      const { StackId = "" } = await create("deleting", body, { DisableValidation: true, OnFailure: "DELETE" });
      assert.equal((await stacks.settled(StackId)).StackStatus, "DELETE_COMPLETE");
      assert.deepEqual(await groups("/t/"), []);
      await create("leaving", body, { DisableValidation: true, OnFailure: "DO_NOTHING" });
      const left = await stacks.settled("leaving");
      assert.equal(left.StackStatus, "CREATE_FAILED");
      assert.equal(left.StackStatusReason, "The following resource(s) failed to create: [Bad].");
      assert.deepEqual(await groups("/t/"), ["/t/Kept"]);
      await stacks.client.send(new RollbackStackCommand({ StackName: "leaving" }));
      assert.equal((await stacks.settled("leaving")).StackStatus, "ROLLBACK_COMPLETE");
      assert.deepEqual(await groups("/t/"), []);
      assert.match(
        await refusal(create("both", VPC, { OnFailure: "DELETE", DisableRollback: true })),
        /either OnFailure or DisableRollback/,
      );
    });

    it("DeletionPolicy Retain keeps what a failed creation made, unless RetainExceptOnCreate says otherwise", async () => {
      const body = `Resources:\n${group("Spared").replace("Type:", "DeletionPolicy: Retain, Type:")}  Bad: {Type: AWS::SNS::Topic, DependsOn: Spared, Properties: {Nam: x}}`;
      await create("spared", body, { DisableValidation: true });
      assert.equal((await stacks.settled("spared")).StackStatus, "ROLLBACK_COMPLETE");
      assert.ok((await stacks.told("spared")).includes("Spared DELETE_SKIPPED"));
      assert.deepEqual(await groups("/t/Spared"), ["/t/Spared"]);
      await logs.send(new DeleteLogGroupCommand({ logGroupName: "/t/Spared" }));
      await create("not-spared", body, { DisableValidation: true, RetainExceptOnCreate: true });
      assert.equal((await stacks.settled("not-spared")).StackStatus, "ROLLBACK_COMPLETE");
      assert.deepEqual(await groups("/t/Spared"), []);
    });

    it("tags are checked", async () => {
      const tagged = (...Tags: { Key: string; Value: string }[]) => refusal(create("tagged", VPC, { Tags }));
      assert.match(
        await tagged({ Key: "aws:x", Value: "y" }),
        /aws: prefixed tag key names are not allowed for external use/,
      );
      assert.match(await tagged({ Key: "x", Value: "y" }, { Key: "x", Value: "z" }), /Duplicate tag keys found: x/);
      assert.match(
        await tagged(...Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "v" }))),
        /at 'tags' failed to satisfy constraint/,
      );
    });

    it("a stack whose creation failed without rollback is mended by an update", async () => {
      const body = `Resources:\n${group("Mended")}  Bad: {Type: AWS::SNS::Topic, DependsOn: Mended, Properties: {Nam: x}}`;
      await create("mended", body, { DisableValidation: true, DisableRollback: true });
      assert.equal((await stacks.settled("mended")).StackStatus, "CREATE_FAILED");
      await update("mended", body.replace("Nam:", "DisplayName:"));
      assert.equal((await stacks.settled("mended")).StackStatus, "UPDATE_COMPLETE");
      assert.deepEqual(
        (await stacks.resources("mended")).map(({ ResourceStatus }) => ResourceStatus),
        ["CREATE_COMPLETE", "CREATE_COMPLETE"],
      );
    });

    it("a time limit ends it", async () => {
      const body = `Resources:
  Db: {Type: AWS::RDS::DBInstance, DeletionPolicy: Delete, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true}}`;
      await create("slow", body, { TimeoutInMinutes: 1 });
      await lake.advance(60_001);
      const stack = await stacks.settled("slow");
      assert.equal(stack.StackStatus, "ROLLBACK_COMPLETE");
      assert.ok(
        (await stacks.told("slow", "slow")).includes(
          "slow ROLLBACK_IN_PROGRESS Stack creation time exceeded the specified timeout. Rollback requested by user.",
        ),
      );
    });

    it("is cut short by a deletion", async () => {
      const body = `Resources:
  Db: {Type: AWS::RDS::DBInstance, DeletionPolicy: Delete, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true}}`;
      const { StackId = "" } = await create("short", body);
      await stacks.client.send(new DeleteStackCommand({ StackName: "short" }));
      const stack = await stacks.settled(StackId);
      assert.equal(stack.StackStatus, "DELETE_COMPLETE");
      assert.deepEqual(await stacks.told(StackId, "short"), [
        "short CREATE_IN_PROGRESS User Initiated",
        "short DELETE_IN_PROGRESS User Initiated",
        "short DELETE_COMPLETE",
      ]);
    });

    it("dynamic references give the secret to the resource and to nobody else", async () => {
      const body = `Resources:
  Source: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: '{"password":"open sesame"}'}}
  Copy: {Type: AWS::SecretsManager::Secret, Properties: {Name: copy, SecretString: !Sub "{{resolve:secretsmanager:\${Source}:SecretString:password}}"}}`;
      await create("dynamic", body);
      assert.equal(
        (await stacks.settled("dynamic")).StackStatus,
        "CREATE_COMPLETE",
        (await stacks.told("dynamic")).join("\n"),
      );
      const secrets = new SecretsManagerClient(lake.config);
      assert.equal((await secrets.send(new GetSecretValueCommand({ SecretId: "copy" }))).SecretString, "open sesame");
      const shown = JSON.stringify(
        (await stacks.events("dynamic")).filter(({ LogicalResourceId }) => LogicalResourceId === "Copy"),
      );
      assert.doesNotMatch(shown, /open sesame/);
    });
  });
});
