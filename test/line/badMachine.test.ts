// A machine that lacks something: no Python, no Java, no network, no right to write, no room on the disk; and a person who changes their mind.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateDatabaseCommand, CreateTableCommand, GetTablesCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { boathouse, CLI, clientConfig, plainEnvironment, type Ran, run, says } from "./cli.ts";

const python = process.env["BOATHOUSE_TEST_PYTHON"] ?? "python3";
const root = process.getuid?.() === 0;

describe("a machine that lacks something", function () {
  this.timeout(240_000);
  const data = mkdtempSync(join(tmpdir(), "machine-"));
  const nothing = join(data, "nothing");
  const cold = join(data, "cold");
  mkdirSync(nothing);
  const say = (...args: string[]) => boathouse(args, { data });

  after(async () => {
    await say("lake", "reset", "--yes", "--force");
    rmSync(data, { recursive: true, force: true });
  });

  describe("with an empty cache", () => {
    const coldly = (env: Record<string, string>, ...args: string[]) =>
      boathouse(args, { data, env: { BOATHOUSE_CACHE: cold, ...env } });
    afterEach(() => rmSync(cold, { recursive: true, force: true }));

    it("and no Python: it says which one is needed and how to get it, before anything is fetched", async () => {
      for (const args of [["lake", "start"], ["demo"]]) {
        const ran = await says(coldly({ PATH: nothing }, ...args), 4, /No Python was found/, /apt install python3/);
        assert.doesNotMatch(ran.stderr, /fetching/);
      }
    });

    it("and no network: it says what it could not fetch, that what arrived is kept, and which setting names a mirror", async function () {
      this.timeout(600_000);
      const refused = whyNoNamespace();
      if (refused !== undefined) {
        process.stdout.write(`      not run here: ${refused}\n`);
        this.skip();
      }
      const env = { ...plainEnvironment(), HOME: data, BOATHOUSE_DATA: data, BOATHOUSE_CACHE: cold };
      // No Java either: the PATH holds Python alone.
      const bin = join(data, "bin");
      mkdirSync(bin);
      const asked = spawnSync(python, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
      symlinkSync(asked.stdout.trim(), join(bin, "python3"));
      const alone = [new URL("alone.py", import.meta.url).pathname, data];
      const only = ["env", "-u", "JAVA_HOME", `PATH=${bin}`, process.execPath, CLI, "lake", "start"];
      const ran = run("unshare", ["--net", "--mount", python, ...alone, ...only], { env });
      await says(ran, 6, /could not be fetched/, /network.*kept/, /BOATHOUSE_(NPM_MIRROR|PIP_INDEX|MAVEN_MIRROR)/);
    });

    it("a lake without engines starts all the same, and the command that needs one fetches it", async () => {
      const lake = join(data, "bare");
      await says(coldly({ PATH: nothing }, "--lake", lake, "lake", "start", "--no-engines"), 0);
      await says(coldly({ PATH: nothing }, "--lake", lake, "jobs", "list"), 0);
      await says(coldly({ PATH: nothing }, "--lake", lake, "deploy", "--yes"), 4, /No Python was found/);
      await says(coldly({}, "--lake", lake, "lake", "stop"), 0);
    });
  });

  it("whose engines are there needs nothing on its PATH", async () => {
    await says(boathouse(["lake", "start"], { data, env: { PATH: nothing } }), 0);
  });

  it("whose disk is read-only where the lake should be", async function () {
    if (!root) this.skip();
    const place = mounted(this, "readonly", "ro,size=1m");
    const lake = (name: string) => say("--lake", join(place, name), "jobs", "list");
    await says(lake(""), 3, /folder .* can't be used: its file system is read-only/, /--lake/);
    unmount(place);
  });

  it("where the lake's folder belongs to another", async function () {
    // Nobody can keep root out.
    if (root) this.skip();
    const place = join(data, "others");
    mkdirSync(place, { mode: 0o555 });
    await says(say("--lake", join(place, "lake"), "jobs", "list"), 3, /can't be used: permission denied/, /--lake/);
  });

  it("whose disk is full says so, loses nothing, and goes on once there is room", async function () {
    if (!root) this.skip();
    const place = mounted(this, "small", "size=64m");
    const lake = join(place, "lake");
    const at = (...args: string[]) => say("--lake", lake, "--stack", "full", ...args);
    try {
      await says(at("lake", "start"), 0);
      await says(at("deploy", "--yes"), 0);
      const { s3, glue } = await clients(at);
      await s3.send(new CreateBucketCommand({ Bucket: "full-disk" }));
      await s3.send(new PutObjectCommand({ Bucket: "full-disk", Key: "before", Body: "kept" }));
      await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "disk" } }));
      const kept: string[] = [];
      const table = async (Name: string) => {
        const TableInput = { Name, Parameters: { text: "x".repeat(2000) } };
        await glue.send(new CreateTableCommand({ DatabaseName: "disk", TableInput }));
        kept.push(Name);
      };
      await table("before");

      const { bavail, bsize } = statfsSync(place);
      writeFileSync(join(place, "filler"), Buffer.alloc(bavail * bsize - 256 * 1024));
      await says(
        at("load"),
        1,
        /The disk that holds the lake is full/,
        /Free some space .* nothing that was stored is lost/,
      );
      await assert.rejects(async () => {
        for (let count = 0; count < 1000; count++) await table(`full_${count}`);
      }, /The disk that holds the lake is full/);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "full-disk", Key: "before" }));
      assert.equal(await Body?.transformToString(), "kept");

      rmSync(join(place, "filler"));
      await table("behind");
      // What was acknowledged behind the failure is on disk like all else: it is there after kill -9.
      const { pid } = (await says(at("--json", "lake", "status"), 0)).json<{ pid: number }>();
      process.kill(pid, "SIGKILL");
      await says(at("lake", "start"), 0);
      const again = await clients(at);
      assert.deepEqual(new Set(await tables(again.glue)), new Set(kept));
      await says(at("destroy", "--yes"), 0);
    } finally {
      await at("lake", "reset", "--yes", "--force");
      unmount(place);
    }
  });

  describe("with a person at its terminal", () => {
    const asked = (keys: string, ...args: string[]) => typed("Execute this plan? [y/N] ", keys, ...args);
    const template = join(data, "bucket.yaml");
    const deploy = ["--stack", "asked", "deploy", "--template", template];
    before(() => writeFileSync(template, "Resources: {A: {Type: AWS::S3::Bucket}}"));

    it("who says no, or nothing: nothing is made", async () => {
      for (const keys of ["n\n", "\n", "^D", "perhaps\n"]) {
        const ran = await asked(keys, ...deploy);
        assert.equal(ran.code, 130, ran.stdout);
        assert.match(ran.stdout, /Nothing was deployed/);
      }
      await says(say("--stack", "asked", "destroy", "--yes"), 4, /There is no stack asked/);
    });

    it("who presses Ctrl+C at the question: nothing is made", async () => {
      const ran = await asked("^C", ...deploy);
      assert.equal(ran.code, 130, ran.stdout);
      assert.doesNotMatch(ran.stdout, /unsettled|at .*cli\.js/);
      await says(say("--stack", "asked", "destroy", "--yes"), 4, /There is no stack asked/);
    });

    it("who says yes, then types another name, then the stack's", async () => {
      const made = await asked("y\n", ...deploy);
      assert.equal(made.code, 0, made.stdout);
      const question = "Type the stack's name to destroy it: ";
      const kept = await typed(question, "ask\n", "--stack", "asked", "destroy");
      assert.equal(kept.code, 130, kept.stdout);
      assert.match(kept.stdout, /Nothing was destroyed/);
      const gone = await typed(question, "asked\n", "--stack", "asked", "destroy");
      assert.equal(gone.code, 0, gone.stdout);
    });

    it("who reads the first lines only", async () => {
      const env = { ...plainEnvironment(), BOATHOUSE_DATA: data };
      const ran = await run("bash", ["-c", `"${process.execPath}" "${CLI}" --help | head -1`], { env });
      assert.equal(ran.stderr, "");
    });
  });

  function typed(prompt: string, keys: string, ...args: string[]): Promise<Ran> {
    const script = new URL("terminal.py", import.meta.url).pathname;
    const env = { ...plainEnvironment(), BOATHOUSE_DATA: data, TERM: "xterm" };
    return run(python, [script, prompt, keys, process.execPath, CLI, ...args], { env });
  }

  function mounted(test: Mocha.Context, name: string, options: string): string {
    // Another one at each try.
    const place = mkdtempSync(join(data, `${name}-`));
    const mount = spawnSync("mount", ["-t", "tmpfs", "-o", options, "none", place], { encoding: "utf8" });
    if (mount.status !== 0) {
      process.stdout.write(`      not run here: ${mount.error?.message ?? mount.stderr}\n`);
      test.skip();
    }
    return place;
  }
});

function unmount(place: string): void {
  spawnSync("umount", ["-l", place]);
  if (existsSync(place)) assert.deepEqual(readdirSync(place), []);
}

function whyNoNamespace(): string | undefined {
  if (!root) return "only root may make a network namespace";
  const made = spawnSync("unshare", ["--net", "--mount", "true"], { encoding: "utf8" });
  return made.status === 0 ? undefined : `unshare: ${made.error?.message ?? made.stderr.trim()}`;
}

async function clients(say: (...args: string[]) => Promise<Ran>): Promise<{ s3: S3Client; glue: GlueClient }> {
  const config = await clientConfig(say);
  return { s3: new S3Client({ ...config, forcePathStyle: true }), glue: new GlueClient(config) };
}

async function tables(glue: GlueClient): Promise<string[]> {
  const names: string[] = [];
  for (let NextToken: string | undefined; ; ) {
    const page = await glue.send(new GetTablesCommand({ DatabaseName: "disk", NextToken }));
    names.push(...(page.TableList ?? []).map(({ Name }) => Name ?? ""));
    NextToken = page.NextToken;
    if (NextToken === undefined) return names;
  }
}
