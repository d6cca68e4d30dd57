// The log says which rights a role's requests would have needed on AWS: of every key, also in lists, copies and deletes of many.
import { deepEqual } from "node:assert/strict";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { waitFor } from "../harness.ts";
import { refusal, useLake } from "./support.ts";

describe("the rights that a role uses", () => {
  const used = useLake();

  it("are in the log, one a key", async () => {
    const { lake, s3: root } = used;
    await root.send(new CreateBucketCommand({ Bucket: "rights" }));
    await root.send(
      new PutBucketVersioningCommand({ Bucket: "rights", VersioningConfiguration: { Status: "Enabled" } }),
    );
    const AssumeRolePolicyDocument = JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    const { Role } = await new IAMClient(lake.config).send(
      new CreateRoleCommand({ RoleName: "worker", AssumeRolePolicyDocument }),
    );
    const { Credentials } = await new STSClient(lake.config).send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "test" }),
    );
    const s3 = new S3Client({
      ...lake.config,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      },
    });
    const Bucket = "rights";
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "a b/ü", Body: "x", Tagging: "t=1" }));
    await s3.send(new GetObjectCommand({ Bucket, Key: "a b/ü", VersionId }));
    await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "none" })));
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `rights/${encodeURIComponent("a b/ü")}` }));
    await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "a b/" }));
    await s3.send(new ListObjectVersionsCommand({ Bucket }));
    await s3.send(new GetBucketLocationCommand({ Bucket }));
    await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "copy" }, { Key: "a b/ü", VersionId }] } }),
    );
    s3.destroy();
    const lines = () =>
      lake
        .log()
        .split("\n")
        .filter((line) => line.includes("assumed-role/worker"));
    await waitFor(() => lines().length === 8, 10_000);
    const object = (action: string, key: string) => ({
      action: `s3:${action}`,
      resource: `arn:aws:s3:::rights/${key}`,
    });
    const bucket = (action: string) => ({ action: `s3:${action}`, resource: "arn:aws:s3:::rights" });
    deepEqual(
      lines().map((line) => (JSON.parse(line) as { accesses?: object[] }).accesses),
      [
        [object("PutObject", "a b/ü"), object("PutObjectTagging", "a b/ü")],
        [object("GetObjectVersion", "a b/ü")],
        [object("GetObject", "none")],
        [object("GetObject", "a b/ü"), object("PutObject", "copy")],
        [{ ...bucket("ListBucket"), context: { "s3:prefix": "a b/" } }],
        [bucket("ListBucketVersions")],
        [bucket("GetBucketLocation")],
        [object("DeleteObject", "copy"), object("DeleteObjectVersion", "a b/ü")],
      ],
    );
  });
});
