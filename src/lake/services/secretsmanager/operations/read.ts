// GetSecretValue, BatchGetSecretValue, DescribeSecret, ListSecretVersionIds: what a secret is and holds.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { invalidParameter, required } from "../checks.ts";
import { chosen, type Filter } from "../filters.ts";
import { page } from "../paging.ts";
import { CURRENT, type Secret, type SecretStore, staged, type Version } from "../store.ts";

const DAY = 86_400_000;

export function readOperations(
  secrets: SecretStore,
): Pick<
  Operations<"secretsmanager">,
  "GetSecretValue" | "BatchGetSecretValue" | "DescribeSecret" | "ListSecretVersionIds" | "GetResourcePolicy"
> {
  return {
    GetSecretValue: {
      fields: ["SecretId", "VersionId", "VersionStage"],
      run: async (input) => {
        const secret = secrets.get(required(input.SecretId, "SecretId"));
        const answer = entry(secrets, secret, versionOf(secret, input));
        await touch(secrets, secret);
        return answer;
      },
    },
    BatchGetSecretValue: {
      fields: ["SecretIdList", "Filters", "MaxResults", "NextToken"],
      run: async (input) => {
        const { SecretIdList: ids, Filters: filters } = input;
        if ((ids === undefined) === (filters === undefined)) {
          throw invalidParameter("You must include either Filters or SecretIdList, but not both.");
        }
        if (ids !== undefined) return byIds(secrets, ids);
        const found = chosen(await secrets.all(), filters as Filter[]).filter(
          (secret) => secret.deletion === undefined,
        );
        const { items, next } = page(found, (secret) => secret.name, input, 20);
        return {
          SecretValues: items.map((secret) => entry(secrets, secret, versionOf(secret, {}))),
          Errors: [],
          ...next,
        };
      },
    },
    DescribeSecret: {
      fields: ["SecretId"],
      run: (input) => {
        const secret = secrets.get(required(input.SecretId, "SecretId"), { deleted: true });
        return { ...description(secrets, secret), VersionIdsToStages: stagesOf(secret) };
      },
    },
    ListSecretVersionIds: {
      fields: ["SecretId", "MaxResults", "NextToken", "IncludeDeprecated"],
      run: (input) => {
        const secret = secrets.get(required(input.SecretId, "SecretId"));
        const shown = secret.versions.filter(
          (version) => input.IncludeDeprecated === true || version.stages.length > 0,
        );
        const { items, next } = page(shown, (version) => version.id, input, 100);
        return {
          ARN: secrets.arn(secret),
          Name: secret.name,
          Versions: items.map((version) => ({
            VersionId: version.id,
            VersionStages: [...version.stages],
            CreatedDate: new Date(version.created),
          })),
          ...next,
        };
      },
    },
    // PutResourcePolicy is not there, so no secret has a policy; Terraform and others ask.
    GetResourcePolicy: {
      fields: ["SecretId"],
      run: (input) => {
        const secret = secrets.get(required(input.SecretId, "SecretId"));
        return { ARN: secrets.arn(secret), Name: secret.name };
      },
    },
  };
}

/** A secret as DescribeSecret and ListSecrets show it. */
export function description(secrets: SecretStore, secret: Secret) {
  const { rotationDays, rotated } = secret;
  return {
    ARN: secrets.arn(secret),
    Name: secret.name,
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    ...(rotationDays === undefined
      ? {}
      : {
          RotationEnabled: true,
          RotationRules: { AutomaticallyAfterDays: rotationDays },
          NextRotationDate: new Date((rotated ?? secret.created) + rotationDays * DAY),
        }),
    ...(rotated === undefined ? {} : { LastRotatedDate: new Date(rotated) }),
    LastChangedDate: new Date(secret.changed),
    ...(secret.accessed === undefined ? {} : { LastAccessedDate: new Date(secret.accessed) }),
    ...(secret.deleted === undefined ? {} : { DeletedDate: new Date(secret.deleted) }),
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(secret.owningService === undefined ? {} : { OwningService: secret.owningService }),
    CreatedDate: new Date(secret.created),
  };
}

/** Versions by id, those without a label left out. */
export function stagesOf(secret: Secret): Record<string, string[]> {
  return Object.fromEntries(
    secret.versions.filter((version) => version.stages.length > 0).map((version) => [version.id, [...version.stages]]),
  );
}

async function byIds(secrets: SecretStore, ids: readonly string[]) {
  if (ids.length > 20) throw invalidParameter("SecretIdList holds no more than 20 secrets.");
  const SecretValues: ReturnType<typeof entry>[] = [];
  const Errors: { SecretId: string; ErrorCode: string; Message: string }[] = [];
  for (const id of ids) {
    try {
      const secret = secrets.get(id);
      SecretValues.push(entry(secrets, secret, versionOf(secret, {})));
      await touch(secrets, secret);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues, Errors };
}

function versionOf(
  secret: Secret,
  input: { VersionId?: string | undefined; VersionStage?: string | undefined },
): Version {
  const { VersionId: id } = input;
  const stage = input.VersionStage ?? (id === undefined ? CURRENT : undefined);
  const found =
    id === undefined ? staged(secret, stage ?? CURRENT) : secret.versions.find((version) => version.id === id);
  if (found === undefined) {
    const what = id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`;
    throw new ServiceError(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  }
  if (stage !== undefined && !found.stages.includes(stage)) {
    throw new ServiceError(
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  }
  return found;
}

function entry(secrets: SecretStore, secret: Secret, version: Version) {
  const value = secrets.value(secret, version.id);
  if (value.text === undefined && value.base64 === undefined) {
    // A rotation has begun and not got that far.
    throw new ServiceError(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for VersionId: ${version.id}`,
    );
  }
  return {
    ARN: secrets.arn(secret),
    Name: secret.name,
    VersionId: version.id,
    ...(value.text === undefined ? {} : { SecretString: value.text }),
    ...(value.base64 === undefined ? {} : { SecretBinary: new Uint8Array(Buffer.from(value.base64, "base64")) }),
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.created),
  };
}

/** Notes the day of the last read; once a day, so that reading costs no write. */
async function touch(secrets: SecretStore, secret: Secret): Promise<void> {
  const day = Math.floor(secrets.lake.clock.now() / DAY) * DAY;
  if (secret.accessed === day) return;
  await secrets.lock(async () => {
    const current = secrets.find(secret.name);
    if (current?.suffix === secret.suffix) await secrets.save({ ...current, accessed: day });
  });
}
