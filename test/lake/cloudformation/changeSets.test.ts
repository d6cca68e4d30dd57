// Change sets: what they tell, what makes them fail, and what becomes of them.
import { strict as assert } from "node:assert";
import {
  type Capability,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateLogGroupCommand, CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { startTestLake, type TestLake } from "../harness.ts";
import { refusal, Stacks } from "./stacks.ts";

const VPC = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}";

describe("change sets", () => {
  let lake: TestLake;
  let stacks: Stacks;
  before(async () => {
    lake = await startTestLake();
    stacks = new Stacks(lake);
  });
  after(() => lake.stop());

  it("of a new stack: it is reviewed, described, executed, and stands", async () => {
    const plan = await stacks.plan("fresh", VPC, { ChangeSetType: "CREATE", Description: "first" });
    assert.equal(plan.Status, "CREATE_COMPLETE");
    assert.equal(plan.ExecutionStatus, "AVAILABLE");
    assert.equal(plan.Description, "first");
    assert.equal((await stacks.describe("fresh")).StackStatus, "REVIEW_IN_PROGRESS");
    const [change] = plan.Changes ?? [];
    assert.deepEqual(
      [change?.ResourceChange?.Action, change?.ResourceChange?.LogicalResourceId, change?.ResourceChange?.ResourceType],
      ["Add", "Vpc", "AWS::EC2::VPC"],
    );
    assert.deepEqual(JSON.parse(change?.ResourceChange?.AfterContext ?? ""), {
      Properties: { CidrBlock: "10.0.0.0/16" },
    });
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: "plan", StackName: "fresh" }));
    const stack = await stacks.settled("fresh");
    assert.equal(stack.StackStatus, "CREATE_COMPLETE");
    assert.equal(stack.ChangeSetId, plan.ChangeSetId);
    assert.deepEqual(await stacks.told("fresh", "fresh"), [
      "fresh REVIEW_IN_PROGRESS User Initiated",
      "fresh CREATE_IN_PROGRESS User Initiated",
      "fresh CREATE_COMPLETE",
    ]);
  });

  it("an executed one is not executed again, but the same token says it was", async () => {
    const again = (token?: string) =>
      stacks.client.send(
        new ExecuteChangeSetCommand({ ChangeSetName: "again", StackName: "again", ClientRequestToken: token }),
      );
    await stacks.plan("again", VPC, { ChangeSetType: "CREATE", ChangeSetName: "again" });
    await again("one");
    await again("one");
    await stacks.settled("again");
    assert.match(
      await refusal(again("two")),
      /^InvalidChangeSetStatusException: ChangeSet .* cannot be executed in its current status/,
    );
  });

  it("without changes it FAILS with AWS's sentence", async () => {
    await stacks.deploy("same", VPC, { ChangeSetType: "CREATE" });
    const plan = await stacks.plan("same", `# another comment\n${VPC}`);
    assert.equal(plan.Status, "FAILED");
    assert.equal(plan.ExecutionStatus, "UNAVAILABLE");
    assert.equal(
      plan.StatusReason,
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    );
    await stacks.client.send(new DeleteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    assert.match(
      await refusal(stacks.client.send(new DescribeChangeSetCommand({ ChangeSetName: plan.ChangeSetId }))),
      /^ChangeSetNotFoundException: ChangeSet \[arn.*\] does not exist$/,
    );
  });

  it("of an update: added, modified and removed, each with its cause", async () => {
    const before = `
Parameters: {Zone: {Type: String, Default: us-east-1a}, Public: {Type: String, Default: "false"}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: !Ref Public}}
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Queue.QueueName}}`;
    await stacks.deploy("changing", before, { ChangeSetType: "CREATE" });
    const after = before
      .replace("CidrBlock: 10.0.0.0/16", "CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true")
      .replace("  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt Queue.QueueName}}", "")
      .concat("\n  Gateway: {Type: AWS::EC2::InternetGateway}");
    const plan = await stacks.plan("changing", after, {
      Parameters: [
        { ParameterKey: "Zone", UsePreviousValue: true },
        { ParameterKey: "Public", ParameterValue: "true" },
      ],
    });
    const told = (plan.Changes ?? []).map(({ ResourceChange: change }) => [
      change?.Action,
      change?.LogicalResourceId,
      change?.Replacement ?? change?.PolicyAction,
      change?.Scope?.join(),
      change?.Details?.map(({ Target, ChangeSource, CausingEntity, Evaluation }) =>
        [
          Target?.Name,
          Target?.BeforeValue,
          Target?.AfterValue,
          Target?.RequiresRecreation,
          ChangeSource,
          CausingEntity,
          Evaluation,
        ].join(" "),
      ).join(),
    ]);
    assert.deepEqual(told, [
      ["Add", "Gateway", undefined, "", ""],
      [
        "Modify",
        "Subnet",
        "False",
        "Properties",
        "MapPublicIpOnLaunch false true Never ParameterReference Public Static",
      ],
      ["Remove", "Topic", "Delete", "", ""],
      ["Modify", "Vpc", "False", "Properties", "EnableDnsHostnames  true Never DirectModification  Static"],
    ]);
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    assert.equal((await stacks.settled("changing")).StackStatus, "UPDATE_COMPLETE");
    const events = await stacks.told("changing");
    assert.deepEqual(
      events
        .slice(events.indexOf("changing UPDATE_IN_PROGRESS User Initiated"))
        .filter((line) => /^(changing|Topic)/.test(line)),
      [
        "changing UPDATE_IN_PROGRESS User Initiated",
        "changing UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "Topic DELETE_IN_PROGRESS",
        "Topic DELETE_COMPLETE",
        "changing UPDATE_COMPLETE",
      ],
    );
    assert.deepEqual(
      (await stacks.resources("changing")).map(({ LogicalResourceId }) => LogicalResourceId),
      ["Gateway", "Queue", "Subnet", "Vpc"],
    );
  });

  it("that needs a replacement FAILS, and says which resource and why", async () => {
    await stacks.deploy("fixed", VPC, { ChangeSetType: "CREATE" });
    const plan = await stacks.plan("fixed", VPC.replace("10.0", "10.1"));
    assert.equal(plan.Status, "FAILED");
    assert.equal(
      plan.StatusReason,
      "The local lake does not implement replacement: Vpc (AWS::EC2::VPC) would be replaced, because CidrBlock changes.",
    );
    assert.equal(plan.Changes?.[0]?.ResourceChange?.Replacement, "True");
    const other = await stacks.plan("fixed", "Resources: {Vpc: {Type: AWS::SNS::Topic}}", { ChangeSetName: "other" });
    assert.match(
      other.StatusReason ?? "",
      /Vpc \(AWS::EC2::VPC\) would be replaced, because its Type changes to AWS::SNS::Topic\.$/,
    );
  });

  it("with wrong properties FAILS and names each; DescribeEvents gives their paths", async () => {
    const body = `
Resources:
  Lake: {Type: AWS::S3::Bucket, Properties: {BucketNam: x, VersioningConfiguration: {Status: "On"}}}
  Job: {Type: AWS::Glue::Job, Properties: {Role: r, GlueVersion: "9.9", Command: {Name: glueetl, ScriptLocation: nope}}}
  Role: {Type: AWS::IAM::Role, Properties: {Path: /x/}}`;
    const plan = await stacks.plan("wrong", body, { ChangeSetType: "CREATE", Capabilities: ["CAPABILITY_IAM"] });
    assert.equal(plan.Status, "FAILED");
    assert.equal(
      plan.StatusReason,
      "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation].\n" +
        "Properties validation failed for resource Lake with message:\n" +
        "#: extraneous key [BucketNam] is not permitted\n" +
        "#/VersioningConfiguration/Status: On is not a valid enum value\n" +
        "Properties validation failed for resource Job with message:\n" +
        "#/GlueVersion: 9.9 is not a valid enum value\n" +
        "#/Command/ScriptLocation: string [nope] does not match pattern ^s3:\\/\\/[^/]+\\/.+$\n" +
        "Properties validation failed for resource Role with message:\n" +
        "#: required key [AssumeRolePolicyDocument] not found",
    );
    const { OperationEvents } = await stacks.client.send(
      new DescribeEventsCommand({ ChangeSetName: plan.ChangeSetId }),
    );
    assert.deepEqual(
      OperationEvents?.map(({ EventType, ValidationName, ValidationPath }) => [
        EventType,
        ValidationName,
        ValidationPath,
      ]),
      [
        ["VALIDATION_ERROR", "PROPERTY_VALIDATION", "/Resources/Lake/Properties"],
        ["VALIDATION_ERROR", "PROPERTY_VALIDATION", "/Resources/Lake/Properties/VersioningConfiguration/Status"],
        ["VALIDATION_ERROR", "PROPERTY_VALIDATION", "/Resources/Job/Properties/GlueVersion"],
        ["VALIDATION_ERROR", "PROPERTY_VALIDATION", "/Resources/Job/Properties/Command/ScriptLocation"],
        ["VALIDATION_ERROR", "PROPERTY_VALIDATION", "/Resources/Role/Properties"],
      ],
    );
    assert.match(
      await refusal(stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }))),
      /cannot be executed in its current status of \[FAILED\]/,
    );
  });

  it("with a property that the lake does not implement FAILS by name", async () => {
    const body = "Resources: {Group: {Type: AWS::Logs::LogGroup, Properties: {KmsKeyId: k}}}";
    const plan = await stacks.plan("unmade", body, { ChangeSetType: "CREATE" });
    assert.equal(
      plan.StatusReason,
      "The local lake does not implement property KmsKeyId of AWS::Logs::LogGroup (resource Group).",
    );
    const ssm = "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: '{{resolve:ssm:/a/b}}'}}}";
    const dynamic = await stacks.plan("dynamic", ssm, { ChangeSetType: "CREATE" });
    assert.match(
      dynamic.StatusReason ?? "",
      /does not implement dynamic references \{\{resolve:ssm:\.\.\.\}\} of AWS::SNS::Topic/,
    );
  });

  it("with a name that is taken FAILS", async () => {
    await new CloudWatchLogsClient(lake.config).send(new CreateLogGroupCommand({ logGroupName: "/mine" }));
    const body = "Resources: {Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /mine}}}";
    const plan = await stacks.plan("taken", body, { ChangeSetType: "CREATE" });
    assert.equal(
      plan.StatusReason,
      "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck].\n" +
        "Resource of type 'AWS::Logs::LogGroup' with identifier '/mine' already exists.",
    );
  });

  it("faults of the template or its parameters are refused at once", async () => {
    const make = (TemplateBody: string, rest = {}) =>
      refusal(stacks.plan("refused", TemplateBody, { ChangeSetType: "CREATE", ...rest }));
    assert.equal(
      await make("Resources: {A: {Type: AWS::S3::Buckett}, B: {Type: My::Own::Type}}"),
      "ValidationError: Template format error: Unrecognized resource types: [AWS::S3::Buckett, My::Own::Type]",
    );
    assert.equal(
      await make(
        "Resources: {A: {Type: AWS::S3::Bucket}, B: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.Name}}}",
      ),
      "ValidationError: Template error: resource A does not support attribute type Name in Fn::GetAtt",
    );
    assert.match(
      await make("Resources: {A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: x}}}"),
      /does not implement resources of type AWS::CloudFormation::Stack/,
    );
    assert.match(
      await make("Resources: {A: {Type: 'Custom::Thing', Properties: {ServiceToken: x}}}"),
      /does not implement resources of type Custom::Thing/,
    );
    assert.equal(
      await make("Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !ImportValue none}}}"),
      "ValidationError: No export named none found.",
    );
    assert.equal(
      await make(VPC, { Parameters: [{ ParameterKey: "X", ParameterValue: "1" }] }),
      "ValidationError: Parameters: [X] do not exist in the template",
    );
    assert.equal(
      await make(VPC, { TemplateURL: "https://s3.amazonaws.com/b/k" }),
      "ValidationError: Only one of TemplateBody, TemplateURL or UsePreviousTemplate may be specified.",
    );
    assert.equal(
      await make(VPC, { TemplateBody: undefined }),
      "ValidationError: Either Template URL or Template Body must be specified.",
    );
    assert.match(
      await make(VPC, { RoleARN: "arn:aws:iam::000000000000:role/x" }),
      /does not implement cloudformation:CreateChangeSet with RoleARN/,
    );
    assert.match(await make(VPC, { ChangeSetType: "IMPORT" }), /does not implement change sets of type IMPORT/);
    assert.match(await make(VPC, { ChangeSetName: "1st" }), /at 'changeSetName' failed to satisfy constraint/);
    assert.match(await make(VPC, { StackName: "a_b" }), /at 'stackName' failed to satisfy constraint/);
    // None of this left a stack behind.
    assert.match(await refusal(stacks.describe("refused")), /Stack with id refused does not exist/);
  });

  it("capabilities must be acknowledged, named ones by their own", async () => {
    const role = (name: string) =>
      `Resources: {R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}${name}}}}`;
    let made = 0;
    const make = (body: string, Capabilities: Capability[]) =>
      stacks.plan(`iam${++made}`, body, { ChangeSetType: "CREATE", Capabilities });
    assert.equal(
      await refusal(make(role(""), [])),
      "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]",
    );
    assert.equal((await make(role(""), ["CAPABILITY_IAM"])).Status, "CREATE_COMPLETE");
    assert.equal(
      await refusal(make(role(", RoleName: r"), ["CAPABILITY_IAM"])),
      "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]",
    );
    assert.equal((await make(role(""), ["CAPABILITY_NAMED_IAM"])).Status, "CREATE_COMPLETE");
  });

  it("51,200 bytes is the limit of a body, and S3 takes more", async () => {
    const exact = `${VPC}\n#${"x".repeat(51_200 - VPC.length - 2)}`;
    assert.equal(exact.length, 51_200);
    assert.equal((await stacks.plan("large", exact, { ChangeSetType: "CREATE" })).Status, "CREATE_COMPLETE");
    assert.match(
      await refusal(stacks.plan("large", `${exact}x`, { ChangeSetType: "CREATE", ChangeSetName: "larger" })),
      /^ValidationError: 1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200$/,
    );
    const s3 = new S3Client({ ...lake.config, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "templates" }));
    await s3.send(new PutObjectCommand({ Bucket: "templates", Key: "a b/lake.yaml", Body: `${exact}x` }));
    await s3.send(
      new PutObjectCommand({ Bucket: "templates", Key: "huge.yaml", Body: `#${"x".repeat(1_048_576)}\n${VPC}` }),
    );
    for (const [index, TemplateURL] of [
      `${lake.endpoint}/templates/a%20b/lake.yaml`,
      "https://s3.us-east-1.amazonaws.com/templates/a%20b/lake.yaml",
      "https://templates.s3.us-east-1.amazonaws.com/a%20b/lake.yaml",
      "https://templates.s3.amazonaws.com/a%20b/lake.yaml",
    ].entries()) {
      const plan = await stacks.plan("url", "", {
        TemplateBody: undefined,
        TemplateURL,
        ChangeSetType: "CREATE",
        ChangeSetName: `u${index}`,
      });
      assert.equal(plan.Status, "CREATE_COMPLETE", TemplateURL);
    }
    const from = (TemplateURL: string) =>
      refusal(
        stacks.plan("url", "", { TemplateBody: undefined, TemplateURL, ChangeSetType: "CREATE", ChangeSetName: "bad" }),
      );
    assert.match(await from(`${lake.endpoint}/templates/huge.yaml`), /is too large\. The maximum is 1048576 bytes/);
    assert.match(
      await from(`${lake.endpoint}/templates/none.yaml`),
      /^ValidationError: S3 error: The specified key does not exist/,
    );
    assert.equal(await from("https://example.com/lake.yaml"), "ValidationError: TemplateURL must be a supported URL.");
  });

  it("values of NoEcho parameters are shown nowhere", async () => {
    const body = `
Parameters: {Word: {Type: String, NoEcho: true}}
Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub "hush \${Word}"}}}`;
    const plan = await stacks.plan("hush", body, {
      ChangeSetType: "CREATE",
      Parameters: [{ ParameterKey: "Word", ParameterValue: "xyzzy" }],
    });
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    const stack = await stacks.settled("hush");
    assert.equal(stack.StackStatus, "CREATE_COMPLETE");
    assert.deepEqual(stack.Parameters, [{ ParameterKey: "Word", ParameterValue: "****" }]);
    const shown = JSON.stringify([plan, stack, await stacks.events("hush")]);
    assert.doesNotMatch(shown, /xyzzy/);
    assert.match(shown, /hush \*{4}/);
  });

  it("are listed newest first, deleted, and gone once another one was executed", async () => {
    await stacks.deploy("many", VPC, { ChangeSetType: "CREATE" });
    const list = async () =>
      (await stacks.client.send(new ListChangeSetsCommand({ StackName: "many" }))).Summaries?.map(
        ({ ChangeSetName, ExecutionStatus }) => `${ChangeSetName} ${ExecutionStatus}`,
      );
    const changed = VPC.replace("10.0.0.0/16", "10.0.0.0/16, EnableDnsSupport: true");
    for (const ChangeSetName of ["one", "two", "three"]) await stacks.plan("many", changed, { ChangeSetName });
    assert.deepEqual((await list())?.slice(0, 3), ["three AVAILABLE", "two AVAILABLE", "one AVAILABLE"]);
    await stacks.client.send(new DeleteChangeSetCommand({ StackName: "many", ChangeSetName: "two" }));
    await stacks.client.send(new ExecuteChangeSetCommand({ StackName: "many", ChangeSetName: "one" }));
    await stacks.settled("many");
    assert.deepEqual(await list(), ["one EXECUTE_COMPLETE"]);
  });

  it("the same client token makes the same change set, without one the name is taken", async () => {
    const make = (ClientToken?: string) =>
      stacks.client.send(
        new CreateChangeSetCommand({
          StackName: "token",
          ChangeSetName: "c",
          ChangeSetType: "CREATE",
          TemplateBody: VPC,
          ClientToken,
        }),
      );
    const [first, second] = [await make("t"), await make("t")];
    assert.equal(first.Id, second.Id);
    assert.match(await refusal(make()), /^AlreadyExistsException: ChangeSet c/);
  });

  it("a stack under review is there for the next change set, takes no update, and can be deleted", async () => {
    await stacks.plan("review", VPC, { ChangeSetType: "CREATE", ChangeSetName: "one" });
    await stacks.plan("review", VPC, { ChangeSetType: "CREATE", ChangeSetName: "two" });
    assert.match(
      await refusal(stacks.plan("review", VPC)),
      /^ValidationError: Stack:arn.* is in REVIEW_IN_PROGRESS state and can not be updated\.$/,
    );
    assert.match(
      await refusal(stacks.client.send(new CreateStackCommand({ StackName: "review", TemplateBody: VPC }))),
      /^AlreadyExistsException: Stack \[review\] already exists$/,
    );
    const { StackId } = await stacks.describe("review");
    await stacks.client.send(new DeleteStackCommand({ StackName: "review" }));
    assert.equal((await stacks.settled(StackId ?? "")).StackStatus, "DELETE_COMPLETE");
    assert.match(await refusal(stacks.describe("review")), /Stack with id review does not exist/);
  });

  it("of a stack that is not there, or there already, is refused", async () => {
    assert.equal(await refusal(stacks.plan("nowhere", VPC)), "ValidationError: Stack [nowhere] does not exist");
    await stacks.deploy("there", VPC, { ChangeSetType: "CREATE" });
    assert.equal(
      await refusal(stacks.plan("there", VPC, { ChangeSetType: "CREATE" })),
      "ValidationError: Stack [there] already exists and cannot be created again with the changeSet [plan].",
    );
    assert.equal(
      await refusal(stacks.client.send(new DescribeChangeSetCommand({ ChangeSetName: "plan" }))),
      "ValidationError: StackName must be specified if ChangeSetName is not specified as an ARN.",
    );
  });
});
