// STS through the SDK client: session keys that really sign, and end.
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  type Credentials,
  DecodeAuthorizationMessageCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { startTestLake, type TestLake } from "../harness.ts";

describe("STS", () => {
  let lake: TestLake;
  let sts: STSClient;

  before(async () => {
    lake = await startTestLake();
    sts = new STSClient(lake.config);
  });
  after(() => lake.stop());

  const clientOf = (credentials: Credentials | undefined, more: object = {}) =>
    new STSClient({
      ...lake.config,
      credentials: {
        accessKeyId: credentials?.AccessKeyId ?? "",
        secretAccessKey: credentials?.SecretAccessKey ?? "",
        sessionToken: credentials?.SessionToken ?? "",
        ...more,
      },
    });

  it("says who calls", async () => {
    const { $metadata: _, ...who } = await sts.send(new GetCallerIdentityCommand({}));
    deepEqual(who, { Account: "000000000000", Arn: "arn:aws:iam::000000000000:root", UserId: "000000000000" });
    equal(
      (await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: "AKIAIOSFODNN7EXAMPLE" }))).Account,
      "000000000000",
    );
  });

  it("issues keys of a role that is there, and of no other", async () => {
    const RoleArn = "arn:aws:iam::000000000000:role/jobs/etl";
    const assume = (more: object = {}) =>
      sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "run-1", ...more }));
    await rejects(assume(), { name: "AccessDenied" });
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" }],
    };
    const { Role } = await new IAMClient(lake.config).send(
      new CreateRoleCommand({ RoleName: "etl", Path: "/jobs/", AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    const { Credentials: keys, AssumedRoleUser } = await assume({ DurationSeconds: 900 });
    match(keys?.AccessKeyId ?? "", /^ASIA[A-Z2-7]{16}$/);
    equal(AssumedRoleUser?.AssumedRoleId, `${Role?.RoleId}:run-1`);
    const who = await clientOf(keys).send(new GetCallerIdentityCommand({}));
    deepEqual([who.Arn, who.UserId], ["arn:aws:sts::000000000000:assumed-role/etl/run-1", `${Role?.RoleId}:run-1`]);
    await rejects(assume({ DurationSeconds: 7200 }), /exceeds the MaxSessionDuration/);
    await rejects(assume({ RoleArn: "arn:aws:iam::000000000000:role/etl" }), { name: "AccessDenied" });
    await rejects(assume({ RoleSessionName: "a b" }), /roleSessionName/);
    await rejects(assume({ Policy: "{}" }), /AssumeRole with Policy/);
  });

  it("refuses a session key with another secret or another token", async () => {
    const { Credentials: keys } = await sts.send(new GetSessionTokenCommand({}));
    equal((await clientOf(keys).send(new GetCallerIdentityCommand({}))).Arn, "arn:aws:iam::000000000000:root");
    await rejects(clientOf(keys, { secretAccessKey: "wrong" }).send(new GetCallerIdentityCommand({})), {
      name: "SignatureDoesNotMatch",
    });
    await rejects(clientOf(keys, { sessionToken: "wrong" }).send(new GetCallerIdentityCommand({})), {
      name: "InvalidClientTokenId",
    });
    await rejects(clientOf(keys).send(new GetSessionTokenCommand({})), /with session credentials/);
  });

  it("refuses by name what it does not have", async () => {
    await rejects(
      sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: "x" })),
      /sts:DecodeAuthorizationMessage/,
    );
    await rejects(
      sts.send(new GetSessionTokenCommand({ SerialNumber: "123456789" })),
      /GetSessionToken with SerialNumber/,
    );
  });
});
