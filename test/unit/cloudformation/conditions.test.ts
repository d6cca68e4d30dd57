// Conditions: how they are evaluated, and what they leave out of a stack.
import { strict as assert } from "node:assert";
import { evaluated, refusal } from "./evaluating.ts";

function withConditions(conditions: string, rest = ""): string {
  return `
Parameters: {Kind: {Type: String, Default: dev}, Zones: {Type: CommaDelimitedList, Default: "a,b"}}
Mappings: {Kinds: {dev: {Big: "false"}, prod: {Big: "true"}}}
Conditions: ${conditions}
Resources:
  Always: {Type: AWS::SNS::Topic}
${rest}`;
}

describe("conditions", () => {
  const cases: readonly [condition: string, value: boolean][] = [
    ["!Equals [!Ref Kind, dev]", true],
    ["!Equals [1, '1']", true],
    ["!Equals [true, 'true']", true],
    ["!Equals [!Join [',', !Ref Zones], 'a,b']", true],
    ["!Equals [!FindInMap [Kinds, !Ref Kind, Big], 'true']", false],
    ["!Not [!Equals [a, b]]", true],
    ["!And [!Equals [a, a], !Equals [b, b], !Equals [c, d]]", false],
    ["!Or [!Equals [a, b], !Equals [c, c]]", true],
    ["!And [{Condition: Base}, !Not [!Condition Base]]", false],
    ["!Equals [!If [Base, x, y], x]", true],
  ];
  for (const [condition, value] of cases) {
    it(`${condition} is ${value}`, () => {
      const { conditions } = evaluated(withConditions(`{It: ${condition}, Base: !Equals [a, a]}`));
      assert.equal(conditions.get("It"), value);
    });
  }

  const refused: readonly [condition: string, message: RegExp][] = [
    ["{It: !Equals [a]}", /^Template error: every Fn::Equals object requires a list of 2 string parameters\.$/],
    ["{It: !Not [a, b]}", /^Template error: every Fn::Not object requires one boolean parameter\.$/],
    [
      "{It: !And [!Equals [a, a]]}",
      /^Template error: every Fn::And object requires a list of at least 2 and at most 10/,
    ],
    ["{It: banana}", /^Template format error: Every Conditions member must be one of/],
    [
      "{It: !Equals [!Ref Always, a]}",
      /^Template format error: Unresolved dependencies \[Always\]\. Cannot reference resources in the Conditions block/,
    ],
    ["{It: !Equals [!GetAtt Always.TopicName, a]}", /Fn::GetAtt cannot be used in the Conditions block/],
    [
      "{It: !Condition That, That: !Condition It}",
      /^Template error: Found circular condition dependency between It and That$/,
    ],
    ["{It: !Not [!Condition Nowhere]}", /Unresolved condition dependency Nowhere in the Conditions block/],
  ];
  for (const [conditions, message] of refused) {
    it(`${conditions} is refused`, () =>
      assert.match(
        refusal(() => evaluated(withConditions(conditions))),
        message,
      ));
  }

  it("a resource and an output whose condition does not hold are not there", () => {
    const rest = `
  Prod: {Type: AWS::SNS::Topic, Condition: IsProd}
  User: {Type: AWS::SNS::Topic, DependsOn: Prod, Properties: {DisplayName: !If [IsProd, !Ref Prod, none]}}
Outputs:
  Of: {Condition: IsProd, Value: !Ref Prod}
  In: {Value: !If [IsProd, !Ref Prod, nothing]}`;
    const text = withConditions("{IsProd: !Equals [!Ref Kind, prod]}", rest);
    const dev = evaluated(text);
    assert.deepEqual(
      [...dev.graph],
      [
        ["Always", new Set()],
        ["User", new Set()],
      ],
    );
    assert.deepEqual(dev.properties("User"), { DisplayName: "none" });
    assert.deepEqual(
      dev.outputs().map(({ key, value }) => [key, value]),
      [["In", "nothing"]],
    );
    const prod = evaluated(text, { Kind: "prod" });
    assert.deepEqual([...(prod.graph.get("User") ?? [])], ["Prod"]);
    assert.deepEqual(
      prod.outputs().map(({ key }) => key),
      ["Of", "In"],
    );
  });

  it("a reference to a resource whose condition does not hold is refused", () => {
    const rest = `
  Prod: {Type: AWS::SNS::Topic, Condition: IsProd}
  User: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Prod}}`;
    const stack = evaluated(withConditions("{IsProd: !Equals [!Ref Kind, prod]}", rest));
    assert.match(
      refusal(() => stack.properties("User")),
      /Unresolved resource dependencies \[Prod\] in the Resources block/,
    );
  });
});
