// Small parts of the stack engine: order of work, generated names, recorded ids, what is never shown.
import { strict as assert } from "node:assert";
import { hider } from "../../../src/lake/services/cloudformation/engine/acting.ts";
import { reversed, runGraph } from "../../../src/lake/services/cloudformation/engine/graph.ts";
import { drawNonce, generatedName } from "../../../src/lake/services/cloudformation/engine/names.ts";
import { recordedType } from "../../../src/lake/services/cloudformation/spec/recorded.ts";
import { resourceSpec } from "../../../src/lake/services/cloudformation/spec/spec.ts";
import type { ResourceContext } from "../../../src/lake/resource.ts";

function graph(edges: Readonly<Record<string, readonly string[]>>): Map<string, Set<string>> {
  return new Map(Object.entries(edges).map(([node, others]) => [node, new Set(others)]));
}

describe("the order of work", () => {
  const diamond = graph({ a: [], b: ["a"], c: ["a"], d: ["b", "c"] });

  async function run(waits: Map<string, Set<string>>, options: { limit?: number; fail?: string } = {}) {
    const log: string[] = [];
    let running = 0;
    let most = 0;
    let failed = false;
    const left = await runGraph({
      waits,
      limit: options.limit ?? 10,
      halted: () => failed,
      act: async (node) => {
        log.push(`+${node}`);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running--;
        log.push(`-${node}`);
        if (node === options.fail) failed = true;
        return node !== options.fail;
      },
    });
    return { log: log.join(" "), left, most };
  }

  it("each waits for those it needs, independent ones run side by side", async () => {
    const { log, left } = await run(diamond);
    assert.equal(log, "+a -a +b +c -b -c +d -d");
    assert.deepEqual(left, []);
  });

  it("no more than the limit run at once", async () => {
    const wide = graph(Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`n${index}`, []])));
    assert.equal((await run(wide, { limit: 3 })).most, 3);
  });

  it("after a failure nothing starts, what runs comes to its end, and the rest is told", async () => {
    const { log, left } = await run(diamond, { fail: "b" });
    assert.equal(log, "+a -a +b +c -b -c");
    assert.deepEqual(left, ["b", "d"]);
  });

  it("reversed, those that needed it go first", async () => {
    assert.equal((await run(reversed(diamond))).log, "+d -d +b +c -b -c +a -a");
  });
});

describe("generated names", () => {
  const nonce = "0123456789AB";

  it("are stack, logical id and random characters", () => {
    assert.equal(generatedName("lake", "DataBucket", nonce, 255), `lake-DataBucket-${nonce}`);
    assert.equal(generatedName("Lake", "DataBucket", nonce, 63, true), "lake-databucket-0123456789ab");
    assert.match(drawNonce(), /^[A-Z0-9]{12}$/);
    assert.notEqual(drawNonce(), drawNonce());
  });

  it("keep the random part within any limit, and something of both names", () => {
    for (const maximum of [63, 40, 32, 20]) {
      const name = generatedName("a-rather-long-stack-name-for-a-lake", "AnAlsoRatherLongLogicalId", nonce, maximum);
      assert.ok(name.length <= maximum && name.endsWith(`-${nonce}`), `${maximum}: ${name}`);
      assert.match(name, /^a.*-A.*-/);
    }
  });
});

describe("recorded resources", () => {
  const place = { region: "us-east-1", accountId: "000000000000" };
  const context = (logicalId: string) =>
    ({
      stackName: "lake",
      stackId: "arn:aws:cloudformation:us-east-1:000000000000:stack/lake/1",
      logicalId,
      generatedName: (maximum: number) => generatedName("lake", logicalId, "ABCDEFGHIJKL", maximum),
      tags: {},
    }) as unknown as ResourceContext;

  async function made(type: string, properties: Record<string, unknown> = {}, logicalId = "It") {
    const spec = await resourceSpec(type);
    assert.ok(spec !== undefined);
    return recordedType(spec, place).create(properties, context(logicalId));
  }

  const cases: readonly [
    type: string,
    properties: Record<string, unknown>,
    id: RegExp,
    attributes: Record<string, unknown>,
  ][] = [
    [
      "AWS::EC2::VPC",
      { CidrBlock: "10.0.0.0/16" },
      /^vpc-0[0-9a-f]{16}$/,
      { CidrBlock: "10.0.0.0/16", DefaultSecurityGroup: /^sg-0/, DefaultNetworkAcl: /^acl-0/ },
    ],
    [
      "AWS::EC2::Subnet",
      { VpcId: "vpc-1", CidrBlock: "10.0.0.0/24" },
      /^subnet-0/,
      { VpcId: "vpc-1", AvailabilityZone: "us-east-1a" },
    ],
    ["AWS::EC2::Subnet", { AvailabilityZone: "us-east-1c" }, /^subnet-0/, { AvailabilityZone: "us-east-1c" }],
    ["AWS::EC2::SecurityGroup", { VpcId: "vpc-1" }, /^sg-0/, { GroupId: /^sg-0/, VpcId: "vpc-1" }],
    ["AWS::EC2::EIP", {}, /^203\.0\.113\.\d+$/, { AllocationId: /^eipalloc-0/ }],
    ["AWS::EC2::Route", { RouteTableId: "rtb-1", DestinationCidrBlock: "0.0.0.0/0" }, /^rtb-1\|0\.0\.0\.0\/0$/, {}],
    ["AWS::EC2::VPCGatewayAttachment", { VpcId: "vpc-1", InternetGatewayId: "igw-1" }, /^IGW\|vpc-1$/, {}],
    [
      "AWS::KMS::Key",
      {},
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
      { Arn: /^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f-]{36}$/ },
    ],
    ["AWS::SNS::Topic", { TopicName: "news" }, /^arn:aws:sns:us-east-1:000000000000:news$/, { TopicName: "news" }],
    [
      "AWS::SQS::Queue",
      {},
      /^https:\/\/sqs\.us-east-1\.amazonaws\.com\/000000000000\/lake-It-ABCDEFGHIJKL$/,
      { Arn: "arn:aws:sqs:us-east-1:000000000000:lake-It-ABCDEFGHIJKL", QueueName: "lake-It-ABCDEFGHIJKL" },
    ],
    [
      "AWS::IAM::Role",
      { RoleName: "r", Path: "/app/" },
      /^r$/,
      { Arn: "arn:aws:iam::000000000000:role/app/r", RoleId: /^AROA[A-Z2-7]{17}$/ },
    ],
    [
      "AWS::DynamoDB::Table",
      {},
      /^lake-It-ABCDEFGHIJKL$/,
      { Arn: "arn:aws:dynamodb:us-east-1:000000000000:table/lake-It-ABCDEFGHIJKL" },
    ],
    [
      "AWS::Lambda::Function",
      { FunctionName: "f" },
      /^f$/,
      { Arn: "arn:aws:lambda:us-east-1:000000000000:function:f" },
    ],
  ];
  for (const [type, properties, id, attributes] of cases) {
    it(`${type} ${JSON.stringify(properties)} looks as AWS's`, async () => {
      const state = await made(type, properties);
      assert.match(state.physicalId, id);
      for (const [name, expected] of Object.entries(attributes)) {
        const value = state.attributes[name];
        if (expected instanceof RegExp) assert.match(String(value), expected, name);
        else assert.equal(value, expected, name);
      }
    });
  }

  it("gets the same id when it is made again, and another one elsewhere", async () => {
    assert.equal((await made("AWS::EC2::VPC")).physicalId, (await made("AWS::EC2::VPC")).physicalId);
    assert.notEqual((await made("AWS::EC2::VPC")).physicalId, (await made("AWS::EC2::VPC", {}, "Else")).physicalId);
  });

  it("is refused by name where its type acts when it is made", async () => {
    const spec = await resourceSpec("AWS::CloudFormation::Stack");
    assert.ok(spec !== undefined);
    assert.throws(() => recordedType(spec, place), /does not implement resources of type AWS::CloudFormation::Stack/);
  });
});

describe("values of NoEcho parameters", () => {
  it("are shown nowhere, plain or within JSON", () => {
    const hide = hider(['pa"ss', ""]);
    assert.equal(hide(`it is pa"ss, ${JSON.stringify({ a: 'pa"ss' })}`), 'it is ****, {"a":"****"}');
  });
});
