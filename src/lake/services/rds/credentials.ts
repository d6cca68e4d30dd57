// The master's password where RDS manages it: a secret of RDS's own in Secrets Manager, and its rotation.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
import { randomUUID } from "node:crypto";
import type { Principal } from "../../call.ts";
import type { PostgresPlace } from "../../engines/postgres.ts";
import { ServiceError } from "../../fault.ts";
import type { Lake } from "../../lake.ts";
import { changePassword, logIn } from "./sql.ts";
import type { Instance, RdsStore } from "./store.ts";

/** RDS's own role: Secrets Manager lets nobody else change what RDS made. */
export function serviceLinkedRole(lake: Lake): Principal {
  const arn = `arn:aws:iam::${lake.accountId}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS`;
  return { arn, roleArn: arn, accessKeyId: "rds.amazonaws.com" };
}

export function newSecretName(): string {
  return `rds!db-${randomUUID()}`;
}

export async function randomMasterPassword(lake: Lake): Promise<string> {
  // Besides what RDS forbids, what people would have to escape in a shell.
  const { RandomPassword } = await lake.call("secretsmanager", "GetRandomPassword", {
    ExcludeCharacters: "/@\"'\\`$ ",
  });
  return RandomPassword ?? "";
}

/** Makes the secret where it is not there yet, and gives its ARN. */
export async function ensureSecret(store: RdsStore, instance: Instance): Promise<string> {
  const { lake } = store;
  const name = instance.secretName ?? "";
  const principal = serviceLinkedRole(lake);
  const arn = await lake.call("secretsmanager", "DescribeSecret", { SecretId: name }, { principal }).then(
    (secret) => secret.ARN,
    () => undefined,
  );
  if (arn !== undefined) return arn;
  const instanceArn = store.arn("db", instance.id);
  const made = await lake.call(
    "secretsmanager",
    "CreateSecret",
    {
      Name: name,
      Description: `Secret associated with primary RDS DB instance: ${instanceArn}`,
      SecretString: secretText(instance, await randomMasterPassword(lake)),
      Tags: [
        { Key: "aws:secretsmanager:owningService", Value: "rds" },
        { Key: "aws:rds:primaryDBInstanceArn", Value: instanceArn },
      ],
    },
    { principal },
  );
  return made.ARN ?? "";
}

export async function deleteSecret(lake: Lake, name: string): Promise<void> {
  try {
    const input = { SecretId: name, ForceDeleteWithoutRecovery: true };
    await lake.call("secretsmanager", "DeleteSecret", input, { principal: serviceLinkedRole(lake) });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "ResourceNotFoundException") throw error;
  }
}

/** The password in a version of the secret, AWSCURRENT unless told; undefined where the version has no value yet. */
export async function secretPassword(lake: Lake, name: string, versionId?: string): Promise<string | undefined> {
  try {
    const { SecretString } = await lake.call("secretsmanager", "GetSecretValue", {
      SecretId: name,
      ...(versionId === undefined ? {} : { VersionId: versionId }),
    });
    return (JSON.parse(SecretString ?? "{}") as { password?: string }).password;
  } catch (error) {
    if (error instanceof ServiceError && error.code === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/** The version that waits to become current, if a rotation has begun. */
export async function pendingVersion(lake: Lake, name: string): Promise<string | undefined> {
  const { VersionIdsToStages = {} } = await lake.call("secretsmanager", "DescribeSecret", { SecretId: name });
  return Object.entries(VersionIdsToStages).find(
    ([, stages]) => stages?.includes("AWSPENDING") === true && !stages.includes("AWSCURRENT"),
  )?.[0];
}

/**
 * Gives the master a new password: first into the secret as AWSPENDING, then into PostgreSQL, then AWSCURRENT moves. Each step can be
 * done again, so a rotation that a crash cut short is finished by calling this once more.
 */
export async function rotatePassword(
  lake: Lake,
  place: PostgresPlace,
  instance: Instance,
  port: number,
): Promise<void> {
  const name = instance.secretName ?? "";
  const principal = serviceLinkedRole(lake);
  const versionId = (await pendingVersion(lake, name)) ?? randomUUID();
  let password = await secretPassword(lake, name, versionId);
  if (password === undefined) {
    password = await randomMasterPassword(lake);
    await lake.call(
      "secretsmanager",
      "PutSecretValue",
      {
        SecretId: name,
        ClientRequestToken: versionId,
        SecretString: secretText(instance, password),
        VersionStages: ["AWSPENDING"],
      },
      { principal },
    );
  }
  await changePassword(place, instance, port, password);
  await logIn(place, instance, port, password);
  const { VersionId: current } = await lake.call("secretsmanager", "GetSecretValue", { SecretId: name });
  if (current !== versionId) {
    const move = {
      SecretId: name,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: versionId,
      RemoveFromVersionId: current,
    };
    await lake.call("secretsmanager", "UpdateSecretVersionStage", move, { principal });
  }
  const settle = { SecretId: name, VersionStage: "AWSPENDING", RemoveFromVersionId: versionId };
  await lake.call("secretsmanager", "UpdateSecretVersionStage", settle, { principal });
}

function secretText(instance: Instance, password: string): string {
  return JSON.stringify({ username: instance.masterUsername, password });
}
