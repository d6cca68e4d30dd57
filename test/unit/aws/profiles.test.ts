// The profiles of a person's AWS files: what each gives, and whose sign-in counts.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProfiles, signInProfile } from "../../../src/aws/profiles.ts";

const CONFIG = `
[default]
region = eu-west-1

[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Analyst

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access

[profile legacy-sso]
sso_start_url = https://old.awsapps.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = Analyst

[profile over-sso]
role_arn = arn:aws:iam::123456789012:role/Deploy
source_profile = sso

[profile mfa]
role_arn = arn:aws:iam::123456789012:role/Admin
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/jo
region = ap-southeast-2

[profile round]
role_arn = arn:aws:iam::1:role/a
source_profile = about

[profile about]
role_arn = arn:aws:iam::1:role/b
source_profile = round

[profile tool]
credential_process = /usr/local/bin/tool

[profile web]
role_arn = arn:aws:iam::1:role/web
web_identity_token_file = /token

[profile console]
login_session = arn:aws:iam::1:user/jo

[profile constructor]
region = us-west-2

[services x]
s3 =
  endpoint_url = http://localhost:9000
`;

const CREDENTIALS = `
[keys]
aws_access_key_id = AKIA
aws_secret_access_key = secret

[$(trash) <img src=x onerror=alert(1)>]
aws_access_key_id = AKIA
aws_secret_access_key = secret
`;

describe("profiles", () => {
  const before_ = { config: process.env["AWS_CONFIG_FILE"], keys: process.env["AWS_SHARED_CREDENTIALS_FILE"] };
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "boathouse-profiles-"));
    process.env["AWS_CONFIG_FILE"] = join(folder, "config");
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = join(folder, "credentials");
    writeFileSync(join(folder, "config"), CONFIG);
    writeFileSync(join(folder, "credentials"), CREDENTIALS);
  });
  after(() => {
    rmSync(folder, { recursive: true });
    restore("AWS_CONFIG_FILE", before_.config);
    restore("AWS_SHARED_CREDENTIALS_FILE", before_.keys);
  });

  it("are told apart by how they give credentials", async () => {
    const kinds = Object.fromEntries((await readProfiles()).map(({ name, kind }) => [name, kind]));
    assert.deepEqual(kinds, {
      default: "incomplete",
      sso: "sso",
      "legacy-sso": "sso",
      "over-sso": "role",
      mfa: "role",
      round: "role",
      about: "role",
      tool: "process",
      web: "webIdentity",
      console: "login",
      constructor: "incomplete",
      keys: "keys",
      "$(trash) <img src=x onerror=alert(1)>": "keys",
    });
  });

  it("default stands first", async () => assert.equal((await readProfiles())[0]?.name, "default"));

  it("tell region, role and MFA device", async () => {
    const mfa = (await readProfiles()).find(({ name }) => name === "mfa");
    assert.equal(mfa?.region, "ap-southeast-2");
    assert.equal(mfa.mfaSerial, "arn:aws:iam::123456789012:mfa/jo");
  });

  it("tell where IAM Identity Center signs in, by session or by themselves", async () => {
    const profiles = await readProfiles();
    const of = (wanted: string) => profiles.find(({ name }) => name === wanted)?.sso;
    assert.deepEqual(of("sso"), {
      session: "corp",
      startUrl: "https://corp.awsapps.com/start",
      region: "eu-central-1",
      scopes: ["sso:account:access"],
    });
    assert.deepEqual(of("legacy-sso"), {
      session: undefined,
      startUrl: "https://old.awsapps.com/start",
      region: "us-east-1",
      scopes: [],
    });
  });

  it("a role's sign-in is that of its source", async () => {
    const profiles = await readProfiles();
    assert.equal(signInProfile(profiles, "over-sso")?.name, "sso");
    assert.equal(signInProfile(profiles, "mfa")?.name, "keys");
    assert.equal(signInProfile(profiles, "nobody"), undefined);
  });

  it("that lead round in a circle end somewhere", async () => {
    assert.ok(["round", "about"].includes(signInProfile(await readProfiles(), "round")?.name ?? ""));
  });

  it("none where there are no files", async () => {
    rmSync(join(folder, "config"));
    rmSync(join(folder, "credentials"));
    assert.deepEqual(await readProfiles(), []);
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
