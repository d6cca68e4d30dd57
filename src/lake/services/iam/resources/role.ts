// AWS::IAM::Role: kept in IAM, where sessions are issued for it; recorded, because the lake does not enforce its policies.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
import { notImplemented } from "../../../fault.ts";
import { documentOf, numberOf, optional, refuseReplacement, tagsOf, textOf, textsOf } from "../../../properties.ts";
import type { Properties, ResourceState, ResourceType } from "../../../resource.ts";
import { tagList } from "../checks.ts";
import type { IamStore } from "../store.ts";

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
      const RoleName = textOf(properties, "RoleName") ?? context.generatedName(64);
      if (store.findRole(RoleName) === undefined) await context.initiated?.(RoleName);
      await call("iam", "CreateRole", {
        RoleName,
        AssumeRolePolicyDocument: documentOf(properties, "AssumeRolePolicyDocument"),
        Tags: tagList(tagsOf(properties, context)),
        ...optional("Path", textOf(properties, "Path")),
        ...optional("Description", textOf(properties, "Description")),
        ...optional("PermissionsBoundary", textOf(properties, "PermissionsBoundary")),
        ...optional("MaxSessionDuration", numberOf(properties, "MaxSessionDuration")),
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
      refuseReplacement("the role", before, after, ["RoleName", "Path"]);
      if (before["PermissionsBoundary"] !== after["PermissionsBoundary"])
        throw notImplemented("a change of PermissionsBoundary");
      const PolicyDocument = documentOf(after, "AssumeRolePolicyDocument");
      await call("iam", "UpdateAssumeRolePolicy", { RoleName, PolicyDocument });
      await call("iam", "UpdateRole", {
        RoleName,
        Description: textOf(after, "Description") ?? "",
        MaxSessionDuration: numberOf(after, "MaxSessionDuration") ?? 3600,
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

function inlineOf(properties: Properties): Record<string, string> {
  const policies = (properties["Policies"] ?? []) as Properties[];
  return Object.fromEntries(
    policies.map((each) => [textOf(each, "PolicyName") ?? "", documentOf(each, "PolicyDocument")]),
  );
}

function attachedOf(properties: Properties): string[] {
  return textsOf(properties, "ManagedPolicyArns");
}
