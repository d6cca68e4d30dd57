// STS: who am I, and session keys: of roles, and of the caller itself.
// https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
import type { Operations } from "../../call.ts";
import { ServiceError } from "../../fault.ts";
import type { Credentials } from "../../identity.ts";
import type { Lake, Service } from "../../lake.ts";

/** Seconds. */
const LEAST = 900;
const USUAL = 3600;

export function createSts(lake: Lake): Service<"sts"> {
  const roleOf = async (arn: string) => (await lake.call("iam", "GetRole", { RoleName: afterSlash(arn) })).Role;
  const operations: Operations<"sts"> = {
    GetCallerIdentity: {
      fields: [],
      async run(_input, { principal: { arn, roleArn } }) {
        const Account = lake.accountId;
        // AWS: the account for the root user, "<role id>:<session>" for a session of a role.
        if (roleArn === undefined) return { Account, Arn: arn, UserId: Account };
        const role = await roleOf(roleArn).catch(() => undefined);
        return { Account, Arn: arn, UserId: `${role?.RoleId ?? "AROA"}:${afterSlash(arn)}` };
      },
    },
    AssumeRole: {
      fields: ["RoleArn", "RoleSessionName", "DurationSeconds"],
      async run({ RoleArn, RoleSessionName, DurationSeconds }) {
        if (RoleArn === undefined || RoleSessionName === undefined)
          throw invalid("RoleArn and RoleSessionName are required.");
        if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
          throw invalid(`Value '${RoleSessionName}' at 'roleSessionName' must be 2 to 64 letters, digits and _+=,.@-`);
        }
        // A role that is not there is AccessDenied on AWS.
        const role = await roleOf(RoleArn).catch(() => undefined);
        if (role?.Arn !== RoleArn) {
          const message = `User is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`;
          throw new ServiceError("AccessDenied", message, { status: 403 });
        }
        const lifetime = durationOf(DurationSeconds, role.MaxSessionDuration ?? USUAL);
        return {
          Credentials: credentialsShape(await lake.assume(RoleArn, RoleSessionName, lifetime)),
          AssumedRoleUser: {
            AssumedRoleId: `${role.RoleId}:${RoleSessionName}`,
            Arn: `arn:aws:sts::${lake.accountId}:assumed-role/${role.RoleName}/${RoleSessionName}`,
          },
        };
      },
    },
    GetSessionToken: {
      fields: ["DurationSeconds"],
      async run({ DurationSeconds }, { principal: { arn, accessKeyId } }) {
        if (accessKeyId !== lake.root.accessKeyId) {
          throw new ServiceError("AccessDenied", "Cannot call GetSessionToken with session credentials", {
            status: 403,
          });
        }
        // For the root user AWS shortens whatever is asked for to an hour.
        const lifetime = Math.min(durationOf(DurationSeconds, 129_600), USUAL);
        return { Credentials: credentialsShape(await lake.issue({ arn }, lifetime)) };
      },
    },
    GetAccessKeyInfo: {
      fields: ["AccessKeyId"],
      run: ({ AccessKeyId }) => {
        if (AccessKeyId === undefined || !/^\w{16,128}$/.test(AccessKeyId))
          throw invalid("AccessKeyId is 16 to 128 letters and digits.");
        return { Account: lake.accountId };
      },
    },
  };
  return { id: "sts", protocol: "query", schemas: () => import("@aws-sdk/client-sts"), operations };
}

function durationOf(asked: number | undefined, most: number): number {
  const seconds = asked ?? Math.min(USUAL, most);
  if (!Number.isInteger(seconds) || seconds < LEAST) {
    throw invalid(
      `Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to ${LEAST}`,
    );
  }
  if (seconds > most) throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  return seconds;
}

function credentialsShape(issued: Credentials) {
  return {
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.sessionToken,
    Expiration: new Date(issued.expiration ?? 0),
  };
}

function afterSlash(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

function invalid(message: string): ServiceError {
  return new ServiceError("ValidationError", `1 validation error detected: ${message}`);
}
