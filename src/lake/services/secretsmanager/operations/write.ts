// CreateSecret, PutSecretValue, UpdateSecret, UpdateSecretVersionStage: what adds versions and moves their labels.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
import { randomUUID } from "node:crypto";
import type { Operations, Principal } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import {
  callingService,
  checkName,
  checkOwner,
  checkTags,
  invalidParameter,
  required,
  sameValue,
  tagsOf,
  valueOf,
} from "../checks.ts";
import { CURRENT, type Secret, type SecretStore, type VersionValue, withStage } from "../store.ts";

const TOKEN = /^[\x20-\x7e]{32,64}$/;
/** RDS rotates what it manages every week: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html */
const MANAGED_ROTATION_DAYS = 7;

export function writeOperations(
  secrets: SecretStore,
): Pick<Operations<"secretsmanager">, "CreateSecret" | "PutSecretValue" | "UpdateSecret" | "UpdateSecretVersionStage"> {
  return {
    CreateSecret: {
      fields: ["Name", "ClientRequestToken", "Description", "SecretString", "SecretBinary", "Tags"],
      run: (input, { principal }) => {
        const owner = callingService(principal);
        const name = checkName(required(input.Name, "Name"), owner);
        const value = valueOf(input);
        const token = tokenOf(input.ClientRequestToken);
        const now = secrets.lake.clock.now();
        return secrets.lock(async () => {
          const existing = secrets.find(name);
          if (existing !== undefined) return repeated(secrets, existing, token, value);
          const secret: Secret = {
            name,
            suffix: secrets.newSuffix(),
            ...(input.Description === undefined ? {} : { description: input.Description }),
            created: now,
            changed: now,
            tags: checkTags(tagsOf(input.Tags, owner)),
            ...(owner === undefined ? {} : { owningService: owner, rotationDays: MANAGED_ROTATION_DAYS }),
            versions: value === undefined ? [] : [{ id: token, stages: [CURRENT], created: now }],
          };
          await secrets.lake.store.write((writer) => {
            secrets.put(writer, secret);
            if (value !== undefined) secrets.putValue(writer, secret, token, value);
          });
          return { ARN: secrets.arn(secret), Name: name, ...(value === undefined ? {} : { VersionId: token }) };
        });
      },
    },
    PutSecretValue: {
      fields: ["SecretId", "ClientRequestToken", "SecretString", "SecretBinary", "VersionStages"],
      run: (input, { principal }) => {
        const value = valueOf(input);
        if (value === undefined) throw invalidParameter("You must provide either SecretString or SecretBinary.");
        const stages = input.VersionStages ?? [CURRENT];
        if (stages.length === 0 || stages.length > 20)
          throw invalidParameter("A version has between 1 and 20 staging labels.");
        return secrets.lock(async () => {
          const secret = changeable(secrets, input.SecretId, principal);
          const { id, after } = await addVersion(secrets, secret, tokenOf(input.ClientRequestToken), value, stages);
          const version = after.versions.find((candidate) => candidate.id === id);
          return {
            ARN: secrets.arn(secret),
            Name: secret.name,
            VersionId: id,
            VersionStages: [...(version?.stages ?? [])],
          };
        });
      },
    },
    UpdateSecret: {
      fields: ["SecretId", "ClientRequestToken", "Description", "SecretString", "SecretBinary"],
      run: (input, { principal }) => {
        const value = valueOf(input);
        return secrets.lock(async () => {
          const found = changeable(secrets, input.SecretId, principal);
          const described = input.Description === undefined ? found : { ...found, description: input.Description };
          const names = { ARN: secrets.arn(found), Name: found.name };
          if (value === undefined) {
            await secrets.save({ ...described, changed: secrets.lake.clock.now() });
            return names;
          }
          const { id } = await addVersion(secrets, described, tokenOf(input.ClientRequestToken), value, [CURRENT]);
          return { ...names, VersionId: id };
        });
      },
    },
    UpdateSecretVersionStage: {
      fields: ["SecretId", "VersionStage", "MoveToVersionId", "RemoveFromVersionId"],
      run: (input, { principal }) => {
        const stage = required(input.VersionStage, "VersionStage");
        return secrets.lock(async () => {
          const secret = changeable(secrets, input.SecretId, principal);
          await secrets.save({
            ...secret,
            changed: secrets.lake.clock.now(),
            versions: moveStage(secret, stage, input),
          });
          return { ARN: secrets.arn(secret), Name: secret.name };
        });
      },
    },
  };
}

function changeable(secrets: SecretStore, id: string | undefined, principal: Principal): Secret {
  const secret = secrets.get(required(id, "SecretId"));
  checkOwner(secret, principal);
  return secret;
}

/** The same request again is answered as the first time; another one finds the name taken. */
function repeated(secrets: SecretStore, secret: Secret, token: string, value: VersionValue | undefined) {
  if (secret.deletion !== undefined) {
    throw new ServiceError(
      "InvalidRequestException",
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const known = secret.versions.some((version) => version.id === token);
  if (!known || value === undefined || !sameValue(secrets.value(secret, token), value)) {
    throw new ServiceError(
      "ResourceExistsException",
      `The operation failed because the secret ${secret.name} already exists.`,
    );
  }
  return { ARN: secrets.arn(secret), Name: secret.name, VersionId: token };
}

async function addVersion(
  secrets: SecretStore,
  secret: Secret,
  id: string,
  value: VersionValue,
  stages: readonly string[],
) {
  const known = secret.versions.find((version) => version.id === id);
  const before = known === undefined ? undefined : secrets.value(secret, id);
  const filled = before?.text !== undefined || before?.base64 !== undefined;
  if (filled && before !== undefined) {
    if (!sameValue(before, value)) {
      throw new ServiceError(
        "ResourceExistsException",
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secrets.arn(secret)}.`,
      );
    }
    return { id, after: secret };
  }
  const now = secrets.lake.clock.now();
  let { versions } = secret;
  if (known === undefined) versions = [...versions, { id, stages: [], created: now }];
  // The first version with a value is current, whatever labels it was given.
  const first = secret.versions.every((version) => version.stages.length === 0);
  for (const stage of first ? new Set([...stages, CURRENT]) : stages) versions = withStage(versions, stage, id);
  const after = { ...secret, versions, changed: now };
  await secrets.lake.store.write((writer) => {
    secrets.put(writer, secrets.trim(writer, after));
    secrets.putValue(writer, secret, id, value);
  });
  return { id, after };
}

function moveStage(
  secret: Secret,
  stage: string,
  input: { MoveToVersionId?: string | undefined; RemoveFromVersionId?: string | undefined },
) {
  const { MoveToVersionId: to, RemoveFromVersionId: from } = input;
  const holder = secret.versions.find((version) => version.stages.includes(stage))?.id;
  for (const id of [to, from]) {
    if (id !== undefined && !secret.versions.some((version) => version.id === id)) {
      throw new ServiceError(
        "ResourceNotFoundException",
        `Secrets Manager can't find the specified secret value for VersionId: ${id}`,
      );
    }
  }
  if (from !== undefined && from !== holder) {
    throw invalidParameter(`The RemoveFromVersionId ${from} does not have the staging label ${stage}.`);
  }
  if (to !== undefined && holder !== undefined && holder !== to && from === undefined) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (to === undefined && from === undefined)
    throw invalidParameter("Give MoveToVersionId, RemoveFromVersionId or both.");
  if (stage === CURRENT && to === undefined) {
    throw invalidParameter("You can't remove the staging label AWSCURRENT; move it to another version.");
  }
  return withStage(secret.versions, stage, to);
}

function tokenOf(token: string | undefined): string {
  if (token === undefined) return randomUUID();
  if (!TOKEN.test(token)) throw invalidParameter("ClientRequestToken must be 32-64 characters long.");
  return token;
}
