// AWS::IAM::Policy, AWS::IAM::ManagedPolicy, AWS::IAM::InstanceProfile: kept in IAM, recorded, because nothing local obeys them.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
import { ServiceError } from "../../../fault.ts";
import { documentOf, optional, refuseReplacement, textOf, textsOf } from "../../../properties.ts";
import type { Properties, ResourceState, ResourceType } from "../../../resource.ts";
import type { IamStore } from "../store.ts";

/** Inline policies of roles that stand elsewhere in the template. Users and groups are refused by name. */
export function policyType(store: IamStore): ResourceType {
  const { call } = store.lake;
  const remove = async (properties: Properties) => {
    const PolicyName = textOf(properties, "PolicyName") ?? "";
    for (const RoleName of rolesOf(properties)) {
      if (store.findRole(RoleName)?.inline[PolicyName] === undefined) continue;
      await call("iam", "DeleteRolePolicy", { RoleName, PolicyName });
    }
  };
  const put = async (properties: Properties) => {
    const roles = rolesOf(properties);
    if (roles.length === 0)
      throw new ServiceError("InvalidRequest", "At least one of [Groups,Roles,Users] must be non-empty.");
    const PolicyName = textOf(properties, "PolicyName") ?? "";
    for (const RoleName of roles) {
      await call("iam", "PutRolePolicy", {
        RoleName,
        PolicyName,
        PolicyDocument: documentOf(properties, "PolicyDocument"),
      });
    }
  };
  return {
    type: "AWS::IAM::Policy",
    recorded: true,
    properties: ["PolicyName", "PolicyDocument", "Roles"],
    async create(properties, context) {
      const id = context.generatedName(128);
      await context.initiated?.(id);
      try {
        await put(properties);
      } catch (error) {
        await remove(properties);
        throw error;
      }
      return { physicalId: id, attributes: { Id: id } };
    },
    async update(physicalId, before, after) {
      await put(after);
      const kept = new Set(before["PolicyName"] === after["PolicyName"] ? rolesOf(after) : []);
      await remove({ ...before, Roles: rolesOf(before).filter((role) => !kept.has(role)) });
      return { physicalId, attributes: { Id: physicalId } };
    },
    delete: (_physicalId, properties) => remove(properties),
    async read(physicalId, properties) {
      const name = textOf(properties, "PolicyName") ?? "";
      const there = rolesOf(properties).some((role) => store.findRole(role)?.inline[name] !== undefined);
      return there ? { physicalId, attributes: { Id: physicalId } } : undefined;
    },
  };
}

export function managedPolicyType(store: IamStore): ResourceType {
  const { call } = store.lake;
  const state = (arn: string): ResourceState => {
    const policy = store.policy(arn);
    return {
      physicalId: arn,
      attributes: {
        PolicyArn: arn,
        PolicyId: policy.id,
        DefaultVersionId: policy.defaultVersion,
        IsAttachable: true,
        CreateDate: new Date(policy.created).toISOString(),
        UpdateDate: new Date(policy.updated).toISOString(),
      },
    };
  };
  const remove = async (PolicyArn: string) => {
    const policy = store.findPolicy(PolicyArn);
    if (policy === undefined) return;
    for (const { name: RoleName, attached } of await store.roles()) {
      if (attached.includes(PolicyArn)) await call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
    }
    for (const { id } of policy.versions) {
      if (id !== policy.defaultVersion) await call("iam", "DeletePolicyVersion", { PolicyArn, VersionId: id });
    }
    await call("iam", "DeletePolicy", { PolicyArn });
  };
  return {
    type: "AWS::IAM::ManagedPolicy",
    recorded: true,
    properties: ["ManagedPolicyName", "Path", "Description", "PolicyDocument", "Roles"],
    async create(properties, context) {
      const PolicyName = textOf(properties, "ManagedPolicyName") ?? context.generatedName(128);
      const arn = store.policyArn({ name: PolicyName, path: textOf(properties, "Path") ?? "/" });
      if (store.findPolicy(arn) === undefined) await context.initiated?.(arn);
      await call("iam", "CreatePolicy", {
        PolicyName,
        PolicyDocument: documentOf(properties, "PolicyDocument"),
        ...optional("Path", textOf(properties, "Path")),
        ...optional("Description", textOf(properties, "Description")),
      });
      try {
        for (const RoleName of rolesOf(properties)) await call("iam", "AttachRolePolicy", { RoleName, PolicyArn: arn });
      } catch (error) {
        await remove(arn);
        throw error;
      }
      return state(arn);
    },
    async update(PolicyArn, before, after) {
      refuseReplacement("the policy", before, after, ["ManagedPolicyName", "Path", "Description"]);
      const PolicyDocument = documentOf(after, "PolicyDocument");
      if (PolicyDocument !== documentOf(before, "PolicyDocument")) {
        const { versions, defaultVersion } = store.policy(PolicyArn);
        const oldest = versions.find(({ id }) => id !== defaultVersion);
        if (versions.length === 5 && oldest !== undefined) {
          await call("iam", "DeletePolicyVersion", { PolicyArn, VersionId: oldest.id });
        }
        await call("iam", "CreatePolicyVersion", { PolicyArn, PolicyDocument, SetAsDefault: true });
      }
      const [old, roles] = [rolesOf(before), rolesOf(after)];
      for (const RoleName of roles) await call("iam", "AttachRolePolicy", { RoleName, PolicyArn });
      for (const RoleName of old) {
        if (roles.includes(RoleName) || store.findRole(RoleName) === undefined) continue;
        await call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
      }
      return state(PolicyArn);
    },
    delete: (physicalId) => remove(physicalId),
    async read(physicalId) {
      return store.findPolicy(physicalId) === undefined ? undefined : state(physicalId);
    },
  };
}

export function instanceProfileType(store: IamStore): ResourceType {
  const { call } = store.lake;
  const state = (name: string): ResourceState => ({
    physicalId: name,
    attributes: { Arn: store.profileArn(store.profile(name)) },
  });
  const setRole = async (InstanceProfileName: string, properties: Properties) => {
    for (const RoleName of store.profile(InstanceProfileName).roles) {
      await call("iam", "RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName });
    }
    for (const RoleName of rolesOf(properties))
      await call("iam", "AddRoleToInstanceProfile", { InstanceProfileName, RoleName });
  };
  const remove = async (name: string) => {
    if (store.findProfile(name) === undefined) return;
    await setRole(name, {});
    await call("iam", "DeleteInstanceProfile", { InstanceProfileName: name });
  };
  return {
    type: "AWS::IAM::InstanceProfile",
    recorded: true,
    properties: ["InstanceProfileName", "Path", "Roles"],
    async create(properties, context) {
      const name = textOf(properties, "InstanceProfileName") ?? context.generatedName(128);
      if (store.findProfile(name) === undefined) await context.initiated?.(name);
      await call("iam", "CreateInstanceProfile", {
        InstanceProfileName: name,
        ...optional("Path", textOf(properties, "Path")),
      });
      try {
        await setRole(name, properties);
      } catch (error) {
        await remove(name);
        throw error;
      }
      return state(name);
    },
    async update(physicalId, before, after) {
      refuseReplacement("the profile", before, after, ["InstanceProfileName", "Path"]);
      await setRole(physicalId, after);
      return state(physicalId);
    },
    delete: (physicalId) => remove(physicalId),
    async read(physicalId) {
      return store.findProfile(physicalId) === undefined ? undefined : state(physicalId);
    },
  };
}

function rolesOf(properties: Properties): string[] {
  return textsOf(properties, "Roles");
}
