// IAM: roles, policies and instance profiles are kept and answered; nothing in the lake enforces them.
import type { Lake, Service } from "../../lake.ts";
import { policyOperations } from "./operations/policies.ts";
import { profileOperations } from "./operations/profiles.ts";
import { rolePolicyOperations } from "./operations/rolePolicies.ts";
import { roleOperations } from "./operations/roles.ts";
import { instanceProfileType, managedPolicyType, policyType } from "./resources/policies.ts";
import { roleType } from "./resources/role.ts";
import { IamStore } from "./store.ts";

export function createIam(lake: Lake): Service<"iam"> {
  const store = new IamStore(lake);
  return {
    id: "iam",
    protocol: "query",
    schemas: () => import("@aws-sdk/client-iam"),
    operations: {
      ...roleOperations(store),
      ...rolePolicyOperations(store),
      ...policyOperations(store),
      ...profileOperations(store),
    },
    resources: [roleType(store), policyType(store), managedPolicyType(store), instanceProfileType(store)],
  };
}
