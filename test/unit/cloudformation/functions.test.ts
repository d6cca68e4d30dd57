// The intrinsic functions: what each gives, short and long form alike, and what each refuses.
import { strict as assert } from "node:assert";
import { Unresolved } from "../../../src/lake/services/cloudformation/template/unresolved.ts";
import { refusal, valueOf } from "./evaluating.ts";

const VALUES: readonly [yaml: string, value: unknown][] = [
  ["!Ref Word", "lake"],
  ["{Ref: Words}", ["a", "b", "c"]],
  ["!Ref Count", "3"],
  ["!Ref AWS::Region", "eu-west-1"],
  ["!Ref AWS::AccountId", "000000000000"],
  ["!Ref AWS::Partition", "aws"],
  ["!Ref AWS::URLSuffix", "amazonaws.com"],
  ["!Ref AWS::StackName", "demo"],
  ["!Ref AWS::NotificationARNs", []],
  ["[a, !Ref AWS::NoValue, b]", ["a", "b"]],
  ["{A: !Ref AWS::NoValue, B: 1}", { B: 1 }],
  ["!Join ['-', [a, !Ref Word, 1, true]]", "a-lake-1-true"],
  ["{'Fn::Join': ['', !Ref Words]}", "abc"],
  ["!Join ['-', []]", ""],
  ["!Select [1, [a, b]]", "b"],
  ["!Select ['0', !Ref Words]", "a"],
  ["!Split [',', 'a,b,,c']", ["a", "b", "", "c"]],
  ["!Select [2, !Split ['-', a-b-c]]", "c"],
  ["!Sub 'x-${Word}-${AWS::Region}'", "x-lake-eu-west-1"],
  ["!Sub 'literal ${!Word} $ {Word} ${ Word }'", "literal ${Word} $ {Word} lake"],
  ["!Sub ['${A}/${Word}', {A: !Ref Count}]", "3/lake"],
  ["!Sub ['${Word}', {Word: own}]", "own"],
  ["!If [Always, one, two]", "one"],
  ["!If [Never, one, !If [Always, three, four]]", "three"],
  ["{A: !If [Never, 1, !Ref AWS::NoValue], B: 2}", { B: 2 }],
  ["!FindInMap [Sizes, !Ref AWS::Region, dev]", "small"],
  ["!FindInMap [Sizes, eu-west-1, zones]", ["x", "y"]],
  ["!Base64 'grüße'", Buffer.from("grüße").toString("base64")],
  ["!Base64 {'Fn::Sub': '${Word}'}", "bGFrZQ=="],
  ["!GetAZs ''", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]],
  ["!GetAZs us-east-1", ["us-east-1a", "us-east-1b", "us-east-1c"]],
  ["!Select [1, !GetAZs {Ref: AWS::Region}]", "eu-west-1b"],
  ["!ImportValue some-export", "imported some-export"],
  ["!ImportValue {'Fn::Sub': '${Word}-vpc'}", "imported lake-vpc"],
  ["!Cidr [10.0.0.0/16, 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]],
  ["!Cidr [10.20.0.0/16, 4, 12]", ["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20", "10.20.48.0/20"]],
  ["!Cidr [192.168.0.0/23, 2]", ["192.168.0.0/24", "192.168.1.0/24"]],
  ["!Cidr ['10.0.7.9/16', '1', '8']", ["10.0.0.0/24"]],
  ["!Cidr ['2001:db8:1234:5600::/56', 2, 64]", ["2001:db8:1234:5600::/64", "2001:db8:1234:5601::/64"]],
  ["!Cidr ['::/56', 2, 64]", ["::/64", "0:0:0:1::/64"]],
  ["2012-10-17", "2012-10-17"],
  ["012345678901234567890", "012345678901234567890"],
  ["yes", true],
  ["y", "y"],
  ["0x10", 16],
];

const REFUSALS: readonly [yaml: string, message: RegExp][] = [
  ["!Join [1, [a]]", /^Template error: every Fn::Join object requires two parameters, \(1\) a string delimiter/],
  ["!Join ['-', a]", /^Template error: every Fn::Join object requires two parameters/],
  ["!Join ['-', [{a: b}]]", /Fn::Join takes text; it was given an object/],
  [
    "!Select [a, [b]]",
    /^Template error: Fn::Select requires a list argument with two elements: an integer index and a list$/,
  ],
  ["!Select [3, [b]]", /^Template error: Fn::Select cannot select nonexistent value at index 3$/],
  ["!Select [-1, [b]]", /^Template error: Fn::Select requires a list argument/],
  ["!Split ['', a]", /^Template error: every Fn::Split object requires two parameters/],
  ["!Sub [a]", /^Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments/],
  [
    "!Sub '${Nobody}'",
    /^Template format error: Unresolved resource dependencies \[Nobody\] in the Resources block of the template$/,
  ],
  ["!Sub '${Nobody.Arn}'", /^Template error: instance of Fn::GetAtt references undefined resource Nobody$/],
  ["!If [Perhaps, a, b]", /^Template error: unresolved condition dependency Perhaps in Fn::If$/],
  ["!If [Always, a]", /^Template error: every Fn::If object requires three parameters/],
  ["!FindInMap [Sizes, eu-west-1, prod]", /^Template error: Unable to get mapping for Sizes::eu-west-1::prod$/],
  [
    "!FindInMap [Shapes, a, b]",
    /^Template error: Mapping named 'Shapes' is not present in the 'Mappings' section of template\.$/,
  ],
  ["!FindInMap [Sizes, __proto__, toString]", /^Template error: Unable to get mapping/],
  ["!FindInMap [Sizes, a, b, {DefaultValue: c}]", /^The local lake does not implement Fn::FindInMap with DefaultValue/],
  ["!Cidr [10.0.0.0/24, 300, 4]", /count must be between 1 and 256/],
  ["!Cidr [10.0.0.0/24, 4, 8]", /does not hold 4 blocks of 8 host bits/],
  ["!Cidr [banana, 4, 8]", /"banana" is not an address range/],
  ["!GetAtt Thing", /^Template error: every Fn::GetAtt object requires two non-empty parameters/],
  ["!Transform {Name: AWS::Include}", /^The local lake does not implement Fn::Transform/],
  ["!Length [a]", /^The local lake does not implement Fn::Length/],
  ["!Frobnicate a", /^Template error: Unrecognized intrinsic function Fn::Frobnicate$/],
  ["{Ref: [a]}", /^Template error: every Ref object must have a single String value\.$/],
];

describe("intrinsic functions", () => {
  for (const [yaml, value] of VALUES) {
    it(`${yaml} is ${JSON.stringify(value)}`, () => assert.deepEqual(valueOf(yaml), value));
  }

  for (const [yaml, message] of REFUSALS) {
    it(`${yaml} is refused: ${message.source}`, () =>
      assert.match(
        refusal(() => valueOf(yaml)),
        message,
      ));
  }

  it("what refers to a resource that does not exist yet stays unresolved, through every function", () => {
    for (const yaml of [
      "!Ref Other",
      "!GetAtt Other.Arn",
      "!Sub 'x${Other}'",
      "!Join [':', [a, !GetAtt Other.Arn]]",
      "!Select [0, !Split [':', !GetAtt Other.Arn]]",
      "!Base64 {Ref: Other}",
      "!Cidr [!GetAtt Other.Arn, 1, 8]",
      "!If [Always, !Ref Other, a]",
    ]) {
      assert.ok(valueOf(yaml) instanceof Unresolved, yaml);
    }
  });
});
