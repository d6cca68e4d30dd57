// Connections: kept as AWS keeps them, and through a JDBC one the lake really logs in.
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import {
  BatchDeleteConnectionCommand,
  CreateConnectionCommand,
  type ConnectionInput,
  GetConnectionCommand,
  GetConnectionsCommand,
  GlueClient,
  TestConnectionCommand,
  UpdateConnectionCommand,
} from "@aws-sdk/client-glue";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { Rds } from "../rds/connect.ts";
import { startTestLake, type TestLake } from "../harness.ts";

const JDBC: ConnectionInput = {
  Name: "plain",
  ConnectionType: "JDBC",
  ConnectionProperties: {
    JDBC_CONNECTION_URL: "jdbc:postgresql://127.0.0.1:1/lake?sslmode=require",
    USERNAME: "me",
    PASSWORD: "secret",
  },
};

describe("Glue connections", function () {
  this.timeout(60_000);
  let lake: TestLake;
  let glue: GlueClient;
  let rds: Rds;
  const create = (change: Partial<ConnectionInput>) =>
    glue.send(new CreateConnectionCommand({ ConnectionInput: { ...JDBC, ...change } }));

  before(async () => {
    lake = await startTestLake();
    glue = new GlueClient(lake.config);
    rds = new Rds(lake);
  });
  after(async () => {
    await rds.close();
    await lake.stop();
  });

  it("are made once and hide their password when asked", async () => {
    equal((await create({})).CreateConnectionStatus, "READY");
    await rejects(create({}), { name: "AlreadyExistsException", message: "Connection already exists." });
    const shown = await glue.send(new GetConnectionCommand({ Name: "plain" }));
    deepEqual(shown.Connection?.ConnectionProperties, JDBC.ConnectionProperties);
    const hidden = await glue.send(new GetConnectionCommand({ Name: "plain", HidePassword: true }));
    deepEqual(Object.keys(hidden.Connection?.ConnectionProperties ?? {}), ["JDBC_CONNECTION_URL", "USERNAME"]);
    await rejects(glue.send(new GetConnectionCommand({ Name: "nope" })), { name: "EntityNotFoundException" });
  });

  const properties = (change: object) => ({ ConnectionProperties: { ...JDBC.ConnectionProperties, ...change } });
  const REFUSED: [what: string, change: Partial<ConnectionInput>, reason: RegExp][] = [
    ["a property that does not exist", properties({ FOO: "x" }), /'FOO' at 'connectionInput.connectionProperties'/],
    ["no URL", properties({ JDBC_CONNECTION_URL: undefined }), /Value null at .*JDBC_CONNECTION_URL/],
    ["a URL that is none", properties({ JDBC_CONNECTION_URL: "postgres://x" }), /Invalid JDBC URL: postgres:\/\/x/],
    [
      "another vendor",
      properties({ JDBC_CONNECTION_URL: "jdbc:mysql://h/d" }),
      /The local lake does not implement JDBC connections to mysql/,
    ],
    ["neither secret nor password", properties({ PASSWORD: undefined }), /needs SECRET_ID, or USERNAME and PASSWORD/],
    ["Kafka", { ConnectionType: "KAFKA" }, /The local lake does not implement glue connections of type KAFKA/],
  ];
  for (const [what, change, reason] of REFUSED) {
    it(`refuse ${what}`, async () => {
      await rejects(create({ Name: "refused", ...change }), reason);
    });
  }

  it("are listed by type and deleted by the batch", async () => {
    await create({ Name: "net", ConnectionType: "NETWORK", ConnectionProperties: {} });
    const { ConnectionList } = await glue.send(
      new GetConnectionsCommand({ Filter: { ConnectionType: "JDBC" }, HidePassword: true }),
    );
    deepEqual(
      ConnectionList?.map(({ Name }) => Name),
      ["plain"],
    );
    const gone = await glue.send(new BatchDeleteConnectionCommand({ ConnectionNameList: ["net", "nope"] }));
    deepEqual([gone.Succeeded, gone.Errors?.["nope"]?.ErrorCode], [["net"], "EntityNotFoundException"]);
  });

  it("log in to PostgreSQL with the secret's password over TLS, and say why where they can't", async () => {
    const login = () => glue.send(new TestConnectionCommand({ ConnectionName: "plain" }));
    await rejects(
      login(),
      /InvalidInputException: Connection plain can't log in to 127.0.0.1:1\/lake: connect ECONNREFUSED/,
    );
    await rds.create("main");
    const { Endpoint, MasterUserSecret } = await rds.until("main", "available");
    const JDBC_CONNECTION_URL = `jdbc:postgresql://${Endpoint?.Address}:${Endpoint?.Port}/lake?sslmode=require`;
    const change = (more: object) =>
      glue.send(
        new UpdateConnectionCommand({
          Name: "plain",
          ConnectionInput: { ...JDBC, ConnectionProperties: { JDBC_CONNECTION_URL, ...more } },
        }),
      );
    await change({ SECRET_ID: MasterUserSecret?.SecretArn });
    await login();
    await change({
      SECRET_ID: MasterUserSecret?.SecretArn,
      JDBC_CONNECTION_URL: JDBC_CONNECTION_URL.replace("/lake?", "/nope?"),
    });
    await rejects(login(), /database "nope" does not exist/);
    await change({
      SECRET_ID: MasterUserSecret?.SecretArn,
      JDBC_CONNECTION_URL: JDBC_CONNECTION_URL.replace("require", "disable"),
    });
    await rejects(login(), /no encryption/);
    await rds.secrets.send(
      new CreateSecretCommand({ Name: "wrong", SecretString: '{"username":"lake_owner","password":"no"}' }),
    );
    await change({ SECRET_ID: "wrong" });
    await rejects(login(), (error) => {
      match(String(error), /password authentication failed for user "lake_owner"/);
      return true;
    });
  });
});
