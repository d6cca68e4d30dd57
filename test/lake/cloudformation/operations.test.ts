// Stacks made, changed and deleted: what happens in which order, what is undone on failure, what is refused.
import { strict as assert } from "node:assert";
import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStacksCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  type UpdateStackCommandInput,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { startTestLake, type TestLake } from "../harness.ts";
import { refusal, Stacks } from "./stacks.ts";

const VPC = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}";
const RECORDED = "Recorded by the local lake; nothing real stands behind it.";

/** A group of logs; `broken` gives it a property that only its creation finds wrong, since validation is off. */
const group = (id: string, more = "") =>
  `  ${id}: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /t/${id}${more}}}\n`;

describe("stack operations", () => {
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

  describe("update", () => {
    it("changes in place, keeps physical ids, and says when there is nothing to do", async () => {
      await create("place", `Resources:\n${group("Place", ", RetentionInDays: 7")}`);
      await stacks.settled("place");
      const changed = `Resources:\n${group("Place", ", RetentionInDays: 14")}`;
      await update("place", changed);
      assert.equal((await stacks.settled("place")).StackStatus, "UPDATE_COMPLETE");
      const [found] =
        (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/t/Place" }))).logGroups ?? [];
      assert.equal(found?.retentionInDays, 14);
      assert.equal(await refusal(update("place", changed)), "ValidationError: No updates are to be performed.");
      assert.equal(await refusal(update("nowhere", changed)), "ValidationError: Stack [nowhere] does not exist");
      const { TemplateBody } = await stacks.client.send(new GetTemplateCommand({ StackName: "place" }));
      assert.equal(TemplateBody, changed);
    });

    it("with the previous template, and of outputs or tags alone", async () => {
      const body =
        "Parameters: {Name: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}";
      const named = (ParameterValue: string) => ({ Parameters: [{ ParameterKey: "Name", ParameterValue }] });
      await create("previous", body, named("a"));
      await stacks.settled("previous");
      await stacks.client.send(
        new UpdateStackCommand({ StackName: "previous", UsePreviousTemplate: true, ...named("b") }),
      );
      assert.deepEqual((await stacks.settled("previous")).Parameters, [{ ParameterKey: "Name", ParameterValue: "b" }]);
      const previous = { Parameters: [{ ParameterKey: "Name", UsePreviousValue: true }] };
      await update("previous", `${body}\nOutputs: {Name: {Value: !Ref Name}}`, previous);
      assert.deepEqual((await stacks.settled("previous")).Outputs, [{ OutputKey: "Name", OutputValue: "b" }]);
      await stacks.client.send(
        new UpdateStackCommand({
          StackName: "previous",
          UsePreviousTemplate: true,
          ...previous,
          Tags: [{ Key: "a", Value: "b" }],
        }),
      );
      const tagged = await stacks.settled("previous");
      assert.equal(tagged.StackStatus, "UPDATE_COMPLETE");
      assert.deepEqual(tagged.Tags, [{ Key: "a", Value: "b" }]);
    });

    it("that fails goes back: changes undone, what was new deleted, what was to go still there", async () => {
      const before = `Resources:\n${group("Old", ", RetentionInDays: 7")}${group("Going")}`;
      await create("back", before, { Tags: [{ Key: "v", Value: "1" }] });
      await stacks.settled("back");
      const after = `Resources:\n${group("Old", ", RetentionInDays: 14")}${group("New").replace("Type:", "DependsOn: Old, Type:")}  Bad: {Type: AWS::SNS::Topic, DependsOn: New, Properties: {Nam: x}}`;
      await update("back", after, { DisableValidation: true, Tags: [{ Key: "v", Value: "2" }] });
      const stack = await stacks.settled("back");
      assert.equal(stack.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.deepEqual(stack.Tags, [{ Key: "v", Value: "1" }]);
      const told = await stacks.told("back");
      assert.deepEqual(told.slice(told.findIndex((line) => line.startsWith("Bad CREATE_FAILED")) + 1), [
        "back UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad].",
        ...undone(told),
        "back UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "Bad DELETE_COMPLETE",
        "New DELETE_IN_PROGRESS",
        "New DELETE_COMPLETE",
        "back UPDATE_ROLLBACK_COMPLETE",
      ]);
      const found = (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/t/" }))).logGroups ?? [];
      assert.deepEqual(
        found
          .filter(({ logGroupName }) => /Old|New|Going/.test(logGroupName ?? ""))
          .map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]),
        [
          ["/t/Going", undefined],
          ["/t/Old", 7],
        ],
      );
      const { TemplateBody } = await stacks.client.send(new GetTemplateCommand({ StackName: "back" }));
      assert.equal(TemplateBody, before);
      assert.equal(
        await refusal(update("back", before, { Tags: [{ Key: "v", Value: "1" }] })),
        "ValidationError: No updates are to be performed.",
      );
    });

    /** The events of resources taken back, in whichever order they came. */
    function undone(told: readonly string[]): string[] {
      const from = told.findIndex((line) => line.startsWith("back UPDATE_ROLLBACK_IN_PROGRESS"));
      const to = told.findIndex((line) => line.startsWith("back UPDATE_ROLLBACK_COMPLETE_CLEANUP"));
      const lines = told.slice(from + 1, to);
      assert.deepEqual(
        lines.toSorted(),
        ["Going UPDATE_COMPLETE", "Going UPDATE_IN_PROGRESS", "Old UPDATE_COMPLETE", "Old UPDATE_IN_PROGRESS"].filter(
          (line) => lines.includes(line),
        ),
      );
      assert.ok(lines.includes("Old UPDATE_COMPLETE"));
      return lines;
    }

    it("whose undoing fails waits for ContinueUpdateRollback, which may skip", async () => {
      const body = (days: number, bad = "") => `Resources:\n${group("Stuck", `, RetentionInDays: ${days}`)}${bad}`;
      const bad = "  Bad: {Type: AWS::SNS::Topic, DependsOn: Stuck, Properties: {Nam: x}}";
      await create("stuck", body(7));
      await stacks.settled("stuck");
      await update("stuck", body(14, bad), { DisableValidation: true, DisableRollback: true });
      assert.equal((await stacks.settled("stuck")).StackStatus, "UPDATE_FAILED");
      await logs.send(new DeleteLogGroupCommand({ logGroupName: "/t/Stuck" }));
      await stacks.client.send(new RollbackStackCommand({ StackName: "stuck" }));
      const failed = await stacks.settled("stuck");
      assert.equal(failed.StackStatus, "UPDATE_ROLLBACK_FAILED");
      assert.equal(failed.StackStatusReason, "The following resource(s) failed to update: [Stuck]. ");
      assert.match(
        await refusal(update("stuck", body(7))),
        /is in UPDATE_ROLLBACK_FAILED state and can not be updated/,
      );
      await stacks.client.send(new ContinueUpdateRollbackCommand({ StackName: "stuck", ResourcesToSkip: ["Stuck"] }));
      assert.equal((await stacks.settled("stuck")).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    });

    it("can be cancelled while it runs", async () => {
      const before = `Resources:\n${group("Calm")}`;
      await create("calm", before);
      await stacks.settled("calm");
      const after = `${before}  Db: {Type: AWS::RDS::DBInstance, DeletionPolicy: Delete, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true}}`;
      await update("calm", after);
      assert.match(await refusal(update("calm", before)), /is in UPDATE_IN_PROGRESS state and can not be updated/);
      assert.match(
        await refusal(stacks.client.send(new DeleteStackCommand({ StackName: "calm" }))),
        /is in UPDATE_IN_PROGRESS state and can not be deleted/,
      );
      await stacks.client.send(new CancelUpdateStackCommand({ StackName: "calm" }));
      assert.equal((await stacks.settled("calm")).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.ok((await stacks.told("calm", "calm")).includes("calm UPDATE_ROLLBACK_IN_PROGRESS User Initiated"));
      assert.deepEqual(
        (await stacks.resources("calm")).map(({ LogicalResourceId }) => LogicalResourceId),
        ["Calm"],
      );
      assert.match(
        await refusal(stacks.client.send(new CancelUpdateStackCommand({ StackName: "calm" }))),
        /CancelUpdateStack cannot be called from current stack status/,
      );
    });
  });

  describe("delete", () => {
    it("keeps what DeletionPolicy keeps, and still lists what it had", async () => {
      const body = `Resources:\n${group("Stays").replace("Type:", "DeletionPolicy: Retain, Type:")}${group("Goes")}`;
      const { StackId = "" } = await create("keeping", body);
      await stacks.settled("keeping");
      await stacks.client.send(new DeleteStackCommand({ StackName: "keeping" }));
      assert.equal((await stacks.settled(StackId)).StackStatus, "DELETE_COMPLETE");
      assert.deepEqual(await groups("/t/Stays"), ["/t/Stays"]);
      assert.deepEqual(await groups("/t/Goes"), []);
      assert.deepEqual(
        (await stacks.resources(StackId)).map(({ LogicalResourceId, ResourceStatus }) => [
          LogicalResourceId,
          ResourceStatus,
        ]),
        [
          ["Goes", "DELETE_COMPLETE"],
          ["Stays", "DELETE_SKIPPED"],
        ],
      );
      // Again is no error, and a name that was deleted is free.
      await stacks.client.send(new DeleteStackCommand({ StackName: "keeping" }));
      await stacks.client.send(new DeleteStackCommand({ StackName: StackId }));
      await logs.send(new DeleteLogGroupCommand({ logGroupName: "/t/Stays" }));
      await create("keeping", body.replace("DeletionPolicy: Retain, ", ""));
      assert.equal((await stacks.settled("keeping")).StackStatus, "CREATE_COMPLETE");
    });

    it("that fails says of what, and goes on with RetainResources", async () => {
      // A workgroup that has queries goes only with RecursiveDeleteOption.
      const body = `Resources:
  Group: {Type: AWS::Athena::WorkGroup, Properties: {Name: full}}
  Topic: {Type: AWS::SNS::Topic}`;
      const { StackId = "" } = await create("full", body);
      await stacks.settled("full");
      const other =
        "Resources: {Query: {Type: AWS::Athena::NamedQuery, Properties: {Name: q, Database: d, WorkGroup: full, QueryString: SELECT 1}}}";
      await create("query", other);
      await stacks.settled("query");
      await stacks.client.send(new DeleteStackCommand({ StackName: "full" }));
      const failed = await stacks.settled(StackId);
      assert.equal(failed.StackStatus, "DELETE_FAILED");
      assert.equal(failed.StackStatusReason, "The following resource(s) failed to delete: [Group]. ");
      assert.match((await stacks.told(StackId, "Group")).at(-1) ?? "", /^Group DELETE_FAILED .*WorkGroup/);
      await stacks.client.send(new DeleteStackCommand({ StackName: "full", RetainResources: ["Group"] }));
      assert.equal((await stacks.settled(StackId)).StackStatus, "DELETE_COMPLETE");
      assert.match(
        await refusal(stacks.client.send(new DeleteStackCommand({ StackName: "query", RetainResources: ["Query"] }))),
        /specify which resources to retain only when the stack is in the DELETE_FAILED state/,
      );
    });

    it("the default policy of a database is a snapshot, which the lake refuses by name", async () => {
      const body = `Resources:
  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true}}`;
      const { StackId = "" } = await create("snapshot", body);
      assert.equal((await stacks.settled("snapshot")).StackStatus, "CREATE_COMPLETE");
      await stacks.client.send(new DeleteStackCommand({ StackName: "snapshot" }));
      const stack = await stacks.settled(StackId);
      assert.equal(stack.StackStatus, "DELETE_FAILED");
      assert.match(
        (await stacks.told(StackId, "Db")).at(-1) ?? "",
        /does not implement the snapshot of AWS::RDS::DBInstance/,
      );
    });

    it("termination protection forbids it", async () => {
      await create("protected", VPC, { EnableTerminationProtection: true });
      await stacks.settled("protected");
      assert.equal(
        await refusal(stacks.client.send(new DeleteStackCommand({ StackName: "protected" }))),
        "ValidationError: Stack [protected] cannot be deleted while TerminationProtection is enabled",
      );
      await stacks.client.send(
        new UpdateTerminationProtectionCommand({ StackName: "protected", EnableTerminationProtection: false }),
      );
      const { StackId = "" } = await stacks.describe("protected");
      await stacks.client.send(new DeleteStackCommand({ StackName: "protected" }));
      assert.equal((await stacks.settled(StackId)).StackStatus, "DELETE_COMPLETE");
    });
  });

  describe("exports", () => {
    const exporting = (value: string) =>
      `${VPC}\nOutputs: {Id: {Value: ${value}, Export: {Name: !Sub "\${AWS::StackName}-vpc"}}}`;
    const importing =
      "Resources: {Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !ImportValue out-vpc, CidrBlock: 10.0.0.0/24}}}";

    it("are imported, listed, and kept while they are used", async () => {
      await create("out", exporting("!Ref Vpc"));
      const { Outputs } = await stacks.settled("out");
      assert.equal(Outputs?.[0]?.ExportName, "out-vpc");
      await create("in", importing);
      assert.equal((await stacks.settled("in")).StackStatus, "CREATE_COMPLETE");
      const { Exports } = await stacks.client.send(new ListExportsCommand({}));
      assert.deepEqual(
        Exports?.map(({ Name, Value }) => [Name, Value]),
        [["out-vpc", Outputs?.[0]?.OutputValue]],
      );
      assert.deepEqual((await stacks.client.send(new ListImportsCommand({ ExportName: "out-vpc" }))).Imports, ["in"]);

      await stacks.client.send(new DeleteStackCommand({ StackName: "out" }));
      const kept = await stacks.settled("out");
      assert.equal(kept.StackStatus, "CREATE_COMPLETE");
      assert.equal(kept.StackStatusReason, "Delete canceled. Cannot delete export out-vpc as it is in use by in.");

      await update("out", exporting("another"));
      const back = await stacks.settled("out");
      assert.equal(back.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.ok(
        (await stacks.told("out", "out")).includes(
          "out UPDATE_ROLLBACK_IN_PROGRESS Update canceled. Cannot update export out-vpc as it is in use by in.",
        ),
      );
    });

    it("of one name belong to one stack", async () => {
      await create("twin", `${VPC}\nOutputs: {Id: {Value: x, Export: {Name: out-vpc}}}`);
      assert.equal((await stacks.settled("twin")).StackStatus, "ROLLBACK_COMPLETE");
      assert.ok(
        (await stacks.told("twin", "twin")).includes(
          "twin ROLLBACK_IN_PROGRESS Export with name out-vpc is already exported by stack out. Rollback requested by user.",
        ),
      );
    });

    it("go once nobody uses them", async () => {
      for (const name of ["in", "out"]) {
        const { StackId = "" } = await stacks.describe(name);
        await stacks.client.send(new DeleteStackCommand({ StackName: name }));
        assert.equal((await stacks.settled(StackId)).StackStatus, "DELETE_COMPLETE");
      }
      assert.deepEqual((await stacks.client.send(new ListExportsCommand({}))).Exports, []);
      assert.match(
        await refusal(stacks.client.send(new ListImportsCommand({ ExportName: "out-vpc" }))),
        /Export 'out-vpc' is not imported by any stack/,
      );
    });
  });

  describe("what is asked of stacks", () => {
    it("events come in pages, newest first", async () => {
      const many = `Resources: {${Array.from({ length: 60 }, (_, index) => `T${index}: {Type: AWS::SNS::Topic}`).join(", ")}}`;
      await create("many", many);
      await stacks.settled("many");
      const page = await stacks.client.send(new DescribeStackEventsCommand({ StackName: "many" }));
      assert.equal(page.StackEvents?.length, 100);
      assert.equal(page.StackEvents?.[0]?.ResourceStatus, "CREATE_COMPLETE");
      assert.equal((await stacks.events("many")).length, 2 + 60 * 3);
      assert.equal((await stacks.resources("many")).length, 60);
      assert.match(
        await refusal(stacks.client.send(new DescribeStackEventsCommand({ StackName: "many", NextToken: "zzz" }))),
        /NextToken is invalid/,
      );
    });

    it("stacks are listed by status, deleted ones among them, and described by id", async () => {
      const statuses = async (StackStatusFilter: "DELETE_COMPLETE"[] | undefined) =>
        new Set(
          (await stacks.client.send(new ListStacksCommand({ StackStatusFilter }))).StackSummaries?.map(
            ({ StackStatus }) => StackStatus,
          ),
        );
      assert.deepEqual([...(await statuses(["DELETE_COMPLETE"]))], ["DELETE_COMPLETE"]);
      assert.ok((await statuses(undefined)).size > 3);
      const { Stacks: all } = await stacks.client.send(new DescribeStacksCommand({}));
      assert.ok(all?.every(({ StackStatus }) => StackStatus !== "DELETE_COMPLETE"));
      assert.equal(await refusal(stacks.describe("nobody")), "ValidationError: Stack with id nobody does not exist");
      assert.equal(await refusal(stacks.events("nobody")), "ValidationError: Stack [nobody] does not exist");
    });

    it("a template is validated and summarised", async () => {
      const TemplateBody = `
Description: one
Metadata: {About: it}
Parameters: {Name: {Type: String, Default: x, Description: of it, AllowedValues: [x, y]}, Word: {Type: String, NoEcho: true}}
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Topic: {Type: AWS::SNS::Topic}`;
      const valid = await stacks.client.send(new ValidateTemplateCommand({ TemplateBody }));
      assert.deepEqual(valid.Parameters, [
        { ParameterKey: "Name", DefaultValue: "x", NoEcho: false, Description: "of it" },
        { ParameterKey: "Word", NoEcho: true },
      ]);
      assert.deepEqual(valid.Capabilities, ["CAPABILITY_IAM"]);
      assert.equal(valid.CapabilitiesReason, "The following resource(s) require capabilities: [AWS::IAM::Role]");
      const summary = await stacks.client.send(new GetTemplateSummaryCommand({ TemplateBody }));
      assert.deepEqual(summary.ResourceTypes, ["AWS::IAM::Role", "AWS::SNS::Topic"]);
      assert.deepEqual(summary.Parameters?.[0]?.ParameterConstraints?.AllowedValues, ["x", "y"]);
      assert.equal(summary.Metadata, '{"About":"it"}');
      assert.equal(
        await refusal(stacks.client.send(new ValidateTemplateCommand({ TemplateBody: "Resources:\n  A: {Type: [x}" }))),
        "ValidationError: Template format error: YAML not well-formed. (line 2, column 15)",
      );
      assert.equal(
        (await stacks.client.send(new GetTemplateSummaryCommand({ StackName: "many" }))).ResourceTypes?.length,
        1,
      );
    });

    it("what the lake does not have is refused by name", async () => {
      const said = await refusal(stacks.client.send(new DetectStackDriftCommand({ StackName: "many" })));
      assert.equal(said, "NotImplemented: The local lake does not implement cloudformation:DetectStackDrift.");
    });
  });
});
