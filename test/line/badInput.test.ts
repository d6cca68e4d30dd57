// Wrong input through dist/cli.js: each error says what happened and what to do next, with an exit code that scripts can trust.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateJobCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { boathouse, clientConfig, listening, plainEnvironment, run, says } from "./cli.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

describe("bad input", function () {
  this.timeout(180_000);
  const data = mkdtempSync(join(tmpdir(), "bad-"));
  const say = (...args: string[]) => boathouse(args, { data });
  const write = (name: string, text: string): string => {
    const file = join(data, name);
    writeFileSync(file, text);
    return file;
  };

  before(() => says(say("lake", "start"), 0));
  after(async () => {
    await say("lake", "reset", "--yes", "--force");
    rmSync(data, { recursive: true, force: true });
  });

  describe("a name that is not there", () => {
    it("a stack: the command that makes one is named", async () => {
      for (const args of [["load"], ["crawl"], ["prove"], ["named", "list"], ["query", "--sql", "SELECT 1"]]) {
        await says(say("--stack", "nope", ...args), 4, /There is no stack nope/, /boathouse deploy --stack nope/);
      }
      await says(say("--stack", "nope", "destroy", "--yes"), 4, /There is no stack nope/);
    });

    it("a job: those there are named", async () => {
      await job("there", "pass");
      for (const verb of ["run", "monitor", "stop"]) {
        await says(say("jobs", verb, "nope"), 4, /There is no job nope/, /Jobs are: .*there/);
      }
      await says(say("jobs", "monitor", "there"), 4, /there has not run yet/, /jobs run there/);
      await says(say("jobs", "stop", "there"), 4, /No run of there/);
    });

    it("a profile, an address that is none, and one where nobody answers", async () => {
      const env = { HOME: data, AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
      const at = (...args: string[]) => boathouse(args, { data, env });
      await says(at("--profile", "nope", "jobs", "list"), 4, /There is no profile nope/, /local lake/);
      await says(at("--endpoint-url", "nonsense", "jobs", "list"), 2, /nonsense is not the address/, /http:\/\//);
      await says(at("--endpoint-url", "http://127.0.0.1:1", "jobs", "list"), 6, /ECONNREFUSED/, /network/);
      const anonymous = boathouse(["--region", "eu-west-1", "jobs", "list"], {
        data,
        env: { HOME: data, AWS_EC2_METADATA_DISABLED: "true" },
      });
      await says(anonymous, 3, /credentials/, /profile/);
    });

    it("a command, an option, a number", async () => {
      await says(say("nosuch"), 2, /unknown command 'nosuch'/);
      await says(say("jobs", "nosuch"), 2, /unknown command 'nosuch'/);
      await says(say("deploy", "--nosuch"), 2, /unknown option '--nosuch'/);
      await says(say("load", "--rows", "many"), 2, /whole number/);
      await says(say("jobs", "run"), 2, /missing required argument 'name'/);
    });
  });

  it("--json: an error is one object on stdout, whatever went wrong", async () => {
    const kinds: readonly (readonly [kind: string, code: number, args: string[]])[] = [
      ["notFound", 4, ["jobs", "run", "nope"]],
      ["invalid", 2, ["query", "/no/such.sql"]],
      ["invalid", 2, ["query"]],
      ["invalid", 2, ["nosuch"]],
      ["invalid", 2, ["load", "--rows", "many"]],
    ];
    for (const [kind, code, args] of kinds) {
      const ran = await says(say("--json", ...args), code);
      const { error } = ran.json<{ error: { kind: string; message: string; next?: string } }>();
      assert.equal(error.kind, kind, ran.stdout);
      assert.ok(error.message.length > 0 && !error.message.startsWith("error:"));
    }
  });

  it("an SQL file that can't be read, is empty, or is not named", async () => {
    await says(say("query", "/no/such.sql"), 2, /can't be read: there is no such file/, /--sql/);
    await says(say("query", data), 2, /can't be read: it is a folder/);
    await says(say("query", write("empty.sql", "-- nothing\n")), 2, /no statement/);
    await says(say("query"), 2, /either a file or --sql/, /boathouse query FILE/);
  });

  it("a job that throws: its own traceback, the exception first", async () => {
    await job("throws", "def deep(value):\n    return value / 0\n\nprint('begun')\ndeep(1)\n");
    const ran = await says(
      say("jobs", "run", "throws"),
      1,
      /Job throws ended FAILED: ZeroDivisionError: division by zero/,
    );
    assert.match(ran.stderr, /File ".*throws\.py", line 2, in deep/);
    assert.doesNotMatch(ran.stderr, /boathouse_launch|site-packages|dist\/cli\.js/, "frames of nobody's concern");
    assert.match(ran.stderr, /jobs monitor throws --run jr_/);
    const shown = await says(say("jobs", "monitor", "throws"), 0);
    assert.match(shown.stdout, /^begun$/m);
  });

  it("a second lake on the same folder", async () => {
    const second = await run(process.execPath, [join(ROOT, "dist/lake.js"), "--folder", join(data, "lake")], {
      env: plainEnvironment(),
    });
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^Another lake runs on this folder; stop it first or choose another folder\.\n$/);
    await says(say("lake", "status"), 0);
  });

  it("a lake's port that another program has taken meanwhile: it takes another", async () => {
    const lake = join(data, "port");
    const at = (...args: string[]) => say("--json", "--lake", lake, "lake", ...args);
    const port = Number(/:(\d+)$/.exec((await says(at("start"), 0)).json<{ endpoint: string }>().endpoint)?.[1]);
    await says(at("stop"), 0);
    const squatter = createServer();
    await listening(squatter, port);
    await says(at("start"), 0);
    await says(at("stop"), 0);
    squatter.close();
  });

  it("a lake's folder that can't be one: a file, below a file, somebody's files", async () => {
    const file = write("file", "");
    await says(
      say("--lake", file, "lake", "start"),
      2,
      /folder .*file can't be used: .*in the way|not a folder/,
      /--lake/,
    );
    await says(say("--lake", join(file, "below"), "jobs", "list"), 2, /can't be used: a part of its path is a file/);
    const thesis = join(data, "thesis");
    mkdirSync(thesis);
    writeFileSync(join(thesis, "thesis.txt"), "years");
    await says(
      say("--lake", thesis, "lake", "start"),
      2,
      /holds other files \(thesis\.txt\) and no lake/,
      /new or empty/,
    );
    await says(say("--lake", thesis, "demo"), 2, /not the folder of a lake/);
    await says(say("--lake", thesis, "lake", "reset", "--yes", "--force"), 2, /nothing of it was deleted/);
    assert.deepEqual(readdirSync(thesis), ["thesis.txt"]);
  });

  it("a file that somebody put into a lake's folder outlives the lake's reset", async () => {
    const lake = join(data, "shared");
    const at = (...args: string[]) => say("--lake", lake, "lake", ...args);
    await says(at("start", "--no-engines"), 0);
    writeFileSync(join(lake, "notes.txt"), "mine");
    await says(at("reset", "--yes"), 5, /runs \(process \d+\)/, /lake stop|--force/);
    await says(at("reset", "--yes", "--force"), 0);
    assert.deepEqual(readdirSync(lake), ["notes.txt"]);
  });

  it("AWS_PROFILE is set: it says that it is not used; a broken ~/.aws is none of the local lake's concern", async () => {
    mkdirSync(join(data, ".aws"), { recursive: true });
    write(".aws/config", "[profile\nregion = \u0000 = \n= x\n]][[\n");
    write(".aws/credentials", "\u0001\u0002 nonsense");
    const env = { HOME: data, AWS_PROFILE: "prod" };
    const ran = await says(boathouse(["jobs", "list"], { data, env }), 0);
    assert.match(ran.stderr, /Using the local lake \(AWS_PROFILE=prod is set but not used; --profile chooses it\)/);
    const asked = boathouse(["--profile", "prod", "jobs", "list"], { data, env });
    await says(asked, 4, /There is no profile prod/, /local lake/);
  });

  /** A job of the lake whose script is `text`. */
  async function job(name: string, text: string): Promise<void> {
    const s3 = new S3Client({ ...(await clientConfig(say)), forcePathStyle: true });
    const Bucket = `scripts-${name}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: `${name}.py`, Body: text }));
    const ScriptLocation = `s3://${Bucket}/${name}.py`;
    await new GlueClient(await clientConfig(say)).send(
      new CreateJobCommand({
        Name: name,
        Role: "arn:aws:iam::000000000000:role/etl",
        GlueVersion: "5.1",
        WorkerType: "G.1X",
        NumberOfWorkers: 2,
        Command: { Name: "glueetl", PythonVersion: "3", ScriptLocation },
      }),
    );
  }
});
