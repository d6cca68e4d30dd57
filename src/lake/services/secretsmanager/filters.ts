// Filters of ListSecrets and BatchGetSecretValue.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html
import { invalidParameter } from "./checks.ts";
import type { Secret } from "./store.ts";

export interface Filter {
  readonly Key?: string | undefined;
  readonly Values?: readonly string[] | undefined;
}

/** The secrets that meet all filters; each filter takes any of its values, and those with "!" before them exclude. */
export function chosen(secrets: readonly Secret[], filters: readonly Filter[] | undefined): Secret[] {
  return secrets.filter((secret) => (filters ?? []).every((filter) => meets(secret, filter)));
}

function meets(secret: Secret, { Key, Values }: Filter): boolean {
  if (Key === undefined || Values === undefined || Values.length === 0)
    throw invalidParameter("A filter has a Key and Values.");
  const without = Values.filter((value) => value.startsWith("!")).map((value) => value.slice(1));
  const within = Values.filter((value) => !value.startsWith("!"));
  return (
    (within.length === 0 || within.some((value) => matches(secret, Key, value))) &&
    !without.some((value) => matches(secret, Key, value))
  );
}

function matches(secret: Secret, key: string, value: string): boolean {
  const keys = Object.keys(secret.tags);
  const values = Object.values(secret.tags);
  const startsLike = (text: string) => text.toLowerCase().startsWith(value.toLowerCase());
  switch (key) {
    // Names and tags: a prefix, case counts. Descriptions: any word, case does not.
    case "name":
      return secret.name.startsWith(value);
    case "description":
      return (secret.description ?? "").split(/\s+/).some(startsLike);
    case "tag-key":
      return keys.some((tag) => tag.startsWith(value));
    case "tag-value":
      return values.some((tag) => tag.startsWith(value));
    case "owning-service":
      return (secret.owningService ?? "").startsWith(value);
    case "all":
      return value
        .toLowerCase()
        .split(/[\s/_+=.@-]+/)
        .every((word) =>
          [secret.name, secret.description ?? "", ...keys, ...values].some((text) => text.toLowerCase().includes(word)),
        );
    default:
      throw invalidParameter(`There is no filter "${key}".`);
  }
}
