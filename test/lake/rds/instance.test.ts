// RDS: a DB instance is a real PostgreSQL on loopback that takes TLS and SCRAM, and nothing else.
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import {
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  ModifyDBInstanceCommand,
  RebootDBInstanceCommand,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { readElsewhere } from "../../../src/base/elsewhere.ts";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { Rds } from "./connect.ts";

describe("RDS: a DB instance", () => {
  let lake: TestLake;
  let rds: Rds;

  before(async () => {
    lake = await startTestLake();
    rds = new Rds(lake);
    const { DBInstance } = await rds.create("main", { Tags: [{ Key: "for", Value: "test" }] });
    equal(DBInstance?.DBInstanceStatus, "creating");
    match(DBInstance?.MasterUserSecret?.SecretArn ?? "", /:secret:rds!db-[0-9a-f-]{36}-/);
    await rds.until("main", "available");
  });
  after(async () => {
    await rds.close();
    await lake.stop();
  });

  it("is PostgreSQL 18.4 that takes the secret's user and password over TLS", async () => {
    const instance = await rds.describe("main");
    const secret = await rds.secret(instance);
    deepEqual(Object.keys(secret), ["username", "password"]);
    const client = await rds.connect(instance);
    const { rows } = await client.query(
      "SELECT version(), current_database(), ssl, s.version AS tls FROM pg_stat_ssl s WHERE pid = pg_backend_pid()",
    );
    match(rows[0].version, /^PostgreSQL 18\.4 /);
    deepEqual([rows[0].current_database, rows[0].ssl], ["lake", true]);
    match(rows[0].tls, /^TLSv1\.[23]$/);
    await client.query("CREATE TABLE kept (n integer); INSERT INTO kept VALUES (7)");
    const durable = await client.query("SHOW fsync");
    equal(durable.rows[0].fsync, "on");
  });

  it("gives its master what RDS gives: databases and roles, not the superuser's rights", async () => {
    const client = await rds.connect(await rds.describe("main"));
    const { rows } = await client.query(
      "SELECT rolsuper, rolcreatedb, rolcreaterole, pg_has_role(current_user, 'rds_superuser', 'member') FROM pg_roles WHERE rolname = current_user",
    );
    deepEqual(rows[0], { rolsuper: false, rolcreatedb: true, rolcreaterole: true, pg_has_role: true });
    await rejects(client.query("COPY kept TO PROGRAM 'true'"), /permission denied/);
    await client.query("CREATE ROLE reader LOGIN PASSWORD 'plain-text-1'");
  });

  it("refuses a connection without TLS, a wrong password, a password by md5, and any trust", async () => {
    const instance = await rds.describe("main");
    await rejects(rds.connect(instance, { ssl: false }), /no pg_hba.conf entry .* no encryption/);
    await rejects(rds.connect(instance, { user: "lake_owner", password: "wrong" }), /password authentication failed/);
    await rejects(rds.connect(instance, { user: "rdsadmin", password: "" }), /password/);
    const client = await rds.connect(instance);
    // PostgreSQL keeps the old kind of hash, and still does not take its password at the door.
    const hash = createHash("md5").update("md5passoldstyle").digest("hex");
    await client.query(`CREATE ROLE oldstyle LOGIN PASSWORD 'md5${hash}'`);
    await rejects(rds.connect(instance, { user: "oldstyle", password: "md5pass" }), /password authentication failed/);
  });

  it("listens on 127.0.0.1 only and leaves no socket", async () => {
    const client = await rds.connect(await rds.describe("main"));
    const { rows } = await client.query(
      "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories') ORDER BY name",
    );
    deepEqual(
      rows.map((row: { setting: string }) => row.setting),
      ["127.0.0.1", ""],
    );
  });

  it("shows what it was made with", async () => {
    const instance = await rds.describe("main");
    deepEqual(
      [instance.Engine, instance.EngineVersion, instance.DBName, instance.MasterUsername, instance.AllocatedStorage],
      ["postgres", "18.4", "lake", "lake_owner", 20],
    );
    equal(instance.DBInstanceArn, "arn:aws:rds:us-east-1:000000000000:db:main");
    deepEqual(instance.TagList, [{ Key: "for", Value: "test" }]);
    match(instance.DbiResourceId ?? "", /^db-[A-Z0-9]{26}$/);
    const byFilter = await rds.rds.send(
      new DescribeDBInstancesCommand({ Filters: [{ Name: "db-instance-id", Values: ["main", "other"] }] }),
    );
    equal(byFilter.DBInstances?.length, 1);
    await rejects(rds.describe("none"), { name: "DBInstanceNotFoundFault", message: "DBInstance none not found." });
    await rejects(rds.create("main"), { name: "DBInstanceAlreadyExistsFault" });
  });

  it("stops, starts and reboots on the same port, with its data", async () => {
    const before = await rds.describe("main");
    await rds.rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: "main" }));
    await rds.until("main", "stopped");
    await rejects(rds.connect(before), /ECONNREFUSED/);
    await rejects(rds.rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: "main" })), {
      name: "InvalidDBInstanceStateFault",
    });
    await rds.rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier: "main" }));
    const started = await rds.until("main", "available");
    equal(started.Endpoint?.Port, before.Endpoint?.Port);
    await rds.rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "main" }));
    const client = await rds.connect(await rds.until("main", "available"));
    deepEqual((await client.query("SELECT n FROM kept")).rows, [{ n: 7 }]);
  });

  it("takes a password and a port of the caller's, and a new password for both later", async () => {
    const port = await freePort();
    await rds.create("own", { MasterUserPassword: "first-pass-1", Port: port, MasterUsername: "boss" });
    const made = await rds.until("own", "available");
    deepEqual([made.Endpoint?.Port, made.MasterUserSecret], [port, undefined]);
    await rds.connect(made, { user: "boss", password: "first-pass-1" });
    const modify = (more: object) =>
      rds.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "own", ApplyImmediately: true, ...more }));
    await modify({ MasterUserPassword: "second-pass-2" });
    await rejects(rds.connect(made, { user: "boss", password: "first-pass-1" }), /password authentication failed/);
    await rds.connect(made, { user: "boss", password: "second-pass-2" });

    await modify({ ManageMasterUserPassword: true });
    const managed = await rds.describe("own");
    await rds.connect(managed, { user: "boss", password: (await rds.secret(managed)).password });
    await modify({ ManageMasterUserPassword: false, MasterUserPassword: "third-pass-3" });
    await rds.connect(managed, { user: "boss", password: "third-pass-3" });
    await rejects(rds.secret(managed), { name: "ResourceNotFoundException" });

    const other = await freePort();
    const moved = await modify({ DBPortNumber: other });
    equal(moved.DBInstance?.Endpoint?.Port, other);
    await rds.connect(moved.DBInstance ?? {}, { user: "boss", password: "third-pass-3" });
    await rejects(modify({ AllocatedStorage: 10 }), /Invalid storage size/);
    await modify({ AllocatedStorage: 40, BackupRetentionPeriod: 7 });
    equal((await rds.describe("own")).AllocatedStorage, 40);
    await rejects(
      rds.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "own", MultiAZ: true })),
      /MultiAZ and without ApplyImmediately/,
    );
  });

  it("is protected from deletion where that is asked for", async () => {
    const protect = (DeletionProtection: boolean) =>
      rds.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "own", DeletionProtection }));
    await protect(true);
    await rejects(remove("own"), /Cannot delete protected DB Instance/);
    await protect(false);
    await rejects(
      rds.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "own" })),
      /FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified/,
    );
    await rejects(
      rds.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "own", FinalDBSnapshotIdentifier: "last" })),
      /does not implement snapshots/,
    );
  });

  it("fails with the reason where its port is taken, and keeps nothing", async () => {
    const taken = await holdPort();
    try {
      await rds.create("unlucky", { Port: taken.port });
      const failed = await rds.until("unlucky", "failed");
      const { Events } = await rds.rds.send(
        new DescribeEventsCommand({
          SourceIdentifier: "unlucky",
          SourceType: "db-instance",
          EventCategories: ["failure"],
        }),
      );
      match(Events?.[0]?.Message ?? "", new RegExp(`The port ${taken.port} of 127.0.0.1 is taken by another program`));
      equal(existsSync(join(instancesFolder(lake), failed.DbiResourceId ?? "none")), false);
      await remove("unlucky");
      await gone("unlucky");
    } finally {
      taken.server.close();
    }
  });

  it("goes with its data and its secret when it is deleted", async () => {
    const instance = await rds.describe("main");
    const folder = join(instancesFolder(lake), instance.DbiResourceId ?? "");
    ok(existsSync(folder));
    equal((await remove("main")).DBInstance?.DBInstanceStatus, "deleting");
    await gone("main");
    equal(existsSync(folder), false);
    await rejects(rds.secrets.send(new GetSecretValueCommand({ SecretId: instance.MasterUserSecret?.SecretArn })), {
      name: "ResourceNotFoundException",
    });
    await remove("own");
    await gone("own");
    // As root the databases lie outside of the lake's folder: with the last one that goes too.
    deepEqual(readElsewhere(lake.folder).filter(existsSync), []);
  });

  const remove = (id: string) =>
    rds.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true }));
  const gone = (id: string) =>
    waitFor(
      () =>
        rds.describe(id).then(
          () => false,
          (error: Error) => error.name === "DBInstanceNotFoundFault",
        ),
      30_000,
    );
});

/** Where this lake's instances lie. */
export function instancesFolder(lake: TestLake): string {
  return readElsewhere(lake.folder)[0] ?? join(lake.folder, "rds");
}

async function holdPort(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as { port: number }).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await holdPort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
