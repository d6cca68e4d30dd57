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
  readonly status?: number;
}

export interface Use {
  readonly role: string;
  readonly call: Call;
}

/**
 * IAM actions by S3 operation; "key" is about an object, "bucket" about a bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const S3: Readonly<Record<string, readonly [action: string, about: "key" | "bucket"]>> = {
  GetObject: ["s3:GetObject", "key"],
  HeadObject: ["s3:GetObject", "key"],
  PutObject: ["s3:PutObject", "key"],
  CopyObject: ["s3:PutObject", "key"],
  CreateMultipartUpload: ["s3:PutObject", "key"],
  UploadPart: ["s3:PutObject", "key"],
  CompleteMultipartUpload: ["s3:PutObject", "key"],
  AbortMultipartUpload: ["s3:AbortMultipartUpload", "key"],
  DeleteObject: ["s3:DeleteObject", "key"],
  ListObjectsV2: ["s3:ListBucket", "bucket"],
  ListObjects: ["s3:ListBucket", "bucket"],
  HeadBucket: ["s3:ListBucket", "bucket"],
};

/** Not judged: the log has no keys of a DeleteObjects, and the names of catalog tables are not in it whole. */
const LEFT_OUT = new Set(["s3:DeleteObjects"]);

/** Distinct uses of roles in a lake's log, in order. Calls that the log says nothing certain of are in `leftOut`, by action. */
export function roleUses(log: string): { uses: Use[]; leftOut: Set<string> } {
  const uses = new Map<string, Use>();
  const leftOut = new Set<string>();
  for (const text of log.split("\n")) {
    const line = parse(text);
    const role = /:assumed-role\/([^/]+)\//.exec(line?.principal ?? "")?.[1];
    if (line?.event !== "request" || role === undefined || line.action === undefined) continue;
    const call = callOf(line.action, line.resource ?? "");
    if (call === undefined) leftOut.add(line.action);
    else uses.set(JSON.stringify([role, call]), { role, call });
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

function callOf(action: string, resource: string): Call | undefined {
  if (LEFT_OUT.has(action)) return undefined;
  const [service = "", operation = ""] = action.split(":");
  if (service === "s3") {
    const known = S3[operation];
    if (known === undefined) throw new Error(`the rights that ${action} needs are not known here`);
    const [path = "", query = ""] = resource.split("?");
    const [, bucket = "", ...key] = path.split("/").map(decodeURIComponent);
    if (known[1] === "key") return { action: known[0], resource: `arn:aws:s3:::${bucket}/${key.join("/")}` };
    const prefix = new URLSearchParams(query).get("prefix");
    return {
      action: known[0],
      resource: `arn:aws:s3:::${bucket}`,
      context: prefix === null ? {} : { "s3:prefix": prefix },
    };
  }
  if (service === "secretsmanager") return { action, resource };
  if (action === "glue:GetConnection")
    return { action, resource: `arn:aws:glue:us-east-1:000000000000:connection/${resource}` };
  return undefined;
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
