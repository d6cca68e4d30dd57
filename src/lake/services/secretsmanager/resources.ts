// AWS::SecretsManager::Secret as a live CloudFormation type.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
import { ServiceError } from "../../fault.ts";
import { flagOf, numberOf, optional, refuseReplacement, tagsOf, textOf } from "../../properties.ts";
import type { Properties, ResourceState, ResourceType } from "../../resource.ts";
import { type PasswordRules, randomPassword } from "./password.ts";
import type { SecretStore } from "./store.ts";

const GENERATE = "GenerateSecretString";

export function secretType(secrets: SecretStore): ResourceType {
  const { call } = secrets.lake;
  // Ref and Id are the ARN.
  const state = (arn: string): ResourceState => ({ physicalId: arn, attributes: { Id: arn } });
  return {
    type: "AWS::SecretsManager::Secret",
    properties: ["Name", "Description", "SecretString", GENERATE, "Tags"],
    async create(properties, context) {
      const name = textOf(properties, "Name") ?? context.generatedName(512);
      if (secrets.find(name) === undefined) await context.initiated?.(name);
      const made = await call("secretsmanager", "CreateSecret", {
        Name: name,
        SecretString: valueOf(properties),
        Tags: listTags(tagsOf(properties, context)),
        ...optional("Description", textOf(properties, "Description")),
      });
      return state(made.ARN ?? "");
    },
    async update(physicalId, before, after, context) {
      refuseReplacement("the secret", before, after, ["Name"]);
      const generation = JSON.stringify(before[GENERATE]) !== JSON.stringify(after[GENERATE]);
      const fresh = generation || before["SecretString"] !== after["SecretString"];
      await call("secretsmanager", "UpdateSecret", {
        SecretId: physicalId,
        Description: textOf(after, "Description") ?? "",
        ...(fresh ? { SecretString: valueOf(after) } : {}),
      });
      const tags = tagsOf(after, context);
      const TagKeys = Object.keys(secrets.get(physicalId).tags).filter((key) => !(key in tags));
      if (TagKeys.length > 0) await call("secretsmanager", "UntagResource", { SecretId: physicalId, TagKeys });
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
  const given = textOf(properties, "SecretString");
  if (given !== undefined && properties[GENERATE] !== undefined) {
    throw new ServiceError("InvalidRequest", "You can't specify both SecretString and GenerateSecretString.");
  }
  if (given !== undefined) return given;
  const generate = (properties[GENERATE] ?? {}) as Properties;
  const password = randomPassword(rulesOf(generate));
  const template = textOf(generate, "SecretStringTemplate");
  const key = textOf(generate, "GenerateStringKey");
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

function rulesOf(generate: Properties): PasswordRules {
  return {
    PasswordLength: numberOf(generate, "PasswordLength"),
    ExcludeCharacters: textOf(generate, "ExcludeCharacters"),
    ExcludeNumbers: flagOf(generate, "ExcludeNumbers"),
    ExcludePunctuation: flagOf(generate, "ExcludePunctuation"),
    ExcludeUppercase: flagOf(generate, "ExcludeUppercase"),
    ExcludeLowercase: flagOf(generate, "ExcludeLowercase"),
    IncludeSpace: flagOf(generate, "IncludeSpace"),
    RequireEachIncludedType: flagOf(generate, "RequireEachIncludedType"),
  };
}

function listTags(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
