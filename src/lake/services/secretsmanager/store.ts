// Secrets and their versions as they lie in the lake's store.
//
//   secretsmanager secret  <name>                 Secret         all but the values
//   secretsmanager version <suffix> <version id>  VersionValue   below the random end of the ARN, which a secret never shares
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
import { ServiceError } from "../../fault.ts";
import { randomName } from "../../identity.ts";
import type { Lake } from "../../lake.ts";
import type { Writer } from "../../state/store.ts";

export interface Version {
  readonly id: string;
  readonly stages: readonly string[];
  /** Epoch ms, as all times here. */
  readonly created: number;
  readonly accessed?: number;
}

export interface Secret {
  readonly name: string;
  readonly suffix: string;
  readonly description?: string;
  readonly created: number;
  readonly changed: number;
  /** Start of the day of the last read. */
  readonly accessed?: number;
  readonly rotated?: number;
  /** When it will be gone; set by DeleteSecret. */
  readonly deletion?: number;
  readonly deleted?: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The service that made it and alone may change it ("rds"). */
  readonly owningService?: string;
  /** Days from one automatic rotation to the next; only on secrets that a service owns. */
  readonly rotationDays?: number;
  /** Oldest first. */
  readonly versions: readonly Version[];
}

/** One of both; a version that waits for its value has neither. */
export interface VersionValue {
  readonly text?: string;
  readonly base64?: string;
}

export const CURRENT = "AWSCURRENT";
export const PREVIOUS = "AWSPREVIOUS";
export const PENDING = "AWSPENDING";
/** AWS keeps no more versions than this without a staging label. */
const MOST_VERSIONS = 100;

export class SecretStore {
  constructor(readonly lake: Lake) {}

  arn(secret: Pick<Secret, "name" | "suffix">): string {
    return `arn:aws:secretsmanager:${this.lake.region}:${this.lake.accountId}:secret:${secret.name}-${secret.suffix}`;
  }

  /** By name, ARN, or ARN without its random end. Secrets on their way out are found too, unless their time is over. */
  find(id: string): Secret | undefined {
    const prefix = `arn:aws:secretsmanager:${this.lake.region}:${this.lake.accountId}:secret:`;
    if (!id.startsWith(prefix)) return this.byName(id);
    const rest = id.slice(prefix.length);
    const [, name = "", suffix] = /^(.*)-([A-Za-z0-9]{6})$/s.exec(rest) ?? [];
    const whole = suffix === undefined ? undefined : this.byName(name);
    if (whole !== undefined && whole.suffix === suffix) return whole;
    return this.byName(rest);
  }

  /** Throws ResourceNotFoundException; also InvalidRequestException for one marked for deletion, unless `deleted`. */
  get(id: string, { deleted = false }: { deleted?: boolean } = {}): Secret {
    const secret = this.find(id);
    if (secret === undefined) {
      throw new ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }
    if (secret.deletion !== undefined && !deleted) {
      throw new ServiceError(
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    }
    return secret;
  }

  async all(): Promise<Secret[]> {
    const secrets = await this.lake.store.all<Secret>(["secretsmanager", "secret"]);
    return secrets.filter((secret) => !this.over(secret));
  }

  value(secret: Secret, versionId: string): VersionValue {
    return this.lake.store.get<VersionValue>(["secretsmanager", "version", secret.suffix, versionId]) ?? {};
  }

  newSuffix(): string {
    return randomName(6);
  }

  /** Runs `action` alone among the changes of secrets. */
  lock<T>(action: () => Promise<T>): Promise<T> {
    return this.lake.store.lock("secretsmanager", action);
  }

  put(writer: Writer, secret: Secret): void {
    writer.put(["secretsmanager", "secret", secret.name], secret);
  }

  putValue(writer: Writer, secret: Secret, versionId: string, value: VersionValue): void {
    writer.put(["secretsmanager", "version", secret.suffix, versionId], value);
  }

  async save(secret: Secret): Promise<void> {
    await this.lake.store.write((writer) => this.put(writer, secret));
  }

  remove(writer: Writer, secret: Secret): void {
    writer.delete(["secretsmanager", "secret", secret.name]);
    for (const version of secret.versions) writer.delete(["secretsmanager", "version", secret.suffix, version.id]);
  }

  /** Drops the oldest versions that carry no label, beyond what AWS keeps. */
  trim(writer: Writer, secret: Secret): Secret {
    const bare = secret.versions.filter((version) => version.stages.length === 0);
    const dropped = new Set(bare.slice(0, Math.max(0, bare.length - MOST_VERSIONS)).map((version) => version.id));
    for (const id of dropped) writer.delete(["secretsmanager", "version", secret.suffix, id]);
    return dropped.size === 0 ? secret : { ...secret, versions: secret.versions.filter(({ id }) => !dropped.has(id)) };
  }

  private byName(name: string): Secret | undefined {
    if (name.includes("\u0000")) return undefined;
    const secret = this.lake.store.get<Secret>(["secretsmanager", "secret", name]);
    return secret === undefined || this.over(secret) ? undefined : secret;
  }

  private over(secret: Secret): boolean {
    return secret.deletion !== undefined && secret.deletion <= this.lake.clock.now();
  }
}

/** The version with a staging label. */
export function staged(secret: Secret, stage: string): Version | undefined {
  return secret.versions.find((version) => version.stages.includes(stage));
}

/**
 * The versions with `stage` on `versionId` and nowhere else. Where AWSCURRENT moves, the version that had it becomes AWSPREVIOUS.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export function withStage(
  versions: readonly Version[],
  stage: string,
  versionId: string | undefined,
): readonly Version[] {
  const holder = versions.find((version) => version.stages.includes(stage))?.id;
  const moved = versions.map((version) => {
    const others = version.stages.filter((name) => name !== stage);
    return { ...version, stages: version.id === versionId ? [...others, stage] : others };
  });
  if (stage !== CURRENT || holder === undefined || holder === versionId) return moved;
  return withStage(moved, PREVIOUS, holder);
}
