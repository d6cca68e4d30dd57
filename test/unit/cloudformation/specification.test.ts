// Properties held against AWS's published specification: what conforms, what does not, and what a change of it would do.
import { strict as assert } from "node:assert";
import { conform, problemText } from "../../../src/lake/services/cloudformation/spec/conform.ts";
import { differences } from "../../../src/lake/services/cloudformation/spec/difference.ts";
import { givenName } from "../../../src/lake/services/cloudformation/spec/names.ts";
import { type ResourceSpec, resourceSpec } from "../../../src/lake/services/cloudformation/spec/spec.ts";
import { wrongValues } from "../../../src/lake/services/cloudformation/spec/values.ts";
import { Unresolved } from "../../../src/lake/services/cloudformation/template/unresolved.ts";

type Properties = Record<string, unknown>;

async function specOf(type: string): Promise<ResourceSpec> {
  const spec = await resourceSpec(type);
  assert.ok(spec !== undefined, type);
  return spec;
}

async function problems(type: string, properties: Properties): Promise<string[]> {
  const checked = conform(await specOf(type), properties);
  const values = checked.problems.length > 0 ? [] : wrongValues(type, checked.properties);
  return [...checked.problems, ...values].map(({ path, message }) => `#${path}: ${message}`);
}

const JOB = { Role: "r", Command: { Name: "glueetl", ScriptLocation: "s3://b/k.py" } };
const TRIGGER = { Type: "SCHEDULED", Actions: [{ JobName: "j" }] };
const CONNECTION = { ConnectionType: "JDBC", ConnectionProperties: { JDBC_CONNECTION_URL: "jdbc:x", SECRET_ID: "s" } };

const BAD: readonly [type: string, properties: Properties, problem: string | RegExp][] = [
  ["AWS::S3::Bucket", { BucketNam: "x" }, "#: extraneous key [BucketNam] is not permitted"],
  [
    "AWS::S3::Bucket",
    { VersioningConfiguration: { Statuss: "Enabled" } },
    "#/VersioningConfiguration: required key [Status] not found",
  ],
  [
    "AWS::S3::Bucket",
    { VersioningConfiguration: { Status: "On" } },
    "#/VersioningConfiguration/Status: On is not a valid enum value",
  ],
  [
    "AWS::S3::Bucket",
    { VersioningConfiguration: "Enabled" },
    "#/VersioningConfiguration: expected type: JSONObject, found: String",
  ],
  ["AWS::S3::Bucket", { Tags: { Key: "a", Value: "b" } }, "#/Tags: expected type: JSONArray, found: JSONObject"],
  ["AWS::S3::Bucket", { Tags: [{ Key: "a" }, { Value: "b" }] }, "#/Tags/1: required key [Key] not found"],
  [
    "AWS::S3::Bucket",
    { Tags: [{ Key: "a", Value: ["b"] }] },
    "#/Tags/0/Value: expected type: String, found: JSONArray",
  ],
  ["AWS::S3::Bucket", { AccessControl: "PublicReadAll" }, "#/AccessControl: PublicReadAll is not a valid enum value"],
  ["AWS::S3::Bucket", { BucketName: "Upper" }, /^#\/BucketName: string \[Upper\] does not match pattern/],
  ["AWS::S3::Bucket", { BucketName: "a..b" }, /does not match pattern/],
  ["AWS::S3::Bucket", { BucketName: "10.0.0.1" }, /does not match pattern/],
  [
    "AWS::S3::Bucket",
    { LifecycleConfiguration: { Rules: [{ Status: "Enabled", ExpirationInDays: "soon" }] } },
    "#/LifecycleConfiguration/Rules/0/ExpirationInDays: expected type: Integer, found: String",
  ],
  [
    "AWS::EC2::Subnet",
    { VpcId: "vpc-1", CidrBlock: "10.0.0.0/8" },
    /^#\/CidrBlock: Value \(10\.0\.0\.0\/8\) for parameter cidrBlock is invalid/,
  ],
  [
    "AWS::EC2::VPC",
    { CidrBlock: "10.0.0.0/16", EnableDnsSupport: "perhaps" },
    "#/EnableDnsSupport: expected type: Boolean, found: String",
  ],
  ["AWS::IAM::Role", {}, "#: required key [AssumeRolePolicyDocument] not found"],
  ["AWS::IAM::Role", { AssumeRolePolicyDocument: {}, RoleName: "x".repeat(65) }, /^#\/RoleName: string/],
  [
    "AWS::IAM::Role",
    { AssumeRolePolicyDocument: {}, MaxSessionDuration: 60 },
    "#/MaxSessionDuration: 60 is not greater or equal to 3600",
  ],
  ["AWS::Glue::Job", { Role: "r" }, "#: required key [Command] not found"],
  ["AWS::Glue::Job", { ...JOB, WorkerType: "G.3X" }, "#/WorkerType: G.3X is not a valid enum value"],
  ["AWS::Glue::Job", { ...JOB, GlueVersion: "9.9" }, "#/GlueVersion: 9.9 is not a valid enum value"],
  [
    "AWS::Glue::Job",
    { ...JOB, Command: { Name: "glueetl", ScriptLocation: "nope" } },
    /^#\/Command\/ScriptLocation: string \[nope\]/,
  ],
  ["AWS::Glue::Job", { ...JOB, NumberOfWorkers: "two" }, "#/NumberOfWorkers: expected type: Integer, found: String"],
  ["AWS::Glue::Job", { ...JOB, NumberOfWorkers: 2.5 }, "#/NumberOfWorkers: expected type: Integer, found: Number"],
  ["AWS::Glue::Trigger", { ...TRIGGER, Schedule: "cron(0 1 * * *)" }, /^#\/Schedule: string/],
  ["AWS::Glue::Trigger", { ...TRIGGER, Schedule: "cron(0 1 * * * *)" }, /^#\/Schedule: string/],
  ["AWS::Glue::Trigger", { ...TRIGGER, Type: "DAILY" }, "#/Type: DAILY is not a valid enum value"],
  [
    "AWS::Glue::Crawler",
    { Role: "r", Targets: { S3Targets: [{ Path: "/tmp" }] } },
    /^#\/Targets\/S3Targets\/0\/Path: string/,
  ],
  [
    "AWS::Glue::Connection",
    { CatalogId: "1", ConnectionInput: { ...CONNECTION, ConnectionProperties: { FOO: "bar" } } },
    "#/ConnectionInput/ConnectionProperties: extraneous key [FOO] is not permitted",
  ],
  ["AWS::Glue::Database", { CatalogId: "1", DatabaseInput: { Name: "Lake" } }, /^#\/DatabaseInput\/Name: string/],
  [
    "AWS::Athena::WorkGroup",
    { Name: "w", WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 1000 } },
    "#/WorkGroupConfiguration/BytesScannedCutoffPerQuery: 1000 is not greater or equal to 10000000",
  ],
  ["AWS::Athena::NamedQuery", { Database: "d" }, "#: required key [QueryString] not found"],
  ["AWS::Logs::LogGroup", { RetentionInDays: 31 }, "#/RetentionInDays: 31 is not a valid enum value"],
  [
    "AWS::RDS::DBInstance",
    { Engine: "postgres", MasterUsername: "admin" },
    /^#\/MasterUsername: admin cannot be used as it is a reserved word/,
  ],
  ["AWS::RDS::DBInstance", { DBInstanceClass: "t3.micro" }, /^#\/DBInstanceClass: string/],
  ["AWS::RDS::DBInstance", { AllocatedStorage: [20] }, "#/AllocatedStorage: expected type: String, found: JSONArray"],
];

describe("AWS's resource specification", () => {
  it("has all types, and none that AWS does not have", async () => {
    for (const type of ["AWS::EC2::VPC", "AWS::Glue::Job", "AWS::WAFv2::WebACL"]) await specOf(type);
    assert.equal(await resourceSpec("AWS::S3::Buckets"), undefined);
    assert.equal(await resourceSpec("__proto__"), undefined);
  });

  for (const [type, properties, problem] of BAD) {
    it(`${type}: ${String(problem)}`, async () => {
      const found = await problems(type, properties);
      const fits = (text: string) => (typeof problem === "string" ? text === problem : problem.test(text));
      assert.ok(found.some(fits), `found instead: ${found.join("; ")}`);
    });
  }

  it("names every problem of a resource, in CloudFormation's sentence", async () => {
    const { problems: found } = conform(await specOf("AWS::S3::Bucket"), { A: 1, BucketName: {}, Tags: 1 });
    assert.equal(
      problemText("Lake", found),
      "Properties validation failed for resource Lake with message:\n" +
        "#: extraneous key [A] is not permitted\n" +
        "#/BucketName: expected type: String, found: JSONObject\n" +
        "#/Tags: expected type: JSONArray, found: Number",
    );
  });

  it("takes numbers and booleans as text and text as numbers, and hands on what the specification asks for", async () => {
    const { properties, problems: none } = conform(await specOf("AWS::RDS::DBInstance"), {
      AllocatedStorage: 20,
      MultiAZ: "true",
      BackupRetentionPeriod: "7",
      EngineVersion: 18.4,
    });
    assert.deepEqual(none, []);
    assert.deepEqual(properties, {
      AllocatedStorage: "20",
      MultiAZ: true,
      BackupRetentionPeriod: 7,
      EngineVersion: "18.4",
    });
  });

  it("takes a policy document as an object and as text, and anything where the specification says JSON", async () => {
    for (const PolicyDocument of [{ Statement: [] }, '{"Statement":[]}']) {
      assert.deepEqual(await problems("AWS::S3::BucketPolicy", { Bucket: "b", PolicyDocument }), []);
    }
    assert.deepEqual(await problems("AWS::Glue::Job", { ...JOB, DefaultArguments: { "--n": 3, "--flag": "x" } }), []);
  });

  it("passes over what is not known yet, wherever it stands", async () => {
    const unknown = new Unresolved("Other.Arn");
    assert.deepEqual(
      await problems("AWS::Glue::Job", {
        Role: unknown,
        Command: { Name: "glueetl", ScriptLocation: unknown },
        NumberOfWorkers: unknown,
      }),
      [],
    );
  });

  it("knows good schedules from bad ones", async () => {
    for (const Schedule of ["cron(0 1 * * ? *)", "cron(15 12 ? * MON-FRI *)", "cron(0/10 * * * ? 2026)"]) {
      assert.deepEqual(await problems("AWS::Glue::Trigger", { ...TRIGGER, Schedule }), [], Schedule);
    }
  });
});

describe("what a change of properties does", () => {
  const cases: readonly [type: string, before: Properties, after: Properties, found: unknown[]][] = [
    ["AWS::S3::Bucket", { BucketName: "a" }, { BucketName: "a" }, []],
    ["AWS::S3::Bucket", { BucketName: "a" }, { BucketName: "b" }, [["BucketName", "Modify", "Always", "BucketName"]]],
    ["AWS::S3::Bucket", {}, { AbacStatus: "Enabled" }, [["AbacStatus", "Add", "Never", "AbacStatus"]]],
    ["AWS::RDS::DBInstance", { MultiAZ: true }, {}, [["MultiAZ", "Remove", "Conditionally", "MultiAZ"]]],
    [
      "AWS::Glue::Table",
      { TableInput: { Name: "a", Description: "x" } },
      { TableInput: { Name: "b", Description: "x" } },
      [["TableInput", "Modify", "Always", "TableInput/Name"]],
    ],
    [
      "AWS::Glue::Table",
      { TableInput: { Name: "a", Description: "x" } },
      { TableInput: { Name: "a", Description: "y" } },
      [["TableInput", "Modify", "Never", "TableInput"]],
    ],
  ];
  for (const [type, before, after, expected] of cases) {
    it(`${type} from ${JSON.stringify(before)} to ${JSON.stringify(after)}`, async () => {
      const found = differences(await specOf(type), before, after);
      assert.deepEqual(
        found.map(({ name, kind, recreation, path }) => [name, kind, recreation, path]),
        expected,
      );
    });
  }

  it("a value that another resource's change may alter is told from one that a new resource will give", async () => {
    const spec = await specOf("AWS::S3::Bucket");
    const [may] = differences(spec, { BucketName: "a" }, { BucketName: new Unresolved("X.Name", false) });
    const [will] = differences(spec, { BucketName: "a" }, { BucketName: new Unresolved("X.Name", true) });
    assert.equal(may?.dynamic, "may");
    assert.equal(will?.dynamic, "will");
  });
});

describe("names that a template gives", () => {
  const cases: readonly [type: string, properties: Properties, name: string | undefined][] = [
    ["AWS::S3::Bucket", { BucketName: "b" }, "b"],
    ["AWS::S3::Bucket", {}, undefined],
    ["AWS::Glue::Table", { TableInput: { Name: "t" } }, "t"],
    ["AWS::Glue::Connection", { ConnectionInput: { Name: "c" } }, "c"],
    ["AWS::Glue::Database", { DatabaseName: "d", DatabaseInput: {} }, "d"],
    ["AWS::RDS::DBInstance", { DBInstanceIdentifier: "i" }, "i"],
    ["AWS::SecretsManager::Secret", { Name: "s" }, undefined],
    ["AWS::S3::Bucket", { BucketName: new Unresolved("X") }, undefined],
  ];
  for (const [type, properties, name] of cases) {
    it(`${type} ${JSON.stringify(properties)}: ${name ?? "none"}`, async () => {
      assert.equal(givenName(await specOf(type), properties), name);
    });
  }
});
