// Rules: what parameters must be together.
import { strict as assert } from "node:assert";
import { evaluated, refusal } from "./evaluating.ts";

function withRule(rule: string): string {
  return `
Parameters:
  Kind: {Type: String, Default: dev}
  Class: {Type: String, Default: small}
  Zones: {Type: CommaDelimitedList, Default: "a,b"}
Rules: {It: ${rule}}
Resources: {A: {Type: AWS::SNS::Topic}}`;
}

const PROD = "RuleCondition: !Equals [!Ref Kind, prod]";

describe("rules", () => {
  it("let pass what holds, and what they do not ask about", () => {
    for (const rule of [
      "{Assertions: [{Assert: !Contains [[small, big], !Ref Class]}]}",
      "{Assertions: [{Assert: !EachMemberIn [!Ref Zones, [a, b, c]]}]}",
      "{Assertions: [{Assert: !Not [!EachMemberEquals [!Ref Zones, a]]}]}",
      "{Assertions: [{Assert: !And [!Equals [!Ref Kind, dev], !Contains [!Ref Zones, b]]}]}",
      `{${PROD}, Assertions: [{Assert: !Equals [!Ref Class, big]}]}`,
    ]) {
      assert.equal(evaluated(withRule(rule)).graph.size, 1, rule);
    }
  });

  it("refuse with the description of each assertion that does not hold", () => {
    const rule = `{${PROD}, Assertions: [{Assert: !Equals [!Ref Class, big], AssertDescription: production is big}, {Assert: !Contains [!Ref Zones, c], AssertDescription: zone c is needed}]}`;
    assert.equal(
      refusal(() => evaluated(withRule(rule), { Kind: "prod" })),
      "production is big; zone c is needed",
    );
    assert.equal(
      refusal(() => evaluated(withRule(rule), { Kind: "prod", Class: "big" })),
      "zone c is needed",
    );
    assert.match(
      refusal(() => evaluated(withRule("{Assertions: [{Assert: !Equals [a, b]}]}"))),
      /^Assertion of rule It does not hold\.$/,
    );
  });

  const bad: readonly [rule: string, message: RegExp][] = [
    ["{}", /^Template format error: Rule It must have a list of Assertions\.$/],
    ["{Assertions: []}", /must have a list of Assertions/],
    ["{Assertions: [{AssertDescription: x}]}", /Every assertion of rule It must have an Assert/],
    ["{Assertions: [{Assert: yes}]}", /Rule It must evaluate to true or false/],
    ["{Condition: x, Assertions: [{Assert: !Equals [a, a]}]}", /^Invalid template rule property 'Condition'$/],
    ["{Assertions: [{Assert: !Contains [a, a]}]}", /Fn::Contains requires a list/],
    ["{Assertions: [{Assert: !Contains [[a]]}]}", /every Fn::Contains object requires a list of 2 parameters/],
    ["{Assertions: [{Assert: !Equals [!Ref A, x]}]}", /Cannot reference resources in the Rules block/],
    [
      "{Assertions: [{Assert: !EachMemberIn [!ValueOfAll ['AWS::EC2::Subnet::Id', VpcId], !RefAll 'AWS::EC2::VPC::Id']}]}",
      /does not implement Fn::ValueOfAll in Rules/,
    ],
    ["{Assertions: [{Assert: !Condition C}]}", /rules know parameters only/],
  ];
  for (const [rule, message] of bad) {
    it(`${rule} is refused`, () =>
      assert.match(
        refusal(() => evaluated(withRule(rule))),
        message,
      ));
  }
});
