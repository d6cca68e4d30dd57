// ListSecrets, DeleteSecret, RestoreSecret, TagResource, UntagResource.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { checkOwner, checkTags, invalidParameter, required, tagsOf } from "../checks.ts";
import { chosen, type Filter } from "../filters.ts";
import { page } from "../paging.ts";
import type { Secret, SecretStore } from "../store.ts";
import { description, stagesOf } from "./read.ts";

const DAY = 86_400_000;

export function lifeOperations(
  secrets: SecretStore,
): Pick<
  Operations<"secretsmanager">,
  "ListSecrets" | "DeleteSecret" | "RestoreSecret" | "TagResource" | "UntagResource"
> {
  const { clock, store } = secrets.lake;
  return {
    ListSecrets: {
      fields: ["MaxResults", "NextToken", "Filters", "SortOrder", "SortBy", "IncludePlannedDeletion"],
      run: async (input) => {
        const found = chosen(await secrets.all(), input.Filters as Filter[] | undefined).filter(
          (secret) => input.IncludePlannedDeletion === true || secret.deletion === undefined,
        );
        found.sort(sorting(input.SortBy));
        // AWS gives the newest first unless told.
        if ((input.SortOrder ?? (input.SortBy === "name" ? "asc" : "desc")) === "desc") found.reverse();
        const { items, next } = page(found, (secret) => secret.name, input, 100);
        return {
          SecretList: items.map((secret) => ({
            ...description(secrets, secret),
            SecretVersionsToStages: stagesOf(secret),
          })),
          ...next,
        };
      },
    },
    DeleteSecret: {
      fields: ["SecretId", "RecoveryWindowInDays", "ForceDeleteWithoutRecovery"],
      run: (input, { principal }) => {
        const force = input.ForceDeleteWithoutRecovery === true;
        const days = input.RecoveryWindowInDays;
        if (force && days !== undefined) {
          throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }
        if (days !== undefined && (days < 7 || days > 30)) {
          throw invalidParameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
        }
        const id = required(input.SecretId, "SecretId");
        return secrets.lock(async () => {
          const secret = secrets.get(id, { deleted: force });
          checkOwner(secret, principal);
          const now = clock.now();
          const deletion = force ? now : now + (days ?? 30) * DAY;
          await store.write((writer) => {
            if (force) secrets.remove(writer, secret);
            else secrets.put(writer, { ...secret, deletion, deleted: now });
          });
          return { ARN: secrets.arn(secret), Name: secret.name, DeletionDate: new Date(deletion) };
        });
      },
    },
    RestoreSecret: {
      fields: ["SecretId"],
      run: (input) =>
        secrets.lock(async () => {
          const secret = secrets.get(required(input.SecretId, "SecretId"), { deleted: true });
          const { deletion: _deletion, deleted: _deleted, ...kept } = secret;
          await secrets.save(kept);
          return { ARN: secrets.arn(secret), Name: secret.name };
        }),
    },
    TagResource: {
      fields: ["SecretId", "Tags"],
      run: (input) =>
        secrets.lock(async () => {
          const secret = secrets.get(required(input.SecretId, "SecretId"));
          await secrets.save({
            ...secret,
            tags: checkTags({ ...secret.tags, ...tagsOf(required(input.Tags, "Tags")) }),
          });
          return {};
        }),
    },
    UntagResource: {
      fields: ["SecretId", "TagKeys"],
      run: (input) =>
        secrets.lock(async () => {
          const secret = secrets.get(required(input.SecretId, "SecretId"));
          const keys = required(input.TagKeys, "TagKeys");
          const reserved = keys.find((key) => key.startsWith("aws:"));
          if (reserved !== undefined)
            throw new ServiceError("InvalidParameterException", `The tag ${reserved} is AWS's own.`);
          const tags = Object.fromEntries(Object.entries(secret.tags).filter(([key]) => !keys.includes(key)));
          await secrets.save({ ...secret, tags });
          return {};
        }),
    },
  };
}

function sorting(by: string | undefined): (a: Secret, b: Secret) => number {
  const byName = (a: Secret, b: Secret) => (a.name < b.name ? -1 : Number(a.name > b.name));
  switch (by) {
    case undefined:
    case "created-date":
      return (a, b) => a.created - b.created || byName(a, b);
    case "last-changed-date":
      return (a, b) => a.changed - b.changed || byName(a, b);
    case "last-accessed-date":
      return (a, b) => (a.accessed ?? 0) - (b.accessed ?? 0) || byName(a, b);
    case "name":
      return byName;
    default:
      throw invalidParameter(`Secrets can't be sorted by ${by}.`);
  }
}
