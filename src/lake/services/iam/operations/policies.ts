// Customer managed policies and their versions.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
import type { Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import { checkDocument, checkName, checkPath, encodeDocument, page, required, tagList, tagsOf } from "../checks.ts";
import { conflict, exists, type IamStore, newId, noSuch, type Policy, type PolicyVersion } from "../store.ts";

type Names =
  | "CreatePolicy"
  | "GetPolicy"
  | "ListPolicies"
  | "DeletePolicy"
  | "CreatePolicyVersion"
  | "GetPolicyVersion"
  | "ListPolicyVersions"
  | "DeletePolicyVersion"
  | "SetDefaultPolicyVersion";

const MOST_VERSIONS = 5;

export function policyOperations(store: IamStore): Pick<Operations<"iam">, Names> {
  const find = (arn: string | undefined): Policy => {
    const text = required(arn, "policyArn");
    if (text.startsWith("arn:aws:iam::aws:policy/")) throw notImplemented(`the text of AWS's own policies (${text})`);
    return store.policy(text);
  };
  const change = (arn: string | undefined, act: (policy: Policy) => Policy) =>
    store.lock(async () => {
      const changed = { ...act(find(arn)), updated: store.lake.clock.now() };
      await store.savePolicy(changed);
      return changed;
    });
  const shape = async (policy: Policy) => {
    const arn = store.policyArn(policy);
    const users = (await store.roles()).filter((role) => role.attached.includes(arn)).length;
    return policyShape(arn, policy, users);
  };
  return {
    CreatePolicy: {
      fields: ["PolicyName", "Path", "PolicyDocument", "Description", "Tags"],
      run: async (input) => {
        const now = store.lake.clock.now();
        const document = checkDocument(input.PolicyDocument, "policyDocument", { trust: false });
        const policy: Policy = {
          name: checkName(input.PolicyName, "policyName", 128),
          path: checkPath(input.Path),
          id: newId("ANPA"),
          created: now,
          updated: now,
          ...(input.Description === undefined ? {} : { description: input.Description }),
          tags: tagsOf(input.Tags),
          versions: [{ id: "v1", document, created: now }],
          defaultVersion: "v1",
        };
        await store.lock(async () => {
          if (store.findPolicy(store.policyArn(policy)) !== undefined) {
            throw exists(`A policy called ${policy.name} already exists. Duplicate names are not allowed.`);
          }
          await store.savePolicy(policy);
        });
        return { Policy: await shape(policy) };
      },
    },
    GetPolicy: {
      fields: ["PolicyArn"],
      run: async (input) => ({ Policy: await shape(find(input.PolicyArn)) }),
    },
    ListPolicies: {
      fields: ["Scope", "OnlyAttached", "PathPrefix", "Marker", "MaxItems"],
      run: async (input) => {
        if (input.Scope !== "Local") throw notImplemented("ListPolicies of AWS's own policies; ask with Scope Local");
        const found = await Promise.all(
          (await store.policies()).filter((policy) => policy.path.startsWith(input.PathPrefix ?? "/")).map(shape),
        );
        const attached = found.filter((policy) => input.OnlyAttached !== true || policy.AttachmentCount > 0);
        const { items, rest } = page(attached, (policy) => policy.Arn, input);
        return { Policies: items, ...rest };
      },
    },
    DeletePolicy: {
      fields: ["PolicyArn"],
      run: async (input) => {
        await store.lock(async () => {
          const policy = find(input.PolicyArn);
          const arn = store.policyArn(policy);
          if ((await store.roles()).some((role) => role.attached.includes(arn))) {
            throw conflict("Cannot delete a policy attached to entities.");
          }
          if (policy.versions.length > 1) {
            throw conflict(
              "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.",
            );
          }
          await store.forget("policy", arn);
        });
        return {};
      },
    },
    CreatePolicyVersion: {
      fields: ["PolicyArn", "PolicyDocument", "SetAsDefault"],
      run: async (input) => {
        const document = checkDocument(input.PolicyDocument, "policyDocument", { trust: false });
        const changed = await change(input.PolicyArn, (policy) => {
          if (policy.versions.length >= MOST_VERSIONS) {
            throw new ServiceError("LimitExceeded", `A managed policy can have up to ${MOST_VERSIONS} versions.`, {
              status: 409,
            });
          }
          const id = `v${Math.max(...policy.versions.map((version) => Number(version.id.slice(1)))) + 1}`;
          const version = { id, document, created: store.lake.clock.now() };
          const defaultVersion = input.SetAsDefault === true ? id : policy.defaultVersion;
          return { ...policy, versions: [...policy.versions, version], defaultVersion };
        });
        const made = changed.versions.at(-1) as PolicyVersion;
        const { Document: _text, ...shown } = versionShape(changed, made);
        return { PolicyVersion: shown };
      },
    },
    GetPolicyVersion: {
      fields: ["PolicyArn", "VersionId"],
      run: (input) => {
        const policy = find(input.PolicyArn);
        return { PolicyVersion: versionShape(policy, versionOf(policy, required(input.VersionId, "versionId"))) };
      },
    },
    ListPolicyVersions: {
      fields: ["PolicyArn", "Marker", "MaxItems"],
      run: (input) => {
        const policy = find(input.PolicyArn);
        const { items, rest } = page([...policy.versions].reverse(), (version) => version.id, input);
        return {
          Versions: items.map((version) => {
            const { Document: _text, ...shown } = versionShape(policy, version);
            return shown;
          }),
          ...rest,
        };
      },
    },
    DeletePolicyVersion: {
      fields: ["PolicyArn", "VersionId"],
      run: async (input) => {
        await change(input.PolicyArn, (policy) => {
          const { id } = versionOf(policy, required(input.VersionId, "versionId"));
          if (id === policy.defaultVersion) throw conflict("Cannot delete the default version of a policy.");
          return { ...policy, versions: policy.versions.filter((version) => version.id !== id) };
        });
        return {};
      },
    },
    SetDefaultPolicyVersion: {
      fields: ["PolicyArn", "VersionId"],
      run: async (input) => {
        await change(input.PolicyArn, (policy) => ({
          ...policy,
          defaultVersion: versionOf(policy, required(input.VersionId, "versionId")).id,
        }));
        return {};
      },
    },
  };
}

function versionOf(policy: Policy, id: string): PolicyVersion {
  const found = policy.versions.find((version) => version.id === id);
  if (found === undefined) throw noSuch(`Policy ${policy.name} version ${id} does not exist or is not attachable.`);
  return found;
}

function versionShape(policy: Policy, version: PolicyVersion) {
  return {
    Document: encodeDocument(version.document),
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: new Date(version.created),
  };
}

function policyShape(Arn: string, policy: Policy, attachments: number) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachments,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    CreateDate: new Date(policy.created),
    UpdateDate: new Date(policy.updated),
    Tags: tagList(policy.tags),
  };
}
