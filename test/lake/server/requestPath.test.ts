// The lake's request path: who is let in, and what is refused by name.
import assert from "node:assert/strict";
import { request } from "node:http";
import { AthenaClient, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import { CloudFormationClient, DescribeStacksCommand, DetectStackDriftCommand } from "@aws-sdk/client-cloudformation";
import { GlueClient, GetDatabasesCommand, CreateDevEndpointCommand, CreateDatabaseCommand } from "@aws-sdk/client-glue";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { startTestLake, type TestLake } from "../harness.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
}

describe("request path", () => {
  let lake: TestLake;

  before(async () => {
    lake = await startTestLake();
  });
  after(() => lake.stop());

  /** A plain request with headers of ours, whatever the SDK would send. */
  const plain = (path: string, headers: Record<string, string> = {}, method = "GET", body = ""): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(lake.endpoint);
      const sent = request({ hostname, port, path, method, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString("utf8");
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      sent.once("error", reject);
      sent.end(body);
    });

  it("answers its own names only, so that a rebound host name reaches nothing", async () => {
    const { port } = new URL(lake.endpoint);
    assert.equal((await plain("/_lake/status", { host: `127.0.0.1:${port}` })).status, 200);
    assert.equal((await plain("/_lake/status", { host: `localhost:${port}` })).status, 200);
    const foreign = await plain("/_lake/status", { host: "evil.example" });
    assert.equal(foreign.status, 403);
    assert.match(foreign.body, /does not answer for the host .*evil\.example/);
  });

  it("answers no web page", async () => {
    assert.equal((await plain("/_lake/status", { origin: "http://127.0.0.1:3000" })).status, 403);
  });

  it("listens on loopback only", async () => {
    const { networkInterfaces } = await import("node:os");
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address !== undefined && !address.internal && address.family === "IPv4");
    if (outside === undefined) return;
    const { port } = new URL(lake.endpoint);
    await assert.rejects(fetch(`http://${outside.address}:${port}/_lake/status`));
  });

  it("takes no unsigned request, no unknown key, no wrong secret, no altered body", async () => {
    const unsigned = await plain("/", { "x-amz-target": "AWSGlue.GetDatabases" }, "POST", "{}");
    assert.equal(unsigned.status, 403);
    assert.match(unsigned.body, /MissingAuthenticationToken/);
    const as = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
      new STSClient({ ...lake.config, credentials }).send(new GetCallerIdentityCommand({}));
    await assert.rejects(as({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" }), {
      name: "UnrecognizedClientException",
    });
    await assert.rejects(as({ ...lake.config.credentials, secretAccessKey: "x" }), { name: "SignatureDoesNotMatch" });
    const altering = new GlueClient(lake.config);
    altering.middlewareStack.add(
      (next) => (sent) => {
        (sent.request as { body: string }).body = "[]";
        return next(sent);
      },
      { step: "finalizeRequest", priority: "low", name: "altered" },
    );
    await assert.rejects(altering.send(new GetDatabasesCommand({})), { name: "SignatureDoesNotMatch" });
  });

  it("refuses by name a service, an operation and a field that it has not", async () => {
    const glue = new GlueClient(lake.config);
    await assert.rejects(glue.send(new CreateDevEndpointCommand({ EndpointName: "e", RoleArn: "r" })), {
      name: "NotImplemented",
      message: "The local lake does not implement glue:CreateDevEndpoint.",
    });
    await assert.rejects(
      glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "d", FederatedDatabase: { Identifier: "x" } } })),
      { name: "NotImplemented", message: /glue:CreateDatabase with DatabaseInput\.FederatedDatabase/ },
    );
    await assert.rejects(new CloudFormationClient(lake.config).send(new DetectStackDriftCommand({ StackName: "s" })), {
      name: "NotImplemented",
      message: /cloudformation:DetectStackDrift/,
    });
    await assert.rejects(
      new AthenaClient({ ...lake.config }).send(
        new StartQueryExecutionCommand({
          QueryString: "SELECT 1",
          WorkGroup: "primary",
          ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true } },
        }),
      ),
      { name: /NotImplemented|InvalidRequestException/ },
    );
  });

  it("answers errors so that an SDK reads code, message, status and request id", async () => {
    const caught: unknown = await new CloudFormationClient(lake.config)
      .send(new DescribeStacksCommand({ StackName: "none" }))
      .catch((thrown: unknown) => thrown);
    const { name, message, $metadata } = caught as {
      name: string;
      message: string;
      $metadata: { httpStatusCode: number; requestId: string };
    };
    assert.equal(
      `${name} ${message} ${$metadata.httpStatusCode}`,
      "ValidationError Stack with id none does not exist 400",
    );
    assert.match($metadata.requestId, /^[0-9a-f-]{36}$/);
  });

  it("private routes want the secret, and move the clock", async () => {
    assert.equal((await plain("/_lake/stop", {}, "POST")).status, 403);
    assert.equal((await plain("/_lake/clock", { authorization: "Bearer wrong" }, "POST", "{}")).status, 403);
    const before = Number((await lake.control("clock"))["now"]);
    await lake.advance(3_600_000);
    const after = Number((await lake.control("clock"))["now"]);
    assert.ok(after - before >= 3_600_000 && after - before < 3_700_000);
    assert.equal((await plain("/_lake/nothing")).status, 404);
  });
});
