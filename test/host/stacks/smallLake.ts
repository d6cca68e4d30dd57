// A lake stack as small as it can be: what load, run all and crawl work on, with jobs that only wait.
import type { AwsSession } from "../../../src/aws/session.ts";
import { emptyBucket } from "../../../src/aws/objects.ts";
import { deleteStack } from "../../../src/stacks/deletion.ts";
import { watchStack } from "../../../src/stacks/events.ts";
import { findStack, type Stack } from "../../../src/stacks/stack.ts";

const JOBS = { CustomersJob: "customers", OrdersJob: "orders", LoaderJob: "loader" } as const;

/** How long a job of it runs, s: long enough to be found under way. */
const RUNS_FOR = 2;

export function jobNames(stackName: string): Readonly<Record<"customers" | "orders" | "loader", string>> {
  return { customers: `${stackName}-customers`, orders: `${stackName}-orders`, loader: `${stackName}-loader` };
}

const ROLE = {
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  },
};

export const SMALL_LAKE = {
  Resources: {
    Role: ROLE,
    Data: { Type: "AWS::S3::Bucket" },
    Artifacts: { Type: "AWS::S3::Bucket" },
    Database: {
      Type: "AWS::Glue::Database",
      Properties: { CatalogId: { Ref: "AWS::AccountId" }, DatabaseInput: { Name: "small" } },
    },
    Table: {
      Type: "AWS::Glue::Table",
      Properties: {
        CatalogId: { Ref: "AWS::AccountId" },
        DatabaseName: { Ref: "Database" },
        TableInput: {
          Name: "things",
          StorageDescriptor: {
            Columns: [{ Name: "id", Type: "int" }],
            Location: { "Fn::Sub": "s3://${Data}/things/" },
          },
        },
      },
    },
    Crawler: {
      Type: "AWS::Glue::Crawler",
      Properties: {
        Name: { "Fn::Sub": "${AWS::StackName}-crawler" },
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        DatabaseName: { Ref: "Database" },
        Targets: { S3Targets: [{ Path: { "Fn::Sub": "s3://${Data}/lake/" } }] },
      },
    },
    ...Object.fromEntries(
      Object.entries(JOBS).map(([logicalId, name]) => [
        logicalId,
        {
          Type: "AWS::Glue::Job",
          Properties: {
            Name: { "Fn::Sub": `\${AWS::StackName}-${name}` },
            Role: { "Fn::GetAtt": ["Role", "Arn"] },
            Command: {
              Name: "glueetl",
              PythonVersion: "3",
              ScriptLocation: { "Fn::Sub": "s3://${Artifacts}/wait.py" },
            },
            GlueVersion: "5.0",
            WorkerType: "G.1X",
            NumberOfWorkers: 2,
            ExecutionProperty: { MaxConcurrentRuns: 1 },
          },
        },
      ]),
    ),
  },
  Outputs: {
    DataBucketName: { Value: { Ref: "Data" } },
    ArtifactsBucketName: { Value: { Ref: "Artifacts" } },
    GlueDatabaseName: { Value: { Ref: "Database" } },
    WorkGroupName: { Value: "primary" },
    CrawlerName: { Value: { Ref: "Crawler" } },
    ...Object.fromEntries(Object.keys(JOBS).map((logicalId) => [`${logicalId}Name`, { Value: { Ref: logicalId } }])),
  },
};

export async function makeSmallLake(session: AwsSession, name: string): Promise<Stack> {
  const { CreateStackCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const template = JSON.stringify(SMALL_LAKE);
  const { StackId = "" } = await client.send(
    new CreateStackCommand({ StackName: name, TemplateBody: template, Capabilities: ["CAPABILITY_IAM"] }),
  );
  const stack = await end(session, StackId);
  if (stack?.status !== "CREATE_COMPLETE") throw new Error(`The small lake is ${stack?.status}.`);
  const { PutObjectCommand } = await import("@aws-sdk/client-s3");
  const s3 = await session.s3();
  const script = `import time\ntime.sleep(${RUNS_FOR})\nprint("done", flush=True)\n`;
  const Bucket = stack.outputs["ArtifactsBucketName"];
  await s3.send(new PutObjectCommand({ Bucket, Key: "wait.py", Body: script }));
  return stack;
}

export async function dropSmallLake(session: AwsSession, name: string): Promise<void> {
  const stack = await findStack(session, name);
  if (stack === undefined) return;
  for (const bucket of ["DataBucketName", "ArtifactsBucketName"])
    await emptyBucket(session, stack.outputs[bucket] ?? "");
  await deleteStack(session, stack.id, "drop");
  await end(session, stack.id);
}

/** The stack as it ends. */
export async function end(session: AwsSession, stackId: string): Promise<Stack | undefined> {
  const watching = watchStack(session, stackId, new Date(0));
  for (;;) {
    const { done, value } = await watching.next();
    if (done === true) return value;
  }
}
