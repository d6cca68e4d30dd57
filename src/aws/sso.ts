// Signing in at IAM Identity Center by a code that the person enters in the browser (OAuth 2.0 device authorization), with the token
// written where the AWS CLI and the SDKs look for it. https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { SSOOIDCClient } from "@aws-sdk/client-sso-oidc";
import { BoathouseError } from "../base/errors.ts";
import { sleep, throwIfAborted } from "../base/wait.ts";
import { calling } from "./failure.ts";
import type { SsoSettings } from "./profiles.ts";

export interface DeviceCode {
  /** What the person compares with what the browser shows: "ABCD-EFGH". */
  readonly userCode: string;
  /** Address with the code in it. */
  readonly url: string;
  readonly expiresAt: Date;
}

export interface SignInOptions {
  /** Shows code and address to the person; the waiting begins with it. */
  readonly show: (code: DeviceCode) => void;
  readonly signal?: AbortSignal;
  /** Another place than AWS's, for tests. */
  readonly endpoint?: string;
}

interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** ISO 8601. */
  readonly registrationExpiresAt: string;
}

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

/**
 * Signs in and writes the token. Resolves once the person has agreed in the browser.
 * Throws BoathouseError: `credentials` where the code ran out, `denied` where the person said no, `cancelled`, `network`.
 */
export async function signInSso(sso: SsoSettings, options: SignInOptions): Promise<void> {
  const { SSOOIDCClient: Client, StartDeviceAuthorizationCommand } = await import("@aws-sdk/client-sso-oidc");
  const client = new Client({
    region: sso.region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    // These calls are not signed.
    credentials: { accessKeyId: "", secretAccessKey: "" },
  });
  const place = `IAM Identity Center (${sso.startUrl})`;
  try {
    const registration = (await keptRegistration(sso)) ?? (await register(client, sso, place));
    const { clientId, clientSecret } = registration;
    const started = await calling(place, () =>
      client.send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl: sso.startUrl })),
    );
    const { deviceCode = "", userCode = "", verificationUri = "", verificationUriComplete, expiresIn = 600 } = started;
    const expiresAt = new Date(Date.now() + expiresIn * 1000);
    options.show({ userCode, url: verificationUriComplete ?? verificationUri, expiresAt });
    const token = await poll(
      client,
      { clientId, clientSecret, deviceCode, interval: started.interval ?? 5, expiresAt, place },
      options.signal,
    );
    await write(sso, {
      startUrl: sso.startUrl,
      region: sso.region,
      accessToken: token.accessToken,
      expiresAt: iso(new Date(Date.now() + token.expiresIn * 1000)),
      ...(token.refreshToken === undefined ? {} : { refreshToken: token.refreshToken }),
      ...registration,
    });
  } finally {
    client.destroy();
  }
}

/** Where the token of a session (legacy: of a start URL) lies, for the AWS CLI and all SDKs. */
export function tokenFile({ session, startUrl }: SsoSettings): string {
  const name = createHash("sha1")
    .update(session ?? startUrl)
    .digest("hex");
  return join(process.env["HOME"] ?? homedir(), ".aws", "sso", "cache", `${name}.json`);
}

async function register(client: SSOOIDCClient, sso: SsoSettings, place: string): Promise<Registration> {
  const { RegisterClientCommand } = await import("@aws-sdk/client-sso-oidc");
  const made = await calling(place, () =>
    client.send(
      new RegisterClientCommand({
        clientName: "boathouse",
        clientType: "public",
        ...(sso.scopes.length === 0 ? {} : { scopes: [...sso.scopes], grantTypes: [DEVICE, "refresh_token"] }),
      }),
    ),
  );
  return {
    clientId: made.clientId ?? "",
    clientSecret: made.clientSecret ?? "",
    registrationExpiresAt: iso(new Date((made.clientSecretExpiresAt ?? 0) * 1000)),
  };
}

interface Wait {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly deviceCode: string;
  /** Seconds. */
  readonly interval: number;
  readonly expiresAt: Date;
  readonly place: string;
}

interface Token {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string | undefined;
}

async function poll(client: SSOOIDCClient, wait: Wait, signal: AbortSignal | undefined): Promise<Token> {
  const { CreateTokenCommand } = await import("@aws-sdk/client-sso-oidc");
  const { clientId, clientSecret, deviceCode, expiresAt, place } = wait;
  let interval = wait.interval;
  for (;;) {
    await sleep(interval * 1000, signal);
    throwIfAborted(signal);
    try {
      const answer = await client.send(
        new CreateTokenCommand({ clientId, clientSecret, deviceCode, grantType: DEVICE }),
      );
      return {
        accessToken: answer.accessToken ?? "",
        expiresIn: answer.expiresIn ?? 0,
        refreshToken: answer.refreshToken,
      };
    } catch (error) {
      const { name } = error as Error;
      if (name === "SlowDownException") interval += 5;
      else if (name === "AccessDeniedException") {
        throw new BoathouseError("denied", "The sign-in was refused in the browser.", {
          resource: place,
          next: "Sign in again.",
        });
      } else if (name === "ExpiredTokenException" || Date.now() > expiresAt.getTime()) {
        throw new BoathouseError("credentials", "The sign-in was not finished in time.", {
          resource: place,
          next: "Sign in again; the browser shows a new code.",
          cause: error,
        });
      } else if (name !== "AuthorizationPendingException") await calling(place, () => Promise.reject(error as Error));
    }
  }
}

/** That of an earlier sign-in, where it still counts: AWS registers a client for 90 days. */
async function keptRegistration(sso: SsoSettings): Promise<Registration | undefined> {
  try {
    const kept = JSON.parse(await readFile(tokenFile(sso), "utf8")) as Partial<Registration> & {
      readonly refreshToken?: string;
    };
    const { clientId, clientSecret, registrationExpiresAt } = kept;
    if (clientId === undefined || clientSecret === undefined || registrationExpiresAt === undefined) return undefined;
    // One that another program registered without our scopes gives no refresh token: better a new one.
    if (sso.scopes.length > 0 && kept.refreshToken === undefined) return undefined;
    return Date.parse(registrationExpiresAt) > Date.now() + 60_000
      ? { clientId, clientSecret, registrationExpiresAt }
      : undefined;
  } catch {
    return undefined;
  }
}

async function write(sso: SsoSettings, token: Readonly<Record<string, string>>): Promise<void> {
  const file = tokenFile(sso);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(token), { mode: 0o600 });
  await rename(draft, file);
}

/** As the AWS CLI writes it: to the second. */
function iso(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}
