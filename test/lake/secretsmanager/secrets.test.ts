// Secrets Manager through the SDK client: values, versions, labels, and the way out and back.
import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  type GetRandomPasswordCommandInput,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { startTestLake, type TestLake } from "../harness.ts";

const DAY = 86_400_000;

describe("Secrets Manager", () => {
  let lake: TestLake;
  let secrets: SecretsManagerClient;

  before(async () => {
    lake = await startTestLake();
    secrets = new SecretsManagerClient(lake.config);
  });
  after(() => lake.stop());

  const value = async (SecretId: string, which: { VersionId?: string; VersionStage?: string } = {}) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId, ...which }))).SecretString;

  it("gives back what was kept, by name, by ARN, and by ARN without its end", async () => {
    const made = await secrets.send(new CreateSecretCommand({ Name: "app/one", SecretString: "s1", Description: "d" }));
    match(made.ARN ?? "", /^arn:aws:secretsmanager:us-east-1:000000000000:secret:app\/one-[A-Z0-9]{6}$/);
    for (const id of ["app/one", made.ARN ?? "", (made.ARN ?? "").slice(0, -7)]) equal(await value(id), "s1");
    await secrets.send(new CreateSecretCommand({ Name: "app/bytes", SecretBinary: Uint8Array.of(0, 255, 7) }));
    const bytes = await secrets.send(new GetSecretValueCommand({ SecretId: "app/bytes" }));
    deepEqual([...(bytes.SecretBinary ?? [])], [0, 255, 7]);
  });

  it("moves AWSCURRENT to the new version and AWSPREVIOUS to the one before", async () => {
    const first = await secrets.send(new CreateSecretCommand({ Name: "versions", SecretString: "1" }));
    const second = await secrets.send(new PutSecretValueCommand({ SecretId: "versions", SecretString: "2" }));
    deepEqual(second.VersionStages, ["AWSCURRENT"]);
    const third = await secrets.send(new UpdateSecretCommand({ SecretId: "versions", SecretString: "3" }));
    deepEqual([await value("versions"), await value("versions", { VersionStage: "AWSPREVIOUS" })], ["3", "2"]);
    equal(await value("versions", { VersionId: first.VersionId ?? "" }), "1");
    const described = await secrets.send(new DescribeSecretCommand({ SecretId: "versions" }));
    deepEqual(described.VersionIdsToStages, {
      [second.VersionId ?? ""]: ["AWSPREVIOUS"],
      [third.VersionId ?? ""]: ["AWSCURRENT"],
    });
    const listed = await secrets.send(
      new ListSecretVersionIdsCommand({ SecretId: "versions", IncludeDeprecated: true }),
    );
    deepEqual(
      listed.Versions?.map((version) => version.VersionId),
      [first, second, third].map((version) => version.VersionId),
    );

    await rejects(
      secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId: "versions",
          VersionStage: "AWSCURRENT",
          MoveToVersionId: second.VersionId,
        }),
      ),
      /RemoveFromVersionId/,
    );
    await secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: "versions",
        VersionStage: "AWSCURRENT",
        MoveToVersionId: second.VersionId,
        RemoveFromVersionId: third.VersionId,
      }),
    );
    deepEqual([await value("versions"), await value("versions", { VersionStage: "AWSPREVIOUS" })], ["2", "3"]);
  });

  it("leaves the current value alone while a new one is pending", async () => {
    await secrets.send(new CreateSecretCommand({ Name: "pending", SecretString: "old" }));
    await secrets.send(
      new PutSecretValueCommand({ SecretId: "pending", SecretString: "new", VersionStages: ["AWSPENDING"] }),
    );
    deepEqual([await value("pending"), await value("pending", { VersionStage: "AWSPENDING" })], ["old", "new"]);
    await rejects(value("pending", { VersionStage: "AWSPREVIOUS" }), { name: "ResourceNotFoundException" });
  });

  it("answers the same request twice alike, and refuses another under the same token", async () => {
    const ClientRequestToken = randomUUID();
    const once = { Name: "once", SecretString: "v", ClientRequestToken };
    const made = await secrets.send(new CreateSecretCommand(once));
    deepEqual((await secrets.send(new CreateSecretCommand(once))).ARN, made.ARN);
    await rejects(secrets.send(new CreateSecretCommand({ ...once, SecretString: "w" })), {
      name: "ResourceExistsException",
    });
    const put = { SecretId: "once", SecretString: "v", ClientRequestToken };
    equal((await secrets.send(new PutSecretValueCommand(put))).VersionId, ClientRequestToken);
    await rejects(secrets.send(new PutSecretValueCommand({ ...put, SecretString: "w" })), {
      name: "ResourceExistsException",
    });
  });

  it("keeps a deleted secret for its window, restores it, and then lets it go, by the lake's clock", async () => {
    await secrets.send(new CreateSecretCommand({ Name: "leaving", SecretString: "v" }));
    const deleted = await secrets.send(new DeleteSecretCommand({ SecretId: "leaving", RecoveryWindowInDays: 7 }));
    ok(Math.abs((deleted.DeletionDate?.getTime() ?? 0) - Date.now() - 7 * DAY) < 3_600_000);
    await rejects(value("leaving"), /marked for deletion/);
    await rejects(
      secrets.send(new CreateSecretCommand({ Name: "leaving", SecretString: "w" })),
      /scheduled for deletion/,
    );
    await secrets.send(new RestoreSecretCommand({ SecretId: "leaving" }));
    equal(await value("leaving"), "v");
    await secrets.send(new DeleteSecretCommand({ SecretId: "leaving", RecoveryWindowInDays: 7 }));
    await lake.advance(7 * DAY + 1000);
    await rejects(value("leaving"), { name: "ResourceNotFoundException" });
    await secrets.send(new CreateSecretCommand({ Name: "leaving", SecretString: "w" }));
    await secrets.send(new DeleteSecretCommand({ SecretId: "leaving", ForceDeleteWithoutRecovery: true }));
    await rejects(value("leaving"), { name: "ResourceNotFoundException" });
  });

  it("lists in pages, by filter, and gets many at once", async () => {
    for (const name of ["list/a", "list/b", "list/c"]) {
      await secrets.send(
        new CreateSecretCommand({ Name: name, SecretString: name, Tags: [{ Key: "team", Value: name.slice(-1) }] }),
      );
    }
    const filter = { Key: "name" as const, Values: ["list/"] };
    const first = await secrets.send(new ListSecretsCommand({ Filters: [filter], SortOrder: "asc", MaxResults: 2 }));
    const second = await secrets.send(
      new ListSecretsCommand({ Filters: [filter], SortOrder: "asc", MaxResults: 2, NextToken: first.NextToken }),
    );
    deepEqual(
      [first.SecretList?.map((one) => one.Name), second.SecretList?.map((one) => one.Name), second.NextToken],
      [["list/a", "list/b"], ["list/c"], undefined],
    );
    const tagged = await secrets.send(
      new ListSecretsCommand({ Filters: [filter, { Key: "tag-value", Values: ["!b"] }] }),
    );
    deepEqual(tagged.SecretList?.map((one) => one.Name).sort(), ["list/a", "list/c"]);
    const batch = await secrets.send(new BatchGetSecretValueCommand({ SecretIdList: ["list/a", "none"] }));
    deepEqual(
      batch.SecretValues?.map((one) => one.SecretString),
      ["list/a"],
    );
    deepEqual(
      batch.Errors?.map((one) => [one.SecretId, one.ErrorCode]),
      [["none", "ResourceNotFoundException"]],
    );
    await rejects(secrets.send(new ListSecretsCommand({ NextToken: "bad" })), { name: "InvalidNextTokenException" });
  });

  it("keeps tags", async () => {
    await secrets.send(new CreateSecretCommand({ Name: "tags", SecretString: "v", Tags: [{ Key: "a", Value: "1" }] }));
    await secrets.send(new TagResourceCommand({ SecretId: "tags", Tags: [{ Key: "b", Value: "2" }] }));
    await secrets.send(new UntagResourceCommand({ SecretId: "tags", TagKeys: ["a"] }));
    deepEqual((await secrets.send(new DescribeSecretCommand({ SecretId: "tags" }))).Tags, [{ Key: "b", Value: "2" }]);
  });

  it("makes passwords as asked", async () => {
    const password = async (rules: GetRandomPasswordCommandInput) =>
      (await secrets.send(new GetRandomPasswordCommand(rules))).RandomPassword ?? "";
    const [one, two] = [await password({}), await password({})];
    equal(one.length, 32);
    notEqual(one, two);
    match(
      await password({ PasswordLength: 4, ExcludePunctuation: true, IncludeSpace: true }),
      /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.* ).{4}$/,
    );
    match(
      await password({ PasswordLength: 200, ExcludePunctuation: true, ExcludeCharacters: "aB3" }),
      /^[C-Zb-zA0-24-9]{200}$/,
    );
    await rejects(password({ PasswordLength: 2 }), { name: "InvalidParameterException" });
  });

  it("refuses by name what it does not have", async () => {
    const create = (more: Partial<CreateSecretCommandInput>) =>
      secrets.send(new CreateSecretCommand({ Name: "refused", SecretString: "v", ...more }));
    await rejects(create({ KmsKeyId: "alias/mine" }), /CreateSecret with KmsKeyId/);
    await rejects(create({ AddReplicaRegions: [{ Region: "eu-west-1" }] }), /AddReplicaRegions/);
    await rejects(create({ Name: "rds!db-1" }), { name: "ValidationException" });
    await rejects(secrets.send(new RotateSecretCommand({ SecretId: "tags" })), /No Lambda rotation function/);
    await rejects(
      secrets.send(
        new RotateSecretCommand({ SecretId: "tags", RotationLambdaARN: "arn:aws:lambda:us-east-1:0:function:f" }),
      ),
      /RotationLambdaARN/,
    );
  });

  it("has every acknowledged value after kill -9, and never in its log", async () => {
    await secrets.send(new CreateSecretCommand({ Name: "kept", SecretString: "sesame-open-1" }));
    await secrets.send(new PutSecretValueCommand({ SecretId: "kept", SecretString: "sesame-open-2" }));
    equal(lake.log().includes("sesame-open"), false);
    await lake.kill();
    lake = await lake.restart();
    secrets = new SecretsManagerClient(lake.config);
    equal(statSync(join(lake.folder, "state")).mode & 0o077, 0);
    deepEqual(
      [await value("kept"), await value("kept", { VersionStage: "AWSPREVIOUS" })],
      ["sesame-open-2", "sesame-open-1"],
    );
  });
});
