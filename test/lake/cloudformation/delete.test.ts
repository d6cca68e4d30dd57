// Stacks deleted, exports between stacks, and what is asked of stacks and templates.
import { strict as assert } from "node:assert";
import {
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStacksCommand,
  UpdateStackCommand,
  type UpdateStackCommandInput,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { startTestLake, type TestLake } from "../harness.ts";
import { refusal, Stacks } from "./stacks.ts";

const VPC = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}";

/** A group of logs, as a line of a template. */
const group = (id: string, more = "") =>
  `  ${id}: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /t/${id}${more}}}\n`;

describe("stacks that go, and what is asked of them", () => {
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
