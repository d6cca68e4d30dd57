// What hangs on a role: inline policies and attached managed ones.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { checkDocument, checkName, encodeDocument, invalid, page, required } from "../checks.ts";
import { type IamStore, noSuch } from "../store.ts";

type Names =
  | "PutRolePolicy"
  | "GetRolePolicy"
  | "ListRolePolicies"
  | "DeleteRolePolicy"
  | "AttachRolePolicy"
  | "DetachRolePolicy"
  | "ListAttachedRolePolicies";

/** Characters of all inline policies of a role, white space aside. */
const LARGEST_INLINE = 10_240;
const MOST_ATTACHED = 10;

export function rolePolicyOperations(store: IamStore): Pick<Operations<"iam">, Names> {
  const nameOf = (name: string | undefined) => required(name, "roleName");
  return {
    PutRolePolicy: {
      fields: ["RoleName", "PolicyName", "PolicyDocument"],
      run: async (input) => {
        const name = checkName(input.PolicyName, "policyName", 128);
        const document = checkDocument(input.PolicyDocument, "policyDocument", { trust: false });
        await store.changeRole(nameOf(input.RoleName), (role) => {
          const inline = { ...role.inline, [name]: document };
          const size = Object.values(inline).reduce((sum, text) => sum + text.replace(/\s/g, "").length, 0);
          if (size > LARGEST_INLINE) {
            throw limit(`Maximum policy size of ${LARGEST_INLINE} bytes exceeded for role ${role.name}`);
          }
          return { ...role, inline };
        });
        return {};
      },
    },
    GetRolePolicy: {
      fields: ["RoleName", "PolicyName"],
      run: (input) => {
        const role = store.role(nameOf(input.RoleName));
        const PolicyName = required(input.PolicyName, "policyName");
        const document = role.inline[PolicyName];
        if (document === undefined) throw noSuch(`The role policy with name ${PolicyName} cannot be found.`);
        return { RoleName: role.name, PolicyName, PolicyDocument: encodeDocument(document) };
      },
    },
    ListRolePolicies: {
      fields: ["RoleName", "Marker", "MaxItems"],
      run: (input) => {
        const names = Object.keys(store.role(nameOf(input.RoleName)).inline).sort();
        const { items, rest } = page(names, (name) => name, input);
        return { PolicyNames: items, ...rest };
      },
    },
    DeleteRolePolicy: {
      fields: ["RoleName", "PolicyName"],
      run: async (input) => {
        const name = required(input.PolicyName, "policyName");
        await store.changeRole(nameOf(input.RoleName), (role) => {
          if (role.inline[name] === undefined) throw noSuch(`The role policy with name ${name} cannot be found.`);
          return { ...role, inline: Object.fromEntries(Object.entries(role.inline).filter(([key]) => key !== name)) };
        });
        return {};
      },
    },
    AttachRolePolicy: {
      fields: ["RoleName", "PolicyArn"],
      run: async (input) => {
        const arn = attachable(store, required(input.PolicyArn, "policyArn"));
        await store.changeRole(nameOf(input.RoleName), (role) => {
          if (role.attached.includes(arn)) return role;
          if (role.attached.length >= MOST_ATTACHED)
            throw limit(`Cannot exceed quota for PoliciesPerRole: ${MOST_ATTACHED}`);
          return { ...role, attached: [...role.attached, arn] };
        });
        return {};
      },
    },
    DetachRolePolicy: {
      fields: ["RoleName", "PolicyArn"],
      run: async (input) => {
        const arn = required(input.PolicyArn, "policyArn");
        await store.changeRole(nameOf(input.RoleName), (role) => {
          if (!role.attached.includes(arn)) throw noSuch(`Policy ${arn} was not found.`);
          return { ...role, attached: role.attached.filter((each) => each !== arn) };
        });
        return {};
      },
    },
    ListAttachedRolePolicies: {
      fields: ["RoleName", "PathPrefix", "Marker", "MaxItems"],
      run: (input) => {
        const found = store
          .role(nameOf(input.RoleName))
          .attached.filter((arn) => pathOf(arn).startsWith(input.PathPrefix ?? "/"))
          .map((PolicyArn) => ({ PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf("/") + 1), PolicyArn }));
        const { items, rest } = page(found, (policy) => policy.PolicyArn, input);
        return { AttachedPolicies: items, ...rest };
      },
    },
  };
}

/** AWS's own policies are taken by name, as the lake has no list of them; a customer's must be there. */
function attachable(store: IamStore, arn: string): string {
  if (/^arn:aws:iam::aws:policy\/[\w+=,.@/-]+$/.test(arn)) return arn;
  if (!/^arn:aws:iam::\d{12}:policy\//.test(arn)) throw invalid(`ARN ${arn} is not valid.`);
  store.policy(arn);
  return arn;
}

/** "arn:...:policy/service-role/Name" -> "/service-role/" */
function pathOf(arn: string): string {
  return arn.slice(arn.indexOf(":policy/") + ":policy".length, arn.lastIndexOf("/") + 1);
}

function limit(message: string): ServiceError {
  return new ServiceError("LimitExceeded", message, { status: 409 });
}
