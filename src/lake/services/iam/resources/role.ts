// AWS::IAM::Role: kept in IAM, where sessions are issued for it; recorded, because the lake does not enforce its policies.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
import { notImplemented, ServiceError } from "../../../fault.ts";
import type { Properties, ResourceContext, ResourceState, ResourceType } from "../../../resource.ts";
import { tagList } from "../checks.ts";
import type { IamStore } from "../store.ts";

/** What may follow the role's own properties. */
const REPLACED = ["RoleName", "Path"];

export function roleType(store: IamStore): ResourceType {
  const { call } = store.lake;
  const state = (name: string): ResourceState => {
    const role = store.role(name);
    return { physicalId: name, attributes: { Arn: store.roleArn(role), RoleId: role.id } };
  };
  const remove = async (RoleName: string) => {
    const role = store.findRole(RoleName);
    if (role === undefined) return;
    for (const PolicyName of Object.keys(role.inline)) await call("iam", "DeleteRolePolicy", { RoleName, PolicyName });
    for (const PolicyArn of role.attached) await call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
    await call("iam", "DeleteRole", { RoleName });
  };
  return {
    type: "AWS::IAM::Role",
    recorded: true,
    properties: [
      "RoleName",
      "Path",
      "AssumeRolePolicyDocument",
      "Description",
      "MaxSessionDuration",
      "PermissionsBoundary",
      "ManagedPolicyArns",
      "Policies",
      "Tags",
    ],
    async create(properties, context) {
      const RoleName = textOf(properties["RoleName"]) ?? context.generatedName(64);
      if (store.findRole(RoleName) === undefined) await context.initiated?.(RoleName);
      await call("iam", "CreateRole", {
        RoleName,
        AssumeRolePolicyDocument: documentOf(properties["AssumeRolePolicyDocument"]),
        Tags: tagList(tagsOf(properties, context)),
        ...optional("Path", properties),
        ...optional("Description", properties),
        ...optional("PermissionsBoundary", properties),
        ...(properties["MaxSessionDuration"] === undefined
          ? {}
          : { MaxSessionDuration: Number(properties["MaxSessionDuration"]) }),
      });
      try {
        for (const [PolicyName, PolicyDocument] of Object.entries(inlineOf(properties))) {
          await call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument });
        }
        for (const PolicyArn of attachedOf(properties)) await call("iam", "AttachRolePolicy", { RoleName, PolicyArn });
      } catch (error) {
        await remove(RoleName);
        throw error;
      }
      return state(RoleName);
    },
    async update(RoleName, before, after, context) {
      const replaced = REPLACED.find((name) => before[name] !== after[name]);
      if (replaced !== undefined)
        throw new ServiceError("NotUpdatable", `A change of ${replaced} needs a replacement of the role.`);
      if (before["PermissionsBoundary"] !== after["PermissionsBoundary"])
        throw notImplemented("a change of PermissionsBoundary");
      const PolicyDocument = documentOf(after["AssumeRolePolicyDocument"]);
      await call("iam", "UpdateAssumeRolePolicy", { RoleName, PolicyDocument });
      await call("iam", "UpdateRole", {
        RoleName,
        Description: textOf(after["Description"]) ?? "",
        MaxSessionDuration: Number(after["MaxSessionDuration"] ?? 3600),
      });
      const [oldInline, inline] = [inlineOf(before), inlineOf(after)];
      for (const PolicyName of Object.keys(oldInline)) {
        if (!(PolicyName in inline)) await call("iam", "DeleteRolePolicy", { RoleName, PolicyName });
      }
      for (const [PolicyName, text] of Object.entries(inline)) {
        await call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument: text });
      }
      const [oldAttached, attached] = [attachedOf(before), attachedOf(after)];
      for (const PolicyArn of oldAttached) {
        if (!attached.includes(PolicyArn)) await call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
      }
      for (const PolicyArn of attached) await call("iam", "AttachRolePolicy", { RoleName, PolicyArn });
      const tags = tagsOf(after, context);
      const TagKeys = Object.keys(store.role(RoleName).tags).filter((key) => !(key in tags));
      if (TagKeys.length > 0) await call("iam", "UntagRole", { RoleName, TagKeys });
      await call("iam", "TagRole", { RoleName, Tags: tagList(tags) });
      return state(RoleName);
    },
    delete: (physicalId) => remove(physicalId),
    async read(physicalId) {
      return store.findRole(physicalId) === undefined ? undefined : state(physicalId);
    },
  };
}

export function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** A document stands in a template as an object, or as text. */
export function documentOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function optional<N extends string>(name: N, properties: Properties): Partial<Record<N, string>> {
  const value = properties[name];
  return (value === undefined ? {} : { [name]: String(value) }) as Partial<Record<N, string>>;
}

export function tagsOf(properties: Properties, context: ResourceContext): Record<string, string> {
  const own = (properties["Tags"] ?? []) as { Key: string; Value: string }[];
  return { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, String(Value)])) };
}

function inlineOf(properties: Properties): Record<string, string> {
  const policies = (properties["Policies"] ?? []) as { PolicyName: string; PolicyDocument: unknown }[];
  return Object.fromEntries(policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, documentOf(PolicyDocument)]));
}

function attachedOf(properties: Properties): string[] {
  return ((properties["ManagedPolicyArns"] ?? []) as unknown[]).map(String);
}
