// AWS::SecretsManager::Secret and AWS::Logs::LogGroup in a stack.
import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { startTestLake, type TestLake } from "../harness.ts";
import { Stacks } from "../stacks.ts";

describe("Secrets and log groups in a stack", () => {
  let lake: TestLake;
  let secrets: SecretsManagerClient;
  let logs: CloudWatchLogsClient;
  let stacks: Stacks;

  before(async () => {
    lake = await startTestLake();
    secrets = new SecretsManagerClient(lake.config);
    logs = new CloudWatchLogsClient(lake.config);
    stacks = new Stacks(lake);
  });
  after(() => lake.stop());

  const generated = (length: number) => ({
    Type: "AWS::SecretsManager::Secret",
    Properties: {
      Description: "of the application",
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"app"}',
        GenerateStringKey: "password",
        PasswordLength: length,
        ExcludePunctuation: true,
      },
    },
  });
  const value = async (SecretId: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? "";

  it("generates a secret, anew where its rules change, and takes it away at once", async () => {
    await stacks.create("secret", { App: generated(20) }, { Arn: { Value: { Ref: "App" } } });
    await stacks.until("secret", "CREATE_COMPLETE");
    const { Arn = "" } = await stacks.outputs("secret");
    match(Arn, /^arn:aws:secretsmanager:us-east-1:000000000000:secret:secret-App-[A-Za-z0-9]+-[A-Z0-9]{6}$/);
    const first = await value(Arn);
    match(first, /^\{"username":"app","password":"[A-Za-z0-9]{20}"\}$/);
    const described = await secrets.send(new DescribeSecretCommand({ SecretId: Arn }));
    deepEqual([described.Description, described.Tags], ["of the application", [{ Key: "team", Value: "t" }]]);
    await stacks.update("secret", { App: generated(24) });
    await stacks.until("secret", "UPDATE_COMPLETE");
    const second = await value(Arn);
    notEqual(second, first);
    match(second, /"password":"[A-Za-z0-9]{24}"/);
    await stacks.remove("secret");
    deepEqual((await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true }))).SecretList, []);
  });

  it("keeps a given value, and refuses a name that is taken", async () => {
    await stacks.create("given", {
      App: { Type: "AWS::SecretsManager::Secret", Properties: { Name: "given", SecretString: "v1" } },
    });
    await stacks.until("given", "CREATE_COMPLETE");
    equal(await value("given"), "v1");
    await stacks.create("again", { App: { Type: "AWS::SecretsManager::Secret", Properties: { Name: "given" } } });
    match(await stacks.until("again", "ROLLBACK_COMPLETE"), /already exists/);
    equal(await value("given"), "v1");
    await stacks.remove("given");
  });

  it("makes a log group with its retention, changes it, and takes it away", async () => {
    const group = (more: object) => ({
      Type: "AWS::Logs::LogGroup",
      Properties: { LogGroupName: "/boathouse/s/out", ...more },
    });
    await stacks.create(
      "logs",
      { Out: group({ RetentionInDays: 30 }) },
      { Arn: { Value: { "Fn::GetAtt": ["Out", "Arn"] } } },
    );
    await stacks.until("logs", "CREATE_COMPLETE");
    const arn = "arn:aws:logs:us-east-1:000000000000:log-group:/boathouse/s/out";
    deepEqual(await stacks.outputs("logs"), { Arn: `${arn}:*` });
    const groups = async () => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? [];
    deepEqual(
      (await groups()).map((each) => [each.logGroupName, each.retentionInDays]),
      [["/boathouse/s/out", 30]],
    );
    const tags = async () => (await logs.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags;
    deepEqual(await tags(), { team: "t" });
    await stacks.update("logs", { Out: group({ Tags: [{ Key: "a", Value: "1" }] }) });
    await stacks.until("logs", "UPDATE_COMPLETE");
    deepEqual([(await groups())[0]?.retentionInDays, await tags()], [undefined, { a: "1" }]);
    await stacks.remove("logs");
    deepEqual(await groups(), []);
  });
});
