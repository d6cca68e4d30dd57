// AWS::SecretsManager::Secret as a live CloudFormation type.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
import { ServiceError } from "../../fault.ts";
import type { Properties, ResourceContext, ResourceState, ResourceType } from "../../resource.ts";
import { type PasswordRules, randomPassword } from "./password.ts";
import type { SecretStore } from "./store.ts";

const GENERATE = "GenerateSecretString";
const BOOLEANS = [
  "ExcludeNumbers",
  "ExcludePunctuation",
  "ExcludeUppercase",
  "ExcludeLowercase",
  "IncludeSpace",
  "RequireEachIncludedType",
];

export function secretType(secrets: SecretStore): ResourceType {
  const { call } = secrets.lake;
  // Ref and Id are the ARN.
  const state = (arn: string): ResourceState => ({ physicalId: arn, attributes: { Id: arn } });
  return {
    type: "AWS::SecretsManager::Secret",
    properties: ["Name", "Description", "SecretString", GENERATE, "Tags"],
    async create(properties, context) {
      const name = text(properties["Name"]) ?? context.generatedName(512);
      if (secrets.find(name) === undefined) await context.initiated?.(name);
      const made = await call("secretsmanager", "CreateSecret", {
        Name: name,
        SecretString: valueOf(properties),
        Tags: listTags(tagsOf(properties, context)),
        ...(properties["Description"] === undefined ? {} : { Description: String(properties["Description"]) }),
      });
      return state(made.ARN ?? "");
    },
    async update(physicalId, before, after, context) {
      if (before["Name"] !== after["Name"]) {
        throw new ServiceError("NotUpdatable", "A change of Name needs a replacement of the secret.");
      }
      const generation = JSON.stringify(before[GENERATE]) !== JSON.stringify(after[GENERATE]);
      const fresh = generation || before["SecretString"] !== after["SecretString"];
      await call("secretsmanager", "UpdateSecret", {
        SecretId: physicalId,
        Description: text(after["Description"]) ?? "",
        ...(fresh ? { SecretString: valueOf(after) } : {}),
      });
      const tags = tagsOf(after, context);
      const gone = Object.keys(tagsOf(before, context)).filter((key) => !(key in tags));
      if (gone.length > 0) await call("secretsmanager", "UntagResource", { SecretId: physicalId, TagKeys: gone });
      await call("secretsmanager", "TagResource", { SecretId: physicalId, Tags: listTags(tags) });
      return state(physicalId);
    },
    async delete(physicalId) {
      if (secrets.find(physicalId) === undefined) return;
      await call("secretsmanager", "DeleteSecret", { SecretId: physicalId, ForceDeleteWithoutRecovery: true });
    },
    async read(physicalId) {
      const found = secrets.find(physicalId);
      return found === undefined ? undefined : state(secrets.arn(found));
    },
  };
}

/** SecretString as it stands, or a generated one, alone or as a member of the template's JSON. */
function valueOf(properties: Properties): string {
  const given = properties["SecretString"];
  const generate = properties[GENERATE] as Record<string, unknown> | undefined;
  if (given !== undefined && generate !== undefined) {
    throw new ServiceError("InvalidRequest", "You can't specify both SecretString and GenerateSecretString.");
  }
  if (given !== undefined) return String(given);
  const password = randomPassword(rulesOf(generate ?? {}));
  const template = text(generate?.["SecretStringTemplate"]);
  const key = text(generate?.["GenerateStringKey"]);
  if ((template === undefined) !== (key === undefined)) {
    throw new ServiceError(
      "InvalidRequest",
      "SecretStringTemplate and GenerateStringKey are given together or not at all.",
    );
  }
  if (template === undefined || key === undefined) return password;
  try {
    return JSON.stringify({ ...(JSON.parse(template) as object), [key]: password });
  } catch (error) {
    throw new ServiceError("InvalidRequest", "Could not parse SecretStringTemplate JSON.", { cause: error });
  }
}

/** CloudFormation takes numbers and booleans as text too. */
function rulesOf(generate: Readonly<Record<string, unknown>>): PasswordRules {
  const { PasswordLength, ExcludeCharacters } = generate as { PasswordLength?: unknown; ExcludeCharacters?: unknown };
  return {
    ...Object.fromEntries(
      BOOLEANS.map((name) => [name, generate[name] === undefined ? undefined : String(generate[name]) === "true"]),
    ),
    ...(PasswordLength === undefined ? {} : { PasswordLength: Number(PasswordLength) }),
    ...(ExcludeCharacters === undefined ? {} : { ExcludeCharacters: String(ExcludeCharacters) }),
  };
}

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function tagsOf(properties: Properties, context: ResourceContext): Record<string, string> {
  const own = (properties["Tags"] ?? []) as { Key: string; Value: string }[];
  return { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, String(Value)])) };
}

function listTags(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
