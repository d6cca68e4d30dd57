// Templates through dist/cli.js deploy that CloudFormation refuses, that roll back, or whose plan nobody agrees to.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { waitFor } from "../lake/harness.ts";
import { boathouse, clientConfig, listening, says } from "./cli.ts";

describe("a template", function () {
  this.timeout(180_000);
  const data = mkdtempSync(join(tmpdir(), "templates-"));
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
    ["with an unknown section", "Resource: {A: {Type: AWS::S3::Bucket}}", /Invalid template property .* \[Resource\]/],
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
    await says(say("deploy", "--template", "/no/such.yaml"), 2, /no\/such\.yaml can't be read: there is no such file/);
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

  it("whose database AWS would keep a snapshot of can be destroyed once the database is deleted by hand", async () => {
    const file = write(
      "snapshot.yaml",
      'Resources: {Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true}}}',
    );
    await says(say("--stack", "kept", "deploy", "--yes", "--template", file), 0);
    const refused = await says(
      say("--stack", "kept", "destroy", "--yes"),
      1,
      /does not implement the snapshot of AWS::RDS::DBInstance/,
      /run destroy again: it goes on from there/,
    );
    const [, DBInstanceIdentifier] = /delete (kept-db-\S+) yourself/.exec(refused.stderr) ?? [];
    const rds = new RDSClient(await clientConfig(say));
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    const gone = async () => (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances?.length === 0;
    await waitFor(gone, 30_000);
    await says(say("--stack", "kept", "destroy", "--yes"), 0);
  });

  it("whose plan nobody can be asked about leaves no plan behind", async () => {
    const file = write("bucket.yaml", "Resources: {A: {Type: AWS::S3::Bucket}}");
    await says(say("--stack", "asked", "deploy", "--template", file), 2, /no terminal to ask on/, /--yes/);
    await says(say("--stack", "asked", "destroy", "--yes"), 4, /There is no stack asked/);
  });
});
