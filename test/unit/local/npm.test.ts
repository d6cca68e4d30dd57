// A package from an npm registry: the user's settings, cut-offs, changed tarballs, links.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoathouseError } from "../../../src/base/errors.ts";
import { makeLinks, type NpmPackage, unpackNpm } from "../../../src/local/engines/npm.ts";
import { npmSettings } from "../../../src/local/engines/npmconfig.ts";
import { closedAddress, type Served, type StandIn, standIn } from "./standIn.ts";
import { type TestWork, testWork } from "./work.ts";

/** A real tarball as `npm pack` lays it out. */
function tarball(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "pack-"));
  mkdirSync(join(folder, "package", "native", "lib"), { recursive: true });
  writeFileSync(join(folder, "package", "package.json"), JSON.stringify({ name: "@example/engine", version: "1.0.0" }));
  writeFileSync(join(folder, "package", "native", "lib", "libx.so.1"), randomBytes(300_000));
  execFileSync("tar", ["czf", "p.tgz", "package"], { cwd: folder });
  const bytes = readFileSync(join(folder, "p.tgz"));
  rmSync(folder, { recursive: true });
  return bytes;
}

describe("an npm package", function () {
  this.timeout(15_000);
  const bytes = tarball();
  const wanted: NpmPackage = {
    name: "@example/engine",
    version: "1.0.0",
    integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
    size: bytes.length,
  };
  let server: StandIn;
  let work: TestWork;

  async function serve(served: Partial<Served> = {}, integrity = wanted.integrity): Promise<void> {
    const files: Record<string, Served> = { "/engine-1.0.0.tgz": { body: bytes, ...served } };
    server = await standIn(files);
    const dist = { tarball: `${server.url}/engine-1.0.0.tgz`, integrity };
    const manifest = { name: wanted.name, version: wanted.version, dist };
    const packument = { name: wanted.name, "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": manifest } };
    files["/@example/engine"] = { body: Buffer.from(JSON.stringify(packument)), type: "application/json" };
  }

  function unpack(settings = { mirrors: { npm: server.url } }): Promise<string> {
    return unpackNpm(wanted, join(work.cache, "downloads"), join(work.cache, "engine"), { ...work, ...settings });
  }

  beforeEach(() => {
    work = testWork();
  });
  afterEach(async () => {
    await server.close();
    work.dispose();
  });

  it("is unpacked, readable for all and writable for its owner alone", async () => {
    await serve();
    await unpack();
    const modes = execFileSync("find", [join(work.cache, "engine"), "-type", "f", "-perm", "644"], {
      encoding: "utf8",
    });
    assert.equal(modes.trim().split("\n").length, 2);
    assert.deepEqual(work.transcript(), [
      "fetch @example/engine@1.0.0 from 0",
      `@example/engine@1.0.0 is whole: ${bytes.length}`,
    ]);
  });

  it("goes on where the connection broke", async () => {
    await serve({ cuts: [100_000] });
    await unpack();
    assert.ok(existsSync(join(work.cache, "engine", "native", "lib", "libx.so.1")));
    assert.deepEqual(
      server.requests.filter((request) => request.includes(".tgz")),
      ["GET /engine-1.0.0.tgz", "GET /engine-1.0.0.tgz bytes=100000-"],
    );
  });

  it("comes from the registry of the user's own npm configuration", async () => {
    await serve();
    writeFileSync(join(work.cache, ".npmrc"), `registry=${server.url}/\n`);
    const { registry } = await npmSettings(work.environment);
    assert.equal(registry, `${server.url}/`);
    await unpackNpm(wanted, join(work.cache, "downloads"), join(work.cache, "engine"), work);
    assert.ok(server.requests.includes("GET /engine-1.0.0.tgz"));
  });

  it("does not come from where a project's .npmrc says", async () => {
    await serve();
    const before = process.cwd();
    const project = join(work.cache, "cloned");
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), "{}");
    writeFileSync(join(project, ".npmrc"), "registry=http://127.0.0.1:9/\n");
    process.chdir(project);
    try {
      const { registry } = await npmSettings(work.environment);
      assert.notEqual(registry, "http://127.0.0.1:9/");
    } finally {
      process.chdir(before);
    }
  });

  it("that was changed on its way is refused and not kept", async () => {
    const changed = Buffer.from(bytes);
    changed[5000] = (changed[5000] ?? 0) ^ 1;
    await serve({ body: changed });
    await assert.rejects(unpack(), (error: BoathouseError) => {
      assert.equal(error.kind, "network");
      assert.match(error.message, /checksum differs/);
      return true;
    });
    assert.equal(existsSync(join(work.cache, "downloads", "example-engine-1.0.0.tgz")), false);
  });

  it("of which the registry claims another checksum than ours is refused", async () => {
    await serve({}, `sha512-${createHash("sha512").update("another").digest("base64")}`);
    await assert.rejects(unpack(), (error: BoathouseError) => error.kind === "network");
  });

  it("without network: says so and names the mirror's setting", async () => {
    await serve();
    const npm = await closedAddress();
    await assert.rejects(unpack({ mirrors: { npm } }), (error: unknown) => {
      assert.ok(error instanceof BoathouseError, String(error));
      assert.equal(error.kind, "network");
      assert.match(error.next ?? "", /BOATHOUSE_NPM_MIRROR/);
      return true;
    });
  });
});

describe("the links of a package", () => {
  it("are made as its list says, relative, and never outside of it", () => {
    const folder = mkdtempSync(join(tmpdir(), "links-"));
    mkdirSync(join(folder, "native", "lib"), { recursive: true });
    const list = join(folder, "links.json");
    writeFileSync(list, JSON.stringify([{ source: "native/lib/libx.so.1", target: "native/lib/libx.so" }]));
    makeLinks(folder, list);
    assert.equal(readlinkSync(join(folder, "native", "lib", "libx.so")), "libx.so.1");
    writeFileSync(list, JSON.stringify([{ source: "../../etc/passwd", target: "native/lib/y" }]));
    assert.throws(() => makeLinks(folder, list), /outside of the package/);
    rmSync(folder, { recursive: true });
  });
});
