// A template's parameters as they are asked for, and progress by resource.
import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resourcePage, stackPage } from "../../../src/stacks/console.ts";
import { progressOf, type StackEvent } from "../../../src/stacks/events.ts";
import { whyNoStackName, whyRefused } from "../../../src/stacks/parameters.ts";
import { templateFacts } from "../../../src/stacks/templateFacts.ts";

const lake = readFileSync(new URL("../../../resources/templates/lake.yaml", import.meta.url), "utf8");

describe("a template's parameters", () => {
  it("of the lake stand in their groups' order, with labels, descriptions and defaults", () => {
    const { parameters } = templateFacts(lake);
    const [kind] = parameters;
    equal(parameters.length, 17);
    equal(kind?.name, "Kind");
    equal(kind?.label, "Development or production");
    equal(kind?.group, "Purpose");
    deepEqual(kind?.allowed, ["dev", "prod"]);
    equal(parameters.find(({ name }) => name === "StartTriggers")?.default, "false");
    equal(parameters.find(({ name }) => name === "FirstZone")?.default, "");
  });

  it("of JSON are read too; without an interface they stand as declared", () => {
    const { parameters } = templateFacts(
      '{"Parameters":{"B":{"Type":"Number","MinValue":2},"A":{"Type":"String","NoEcho":true}}}',
    );
    deepEqual(
      parameters.map(({ name, label, least, noEcho }) => [name, label, least, noEcho]),
      [
        ["B", "B", 2, false],
        ["A", "A", undefined, true],
      ],
    );
  });

  for (const broken of ["", "a: [", "- 1", '{"Parameters": 3}', "Parameters: { A: }", "&a [*a, *a]"]) {
    it(`${JSON.stringify(broken)} breaks nothing`, () => void templateFacts(broken));
  }

  it("a value is refused as CloudFormation does, in a sentence", () => {
    const { parameters } = templateFacts(lake);
    const why = (name: string, value: string) => {
      const parameter = parameters.find((one) => one.name === name);
      return parameter === undefined ? "no parameter" : whyRefused(parameter, value);
    };
    equal(why("DatabaseStorage", "20"), undefined);
    equal(why("DatabaseStorage", "5"), "Storage in GiB is at least 20.");
    equal(why("DatabaseStorage", "x"), "Storage in GiB is a number.");
    equal(why("DatabaseStorage", "5000"), "Storage in GiB is at most 1000.");
    equal(why("VpcCidr", "10.0.0.0/8"), "Address range must be an IPv4 range of /16, such as 10.20.0.0/16.");
    equal(why("Kind", "test"), "Development or production is one of dev, prod.");
    equal(why("CatalogDatabase", ""), undefined);
  });

  it("a stack's name too", () => {
    equal(whyNoStackName("lake-2"), undefined);
    equal(whyNoStackName(""), "A stack has a name.");
    equal(whyNoStackName("2lake"), "A stack's name begins with a letter.");
    equal(whyNoStackName("my_lake"), "A stack's name has letters, digits and hyphens only.");
    equal(whyNoStackName("a".repeat(129)), "A stack's name has at most 128 characters.");
  });
});

describe("an operation's progress", () => {
  let at = 0;
  const event = (logicalId: string, status: string): StackEvent => ({
    id: String(at++),
    at: new Date(at),
    logicalId,
    physicalId: logicalId === "stack" ? "arn:stack" : `id-${logicalId}`,
    type: "T",
    status,
    reason: undefined,
  });
  it("counts resources that have ended, not events, and not the stack's own", () => {
    const events = [
      event("stack", "CREATE_IN_PROGRESS"),
      event("a", "CREATE_IN_PROGRESS"),
      event("b", "CREATE_IN_PROGRESS"),
      event("a", "CREATE_COMPLETE"),
    ];
    const { done, total, last } = progressOf(events, "arn:stack", 5);
    deepEqual([done, total, last?.logicalId, last?.status], [1, 5, "a", "CREATE_COMPLETE"]);
    equal(progressOf([...events, event("a", "DELETE_IN_PROGRESS")], "arn:stack").done, 0);
    equal(progressOf(events, "arn:stack").total, 2);
  });
});

describe("pages of the AWS console", () => {
  const aws = { kind: "aws", region: "eu-west-1", profile: undefined } as const;
  const local = {
    kind: "local",
    region: "us-east-1",
    endpointUrl: "http://127.0.0.1:1",
    keys: { accessKeyId: "a", secretAccessKey: "b" },
  } as const;
  it("only AWS has them", () => {
    equal(stackPage(local, "arn:s"), undefined);
    equal(resourcePage(local, { type: "AWS::S3::Bucket", physicalId: "b" }), undefined);
    equal(
      stackPage(aws, "arn:aws:cloudformation:eu-west-1:1:stack/a/b"),
      "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A1%3Astack%2Fa%2Fb",
    );
  });
  it("an id can not leave its place in the address", () => {
    equal(
      resourcePage(aws, { type: "AWS::S3::Bucket", physicalId: "../x?y#z" }),
      "https://eu-west-1.console.aws.amazon.com/s3/buckets/..%2Fx%3Fy%23z?region=eu-west-1",
    );
    equal(
      resourcePage(aws, { type: "AWS::Logs::LogGroup", physicalId: "/aws-glue/jobs" }),
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws-glue$252Fjobs",
    );
  });
  it("what has none, or is not made yet, has no page", () => {
    equal(resourcePage(aws, { type: "AWS::Foo::Bar", physicalId: "x" }), undefined);
    equal(resourcePage(aws, { type: "AWS::S3::Bucket", physicalId: undefined }), undefined);
  });
});
