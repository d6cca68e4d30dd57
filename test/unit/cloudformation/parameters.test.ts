// Parameters: declarations and values, refused in AWS's words.
import { strict as assert } from "node:assert";
import { parameterTexts } from "../../../src/lake/services/cloudformation/template/parameters.ts";
import { parseTemplate } from "../../../src/lake/services/cloudformation/template/template.ts";
import { evaluated, refusal } from "./evaluating.ts";

function stack(declaration: string): string {
  return `Parameters: {P: ${declaration}}\nResources: {A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref P}}}`;
}

const GOOD: readonly [declaration: string, given: string | undefined, value: unknown][] = [
  ["{Type: String}", "x", "x"],
  ["{Type: String, Default: 7}", undefined, "7"],
  ["{Type: String, Default: true}", undefined, "true"],
  ["{Type: Number, MinValue: 1, MaxValue: '9'}", "9", "9"],
  ["{Type: Number, AllowedValues: [1, 2.5]}", "2.5", "2.5"],
  ["{Type: CommaDelimitedList}", "a, b ,c", ["a", "b", "c"]],
  ["{Type: CommaDelimitedList, Default: ''}", undefined, []],
  ["{Type: List<Number>}", "1,2", ["1", "2"]],
  ["{Type: List<String>, AllowedValues: [a, b]}", "b,a", ["b", "a"]],
  ["{Type: AWS::EC2::VPC::Id}", "vpc-0123456789abcdef0", "vpc-0123456789abcdef0"],
  ["{Type: List<AWS::EC2::Subnet::Id>}", "subnet-01234567,subnet-76543210", ["subnet-01234567", "subnet-76543210"]],
  ["{Type: AWS::EC2::AvailabilityZone::Name}", "eu-west-1b", "eu-west-1b"],
  ["{Type: String, AllowedPattern: '[a-z]{2}'}", "ab", "ab"],
  ["{Type: String, MinLength: 2, MaxLength: 3}", "abc", "abc"],
];

const BAD: readonly [declaration: string, given: string | undefined, message: RegExp | string][] = [
  ["{Type: String}", undefined, "Parameters: [P] must have values"],
  ["{Type: Number}", "seven", "Parameter 'P' must be a number."],
  ["{Type: Number}", "", "Parameter 'P' must be a number."],
  ["{Type: List<Number>}", "1,x", "Parameter 'P' must be a list of numbers."],
  ["{Type: Number, MinValue: 3}", "2", "Parameter 'P' must be a number not less than 3"],
  ["{Type: Number, MaxValue: 3}", "4", "Parameter 'P' must be a number not greater than 3"],
  ["{Type: String, MinLength: 3}", "ab", "Parameter 'P' must contain at least 3 characters"],
  ["{Type: String, MaxLength: 1}", "ab", "Parameter 'P' must contain at most 1 characters"],
  ["{Type: String, AllowedValues: [a, b]}", "c", "Parameter 'P' must be one of AllowedValues"],
  ["{Type: CommaDelimitedList, AllowedValues: [a, b]}", "a,c", "Parameter 'P' must be one of AllowedValues"],
  ["{Type: String, AllowedPattern: '[a-z]+'}", "abC", "Parameter 'P' must match pattern [a-z]+"],
  ["{Type: String, AllowedPattern: '[a-z]+'}", "abc\nx", "Parameter 'P' must match pattern [a-z]+"],
  [
    "{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: small letters}",
    "A",
    "Parameter 'P' failed to satisfy constraint: small letters",
  ],
  ["{Type: String, AllowedValues: [a], Default: b}", undefined, "Parameter 'P' must be one of AllowedValues"],
  [
    "{Type: AWS::EC2::VPC::Id}",
    "lake",
    "Parameter validation failed: parameter value lake for parameter name P does not exist",
  ],
  ["{Default: x}", undefined, "Template format error: Every Parameters object must contain a Type member."],
  ["{Type: Text}", "x", "Template format error: Unrecognized parameter type: Text"],
  [
    "{Type: AWS::SSM::Parameter::Value<String>}",
    "x",
    "The local lake does not implement parameters of type AWS::SSM::Parameter::Value<String> (parameter P).",
  ],
  ["{Type: String, Defaults: x}", "x", "Invalid template parameter property 'Defaults'"],
  ["{Type: String, AllowedPattern: '['}", "x", /AllowedPattern is not a valid regular expression/],
  ["{Type: String, MinLength: many}", "x", /Every MinLength member must be a number/],
  ["{Type: String, Default: [a]}", undefined, /Every Default member must be a string/],
  ["{Type: String, AllowedValues: a}", "a", /Every AllowedValues member must be a list/],
  ["text", "a", /Every Parameters member must be an object/],
];

describe("parameters", () => {
  for (const [declaration, given, value] of GOOD) {
    it(`${declaration} given ${given ?? "nothing"} is ${JSON.stringify(value)}`, () => {
      const found = evaluated(stack(declaration), given === undefined ? {} : { P: given });
      assert.deepEqual(found.properties("A"), { DisplayName: value });
    });
  }

  for (const [declaration, given, message] of BAD) {
    it(`${declaration} given ${JSON.stringify(given) ?? "nothing"}: ${String(message)}`, () => {
      const said = refusal(() => evaluated(stack(declaration), given === undefined ? {} : { P: given }));
      if (typeof message === "string") assert.equal(said, message);
      else assert.match(said, message);
    });
  }

  const { parameters } = parseTemplate(
    "Parameters: {A: {Type: String}, B: {Type: String, Default: b}, C: {Type: String}}\nResources: {R: {Type: AWS::SNS::Topic}}",
  );

  it("UsePreviousValue takes the stack's value, and a new default does not undo it", () => {
    const given = ["A", "B"].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true }));
    const values = parameterTexts(parameters, [...given, { ParameterKey: "C", ParameterValue: "c" }], {
      A: "1",
      B: "2",
    });
    assert.deepEqual(values, { A: "1", B: "2", C: "c" });
  });

  it("UsePreviousValue of a parameter that was not there is refused", () => {
    const said = refusal(() => parameterTexts(parameters, [{ ParameterKey: "A", UsePreviousValue: true }], {}));
    assert.match(
      said,
      /^Invalid input for parameter key A\. Cannot specify usePreviousValue as true for a parameter key not in the previous template$/,
    );
  });

  it("unknown parameters are named together, missing ones too", () => {
    const strange = ["X", "Y"].map((ParameterKey) => ({ ParameterKey, ParameterValue: "1" }));
    assert.equal(
      refusal(() => parameterTexts(parameters, strange)),
      "Parameters: [X, Y] do not exist in the template",
    );
    assert.equal(
      refusal(() => parameterTexts(parameters, [])),
      "Parameters: [A, C] must have values",
    );
  });

  it("a parameter given twice is refused", () => {
    const twice = ["1", "2"].map((ParameterValue) => ({ ParameterKey: "A", ParameterValue }));
    assert.match(
      refusal(() => parameterTexts(parameters, twice)),
      /'A' specified more than once/,
    );
  });
});
