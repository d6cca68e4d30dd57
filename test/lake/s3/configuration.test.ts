// What a bucket is told to be: kept, answered, and refused where the lake could not honour it.
import { deepEqual, equal, match } from "node:assert/strict";
import {
  CreateBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketIntelligentTieringConfigurationCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketIntelligentTieringConfigurationCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetObjectLockConfigurationCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketIntelligentTieringConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  RestoreObjectCommand,
} from "@aws-sdk/client-s3";
import { refusal, useLake } from "./support.ts";

describe("a bucket's configuration", () => {
  const used = useLake();
  const Bucket = "configured";
  before(() => used.s3.send(new CreateBucketCommand({ Bucket })));

  it("begins as a new bucket's on AWS", async () => {
    const { s3 } = used;
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    equal(
      encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
      "AES256",
    );
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    deepEqual(block.PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    deepEqual(ownership.OwnershipControls?.Rules, [{ ObjectOwnership: "BucketOwnerEnforced" }]);
    match(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket }))), /^NoSuchBucketPolicy 404/);
    match(
      await refusal(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
      /^NoSuchLifecycleConfiguration 404/,
    );
    match(await refusal(s3.send(new GetBucketTaggingCommand({ Bucket }))), /^NoSuchTagSet 404/);
    match(await refusal(s3.send(new GetBucketCorsCommand({ Bucket }))), /^NoSuchCORSConfiguration 404/);
    match(await refusal(s3.send(new GetBucketWebsiteCommand({ Bucket }))), /^NoSuchWebsiteConfiguration 404/);
    match(
      await refusal(s3.send(new GetBucketReplicationCommand({ Bucket }))),
      /^ReplicationConfigurationNotFoundError 404/,
    );
    match(
      await refusal(s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
      /^ObjectLockConfigurationNotFoundError 404/,
    );
    equal((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled, undefined);
    equal((await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer, "BucketOwner");
    equal((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status, undefined);
    equal((await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).QueueConfigurations, undefined);
    const acl = await s3.send(new GetBucketAclCommand({ Bucket }));
    deepEqual(acl.Grants, [{ Grantee: { Type: "CanonicalUser", ID: acl.Owner?.ID }, Permission: "FULL_CONTROL" }]);
  });

  it("keeps encryption, access block, ownership, policy, lifecycle, tiering and tags, until they are taken away", async () => {
    const { s3 } = used;
    const ServerSideEncryptionConfiguration = {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const }, BucketKeyEnabled: true }],
    };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    deepEqual(
      (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration,
      ServerSideEncryptionConfiguration,
    );
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));

    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    );
    deepEqual((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    });
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    match(
      await refusal(s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
      /^NoSuchPublicAccessBlockConfiguration 404/,
    );

    const OwnershipControls = { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
    match(
      await refusal(s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))),
      /^OwnershipControlsNotFoundError 404/,
    );

    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    equal((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy, Policy);
    equal((await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic, false);
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    match(await refusal(s3.send(new GetBucketPolicyStatusCommand({ Bucket }))), /^NoSuchBucketPolicy 404/);

    const Rules = [
      {
        ID: "tiering",
        Status: "Enabled" as const,
        Filter: { Prefix: "" },
        Transitions: [{ Days: 0, StorageClass: "INTELLIGENT_TIERING" as const }],
      },
      {
        ID: "old",
        Status: "Enabled" as const,
        Filter: { And: { Prefix: "x/", Tags: [{ Key: "a", Value: "b" }] } },
        Expiration: { Date: new Date("2030-01-01T00:00:00Z") },
        NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    deepEqual((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules, Rules);
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));

    const IntelligentTieringConfiguration = {
      Id: "it",
      Status: "Enabled" as const,
      Tierings: [{ Days: 90, AccessTier: "ARCHIVE_ACCESS" as const }],
    };
    await s3.send(
      new PutBucketIntelligentTieringConfigurationCommand({ Bucket, Id: "it", IntelligentTieringConfiguration }),
    );
    deepEqual(
      (await s3.send(new GetBucketIntelligentTieringConfigurationCommand({ Bucket, Id: "it" })))
        .IntelligentTieringConfiguration,
      IntelligentTieringConfiguration,
    );
    deepEqual(
      (await s3.send(new ListBucketIntelligentTieringConfigurationsCommand({ Bucket })))
        .IntelligentTieringConfigurationList,
      [IntelligentTieringConfiguration],
    );
    await s3.send(new DeleteBucketIntelligentTieringConfigurationCommand({ Bucket, Id: "it" }));
    match(
      await refusal(s3.send(new GetBucketIntelligentTieringConfigurationCommand({ Bucket, Id: "it" }))),
      /^NoSuchConfiguration 404/,
    );

    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "team", Value: "lake" }] } }));
    deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, [{ Key: "team", Value: "lake" }]);
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    match(await refusal(s3.send(new GetBucketTaggingCommand({ Bucket }))), /^NoSuchTagSet 404/);
  });

  it("lives through a kill", async () => {
    await used.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "kept", Value: "yes" }] } }));
    await used.lake.kill();
    const again = await used.lake.restart();
    const { S3Client } = await import("@aws-sdk/client-s3");
    const s3 = new S3Client(again.config);
    deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, [{ Key: "kept", Value: "yes" }]);
    s3.destroy();
    await again.stop();
  });
});

describe("what the lake's buckets can't be", () => {
  const used = useLake();
  const Bucket = "refusing";
  before(() => used.s3.send(new CreateBucketCommand({ Bucket })));

  it("is refused by name", async () => {
    const { s3 } = used;
    const policy = (statement: object) =>
      refusal(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement: [statement] }) })));
    match(
      await policy({ Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: "*" }),
      /^NotImplemented 501: .*denies anything but requests without TLS/,
    );
    match(
      await policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }),
      /^AccessDenied 403: .*BlockPublicPolicy/,
    );
    match(await refusal(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: "{" }))), /^MalformedPolicy 400/);
    const kms = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const } }] };
    match(
      await refusal(s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: kms }))),
      /^NotImplemented 501: .*aws:kms/,
    );
    match(
      await refusal(
        s3.send(
          new PutBucketOwnershipControlsCommand({
            Bucket,
            OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
          }),
        ),
      ),
      /^NotImplemented 501: .*ObjectWriter/,
    );
    match(
      await refusal(
        s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { MFADelete: "Enabled" } })),
      ),
      /^NotImplemented 501: .*MFADelete/,
    );
    match(
      await refusal(s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [] } }))),
      /^NotImplemented 501: .*s3:PutBucketCors/,
    );
    match(
      await refusal(s3.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" }))),
      /^NotImplemented 501: .*s3:PutBucketAcl/,
    );
    match(
      await refusal(s3.send(new RestoreObjectCommand({ Bucket, Key: "k" }))),
      /^NotImplemented 501: .*s3:RestoreObject/,
    );
    const lifecycle = (rule: object) =>
      refusal(
        s3.send(
          new PutBucketLifecycleConfigurationCommand({
            Bucket,
            LifecycleConfiguration: { Rules: [rule as { Status: "Enabled" }] },
          }),
        ),
      );
    match(await lifecycle({ Status: "Enabled", Filter: {} }), /^InvalidRequest 400: At least one action/);
    match(await lifecycle({ Status: "Perhaps", Expiration: { Days: 1 } }), /^MalformedXML 400/);
  });
});

describe("an object's tags", () => {
  const used = useLake();
  const Bucket = "tagged";
  before(() => used.s3.send(new CreateBucketCommand({ Bucket })));

  it("are put, read, replaced and deleted without its bytes", async () => {
    const { s3 } = used;
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", Tagging: "a=1&b=two%20words" }));
    const tags = async () => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "k" }))).TagSet;
    deepEqual(await tags(), [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "two words" },
    ]);
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet: [{ Key: "c", Value: "3" }] } }));
    deepEqual(await tags(), [{ Key: "c", Value: "3" }]);
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "k" }));
    deepEqual(await tags(), []);
    const eleven = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
    match(
      await refusal(s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet: eleven } }))),
      /^BadRequest 400/,
    );
    match(await refusal(s3.send(new GetObjectTaggingCommand({ Bucket, Key: "none" }))), /^NoSuchKey 404/);
    equal((await s3.send(new GetObjectAclCommand({ Bucket, Key: "k" }))).Grants?.[0]?.Permission, "FULL_CONTROL");
  });
});
