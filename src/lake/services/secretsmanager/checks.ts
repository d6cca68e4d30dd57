// The rules for names, values, tags and owners that all operations of Secrets Manager share.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
import type { Principal } from "../../call.ts";
import { ServiceError } from "../../fault.ts";
import type { Secret, VersionValue } from "./store.ts";

const LARGEST_VALUE = 65_536;

export function invalidParameter(message: string): ServiceError {
  return new ServiceError("InvalidParameterException", message);
}

export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined) throw invalidParameter(`The parameter ${member} is required.`);
  return value;
}

/** Letters, digits and /_+=.@- ; a service may also use the "!" that marks what it owns. */
export function checkName(name: string, owner: string | undefined): string {
  const allowed = owner === undefined ? /^[A-Za-z0-9/_+=.@-]{1,512}$/ : /^[A-Za-z0-9/_+=.@!-]{1,512}$/;
  if (!allowed.test(name)) {
    throw new ServiceError(
      "ValidationException",
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    );
  }
  return name;
}

interface ValueInput {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** The value sent, or undefined where there is none. */
export function valueOf({ SecretString, SecretBinary }: ValueInput): VersionValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const size = SecretString === undefined ? (SecretBinary?.byteLength ?? 1) : Buffer.byteLength(SecretString, "utf8");
  if (size > LARGEST_VALUE) throw invalidParameter(`The secret value is larger than ${LARGEST_VALUE} bytes.`);
  if (SecretString !== undefined) return { text: SecretString };
  return SecretBinary === undefined ? undefined : { base64: Buffer.from(SecretBinary).toString("base64") };
}

export function sameValue(a: VersionValue, b: VersionValue): boolean {
  return a.text === b.text && a.base64 === b.base64;
}

export function checkTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  if (entries.length > 50) throw invalidParameter("A secret can have no more than 50 tags.");
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128)
      throw invalidParameter(`The tag key "${key}" is not 1 to 128 characters long.`);
    if (value.length > 256) throw invalidParameter(`The value of tag "${key}" is longer than 256 characters.`);
  }
  return tags;
}

export function tagsOf(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
  owner?: string,
): Record<string, string> {
  const given = Object.fromEntries((tags ?? []).map(({ Key, Value }) => [required(Key, "Tags.Key"), Value ?? ""]));
  const reserved = Object.keys(given).find((key) => key.toLowerCase().startsWith("aws:"));
  if (reserved !== undefined && owner === undefined) {
    throw invalidParameter(`The tag key "${reserved}" starts with aws:, which is kept for AWS.`);
  }
  return given;
}

/** The service that calls through its service-linked role: "rds" for AWSServiceRoleForRDS. Nobody can assume such a role. */
export function callingService(principal: Principal): string | undefined {
  return /:role\/aws-service-role\/([a-z0-9-]+)\.amazonaws\.com\//.exec(principal.arn)?.[1];
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html */
export function checkOwner(secret: Secret, principal: Principal): void {
  if (secret.owningService === undefined || callingService(principal) === secret.owningService) return;
  throw new ServiceError(
    "InvalidRequestException",
    `You can't change secret ${secret.name} because it is managed by ${secret.owningService}. Use that service to change it.`,
  );
}
