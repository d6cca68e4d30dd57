// kill -9: of PostgreSQL, which is started again; of the lake, which finds everything acknowledged and leaves no orphan.
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { DeleteDBInstanceCommand, DescribeEventsCommand, RebootDBInstanceCommand } from "@aws-sdk/client-rds";
import { RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { readElsewhere } from "../../../src/base/elsewhere.ts";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { Rds } from "./connect.ts";

describe("RDS: sudden death", () => {
  let lake: TestLake;
  let rds: Rds;

  beforeEach(async () => {
    lake = await startTestLake();
    rds = new Rds(lake);
    await rds.create("main");
    await rds.until("main", "available");
  });
  afterEach(async () => {
    await rds.close();
    await lake.stop();
  });

  const messages = async () => {
    const { Events } = await rds.rds.send(
      new DescribeEventsCommand({ SourceIdentifier: "main", SourceType: "db-instance" }),
    );
    return (Events ?? []).map((event) => event.Message ?? "");
  };
  const comeBack = async () => {
    lake = await lake.restart();
    rds = new Rds(lake);
  };

  it("starts a PostgreSQL that was killed, with all that was committed", async () => {
    const before = await rds.connect(await rds.describe("main"));
    await before.query("CREATE TABLE t (n integer); INSERT INTO t SELECT generate_series(1, 1000)");
    for (let round = 0; round < 2; round++) {
      const [postmaster] = serversOf(lake);
      process.kill(postmaster?.pid ?? 0, "SIGKILL");
      await rds.until("main", "rebooting");
      const client = await rds.connect(await rds.until("main", "available"));
      deepEqual((await client.query("SELECT count(*)::int AS n FROM t")).rows, [{ n: 1000 }]);
      await client.end();
    }
    match((await messages()).join("\n"), /Recovery of the DB instance has started. PostgreSQL ended with code 137/);
  });

  it("gives up on one that dies again and again, says so, and tries once more when asked to", async () => {
    for (let deaths = 0; (await rds.describe("main")).DBInstanceStatus !== "failed"; ) {
      for (const { pid } of serversOf(lake)) {
        if (deaths > 8) throw new Error("still restarted after 8 deaths");
        process.kill(pid, "SIGKILL");
        deaths++;
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    match((await messages()).at(-1) ?? "", /(code 137|signal 9).* It has ended 6 times within 10 minutes/);
    await rds.rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "main" }));
    await rds.connect(await rds.until("main", "available"));
  });

  it("after kill -9 of the lake: every commit is there, on the same port, and no process is left over", async () => {
    const instance = await rds.describe("main");
    const client = await rds.connect(instance);
    await client.query("CREATE TABLE t (n integer PRIMARY KEY)");
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await client.query("INSERT INTO t VALUES ($1)", [acknowledged + 1]);
        acknowledged++;
      }
    })();
    writing.catch(() => undefined);
    // A session that computes does not notice its parent's end: it has to be ended.
    const busy = await rds.connect(instance);
    busy.query("SELECT count(*) FROM generate_series(1, 200000000)").catch(() => undefined);
    await waitFor(() => acknowledged > 200, 20_000, 5);
    const old = postgresPids(lake);
    ok(old.length > 2);
    await lake.kill();
    await comeBack();
    const after = await rds.until("main", "available");
    await rejects(writing);
    equal(after.Endpoint?.Port, instance.Endpoint?.Port);
    const { rows } = await (await rds.connect(after)).query("SELECT count(*)::int AS n, max(n) AS last FROM t");
    ok(rows[0].n >= acknowledged && rows[0].n <= acknowledged + 1, `${rows[0].n} rows, ${acknowledged} acknowledged`);
    deepEqual(
      postgresPids(lake).filter((pid) => old.includes(pid)),
      [],
    );
  });

  it("after kill -9 amid a rotation: the secret's password is the database's", async () => {
    const secret = (await rds.describe("main")).MasterUserSecret?.SecretArn ?? "";
    for (const wait of [0, 15, 30, 60]) {
      rds.secrets.send(new RotateSecretCommand({ SecretId: secret })).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await lake.kill();
      await comeBack();
      await rds.connect(await rds.until("main", "available"));
      await rds.secrets.send(new RotateSecretCommand({ SecretId: secret }));
      await rds.connect(await rds.describe("main"));
    }
  });

  it("after kill -9 while an instance is made: it is made anew", async () => {
    for (const [index, wait] of [50, 400, 700].entries()) {
      const id = `half-${index}`;
      await rds.create(id);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await lake.kill();
      await comeBack();
      await rds.connect(await rds.until(id, "available"));
    }
  });

  it("after kill -9 while one is deleted: it goes on being deleted", async () => {
    await rds.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "main", SkipFinalSnapshot: true }));
    await lake.kill();
    await comeBack();
    await waitFor(
      () =>
        rds.describe("main").then(
          () => false,
          (error: Error) => error.name === "DBInstanceNotFoundFault",
        ),
      20_000,
    );
    deepEqual(postgresPids(lake), []);
  });

  it("waits for its port where another program took it while the lake was away", async () => {
    const port = (await rds.describe("main")).Endpoint?.Port;
    await lake.stop({ keep: true });
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port, "127.0.0.1", resolve));
    await comeBack();
    await rds.until("main", "incompatible-network");
    match((await messages()).at(-1) ?? "", new RegExp(`The port ${port} of 127.0.0.1 is taken by another program`));
    await new Promise((resolve) => squatter.close(resolve));
    const back = await rds.until("main", "available");
    equal(back.Endpoint?.Port, port);
    await rds.connect(back);
  });
});

interface Running {
  pid: number;
  command: string;
}

/** The lake's PostgreSQL servers, as it has recorded them. */
function serversOf(lake: TestLake): Running[] {
  const folder = `${lake.folder}/run`;
  return readdirSync(folder)
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as Running)
    .filter(({ command }) => command.endsWith("/postgres"));
}

/** Every process of PostgreSQL whose data is this lake's, backends too. */
function postgresPids(lake: TestLake): number[] {
  const all = execFileSync("ps", ["-e", "-o", "pid=,comm="], { encoding: "utf8" }).trim().split("\n");
  return all
    .map((line) => line.trim().split(/\s+/))
    .filter(([, command]) => command === "postgres")
    .map(([pid]) => Number(pid))
    .filter((pid) => dataFolders(lake).some((folder) => workingDirectory(pid).startsWith(folder)));
}

function dataFolders(lake: TestLake): string[] {
  return [...readElsewhere(lake.folder), lake.folder];
}

function workingDirectory(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
