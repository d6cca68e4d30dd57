// AWS::S3::Bucket and its policy in a stack: made, configured, changed, refused, and gone.
import { deepEqual, equal, match } from "node:assert/strict";
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketIntelligentTieringConfigurationCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { waitFor } from "../harness.ts";
import { refusal, useLake } from "./support.ts";

const BUCKET = {
  VersioningConfiguration: { Status: "Enabled" },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
  },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
  LifecycleConfiguration: {
    Rules: [
      { Id: "tiering", Status: "Enabled", Transitions: [{ StorageClass: "INTELLIGENT_TIERING", TransitionInDays: 0 }] },
      {
        Id: "old",
        Status: "Enabled",
        Prefix: "temp/",
        ExpirationInDays: 7,
        NoncurrentVersionExpiration: { NoncurrentDays: "3" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ],
  },
  IntelligentTieringConfigurations: [
    { Id: "it", Status: "Enabled", Tierings: [{ AccessTier: "ARCHIVE_ACCESS", Days: 90 }] },
  ],
  Tags: [{ Key: "own", Value: "1" }],
};

function template(properties: object, more: object = {}): string {
  return JSON.stringify({
    Resources: { Data: { Type: "AWS::S3::Bucket", Properties: properties }, ...more },
    Outputs: {
      Name: { Value: { Ref: "Data" } },
      Arn: { Value: { "Fn::GetAtt": ["Data", "Arn"] } },
      Domain: { Value: { "Fn::GetAtt": ["Data", "RegionalDomainName"] } },
    },
  });
}

const POLICY = {
  Policy: {
    Type: "AWS::S3::BucketPolicy",
    Properties: {
      Bucket: { Ref: "Data" },
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [{ "Fn::GetAtt": ["Data", "Arn"] }],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    },
  },
};

describe("a stack with a bucket", () => {
  const used = useLake();
  const cloudformation = () => new CloudFormationClient(used.lake.config);
  const status = async (StackName: string) => {
    const { Stacks } = await cloudformation().send(new DescribeStacksCommand({ StackName }));
    return {
      status: Stacks?.[0]?.StackStatus ?? "",
      outputs: Object.fromEntries(
        (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
      ),
    };
  };
  const settle = async (StackId: string | undefined) => {
    await waitFor(async () => !(await status(StackId ?? "")).status.endsWith("IN_PROGRESS"), 60_000, 100);
    return status(StackId ?? "");
  };
  const create = async (StackName: string, TemplateBody: string) => {
    const { StackId } = await cloudformation().send(
      new CreateStackCommand({ StackName, TemplateBody, Tags: [{ Key: "stack", Value: "s" }] }),
    );
    return { StackId, ...(await settle(StackId)) };
  };
  const reason = async (StackName: string | undefined, wanted: string) => {
    const { StackEvents = [] } = await cloudformation().send(new DescribeStackEventsCommand({ StackName }));
    return StackEvents.filter(({ ResourceStatus }) => ResourceStatus === wanted)
      .map(({ ResourceStatusReason }) => ResourceStatusReason ?? "")
      .join("\n");
  };

  it("makes it as its properties say, changes it in place, and deletes it when it is empty", async () => {
    const { s3 } = used;
    const made = await create("buckets", template(BUCKET, POLICY));
    equal(made.status, "CREATE_COMPLETE");
    const Bucket = made.outputs["Name"] ?? "";
    match(Bucket, /^buckets-data-[a-z0-9]+$/);
    deepEqual(
      [made.outputs["Arn"], made.outputs["Domain"]],
      [`arn:aws:s3:::${Bucket}`, `${Bucket}.s3.us-east-1.amazonaws.com`],
    );
    equal((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, "Enabled");
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    equal(
      encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
      "AES256",
    );
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    deepEqual(Rules?.[1], {
      ID: "old",
      Status: "Enabled",
      Filter: { Prefix: "temp/" },
      Expiration: { Days: 7 },
      NoncurrentVersionExpiration: { NoncurrentDays: 3 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    });
    deepEqual(
      (await s3.send(new GetBucketIntelligentTieringConfigurationCommand({ Bucket, Id: "it" })))
        .IntelligentTieringConfiguration?.Tierings,
      [{ AccessTier: "ARCHIVE_ACCESS", Days: 90 }],
    );
    match((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? "", /SecureTransport/);
    const tags = (await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet ?? [];
    deepEqual(
      tags.filter(({ Key }) => Key === "own" || Key === "stack"),
      [
        { Key: "stack", Value: "s" },
        { Key: "own", Value: "1" },
      ],
    );
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    deepEqual(
      [listed.Versions, listed.DeleteMarkers],
      [undefined, undefined],
      "the try-out of the new bucket left nothing",
    );

    const { VersioningConfiguration: _, IntelligentTieringConfigurations: __, ...less } = BUCKET;
    await cloudformation().send(new UpdateStackCommand({ StackName: "buckets", TemplateBody: template(less, POLICY) }));
    equal((await settle(made.StackId)).status, "UPDATE_COMPLETE");
    equal((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, "Suspended");
    match(
      await refusal(s3.send(new GetBucketIntelligentTieringConfigurationCommand({ Bucket, Id: "it" }))),
      /^NoSuchConfiguration/,
    );

    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    await cloudformation().send(new DeleteStackCommand({ StackName: "buckets" }));
    equal((await settle(made.StackId)).status, "DELETE_FAILED");
    match(
      await reason(made.StackId, "DELETE_FAILED"),
      /The bucket you tried to delete is not empty\. You must delete all versions in the bucket\./,
    );
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: "null" }));
    await cloudformation().send(new DeleteStackCommand({ StackName: "buckets" }));
    equal((await settle(made.StackId)).status, "DELETE_COMPLETE");
    match(await refusal(s3.send(new HeadBucketCommand({ Bucket }))), /^NotFound 404/);
  });

  it("rolls back with the reason where the bucket can't be had, and leaves what was there", async () => {
    const { s3 } = used;
    await s3.send(new CreateBucketCommand({ Bucket: "taken-already" }));
    match(
      await refusal(create("taken", template({ BucketName: "taken-already" }))),
      /^ValidationError 400: .*'taken-already' already exists/,
    );
    equal(await refusal(s3.send(new HeadBucketCommand({ Bucket: "taken-already" }))), "ok");
    const encrypted = await create(
      "encrypted",
      template({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }],
        },
      }),
    );
    equal(encrypted.status, "ROLLBACK_COMPLETE");
    match(await reason(encrypted.StackId, "CREATE_FAILED"), /server-side encryption with aws:kms/);
    const policy = structuredClone(POLICY);
    policy.Policy.Properties.PolicyDocument.Statement[0] = {
      ...policy.Policy.Properties.PolicyDocument.Statement[0],
      Condition: {},
    } as never;
    const denied = await create("denied", template({}, policy));
    equal(denied.status, "ROLLBACK_COMPLETE");
    match(await reason(denied.StackId, "CREATE_FAILED"), /denies anything but requests without TLS/);
  });
});
