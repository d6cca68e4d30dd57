// Rotation of the secrets that RDS manages: on request, and by itself when its days are over. The password in PostgreSQL really changes.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
import { randomUUID } from "node:crypto";
import { messageOf } from "../../../base/errors.ts";
import type { Operations } from "../../call.ts";
import { ServiceError } from "../../fault.ts";
import { invalidParameter, required } from "./checks.ts";
import { CURRENT, PENDING, type Secret, type SecretStore, staged, withStage } from "./store.ts";

const DAY = 86_400_000;
/** A rotation that failed (the database is stopped) is tried again after this; ms. */
const AGAIN = 3_600_000;
/** RDS writes it on the secret that it makes. */
const INSTANCE_TAG = "aws:rds:primaryDBInstanceArn";

export function rotationOperations(
  secrets: SecretStore,
  schedule: () => Promise<void>,
): Pick<Operations<"secretsmanager">, "RotateSecret"> {
  return {
    RotateSecret: {
      fields: ["SecretId", "ClientRequestToken", "RotateImmediately", "RotationRules.AutomaticallyAfterDays"],
      run: async (input) => {
        const token = input.ClientRequestToken ?? randomUUID();
        const days = input.RotationRules?.AutomaticallyAfterDays;
        if (days !== undefined && (days < 1 || days > 1000))
          throw invalidParameter("AutomaticallyAfterDays is between 1 and 1000.");
        const secret = await secrets.lock(async () => {
          const found = secrets.get(required(input.SecretId, "SecretId"));
          if (found.owningService !== "rds") {
            throw new ServiceError(
              "InvalidRequestException",
              "No Lambda rotation function ARN is associated with this secret. The local lake rotates only secrets that RDS manages.",
            );
          }
          if (days === undefined) return found;
          const changed = { ...found, rotationDays: days };
          await secrets.save(changed);
          return changed;
        });
        const id =
          input.RotateImmediately === false ? staged(secret, CURRENT)?.id : await rotate(secrets, secret, token);
        await schedule();
        return { ARN: secrets.arn(secret), Name: secret.name, ...(id === undefined ? {} : { VersionId: id }) };
      },
    },
  };
}

/** Marks the new version AWSPENDING, has RDS fill and apply it, and gives its id. */
async function rotate(secrets: SecretStore, secret: Secret, token: string): Promise<string> {
  const instance = secret.tags[INSTANCE_TAG];
  if (instance === undefined)
    throw new ServiceError("InvalidRequestException", `The secret ${secret.name} names no DB instance.`);
  const begun = await secrets.lock(async () => {
    const current = secrets.get(secret.name);
    if (current.versions.some((version) => version.id === token)) return false;
    const pending = staged(current, PENDING);
    if (pending !== undefined && !pending.stages.includes(CURRENT)) {
      throw new ServiceError(
        "InvalidRequestException",
        "A previous rotation isn't complete. That rotation will be reattempted.",
      );
    }
    const versions = [...current.versions, { id: token, stages: [], created: secrets.lake.clock.now() }];
    await secrets.save({ ...current, versions: withStage(versions, PENDING, token) });
    return true;
  });
  // The same request again, as a client sends it that missed the answer.
  if (!begun) return token;
  try {
    await secrets.lake.call("rds", "ModifyDBInstance", {
      DBInstanceIdentifier: instance.slice(instance.lastIndexOf(":") + 1),
      RotateMasterUserPassword: true,
      ApplyImmediately: true,
    });
  } catch (error) {
    await dropEmpty(secrets, secret.name, token);
    throw new ServiceError("InvalidRequestException", `The rotation failed: ${messageOf(error)}`, { cause: error });
  }
  await secrets.lock(async () => {
    const current = secrets.get(secret.name);
    await secrets.save({ ...current, rotated: secrets.lake.clock.now() });
  });
  return token;
}

/** Takes back a version that never got a value; one with a value may already be the database's password, RDS settles that. */
async function dropEmpty(secrets: SecretStore, name: string, id: string): Promise<void> {
  await secrets.lock(async () => {
    const current = secrets.find(name);
    if (current === undefined) return;
    const value = secrets.value(current, id);
    if (value.text !== undefined) return;
    await secrets.save({ ...current, versions: current.versions.filter((version) => version.id !== id) });
  });
}

export interface RotationSchedule {
  /** Arms the timer of the secret that is due next; again after every change. */
  arm(): Promise<void>;
  stop(): void;
}

export function rotationSchedule(secrets: SecretStore): RotationSchedule {
  const { clock, log } = secrets.lake;
  let cancel: (() => void) | undefined;
  let stopped = false;
  const failed = new Map<string, number>();

  const dueAt = (secret: Secret) =>
    Math.max((secret.rotated ?? secret.created) + (secret.rotationDays ?? 0) * DAY, failed.get(secret.suffix) ?? 0);
  const arm = async () => {
    cancel?.();
    const due = (await secrets.all()).filter(
      (secret) => secret.rotationDays !== undefined && secret.deletion === undefined,
    );
    if (due.length === 0 || stopped) return;
    cancel?.();
    cancel = clock.at(Math.min(...due.map(dueAt)), () => void run());
  };
  const run = async () => {
    for (const secret of await secrets.all()) {
      if (stopped || secret.rotationDays === undefined || secret.deletion !== undefined || dueAt(secret) > clock.now())
        continue;
      try {
        await rotate(secrets, secret, randomUUID());
        failed.delete(secret.suffix);
        log("secret rotated", { secret: secret.name });
      } catch (error) {
        failed.set(secret.suffix, clock.now() + AGAIN);
        log("secret not rotated", { secret: secret.name, message: messageOf(error) });
      }
    }
    await arm();
  };
  return {
    arm,
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
