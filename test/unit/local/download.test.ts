// Downloads that break off, come changed, or find no room.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BoathouseError, isCancelled } from "../../../src/base/errors.ts";
import type { Artifact } from "../../../src/local/engines/download.ts";
import { download } from "../../../src/local/engines/download.ts";
import { isUnreachable } from "../../../src/local/engines/failures.ts";
import { fetchMaven } from "../../../src/local/engines/maven.ts";
import { closedAddress, type Served, type StandIn, standIn } from "./standIn.ts";
import { type TestWork, testWork } from "./work.ts";

const bytes = randomBytes(400_000);
const checksum = { algorithm: "sha256" as const, hex: createHash("sha256").update(bytes).digest("hex") };

describe("a download", () => {
  let server: StandIn;
  let work: TestWork;
  let file: string;

  async function serve(served: Omit<Served, "body"> & { body?: Buffer }): Promise<Artifact> {
    server = await standIn({ "/x.jar": { body: bytes, ...served } });
    return { name: "x.jar", url: `${server.url}/x.jar`, checksum, size: bytes.length };
  }

  beforeEach(() => {
    work = testWork();
    file = join(work.cache, "x.jar");
  });
  afterEach(async () => {
    await server.close();
    work.dispose();
  });

  it("is said, arrives, and is not fetched again", async () => {
    const artifact = await serve({});
    await download(artifact, file, work);
    await download(artifact, file, work);
    assert.deepEqual(readFileSync(file), bytes);
    assert.deepEqual(server.requests, ["GET /x.jar"]);
    assert.deepEqual(work.transcript(), ["fetch x.jar from 0", "x.jar is whole: 400000"]);
  });

  it("goes on where it broke off", async () => {
    const artifact = await serve({ cuts: [150_000, 50_000] });
    await download(artifact, file, work);
    assert.deepEqual(readFileSync(file), bytes);
    assert.deepEqual(server.requests, ["GET /x.jar", "GET /x.jar bytes=150000-", "GET /x.jar bytes=200000-"]);
  });

  it("begins anew where the server knows no ranges", async () => {
    const artifact = await serve({ cuts: [150_000], ranges: false });
    await download(artifact, file, work);
    assert.deepEqual(readFileSync(file), bytes);
    assert.deepEqual(server.requests, ["GET /x.jar", "GET /x.jar bytes=150000-"]);
  });

  it("that was cancelled goes on in the next run from what it had", async () => {
    const artifact = await serve({});
    const first = testWork();
    let seen = 0;
    const cancelled = download(artifact, file, {
      ...first,
      report: (event) => {
        if (event.kind === "download" && event.received > 100_000 && seen++ === 0) first.cancel();
      },
    });
    await assert.rejects(cancelled, isCancelled);
    const had = statSync(`${file}.part`).size;
    assert.ok(had < bytes.length);
    first.dispose();
    await download(artifact, file, work);
    assert.deepEqual(readFileSync(file), bytes);
    assert.equal(server.requests.at(-1), had === 0 ? "GET /x.jar" : `GET /x.jar bytes=${had}-`);
  });

  it("whose process was killed goes on in the next process", async function () {
    this.timeout(20_000);
    const served: Served = { body: bytes, stallAt: 150_000 };
    server = await standIn({ "/x.jar": served });
    const artifact = { name: "x.jar", url: `${server.url}/x.jar`, checksum, size: bytes.length };
    const part = `${file}.part`;
    const module = JSON.stringify(new URL("../../../src/local/engines/download.ts", import.meta.url).href);
    const given = [JSON.stringify(artifact), JSON.stringify(file), JSON.stringify({ environment: work.environment })];
    const code = `const { download } = await import(${module});
      const work = { ...${given[2]}, engine: "spark", signal: new AbortController().signal, report() {} };
      await download(${given[0]}, ${given[1]}, work);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], { stdio: "inherit" });
    const ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
    while (!existsSync(part) || statSync(part).size < 150_000) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGKILL");
    assert.equal(await ended, "SIGKILL");
    served.stallAt = undefined;
    await download(artifact, file, work);
    assert.deepEqual(readFileSync(file), bytes);
    assert.deepEqual(server.requests, ["GET /x.jar", "GET /x.jar bytes=150000-"]);
  });

  it("gives up where nothing more comes, and keeps what came", async function () {
    this.timeout(10_000);
    const artifact = await serve({ cuts: [150_000, 0, 0, 0, 0] });
    await assert.rejects(download(artifact, file, work), isUnreachable);
    assert.equal(statSync(`${file}.part`).size, 150_000);
    assert.equal(existsSync(file), false);
  });

  it("that is not the pinned file is thrown away", async () => {
    const changed = Buffer.from(bytes);
    changed[200_000] = (changed[200_000] ?? 0) ^ 1;
    const artifact = await serve({ body: changed });
    await assert.rejects(download(artifact, file, work), { code: "EINTEGRITY" });
    assert.equal(existsSync(file), false);
    assert.equal(existsSync(`${file}.part`), false);
  });

  it("whose kept part is of another file recovers on the next try", async () => {
    const artifact = await serve({});
    writeFileSync(`${file}.part`, randomBytes(1000));
    await assert.rejects(download(artifact, file, work), { code: "EINTEGRITY" });
    await download(artifact, file, work);
    assert.deepEqual(readFileSync(file), bytes);
  });

  it("is refused where it is longer than the pinned file", async () => {
    const artifact = await serve({ body: Buffer.concat([bytes, randomBytes(10)]) });
    await assert.rejects(download(artifact, file, work), { code: "EINTEGRITY" });
  });
});

describe("a Maven artefact, when it can't be had, says what to do", () => {
  const pinned = {
    groupId: "org.example",
    artifactId: "x",
    version: "1",
    extension: "jar",
    sha256: checksum.hex,
    size: bytes.length,
  };

  async function failure(served: Record<string, Served>, url?: string): Promise<BoathouseError> {
    const server = await standIn(served);
    const work = testWork({ maven: url ?? server.url });
    try {
      await fetchMaven(pinned, join(work.cache, "downloads"), work);
      throw new Error("it was fetched");
    } catch (error) {
      assert.ok(error instanceof BoathouseError, String(error));
      return error;
    } finally {
      await server.close();
      work.dispose();
    }
  }

  it("no network", async function () {
    this.timeout(10_000);
    const { kind, message, next } = await failure({}, await closedAddress());
    assert.equal(kind, "network");
    assert.match(message, /^x-1\.jar could not be fetched: .*ECONNREFUSED/);
    assert.match(next ?? "", /what has arrived is kept.*BOATHOUSE_MAVEN_MIRROR/);
  });

  it("a mirror that lacks it", async () => {
    const { kind, message, next } = await failure({});
    assert.equal(kind, "service");
    assert.match(message, /404/);
    assert.match(next ?? "", /answered 404.*BOATHOUSE_MAVEN_MIRROR/);
  });

  it("a proxy that changes it", async () => {
    const { kind, message, next } = await failure({ "/org/example/x/1/x-1.jar": { body: randomBytes(bytes.length) } });
    assert.equal(kind, "network");
    assert.match(message, /checksum differs/);
    assert.match(next ?? "", /thrown away/);
  });

  it("no room on the disk", async function () {
    if (process.platform !== "linux") this.skip();
    const server = await standIn({ "/org/example/x/1/x-1.jar": { body: bytes } });
    const work = testWork({ maven: `${server.url}/` });
    const folder = join(work.cache, "downloads");
    mkdirSync(folder);
    // The kernel's own full disk.
    symlinkSync("/dev/full", join(folder, "x-1.jar.part"));
    const error: unknown = await fetchMaven(pinned, folder, work).catch((thrown: unknown) => thrown);
    await server.close();
    work.dispose();
    assert.ok(error instanceof BoathouseError, String(error));
    assert.match(error.message, /no room left on the disk for x-1\.jar/);
    assert.match(error.next ?? "", /BOATHOUSE_CACHE/);
  });
});
