// The managed password: rotated on request and by the clock, in PostgreSQL as in the secret, while a session is open.
import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ModifyDBInstanceCommand, RebootDBInstanceCommand, StopDBInstanceCommand } from "@aws-sdk/client-rds";
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { Rds } from "./connect.ts";

const DAY = 86_400_000;

describe("RDS: the managed master password", () => {
  let lake: TestLake;
  let rds: Rds;
  let arn = "";

  before(async () => {
    lake = await startTestLake();
    rds = new Rds(lake);
    await rds.create("main");
    arn = (await rds.until("main", "available")).MasterUserSecret?.SecretArn ?? "";
  });
  after(async () => {
    await rds.close();
    await lake.stop();
  });

  it("changes in PostgreSQL while a session is open, which goes on", async () => {
    const instance = await rds.describe("main");
    const old = await rds.secret(instance);
    const session = await rds.connect(instance);
    await session.query("BEGIN; CREATE TABLE during (n integer)");
    const ClientRequestToken = randomUUID();
    const rotated = await rds.secrets.send(new RotateSecretCommand({ SecretId: arn, ClientRequestToken }));
    equal(rotated.VersionId, ClientRequestToken);
    await session.query("INSERT INTO during VALUES (1); COMMIT");

    const fresh = await rds.secret(instance);
    notEqual(fresh.password, old.password);
    deepEqual(await rds.secret(instance, "AWSPREVIOUS"), old);
    await rejects(
      rds.connect(instance, { user: old.username, password: old.password }),
      /password authentication failed/,
    );
    const after = await rds.connect(instance, { user: fresh.username, password: fresh.password });
    deepEqual((await after.query("SELECT n FROM during")).rows, [{ n: 1 }]);

    const described = await rds.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
    deepEqual(
      Object.values(described.VersionIdsToStages ?? {})
        .flat()
        .sort(),
      ["AWSCURRENT", "AWSPREVIOUS"],
    );
    ok(described.LastRotatedDate !== undefined);
    deepEqual(
      [described.OwningService, described.RotationEnabled, described.RotationRules],
      ["rds", true, { AutomaticallyAfterDays: 7 }],
    );
    // The same request again changes nothing.
    await rds.secrets.send(new RotateSecretCommand({ SecretId: arn, ClientRequestToken }));
    deepEqual(await rds.secret(instance), fresh);
  });

  it("is rotated by RDS's own call too", async () => {
    const instance = await rds.describe("main");
    const old = await rds.secret(instance);
    await rds.rds.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: "main",
        RotateMasterUserPassword: true,
        ApplyImmediately: true,
      }),
    );
    notEqual((await rds.secret(instance)).password, old.password);
    await rds.connect(instance);
  });

  it("is rotated by itself after a week of the lake's clock", async () => {
    const instance = await rds.describe("main");
    const old = await rds.secret(instance);
    await lake.advance(7 * DAY + 60_000);
    await waitFor(async () => (await rds.secret(instance)).password !== old.password, 20_000);
    await rds.connect(instance);
    const { NextRotationDate } = await rds.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
    ok((NextRotationDate?.getTime() ?? 0) > Date.now() + 13 * DAY);
  });

  it("is RDS's alone to change", async () => {
    await rejects(rds.secrets.send(new PutSecretValueCommand({ SecretId: arn, SecretString: "{}" })), /managed by rds/);
    await rejects(
      rds.secrets.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true })),
      /managed by rds/,
    );
    const TagKeys = ["aws:rds:primaryDBInstanceArn"];
    await rejects(rds.secrets.send(new UntagResourceCommand({ SecretId: arn, TagKeys })), /AWS's own/);
  });

  it("stays as it is where the database is stopped, and says why", async () => {
    const old = await rds.secret(await rds.describe("main"));
    await rds.rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: "main" }));
    await rds.until("main", "stopped");
    await rejects(rds.secrets.send(new RotateSecretCommand({ SecretId: arn })), /not in available state/);
    const described = await rds.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
    equal(
      Object.values(described.VersionIdsToStages ?? {})
        .flat()
        .includes("AWSPENDING"),
      false,
    );
    deepEqual(await rds.secret(await rds.describe("main")), old);
    await rejects(rds.rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "main" })), /it is stopped/);
  });
});
