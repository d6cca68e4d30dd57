// The engines as they are fetched and written down for real, into the user's cache.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { accessSync, chmodSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEngine } from "../../../src/base/engines.ts";
import { BoathouseError } from "../../../src/base/errors.ts";
import { cacheFolder } from "../../../src/base/paths.ts";
import { ensureEngines } from "../../../src/local/engines/ensure.ts";
import { findJdk } from "../../../src/local/engines/java.ts";
import type { EngineEvent } from "../../../src/local/engines/work.ts";
import { closedAddress } from "../../unit/local/standIn.ts";
import { testWork } from "../../unit/local/work.ts";

describe("the engines", function () {
  // What is not in the cache yet is fetched: about 800 MB.
  this.timeout(900_000);
  const cache = cacheFolder();

  it("are installed, and what was written down of them runs", async () => {
    const { postgres, spark, trino } = await ensureEngines(["postgres", "spark", "trino"]);
    assert.deepEqual(readEngine(cache, "postgres"), postgres);
    assert.deepEqual(readEngine(cache, "spark"), spark);
    assert.deepEqual(readEngine(cache, "trino"), trino);
    const says = (program: string, ...args: string[]) =>
      execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
    assert.equal(says(join(postgres.home, "bin", "postgres"), "--version"), "postgres (PostgreSQL) 18.4");
    assert.equal(says(spark.python, "-c", "import pyspark, boto3; print(pyspark.__version__)"), "3.5.6");
    assert.match(says(join(spark.javaHome, "bin", "java"), "--version"), /^openjdk 17/);
    assert.match(says(trino.java, "--version"), /^openjdk 25/);
    for (const file of [...spark.jars, trino.lib, join(trino.plugins, "hive")]) assert.ok(existsSync(file), file);
  });

  it("once there, need no network, no Python and no pip", async () => {
    await ensureEngines(["postgres", "spark", "trino"]);
    const closed = await closedAddress();
    const events: EngineEvent[] = [];
    const environment = { ...process.env, BOATHOUSE_PYTHON: "/nowhere" };
    await ensureEngines(["postgres", "spark", "trino"], {
      mirrors: { maven: closed, npm: closed, pip: closed },
      environment,
      onProgress: (event) => events.push(event),
    });
    assert.deepEqual(
      events.map((event) => event.kind === "ready" && !event.fetched),
      [true, true, true],
    );
  });

  it("of root lie where PostgreSQL's own user can reach them", async function () {
    if (process.getuid?.() !== 0) this.skip();
    const { postgres } = await ensureEngines(["postgres"]);
    const program = join(postgres.home, "bin", "postgres");
    accessSync(program, constants.X_OK);
    const said = execFileSync(program, ["--version"], { uid: 65_534, gid: 65_534, cwd: "/" });
    assert.match(String(said), /18\.4/);
  });

  describe("where nothing is there yet", () => {
    let empty: string;
    beforeEach(() => {
      empty = mkdtempSync(join(tmpdir(), "cache-"));
      chmodSync(empty, 0o755);
    });
    afterEach(() => rmSync(empty, { recursive: true }));

    async function refused(...args: Parameters<typeof ensureEngines>): Promise<BoathouseError> {
      const error: unknown = await ensureEngines(...args).then(
        () => new Error("they were installed"),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof BoathouseError, String(error));
      return error;
    }

    it("nor a network: the first engine that fails says so, and no manifest is written", async () => {
      const closed = await closedAddress();
      const mirrors = { maven: closed, npm: closed, pip: closed };
      const error = await refused(["postgres", "spark", "trino"], { cache: empty, mirrors });
      assert.equal(error.kind, "network");
      assert.match(error.next ?? "", /Check the network and proxy/);
      for (const name of ["postgres", "spark", "trino"] as const) assert.equal(readEngine(empty, name), undefined);
    });

    it("nor a Python: says what to install before anything is downloaded", async () => {
      const events: EngineEvent[] = [];
      const environment = { ...process.env, BOATHOUSE_PYTHON: "/nowhere" };
      const error = await refused(["spark"], { cache: empty, environment, onProgress: (event) => events.push(event) });
      assert.equal(error.kind, "notFound");
      assert.match(error.next ?? "", /python3-venv/);
      assert.deepEqual(events, []);
    });

    it("cancelled: says that what has arrived is kept", async () => {
      const controller = new AbortController();
      const error = await refused(["postgres"], {
        cache: empty,
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      assert.equal(error.kind, "cancelled");
      assert.match(error.next ?? "", /is kept/);
    });

    it("nor a folder that can be written: says which", async () => {
      writeFileSync(join(empty, "file"), "");
      const error = await refused(["postgres"], { cache: join(empty, "file", "cache") });
      assert.match(error.message, /file\/cache/);
    });
  });

  it("bring a JDK from PyPI where the machine has none", async () => {
    const work = testWork();
    const bin = join(work.cache, "bin");
    mkdirSync(bin);
    // A machine with this one's Python on its PATH, and no Java.
    writeFileSync(join(bin, "python3"), `#!/bin/sh\nPATH='${process.env["PATH"] ?? ""}' exec python3 "$@"\n`);
    chmodSync(join(bin, "python3"), 0o755);
    const environment = { ...process.env, PATH: bin, JAVA_HOME: "" };
    try {
      const jdk = await findJdk(17, { ...work, environment }, []);
      assert.equal(jdk.fetched, true);
      assert.match(jdk.version, /^17\./);
      assert.match(String(execFileSync(join(jdk.home, "bin", "java"), ["--version"])), /^openjdk 17/);
    } finally {
      work.dispose();
    }
  });
});
