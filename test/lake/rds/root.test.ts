// A lake of root's: PostgreSQL runs as somebody else, who must reach its binaries and its data wherever the cache and the lake lie.
import { equal, notEqual } from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteDBInstanceCommand } from "@aws-sdk/client-rds";
import { readElsewhere } from "../../../src/base/elsewhere.ts";
import { engineFile, readEngine } from "../../../src/base/engines.ts";
import { cacheFolder } from "../../../src/base/paths.ts";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { Rds } from "./connect.ts";

describe("RDS: a lake of root's", () => {
  let closed = "";
  let lake: TestLake | undefined;

  before(function () {
    // As an ordinary user there is nobody else to run it.
    if (process.getuid?.() !== 0) this.skip();
    closed = mkdtempSync(join(tmpdir(), "closed-"));
  });
  afterEach(() => lake?.stop());
  after(() => rmSync(closed || join(tmpdir(), "closed-none"), { recursive: true, force: true }));

  it("runs PostgreSQL as another user from a cache that only root can read, and leaves nothing behind", async () => {
    const engine = readEngine(cacheFolder(), "postgres");
    if (engine === undefined) throw new Error("PostgreSQL has not been fetched.");
    const home = join(closed, "native");
    cpSync(engine.home, home, { recursive: true });
    mkdirSync(join(closed, "engines"));
    writeFileSync(engineFile(closed, "postgres"), JSON.stringify({ ...engine, home }));
    equal(statSync(closed).mode & 0o077, 0);

    lake = await startTestLake({ cache: closed });
    const rds = new Rds(lake);
    await rds.create("main");
    const instance = await rds.until("main", "available");
    const client = await rds.connect(instance);
    const { rows } = await client.query("SHOW data_directory");
    const data = (rows[0] as { data_directory: string }).data_directory;
    const [base = ""] = readElsewhere(lake.folder);
    equal(data, join(base, instance.DbiResourceId ?? "", "data"));
    const { uid } = statSync(data);
    notEqual(uid, 0);
    equal(statSync(data).mode & 0o077, 0);
    const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    equal(statSync(`/proc/${pid}`).uid, uid);
    await rds.close();
    await rds.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "main", SkipFinalSnapshot: true }));
    await waitFor(() => !existsSync(base), 20_000);
  });

  it("says what is missing where PostgreSQL has not been fetched", async () => {
    lake = await startTestLake({ cache: join(closed, "empty") });
    const created = new Rds(lake).create("main");
    await created.then(
      () => {
        throw new Error("it was created");
      },
      (error: Error) => equal(/PostgreSQL has not been fetched/.test(error.message), true, error.message),
    );
  });
});
