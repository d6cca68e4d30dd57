// Credentials of a profile, against an STS of our own: one MFA code for all clients, kept over a reload, asked again when told to.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Credentials } from "../../../src/aws/credentials.ts";
import { BoathouseError } from "../../../src/base/errors.ts";

const CONFIG = `
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/Admin
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/jo
region = us-east-1

[profile tool]
credential_process = /bin/sh -c 'echo no luck >&2; exit 3'

[profile empty]
region = us-east-1
`;

const NAMES = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL_STS"] as const;

describe("credentials of a profile", () => {
  const saved = new Map(NAMES.map((name) => [name, process.env[name]]));
  let folder: string;
  let server: Server;
  /** What STS was asked: the codes. */
  let codes: string[];
  let lasts: number;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "boathouse-credentials-"));
    writeFileSync(join(folder, "config"), CONFIG);
    writeFileSync(join(folder, "credentials"), "[keys]\naws_access_key_id = AKIA\naws_secret_access_key = secret\n");
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        const code = new URLSearchParams(body).get("TokenCode") ?? "";
        codes.push(code);
        response.setHeader("content-type", "text/xml");
        if (code === "000000") {
          response.statusCode = 403;
          response.end(
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time pass code.</Message></Error></ErrorResponse>",
          );
          return;
        }
        const until = new Date(Date.now() + lasts).toISOString();
        response.end(
          `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA${codes.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/Admin/x</Arn><AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`,
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env["AWS_CONFIG_FILE"] = join(folder, "config");
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = join(folder, "credentials");
    process.env["AWS_ENDPOINT_URL_STS"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
    for (const [name, value] of saved) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  beforeEach(() => {
    codes = [];
    lasts = 3_600_000;
  });

  const asking = (answers: (string | undefined)[], safe = new Map<string, string>()) => {
    const asked: string[] = [];
    const credentials = new Credentials({
      mfaCode: async (serial, profile) => {
        asked.push(`${profile}: ${serial}`);
        return answers.shift();
      },
      safe: {
        get: async (key) => safe.get(key),
        set: async (key, value) => void safe.set(key, value),
        delete: async (key) => void safe.delete(key),
      },
    });
    return { credentials, asked, safe };
  };

  it("ask for one code, however many clients want them at once and later", async () => {
    const { credentials, asked } = asking(["123456"]);
    const all = await Promise.all([1, 2, 3, 4].map(async () => credentials.provider("mfa")()));
    assert.deepEqual(asked, ["mfa: arn:aws:iam::123456789012:mfa/jo"]);
    assert.deepEqual(codes, ["123456"]);
    assert.equal(new Set(all.map(({ accessKeyId }) => accessKeyId)).size, 1);
    await credentials.provider("mfa")();
    assert.equal(asked.length, 1);
  });

  it("ask for none after a reload, while the session lasts", async () => {
    const { credentials, safe } = asking(["123456"]);
    await credentials.provider("mfa")();
    const next = asking([], safe);
    assert.equal((await next.credentials.provider("mfa")()).accessKeyId, "ASIA1");
    assert.deepEqual(next.asked, []);
  });

  it("ask again once the session is near its end, and when they are to be forgotten", async () => {
    const { credentials, asked } = asking(["111111", "222222", "333333"]);
    lasts = 60_000;
    await credentials.provider("mfa")();
    lasts = 3_600_000;
    await credentials.provider("mfa")();
    assert.deepEqual(codes, ["111111", "222222"]);
    await credentials.forget("mfa");
    await credentials.provider("mfa")();
    assert.deepEqual(codes, ["111111", "222222", "333333"]);
    assert.equal(asked.length, 3);
  });

  it("say that a code was not accepted, and take the next one", async () => {
    const { credentials } = asking(["000000", "123456"]);
    await assert.rejects(credentials.provider("mfa")(), told("credentials", /MFA code was not accepted/));
    assert.equal((await credentials.provider("mfa")()).accessKeyId, "ASIA2");
  });

  it("say that none was entered", async () => {
    const { credentials } = asking([undefined]);
    await assert.rejects(credentials.provider("mfa")(), told("credentials", /No MFA code was entered/));
    assert.deepEqual(codes, []);
  });

  it("say what a credential_process said", async () => {
    await assert.rejects(
      new Credentials().provider("tool")(),
      told("credentials", /Profile tool gives no credentials/),
    );
  });

  it("say what a profile lacks, and never take others in its place", async () => {
    process.env["AWS_ACCESS_KEY_ID"] = "AKIAOTHER";
    process.env["AWS_SECRET_ACCESS_KEY"] = "other";
    try {
      await assert.rejects(
        new Credentials().provider("empty")(),
        told("credentials", /Profile empty gives no credentials/),
      );
      await assert.rejects(new Credentials().provider("nobody")(), told("credentials", /There is no profile nobody/));
    } finally {
      delete process.env["AWS_ACCESS_KEY_ID"];
      delete process.env["AWS_SECRET_ACCESS_KEY"];
    }
  });

  it("say that there are none anywhere", async () => {
    process.env["AWS_EC2_METADATA_DISABLED"] = "true";
    try {
      await assert.rejects(
        new Credentials().provider(undefined)(),
        told("credentials", /^No AWS credentials were found: none in the environment/),
      );
    } finally {
      delete process.env["AWS_EC2_METADATA_DISABLED"];
    }
  });

  it("are read anew after they were forgotten: a person may have put new keys into the file", async () => {
    const { credentials } = asking([]);
    assert.equal((await credentials.provider("keys")()).accessKeyId, "AKIA");
    writeFileSync(join(folder, "credentials"), "[keys]\naws_access_key_id = AKIANEW\naws_secret_access_key = s\n");
    assert.equal((await credentials.provider("keys")()).accessKeyId, "AKIA");
    await credentials.forget("keys");
    assert.equal((await credentials.provider("keys")()).accessKeyId, "AKIANEW");
  });
});

function told(kind: string, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof BoathouseError, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    return true;
  };
}
