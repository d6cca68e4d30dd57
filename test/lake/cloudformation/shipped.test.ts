// The template that is shipped, deployed for real: what is live works, what is recorded says so, and all of it goes again.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import pg from "pg";
import { startTestLake, type TestLake } from "../harness.ts";
import { left } from "./left.ts";
import { Stacks } from "./stacks.ts";

const TEMPLATE = readFileSync(new URL("../../../resources/templates/lake.yaml", import.meta.url), "utf8");
const IAM = { Capabilities: ["CAPABILITY_IAM" as const] };
const LIVE = new Set([
  "AWS::S3::Bucket",
  "AWS::RDS::DBInstance",
  "AWS::Glue::Database",
  "AWS::Glue::Table",
  "AWS::Glue::Connection",
  "AWS::Glue::Job",
  "AWS::Glue::Trigger",
  "AWS::Glue::Crawler",
  "AWS::Athena::WorkGroup",
  "AWS::Athena::NamedQuery",
  "AWS::Logs::LogGroup",
]);

describe("the shipped template", () => {
  let lake: TestLake;
  let stacks: Stacks;
  const outputs: Record<string, string> = {};
  before(async () => {
    lake = await startTestLake();
    stacks = new Stacks(lake);
  });
  after(() => lake.stop());

  it("deploys by change set", async () => {
    const stack = await stacks.deploy("boathouse-demo", TEMPLATE, { ...IAM, ChangeSetType: "CREATE" });
    assert.equal(stack.StackStatus, "CREATE_COMPLETE", (await stacks.told("boathouse-demo")).join("\n"));
    for (const { OutputKey = "", OutputValue = "" } of stack.Outputs ?? []) outputs[OutputKey] = OutputValue;
    for (const name of [
      "DataBucketName",
      "ArtifactsBucketName",
      "ResultsBucketName",
      "GlueDatabaseName",
      "WorkGroupName",
      "CrawlerName",
      "CustomersJobName",
      "OrdersJobName",
      "LoaderJobName",
      "ConnectionName",
      "DatabaseEndpoint",
      "DatabasePort",
      "DatabaseSecretArn",
    ]) {
      assert.ok(outputs[name] !== undefined && outputs[name] !== "", name);
    }
  });

  it("every resource is live or says that it is recorded", async () => {
    for (const { LogicalResourceId, ResourceType = "", ResourceStatusReason } of await stacks.resources(
      "boathouse-demo",
    )) {
      const recorded = ResourceStatusReason === "Recorded by the local lake; nothing real stands behind it.";
      assert.equal(recorded, !LIVE.has(ResourceType), `${LogicalResourceId} (${ResourceType})`);
    }
  });

  it("the bucket answers and the database accepts the login of its secret, over TLS", async () => {
    const s3 = new S3Client({ ...lake.config, forcePathStyle: true });
    const Bucket = outputs["DataBucketName"];
    await s3.send(new PutObjectCommand({ Bucket, Key: "lake/x", Body: "1" }));
    assert.equal((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 1);
    const secret = await new SecretsManagerClient(lake.config).send(
      new GetSecretValueCommand({ SecretId: outputs["DatabaseSecretArn"] }),
    );
    const { username, password } = JSON.parse(secret.SecretString ?? "") as Record<string, string>;
    const client = new pg.Client({
      host: outputs["DatabaseEndpoint"],
      port: Number(outputs["DatabasePort"]),
      user: username,
      password,
      database: "lake",
      ssl: { rejectUnauthorized: false },
    });
    await client.connect();
    assert.deepEqual((await client.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
    await client.end();
  });

  it("the same again is no change; another value of a parameter is one, in place", async () => {
    const same = await stacks.plan("boathouse-demo", TEMPLATE, { ...IAM, ChangeSetName: "same" });
    assert.match(same.StatusReason ?? "", /^The submitted information didn't contain changes/);
    const parameters = [{ ParameterKey: "LogRetentionDays", ParameterValue: "14" }];
    const plan = await stacks.plan("boathouse-demo", TEMPLATE, {
      ...IAM,
      ChangeSetName: "days",
      Parameters: parameters,
    });
    const changes =
      (await stacks.client.send(new DescribeChangeSetCommand({ ChangeSetName: plan.ChangeSetId }))).Changes ?? [];
    assert.deepEqual(
      [
        ...new Set(
          changes.map(
            ({ ResourceChange: change }) => `${change?.Action} ${change?.ResourceType} ${change?.Replacement}`,
          ),
        ),
      ],
      ["Modify AWS::Logs::LogGroup False"],
    );
    await stacks.client.send(
      new UpdateStackCommand({ StackName: "boathouse-demo", TemplateBody: TEMPLATE, Parameters: parameters, ...IAM }),
    );
    assert.equal((await stacks.settled("boathouse-demo")).StackStatus, "UPDATE_COMPLETE");
  });

  it("the other kind of database would be a new one: the change set says so", async () => {
    const plan = await stacks.plan("boathouse-demo", TEMPLATE, {
      ...IAM,
      ChangeSetName: "encrypt",
      Parameters: [{ ParameterKey: "DatabaseEncrypted", ParameterValue: "false" }],
    });
    assert.equal(plan.Status, "FAILED");
    assert.match(
      plan.StatusReason ?? "",
      /^The local lake does not implement replacement: Database \(AWS::RDS::DBInstance\) would be replaced, because StorageEncrypted changes\./,
    );
  });

  it("a bucket that is not empty stops the deletion, by name; emptied, all of it goes", async () => {
    const { StackId = "" } = await stacks.describe("boathouse-demo");
    await stacks.client.send(new DeleteStackCommand({ StackName: StackId }));
    const failed = await stacks.settled(StackId);
    assert.equal(failed.StackStatus, "DELETE_FAILED");
    assert.match(
      failed.StackStatusReason ?? "",
      /^The following resource\(s\) failed to delete: \[.*DataBucket.*\]\. $/,
    );
    assert.match((await stacks.told(StackId, "DataBucket")).at(-1) ?? "", /not empty/);
    const s3 = new S3Client({ ...lake.config, forcePathStyle: true });
    await emptied(s3, outputs["DataBucketName"] ?? "");
    await stacks.client.send(new DeleteStackCommand({ StackName: StackId }));
    assert.equal(
      (await stacks.settled(StackId)).StackStatus,
      "DELETE_COMPLETE",
      (await stacks.told(StackId)).slice(-10).join("\n"),
    );
    assert.deepEqual(await left(lake), {});
  });

  it("with interface endpoints and active triggers it deploys too", async () => {
    const Parameters = Object.entries({
      PrivateAccess: "endpoints",
      StartTriggers: "true",
      FirstZone: "us-east-1c",
      SecondZone: "us-east-1d",
      VpcCidr: "10.99.0.0/16",
    }).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
    const { StackId = "" } = await stacks.client.send(
      new CreateStackCommand({
        StackName: "Endpoints",
        TemplateBody: TEMPLATE,
        Parameters: [...Parameters, { ParameterKey: "CatalogDatabase", ParameterValue: "ends" }],
        ...IAM,
      }),
    );
    assert.equal(
      (await stacks.settled(StackId)).StackStatus,
      "CREATE_COMPLETE",
      (await stacks.told(StackId)).join("\n"),
    );
    const types = (await stacks.resources(StackId)).map(({ ResourceType }) => ResourceType);
    assert.equal(types.filter((type) => type === "AWS::EC2::VPCEndpoint").length, 6);
    assert.ok(!types.includes("AWS::EC2::NatGateway"));
    await stacks.client.send(new DeleteStackCommand({ StackName: StackId }));
    assert.equal((await stacks.settled(StackId)).StackStatus, "DELETE_COMPLETE");
    assert.deepEqual(await left(lake), {});
  });
});

async function emptied(s3: S3Client, Bucket: string): Promise<void> {
  const { DeleteObjectsCommand, ListObjectVersionsCommand } = await import("@aws-sdk/client-s3");
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
}
