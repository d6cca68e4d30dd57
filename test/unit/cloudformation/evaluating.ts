// Helpers of these tests: a template evaluated with given parameters, and the message of what is refused.
import { strict as assert } from "node:assert";
import { type Evaluation, evaluate } from "../../../src/lake/services/cloudformation/template/evaluate.ts";
import { parameterTexts } from "../../../src/lake/services/cloudformation/template/parameters.ts";
import { parseTemplate } from "../../../src/lake/services/cloudformation/template/template.ts";

export const SURROUNDINGS = {
  accountId: "000000000000",
  region: "eu-west-1",
  stackName: "demo",
  stackId: "arn:aws:cloudformation:eu-west-1:000000000000:stack/demo/1",
};

export function evaluated(text: string, parameters: Readonly<Record<string, string>> = {}): Evaluation {
  const template = parseTemplate(text);
  const given = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  return evaluate({
    template,
    parameters: parameterTexts(template.parameters, given),
    surroundings: SURROUNDINGS,
    importValue: (name) => `imported ${name}`,
  });
}

/** The value of a function, written as YAML, in a template that has what functions refer to. */
export function valueOf(yaml: string, parameters: Readonly<Record<string, string>> = {}): unknown {
  const text = `
Parameters:
  Word: {Type: String, Default: lake}
  Words: {Type: CommaDelimitedList, Default: "a, b,c"}
  Count: {Type: Number, Default: 3}
Mappings:
  Sizes: {eu-west-1: {dev: small, zones: [x, y]}}
Conditions:
  Always: !Equals [a, a]
  Never: !Equals [a, b]
Resources:
  Thing:
    Type: AWS::SNS::Topic
    Properties:
      Value: ${yaml.includes("\n") ? yaml.replaceAll("\n", "\n        ") : yaml}
  Other: {Type: AWS::SQS::Queue}
`;
  return evaluated(text, parameters).properties("Thing")["Value"];
}

export function refusal(act: () => unknown): string {
  let message: string | undefined;
  try {
    act();
  } catch (error) {
    message = (error as Error).message;
  }
  assert.ok(message !== undefined, "nothing was refused");
  return message;
}
