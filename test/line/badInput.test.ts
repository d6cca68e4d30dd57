// Wrong input through dist/cli.js: each error says what happened and what to do next, with an exit code that scripts can trust.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateJobCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { boathouse, plainEnvironment, run, says } from "./cli.ts";

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
    await say("lake", "stop");
    rmSync(data, { recursive: true, force: true });
  });

  describe("a template", () => {
    let stacks = 0;
    const deploy = (text: string, ...args: string[]) =>
      say("--stack", `bad-${++stacks}`, "deploy", "--yes", "--template", write(`${stacks}.yaml`, text), ...args);

    const REFUSED: readonly (readonly [what: string, template: string, message: RegExp])[] = [
      [
        "that is not YAML shows the place",
        "Resources:\n  A:\n    Type: AWS::S3::Bucket\n   Properties: {}\n",
        /Template format error: YAML not well-formed\. \(line 4, column 1\)[^]*Correct it and deploy again. It is line 4 of .*: {4}Properties: \{\}/,
      ],
      [
        "that is not JSON",
        '{"Resources": {"A": {"Type": "AWS::S3::Bucket",}}}',
        /Template format error: JSON not well-formed\. \(line 1, column 48\)/,
      ],
      ["that is empty", "\n", /Template format error: unsupported structure/],
      [
        "with an unknown section",
        "Resource: {A: {Type: AWS::S3::Bucket}}",
        /Invalid template property .* \[Resource\]/,
      ],
      [
        "with an unknown type",
        "Resources: {A: {Type: AWS::S3::Buckets}}",
        /Unrecognized resource types: \[AWS::S3::Buckets\]/,
      ],
      [
        "with an unknown property",
        "Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketNam: x}}}",
        /resource A [^]*extraneous key \[BucketNam\] is not permitted/,
      ],
      [
        "that lacks a property",
        "Resources: {A: {Type: AWS::Glue::Job, Properties: {Role: x}}}",
        /resource A [^]*required key \[Command\] not found/,
      ],
      [
        "with a value that is none",
        "Resources: {A: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 8}}}",
        /RetentionInDays: 8 is not a valid enum value/,
      ],
      [
        "that refers to nothing",
        "Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Nope}}}",
        /Unresolved resource dependencies \[Nope\]/,
      ],
      [
        "that goes round in a circle",
        "Resources: {A: {Type: AWS::S3::Bucket, DependsOn: B}, B: {Type: AWS::S3::Bucket, DependsOn: A}}",
        /Circular dependency between resources: \[A, B\]/,
      ],
      [
        "that wants what the lake has not",
        "Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: AWS::S3::Bucket}}",
        /The local lake does not implement templates with Transform/,
      ],
      [
        "that wants a parameter",
        "Parameters: {Name: {Type: String}}\nResources: {A: {Type: AWS::S3::Bucket}}",
        /Parameters: \[Name\] must have values/,
      ],
    ];
    for (const [what, template, message] of REFUSED) {
      it(`${what}`, async () => {
        const ran = await says(deploy(template), 2, message);
        assert.match(ran.stderr, /Correct /);
      });
    }

    it("that is too large, is no file, or is a folder", async () => {
      await says(deploy("#".repeat(60_000)), 2, /60000 bytes; CloudFormation takes 51200/, /S3/);
      await says(
        say("deploy", "--template", "/no/such.yaml"),
        2,
        /no\/such\.yaml can't be read: there is no such file/,
      );
      await says(say("deploy", "--template", data), 2, /can't be read: it is a folder/, /--template/);
    });

    it("with a parameter that it has not, and one said wrongly", async () => {
      const bucket = "Resources: {A: {Type: AWS::S3::Bucket}}";
      await says(deploy(bucket, "--parameter", "Nope=1"), 2, /Parameters: \[Nope\] do not exist in the template/);
      await says(deploy(bucket, "--parameter", "Nope"), 2, /name=value/);
    });

    it("that asks for a port which is taken rolls back with that reason; destroyed, it can be deployed", async () => {
      const squatter = createServer();
      const port = await listening(squatter);
      const template = `Resources: {Db: {Type: AWS::RDS::DBInstance, DeletionPolicy: Delete, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true, Port: "${port}"}}}`;
      const file = write("port.yaml", template);
      const place = ["--stack", "port", "deploy", "--yes", "--template", file];
      const refused = await says(
        say(...place),
        1,
        new RegExp(`Db .*port ${port} of 127\\.0\\.0\\.1 is taken by another program`),
      );
      assert.match(refused.stderr, /ROLLBACK_COMPLETE[^]*boathouse destroy --stack port/);
      await says(say(...place), 5, /Stack port is ROLLBACK_COMPLETE: it can only be deleted/, /destroy --stack port/);
      await says(say("--stack", "port", "load"), 5, /Stack port is ROLLBACK_COMPLETE: it was not made/, /destroy/);
      squatter.close();
      await says(say("--stack", "port", "destroy", "--yes"), 0);
      await says(say(...place), 0);
      await says(say("--stack", "port", "load"), 2, /no output DataBucketName: it is not a lake of Boathouse/);
      await says(say("--stack", "port", "destroy", "--yes"), 0);
    });

    it("whose plan nobody can be asked about leaves no plan behind", async () => {
      const file = write("bucket.yaml", "Resources: {A: {Type: AWS::S3::Bucket}}");
      await says(say("--stack", "asked", "deploy", "--template", file), 2, /no terminal to ask on/, /--yes/);
      await says(say("--stack", "asked", "destroy", "--yes"), 4, /There is no stack asked/);
    });
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
    const { endpoint, region, accessKeyId, secretAccessKey } = (await says(say("--json", "lake", "env"), 0)).json<
      Record<string, string>
    >() as { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };
    const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    const Bucket = `scripts-${name}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: `${name}.py`, Body: text }));
    const ScriptLocation = `s3://${Bucket}/${name}.py`;
    await new GlueClient(config).send(
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

function listening(server: ReturnType<typeof createServer>, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}
