// STS: who am I, and session keys for roles.
import type { Operations } from "../../call.ts";
import { ServiceError } from "../../fault.ts";
import type { Lake, Service } from "../../lake.ts";

export function createSts(lake: Lake): Service<"sts"> {
  const operations: Operations<"sts"> = {
    GetCallerIdentity: {
      fields: [],
      run: (_input, { principal }) => ({ Account: lake.accountId, Arn: principal.arn, UserId: principal.accessKeyId }),
    },
    AssumeRole: {
      fields: ["RoleArn", "RoleSessionName", "DurationSeconds"],
      async run({ RoleArn, RoleSessionName, DurationSeconds }) {
        if (RoleArn === undefined || RoleSessionName === undefined) {
          throw new ServiceError("ValidationError", "RoleArn and RoleSessionName are required.");
        }
        const role = RoleArn.slice(RoleArn.lastIndexOf("/") + 1);
        // Asked for its error: AssumeRole of an unknown role is AccessDenied on AWS.
        await lake.call("iam", "GetRole", { RoleName: role }).catch((error: unknown) => {
          throw new ServiceError("AccessDenied", `Not authorized to perform sts:AssumeRole on resource: ${RoleArn}`, { status: 403, cause: error });
        });
        const issued = await lake.assume(RoleArn, RoleSessionName, DurationSeconds ?? 3600);
        return {
          Credentials: {
            AccessKeyId: issued.accessKeyId,
            SecretAccessKey: issued.secretAccessKey,
            SessionToken: issued.sessionToken,
            Expiration: new Date(issued.expiration ?? 0),
          },
          AssumedRoleUser: {
            AssumedRoleId: `AROA:${RoleSessionName}`,
            Arn: `arn:aws:sts::${lake.accountId}:assumed-role/${role}/${RoleSessionName}`,
          },
        };
      },
    },
  };
  return { id: "sts", protocol: "query", schemas: () => import("@aws-sdk/client-sts"), operations };
}
