// The profiles of ~/.aws/config and ~/.aws/credentials: what kind of credentials each gives, and where its region and sign-in stand.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html

/**
 * How a profile comes by credentials, in the order in which the SDK decides: a role that is assumed from another profile or a source,
 * access keys in the file, a web identity token, a program, IAM Identity Center, `aws login`. `incomplete`: none of them.
 */
export type ProfileKind = "role" | "keys" | "webIdentity" | "process" | "sso" | "login" | "incomplete";

/** Where IAM Identity Center signs a person in. */
export interface SsoSettings {
  /** Of the `[sso-session NAME]` section; undefined for settings that stand in the profile itself (legacy). */
  readonly session: string | undefined;
  readonly startUrl: string;
  readonly region: string;
  readonly scopes: readonly string[];
}

export interface Profile {
  readonly name: string;
  readonly kind: ProfileKind;
  readonly region: string | undefined;
  /** ARN or serial number of the MFA device whose code the role asks for. */
  readonly mfaSerial: string | undefined;
  readonly roleArn: string | undefined;
  /** The profile that a role is assumed from. */
  readonly source: string | undefined;
  readonly sso: SsoSettings | undefined;
}

type Section = Readonly<Record<string, string | undefined>>;

const SSO_SESSION = "sso-session.";
const SERVICES = "services.";

/** All profiles, by name; "default" first. Files that are not there count as empty. Reads them anew every time. */
export async function readProfiles(): Promise<Profile[]> {
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  return profilesOf(configFile, credentialsFile);
}

/** The same of parsed files: the credentials file's settings go before the configuration file's. */
export function profilesOf(
  config: Readonly<Record<string, Section>>,
  credentials: Readonly<Record<string, Section>>,
): Profile[] {
  const names = Object.keys(config).filter((name) => !name.startsWith(SSO_SESSION) && !name.startsWith(SERVICES));
  return [...new Set([...names, ...Object.keys(credentials)])]
    .sort((a, b) => Number(b === "default") - Number(a === "default") || a.localeCompare(b))
    .map((name) => profileOf(name, { ...own(config, name), ...own(credentials, name) }, config));
}

/** The profile whose sign-in gives `name` its credentials: itself, or the one at the end of its chain of source profiles. */
export function signInProfile(profiles: readonly Profile[], name: string): Profile | undefined {
  const seen = new Set<string>();
  let at = profiles.find((profile) => profile.name === name);
  while (at?.kind === "role" && at.source !== undefined && !seen.has(at.name)) {
    seen.add(at.name);
    const { source } = at;
    // A role may name itself as its source: then its own keys count.
    if (source === at.name) break;
    at = profiles.find((profile) => profile.name === source);
  }
  return at;
}

function profileOf(name: string, section: Section, config: Readonly<Record<string, Section>>): Profile {
  return {
    name,
    kind: kindOf(section),
    region: section["region"],
    mfaSerial: section["role_arn"] === undefined ? undefined : section["mfa_serial"],
    roleArn: section["role_arn"],
    source: section["source_profile"],
    sso: ssoOf(section, config),
  };
}

function kindOf(section: Section): ProfileKind {
  const has = (...keys: readonly string[]) => keys.every((key) => section[key] !== undefined);
  if (has("role_arn") && has("source_profile") !== has("credential_source")) return "role";
  if (has("aws_access_key_id", "aws_secret_access_key")) return "keys";
  if (has("web_identity_token_file", "role_arn")) return "webIdentity";
  if (has("credential_process")) return "process";
  if (has("sso_session") || has("sso_start_url") || has("sso_account_id")) return "sso";
  return has("login_session") ? "login" : "incomplete";
}

function ssoOf(section: Section, config: Readonly<Record<string, Section>>): SsoSettings | undefined {
  const session = section["sso_session"];
  const from = session === undefined ? section : own(config, `${SSO_SESSION}${session}`);
  const [startUrl, region] = [from["sso_start_url"], from["sso_region"]];
  if (startUrl === undefined || region === undefined) return undefined;
  const scopes = from["sso_registration_scopes"]?.split(/[\s,]+/).filter((scope) => scope !== "");
  return { session, startUrl, region, scopes: scopes ?? (session === undefined ? [] : ["sso:account:access"]) };
}

/** Not through the prototype: a profile may be called "constructor". */
function own(sections: Readonly<Record<string, Section>>, name: string): Section {
  const found: unknown = Object.hasOwn(sections, name) ? sections[name] : undefined;
  return typeof found === "object" && found !== null ? (found as Section) : {};
}
