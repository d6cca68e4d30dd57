// Each live type made to fail, by its engine or by what it is told: the stack ends in ROLLBACK_COMPLETE with that reason, and nothing is left.
import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:net";
import { CreateStackCommand, DeleteStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { EVERY_ID, EVERY_KIND, left, postgresServers } from "./left.ts";
import { Stacks } from "./stacks.ts";

/** Stands before what fails, so that every kind of resource has to go again. */
const ALL = `[${EVERY_ID.join(", ")}]`;

const instance = (more = "") =>
  `{Type: AWS::RDS::DBInstance, DependsOn: ${ALL}, DeletionPolicy: Delete, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true${more}}}`;
const resource = (type: string, properties: string, needs = ALL) =>
  `{Type: ${type}, DependsOn: ${needs}, Properties: {${properties}}}`;

/** What fails, and what its reason says. */
const FAILURES: readonly [name: string, body: string, reason: RegExp][] = [
  [
    "a bucket whose name is taken",
    resource("AWS::S3::Bucket", "BucketName: !Ref Bucket"),
    /'AWS::S3::Bucket' with identifier '[a-z0-9-]+' already exists/,
  ],
  [
    "a bucket with a wrong property",
    resource("AWS::S3::Bucket", 'VersioningConfiguration: {Status: "On"}'),
    /^Properties validation failed for resource Failing with message:\n#\/VersioningConfiguration\/Status: On is not a valid enum value$/,
  ],
  ["a database on a port that is taken", instance(", Port: PORT"), /[Pp]ort PORT|PORT.*(in use|taken|held)/],
  [
    "a database of a version that is not there",
    instance(", EngineVersion: '9.9'"),
    /Cannot find version 9\.9 for postgres/,
  ],
  ["a database without a password", instance().replace(", ManageMasterUserPassword: true", ""), /[Pp]assword/],
  [
    "a secret that is told two things",
    resource("AWS::SecretsManager::Secret", "SecretString: a, GenerateSecretString: {}"),
    /can't specify both SecretString and GenerateSecretString/,
  ],
  [
    "a Glue database whose name is taken",
    resource("AWS::Glue::Database", "CatalogId: !Ref AWS::AccountId, DatabaseInput: {Name: neighbour}"),
    /'AWS::Glue::Database' with identifier 'neighbour' already exists/,
  ],
  [
    "a table in a database that is not there",
    resource("AWS::Glue::Table", "CatalogId: !Ref AWS::AccountId, DatabaseName: nowhere, TableInput: {Name: t}"),
    /Database nowhere not found/,
  ],
  [
    "a connection to where nobody answers",
    resource(
      "AWS::Glue::Connection",
      "CatalogId: !Ref AWS::AccountId, ConnectionInput: {ConnectionType: JDBC, ConnectionProperties: {JDBC_CONNECTION_URL: 'jdbc:postgresql://127.0.0.1:1/lake', USERNAME: u, PASSWORD: p}}",
    ),
    /ECONNREFUSED|refused/,
  ],
  [
    "a job whose role is not there",
    resource(
      "AWS::Glue::Job",
      "Role: nobody, Command: {Name: glueetl, ScriptLocation: s3://b/k.py}, GlueVersion: '5.1', ExecutionProperty: {MaxConcurrentRuns: 0}",
    ),
    /./,
  ],
  [
    "a trigger of a job that is not there",
    resource(
      "AWS::Glue::Trigger",
      "Type: CONDITIONAL, Actions: [{JobName: nobody}], Predicate: {Conditions: [{JobName: nobody, LogicalOperator: EQUALS, State: SUCCEEDED}]}",
    ),
    /nobody/,
  ],
  [
    "a crawler into a database that is not there",
    resource(
      "AWS::Glue::Crawler",
      "Role: !GetAtt Role.Arn, SchemaChangePolicy: {UpdateBehavior: LOG, DeleteBehavior: LOG}, Targets: {CatalogTargets: [{DatabaseName: nowhere, Tables: [t]}]}",
    ),
    /nowhere/,
  ],
  [
    "a workgroup whose name is taken",
    resource("AWS::Athena::WorkGroup", "Name: neighbour"),
    /'AWS::Athena::WorkGroup' with identifier 'neighbour' already exists/,
  ],
  [
    "a query in a workgroup that is not there",
    resource("AWS::Athena::NamedQuery", "Database: d, WorkGroup: nowhere, QueryString: SELECT 1"),
    /^WorkGroup is not found\.$/,
  ],
  [
    "a log group with a retention that is none",
    resource("AWS::Logs::LogGroup", "RetentionInDays: 8"),
    /RetentionInDays: 8 is not a valid enum value/,
  ],
  ["a role with a policy that is none", resource("AWS::IAM::Role", "AssumeRolePolicyDocument: '{'"), /./],
];

describe("a live resource that can't be made", () => {
  let lake: TestLake;
  let stacks: Stacks;
  let blocker: Server;
  let port: string;
  before(async () => {
    lake = await startTestLake();
    stacks = new Stacks(lake);
    blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    port = String((blocker.address() as { port: number }).port);
  });
  after(async () => {
    blocker.close();
    await lake.stop();
  });

  // A failure of one case is not to fail those that follow.
  afterEach(async () => {
    const { Stacks: all = [] } = await stacks.client.send(new DescribeStacksCommand({}));
    for (const { StackId } of all) {
      await stacks.client.send(new DeleteStackCommand({ StackName: StackId }));
      await stacks.settled(StackId ?? "");
    }
  });

  for (const [name, body, reason] of FAILURES) {
    it(`${name}`, async () => {
      const withPort = body.replaceAll("PORT", port);
      const TemplateBody = `Resources:${EVERY_KIND}  Failing: ${withPort}\n`;
      const StackName = `failing-${name.replace(/[^a-z]+/gi, "-")}`;
      await stacks.client.send(
        new CreateStackCommand({ StackName, TemplateBody, DisableValidation: true, Capabilities: ["CAPABILITY_IAM"] }),
      );
      const stack = await stacks.settled(StackName);
      const told = await stacks.told(StackName);
      assert.equal(stack.StackStatus, "ROLLBACK_COMPLETE", told.join("\n"));
      const failed = told.filter((line) => line.includes("CREATE_FAILED"));
      assert.equal(failed.length, 1, failed.join("\n"));
      assert.match(failed[0] ?? "", /^Failing CREATE_FAILED ./);
      assert.match(
        (failed[0] ?? "").slice("Failing CREATE_FAILED ".length),
        new RegExp(reason.source.replaceAll("PORT", port)),
      );
      assert.ok(
        told.some((line) =>
          line.endsWith("The following resource(s) failed to create: [Failing]. Rollback requested by user."),
        ),
      );
      assert.deepEqual(await left(lake), {});
    });
  }

  it("a database whose PostgreSQL is killed while it is made", async () => {
    const StackName = "killed";
    const TemplateBody = `Resources:${EVERY_KIND}  Failing: ${instance()}\n`;
    await stacks.client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ["CAPABILITY_IAM"] }));
    // Whatever of PostgreSQL starts (initdb, then the server) is killed, until the engine has had enough.
    let killed = 0;
    await waitFor(
      async () => {
        for (const pid of postgresServers(lake.pid)) {
          try {
            process.kill(pid, "SIGKILL");
            killed++;
          } catch {
            // It ended by itself between the look and the kill.
          }
        }
        return (await stacks.describe(StackName)).StackStatus !== "CREATE_IN_PROGRESS";
      },
      60_000,
      10,
    );
    const stack = await stacks.settled(StackName);
    const told = await stacks.told(StackName);
    assert.equal(stack.StackStatus, "ROLLBACK_COMPLETE", told.join("\n"));
    assert.ok(killed > 0);
    const failed = told.find((line) => line.startsWith("Failing CREATE_FAILED")) ?? "";
    assert.match(failed, /SIGKILL|killed|ended|PostgreSQL|initdb/i);
    assert.deepEqual(await left(lake), {});
  });
});
