// What the roles of a stack were used for, from the lake's log, held against their own policies: the lake enforces none, AWS will.
import type { IAMClient } from "@aws-sdk/client-iam";
import { GetRolePolicyCommand, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { allows, type Call } from "../unit/template/iam.ts";
import type { Resource } from "../unit/template/stack.ts";

interface Line {
  readonly event?: string;
  readonly principal?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly accesses?: readonly Call[];
}

export interface Use {
  readonly role: string;
  readonly call: Call;
}

/** Distinct uses of roles in a lake's log, in order. Calls that the log says nothing certain of are in `leftOut`, by action. */
export function roleUses(log: string): { uses: Use[]; leftOut: Set<string> } {
  const uses = new Map<string, Use>();
  const leftOut = new Set<string>();
  for (const text of log.split("\n")) {
    const line = parse(text);
    const role = /:assumed-role\/([^/]+)\//.exec(line?.principal ?? "")?.[1];
    if (line?.event !== "request" || role === undefined || line.action === undefined) continue;
    const calls = callsOf(line.action, line.resource ?? "", line.accesses);
    if (calls.length === 0) leftOut.add(line.action);
    for (const call of calls) uses.set(JSON.stringify([role, call]), { role, call });
  }
  return { uses: [...uses.values()], leftOut };
}

function parse(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

/** What the request needs: as S3 wrote it down, or where the action and its resource alone say it. The log has no table names: those are left out. */
function callsOf(action: string, resource: string, accesses: readonly Call[] | undefined): readonly Call[] {
  if (accesses !== undefined) return accesses;
  if (action.startsWith("secretsmanager:")) return [{ action, resource }];
  if (action === "glue:GetConnection") {
    return [{ action, resource: `arn:aws:glue:us-east-1:000000000000:connection/${resource}` }];
  }
  return [];
}

/** A role as the lake's IAM knows it, its policies resolved. */
export async function roleOfLake(iam: IAMClient, name: string): Promise<Resource> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: name }));
  const policies = await Promise.all(
    PolicyNames.map(async (policy) => {
      const { PolicyDocument = "{}" } = await iam.send(
        new GetRolePolicyCommand({ RoleName: name, PolicyName: policy }),
      );
      return { PolicyDocument: JSON.parse(decodeURIComponent(PolicyDocument)) as unknown };
    }),
  );
  return {
    id: name,
    type: "AWS::IAM::Role",
    properties: { Policies: policies },
    deletionPolicy: undefined,
    updateReplacePolicy: undefined,
    dependsOn: [],
  };
}

/** Uses that the role's policies would not have allowed, in words. */
export function refused(uses: readonly Use[], roles: ReadonlyMap<string, Resource>): string[] {
  return uses
    .filter(({ role, call }) => {
      const found = roles.get(role);
      return found === undefined || !allows(found, call);
    })
    .map(({ role, call }) => `${role}: ${call.action} on ${call.resource} ${JSON.stringify(call.context ?? {})}`);
}
