// Signing in at IAM Identity Center, against a service of our own: the code is shown, the answer is waited for, the token is written.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SsoSettings } from "../../../src/aws/profiles.ts";
import { type DeviceCode, signInSso, tokenFile } from "../../../src/aws/sso.ts";
import { BoathouseError } from "../../../src/base/errors.ts";

const SSO: SsoSettings = {
  session: "corp",
  startUrl: "https://corp.awsapps.com/start",
  region: "eu-west-1",
  scopes: ["sso:account:access"],
};

type Answer = Readonly<Record<string, unknown>> | { readonly error: string };

describe("signing in at IAM Identity Center", () => {
  const home = process.env["HOME"];
  let folder: string;
  let server: Server;
  let endpoint: string;
  let asked: { path: string; body: Record<string, unknown> }[];
  /** What the token is answered with, one a try. */
  let tokens: Answer[];

  before(async () => {
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      request.on("end", () => {
        const path = request.url ?? "";
        asked.push({ path, body: JSON.parse(text) as Record<string, unknown> });
        const answer: Answer =
          path === "/client/register"
            ? {
                clientId: "id",
                clientSecret: "secret",
                clientSecretExpiresAt: Math.floor(Date.now() / 1000) + 7_776_000,
              }
            : path === "/device_authorization"
              ? {
                  deviceCode: "device",
                  userCode: "ABCD-EFGH",
                  verificationUri: "https://device.sso.eu-west-1.amazonaws.com/",
                  verificationUriComplete: "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH",
                  expiresIn: 600,
                  interval: 0.01,
                }
              : (tokens.shift() ?? { error: "AuthorizationPendingException" });
        const { error } = answer as { error?: string };
        response.setHeader("content-type", "application/json");
        if (error !== undefined) {
          response.statusCode = 400;
          response.setHeader("x-amzn-errortype", error);
        }
        response.end(JSON.stringify(error === undefined ? answer : { error, error_description: "" }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "boathouse-sso-"));
    process.env["HOME"] = folder;
    asked = [];
    tokens = [{ accessToken: "token", expiresIn: 28_800, refreshToken: "again" }];
  });
  afterEach(() => {
    process.env["HOME"] = home;
    rmSync(folder, { recursive: true });
  });

  const signIn = async (signal?: AbortSignal) => {
    const shown: DeviceCode[] = [];
    await signInSso(SSO, {
      show: (code) => void shown.push(code),
      endpoint,
      ...(signal === undefined ? {} : { signal }),
    });
    return shown;
  };

  it("shows code and address, and waits until the person has agreed", async () => {
    tokens.unshift({ error: "AuthorizationPendingException" }, { error: "AuthorizationPendingException" });
    const shown = await signIn();
    assert.equal(shown[0]?.userCode, "ABCD-EFGH");
    assert.equal(shown[0].url, "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH");
    assert.equal(asked.filter(({ path }) => path === "/token").length, 3);
  });

  it("writes the token where the AWS CLI and the SDKs look, for the person alone", async () => {
    await signIn();
    const file = tokenFile(SSO);
    // SHA-1 of "corp".
    assert.equal(file, join(folder, ".aws", "sso", "cache", "ee0bfd2552fbd840c02cc48b6e823320543c450f.json"));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const { getSSOTokenFromFile } = await import("@smithy/core/config");
    const token = await getSSOTokenFromFile("corp");
    assert.equal(token.accessToken, "token");
    assert.equal(token.refreshToken, "again");
    assert.equal(token.clientId, "id");
    assert.match(token.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it("registers once and uses that again", async () => {
    await signIn();
    tokens = [{ accessToken: "second", expiresIn: 1, refreshToken: "again" }];
    await signIn();
    assert.equal(asked.filter(({ path }) => path === "/client/register").length, 1);
    assert.equal((JSON.parse(readFileSync(tokenFile(SSO), "utf8")) as { accessToken: string }).accessToken, "second");
  });

  it("says that the person refused, or that the code ran out", async () => {
    tokens = [{ error: "AccessDeniedException" }];
    await assert.rejects(signIn(), (error) => error instanceof BoathouseError && error.kind === "denied");
    tokens = [{ error: "ExpiredTokenException" }];
    await assert.rejects(signIn(), (error) => error instanceof BoathouseError && error.kind === "credentials");
  });

  it("ends at once where it is cancelled", async () => {
    tokens = [];
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(
      signIn(abort.signal),
      (error) => error instanceof BoathouseError && error.kind === "cancelled",
    );
  });
});
