// Credentials of profiles, resolved once and shared by all clients of a window: a role with MFA asks for one code, not one a client.
import { createHash } from "node:crypto";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import { BoathouseError, messageOf } from "../base/errors.ts";
import { failure } from "./failure.ts";
import { type Profile, type ProfileKind, readProfiles } from "./profiles.ts";

/** Before their end by so long, credentials are asked for anew; ms. AWS's SDKs do the same. */
const EARLY = 300_000;

export interface CredentialHooks {
  /** Asks the person for the code that the MFA device shows. Undefined where nobody gives one. */
  readonly mfaCode?: (serial: string, profile: string) => Promise<string | undefined>;
  /** A safe place for the sessions of roles with MFA, so that a reload does not ask again. */
  readonly safe?: {
    get(key: string): Promise<string | undefined>;
    set(key: string, value: string): Promise<void>;
    delete(key: string): Promise<void>;
  };
}

export class Credentials {
  private readonly providers = new Map<string, AwsCredentialIdentityProvider>();

  constructor(private readonly hooks: CredentialHooks = {}) {}

  /** The provider of a profile (undefined: the SDK's default chain); the same one until it is forgotten. */
  provider(profile: string | undefined): AwsCredentialIdentityProvider {
    const key = profile ?? "";
    let provider = this.providers.get(key);
    if (provider === undefined) {
      provider = once(() => this.resolve(profile));
      this.providers.set(key, provider);
    }
    return provider;
  }

  /** The next use resolves anew: files are read again, a role is assumed again. */
  async forget(profile: string | undefined): Promise<void> {
    this.providers.delete(profile ?? "");
    const { safe } = this.hooks;
    if (profile === undefined || safe === undefined) return;
    const found = (await readProfiles()).find(({ name }) => name === profile);
    if (found?.mfaSerial !== undefined) await safe.delete(safeKey(found));
  }

  private async resolve(profile: string | undefined): Promise<AwsCredentialIdentity> {
    const { fromIni, fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
    if (profile === undefined) {
      return fromNodeProviderChain({ ignoreCache: true })().catch((error: unknown) => {
        throw nowhere(error);
      });
    }
    const found = (await readProfiles()).find(({ name }) => name === profile);
    if (found === undefined) {
      throw new BoathouseError(
        "credentials",
        `There is no profile ${profile} in ~/.aws/config and ~/.aws/credentials.`,
        {
          resource: `profile ${profile}`,
          next: "Choose another profile, or add it with `aws configure`.",
        },
      );
    }
    const kept = await this.kept(found);
    if (kept !== undefined) return kept;
    // Not the whole chain: what is missing in a named profile must not be taken from elsewhere.
    const provide = fromIni({
      profile,
      ignoreCache: true,
      mfaCodeProvider: async (serial) => {
        const code = await this.hooks.mfaCode?.(serial, profile);
        if (code !== undefined) return code;
        throw new BoathouseError(
          "credentials",
          `No MFA code was entered for ${serial}, which the profile ${profile} needs.`,
          {
            resource: `profile ${profile}`,
            next: "Sign in and enter the code that the device shows.",
          },
        );
      },
    });
    const credentials = await provide().catch((error: unknown) => {
      throw wrongCode(error, profile) ?? without(error, found);
    });
    if (found.mfaSerial !== undefined) await this.hooks.safe?.set(safeKey(found), JSON.stringify(credentials));
    return credentials;
  }

  private async kept(profile: Profile): Promise<AwsCredentialIdentity | undefined> {
    if (profile.mfaSerial === undefined) return undefined;
    const text = await this.hooks.safe?.get(safeKey(profile));
    if (text === undefined) return undefined;
    const { expiration, ...keys } = JSON.parse(text) as Omit<AwsCredentialIdentity, "expiration"> & {
      expiration: string;
    };
    const credentials = { ...keys, expiration: new Date(expiration) };
    return isStale(credentials) ? undefined : credentials;
  }
}

const ADVICE: Readonly<Record<ProfileKind, string>> = {
  role: "Check the role and the profile that it is assumed from.",
  keys: "Check its access key in ~/.aws/credentials.",
  webIdentity: "Check its token file and role.",
  process: "Run the profile's credential_process in a terminal to see what it lacks.",
  sso: "Sign in again.",
  login: "Sign in again with `aws login`.",
  incomplete: "Add credentials to it with `aws configure`, or choose another profile.",
};

/** A profile that gives no credentials, with what its way needs. */
function without(error: unknown, { name, kind }: Profile): unknown {
  const resource = `profile ${name}`;
  const known = failure(error, resource);
  if (error instanceof BoathouseError || known.kind === "network" || known.kind === "cancelled") return known;
  return new BoathouseError("credentials", `Profile ${name} gives no credentials: ${messageOf(error).trim()}`, {
    resource,
    next: ADVICE[kind],
    cause: error,
  });
}

/** The default chain came to its end. */
function nowhere(error: unknown): BoathouseError {
  const known = failure(error, "the default credentials");
  if (known.kind === "network" || known.kind === "cancelled") return known;
  return new BoathouseError(
    "credentials",
    "No AWS credentials were found: none in the environment, in ~/.aws, or from this machine's role.",
    {
      resource: "the default credentials",
      next: "Make a profile with `aws configure sso` or `aws configure`, then choose it.",
      cause: error,
    },
  );
}

/** STS calls a mistyped or used code "access denied". */
function wrongCode(error: unknown, profile: string): BoathouseError | undefined {
  if (!/MultiFactorAuthentication failed/i.test(messageOf(error))) return undefined;
  return new BoathouseError("credentials", "The MFA code was not accepted.", {
    resource: `profile ${profile}`,
    next: "Sign in again with the next code that the device shows; each code counts once.",
    cause: error,
  });
}

/** Changes with what the session is of, so that an edited profile does not get the former one's. */
function safeKey({ name, roleArn, mfaSerial, source }: Profile): string {
  return `mfa-session-${createHash("sha256")
    .update(JSON.stringify([name, roleArn, mfaSerial, source]))
    .digest("hex")}`;
}

function isStale({ expiration }: AwsCredentialIdentity): boolean {
  return expiration !== undefined && expiration.getTime() - Date.now() < EARLY;
}

/** Resolves once however many ask at the same time, and again where that failed or its end is near. */
function once(resolve: () => Promise<AwsCredentialIdentity>): AwsCredentialIdentityProvider {
  let asked: Promise<AwsCredentialIdentity> | undefined;
  let held: AwsCredentialIdentity | undefined;
  return async () => {
    if (held !== undefined && !isStale(held)) return held;
    asked ??= resolve()
      .then((credentials) => {
        held = credentials;
        return credentials;
      })
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
}
