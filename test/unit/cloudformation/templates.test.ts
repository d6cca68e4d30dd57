// Templates as text: both syntaxes read, and bad ones refused in AWS's words, with line and column where it gives them.
import { strict as assert } from "node:assert";
import { parseTemplate } from "../../../src/lake/services/cloudformation/template/template.ts";
import { evaluated, refusal } from "./evaluating.ts";

const ONE = "Resources: {A: {Type: AWS::SNS::Topic}}";

const BAD: readonly [name: string, text: string, message: RegExp | string][] = [
  ["nothing", "", "Template format error: unsupported structure."],
  ["a list", "- a", "Template format error: unsupported structure."],
  ["a word", "banana", "Template format error: unsupported structure."],
  [
    "broken YAML",
    "Resources:\n  A: [1\n  B: 2\n",
    /^Template format error: YAML not well-formed\. \(line 3, column \d+\)$/,
  ],
  ["a tab in YAML", "Resources:\n\tA: 1\n", /^Template format error: YAML not well-formed\. \(line 2, column 1\)$/],
  ["broken JSON", '{"Resources": {"A": }}', "Template format error: JSON not well-formed. (line 1, column 21)"],
  [
    "broken JSON, further down",
    '{\n "Resources":\n  {"A": tru}}',
    "Template format error: JSON not well-formed. (line 3, column 9)",
  ],
  ["JSON cut off", '{"Resources": {', "Template format error: JSON not well-formed. (line 1, column 16)"],
  ["two documents", `${ONE}\n---\n${ONE}`, /one YAML document/],
  ["a key twice", "Resources:\n  A: {Type: X}\n  A: {Type: Y}", /the key "A" is there twice\. \(line 3, column 3\)$/],
  [
    "an alias",
    "Resources: {A: &x {Type: AWS::SNS::Topic}, B: *x}",
    "Template error: YAML aliases are not allowed in CloudFormation templates",
  ],
  ["a merge", "Resources: {A: {<<: {Type: X}}}", /hash merges are not supported/],
  ["no resources", "Description: x", "Template format error: At least one Resources member must be defined."],
  ["empty resources", "Resources: {}", "Template format error: At least one Resources member must be defined."],
  ["resources that are a list", "Resources: []", "Template format error: Resources must be an object."],
  [
    "an unknown section",
    `${ONE}\nResource: {}\nOutput: {}`,
    "Invalid template property or properties [Resource, Output]",
  ],
  ["a wrong version", `${ONE}\nAWSTemplateFormatVersion: 2011-01-01`, /unsupported value for AWSTemplateFormatVersion/],
  [
    "a long description",
    `${ONE}\nDescription: ${"x".repeat(1025)}`,
    "Template format error: 'Description' length is greater than 1024.",
  ],
  ["a description that is a map", `${ONE}\nDescription: {a: b}`, /Description must be a string/],
  [
    "a null",
    "Resources: {A: {Type: AWS::SNS::Topic, Properties: {X: null}}}",
    "[/Resources/A/Properties/X] 'null' values are not allowed in templates",
  ],
  [
    "an empty value",
    "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n",
    "[/Resources/A/Properties] 'null' values are not allowed in templates",
  ],
  [
    "a logical id with a dash",
    "Resources: {a-b: {Type: AWS::SNS::Topic}}",
    "Template format error: Resource name a-b is non alphanumeric.",
  ],
  [
    "a parameter name with a colon",
    `${ONE}\nParameters: {'A::B': {Type: String}}`,
    "Template format error: Parameter name A::B is non alphanumeric.",
  ],
  [
    "too many resources",
    `Resources: {${Array.from({ length: 501 }, (_, index) => `R${index}: {Type: AWS::SNS::Topic}`).join(", ")}}`,
    "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
  ],
  ["a resource that is a word", "Resources: {A: b}", "Template format error: Any Resources member must be an object."],
  [
    "a resource without type",
    "Resources: {A: {Properties: {}}}",
    "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
  ],
  [
    "a type that is a function",
    "Resources: {A: {Type: !Ref X}}",
    "Template format error: [/Resources/A] Every Type member must be a string.",
  ],
  [
    "an unknown resource member",
    "Resources: {A: {Type: AWS::SNS::Topic, Propertys: {}}}",
    "Invalid template resource property 'Propertys'",
  ],
  [
    "properties that are a list",
    "Resources: {A: {Type: AWS::SNS::Topic, Properties: []}}",
    /Properties must be an object/,
  ],
  [
    "a condition that is a map",
    "Resources: {A: {Type: AWS::SNS::Topic, Condition: {Condition: B}}}",
    "Template format error: [/Resources/A] Every Condition member must be a string.",
  ],
  [
    "an unknown condition",
    "Resources: {A: {Type: AWS::SNS::Topic, Condition: B}}",
    "Template format error: Condition B is not defined.",
  ],
  [
    "DependsOn of nobody",
    "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: [B, C]}}",
    "Template format error: Unresolved resource dependencies [B, C] in the Resources block of the template",
  ],
  [
    "DependsOn that is a map",
    "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: {a: b}}}",
    /DependsOn must be a string or list of strings/,
  ],
  [
    "DependsOn itself",
    "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: A}}",
    "Circular dependency between resources: [A]",
  ],
  [
    "a cycle of two",
    "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: B}, B: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref A}}}",
    "Circular dependency between resources: [A, B]",
  ],
  [
    "a cycle behind others",
    "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: B}, B: {Type: AWS::SNS::Topic, DependsOn: C}, C: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub '${D.TopicName}'}}, D: {Type: AWS::SNS::Topic, DependsOn: B}}",
    "Circular dependency between resources: [B, C, D]",
  ],
  [
    "a deletion policy that is none",
    "Resources: {A: {Type: AWS::SNS::Topic, DeletionPolicy: Keep}}",
    /unrecognized DeletionPolicy Keep/,
  ],
  [
    "a deletion policy that is a function",
    "Resources: {A: {Type: AWS::SNS::Topic, DeletionPolicy: !Ref X}}",
    /Every DeletionPolicy member must be a string/,
  ],
  [
    "an output without value",
    `${ONE}\nOutputs: {O: {Description: x}}`,
    "Template format error: Every Outputs member must contain a Value object",
  ],
  ["an unknown output member", `${ONE}\nOutputs: {O: {Value: x, Name: y}}`, "Invalid template output property 'Name'"],
  [
    "an output that refers to nobody",
    `${ONE}\nOutputs: {O: {Value: !Ref B}}`,
    "Unresolved resource dependencies [B] in the Outputs block of the template",
  ],
  [
    "an output that is a list",
    `${ONE}\nOutputs: {O: {Value: [a]}}`,
    /The Value field of every Outputs member must evaluate to a String and not a List/,
  ],
  ["an export without name", `${ONE}\nOutputs: {O: {Value: a, Export: {}}}`, /Export must contain a Name/],
  [
    "a mapping that is a word",
    `${ONE}\nMappings: {M: a}`,
    "Template format error: Every Mappings member M must be a map",
  ],
  ["a mapping too shallow", `${ONE}\nMappings: {M: {a: b}}`, /Every Mappings member M must be a map of maps/],
  [
    "a mapping too deep",
    `${ONE}\nMappings: {M: {a: {b: {c: d}}}}`,
    /Every Mappings attribute must be a String or a List/,
  ],
  [
    "a transform",
    `${ONE}\nTransform: AWS::Serverless-2016-10-31`,
    "The local lake does not implement templates with Transform.",
  ],
  [
    "a creation policy",
    "Resources: {A: {Type: AWS::SNS::Topic, CreationPolicy: {}}}",
    "The local lake does not implement CreationPolicy (resource A).",
  ],
];

describe("templates", () => {
  for (const [name, text, message] of BAD) {
    it(`${name}: ${String(message)}`, () => {
      const said = refusal(() => evaluated(text).outputs());
      if (typeof message === "string") assert.equal(said, message);
      else assert.match(said, message);
    });
  }

  it("nesting without end is refused, in both syntaxes", () => {
    for (const deep of [200, 20_000]) {
      for (const text of [
        `{"Resources": ${"[".repeat(deep)}${"]".repeat(deep)}}`,
        `{"Resources": ${"[".repeat(deep)}`,
        `Resources: ${"[".repeat(deep)}${"]".repeat(deep)}`,
        `Resources: ${'{"a": '.repeat(deep)}1${"}".repeat(deep)}`,
      ]) {
        assert.match(
          refusal(() => parseTemplate(text)),
          /nested too deeply|not well-formed/,
        );
      }
    }
  });

  it("names that JavaScript's objects have are names like others", () => {
    const { properties } = evaluated(`
Resources:
  constructor: {Type: AWS::SNS::Topic}
  toString: {Type: AWS::SNS::Topic, Properties: {DisplayName: {constructor: a}, Topic: !Ref constructor}}`);
    assert.deepEqual(properties("toString", { reference: (id) => `<${id}>`, attribute: () => undefined }), {
      DisplayName: { constructor: "a" },
      Topic: "<constructor>",
    });
    assert.match(
      refusal(() => evaluated("Resources: {A: {Type: AWS::SNS::Topic, Properties: {X: !Ref valueOf}}}")),
      /Unresolved resource dependencies \[valueOf\]/,
    );
  });

  it("the same template in YAML and in JSON is the same", () => {
    const yaml = `
AWSTemplateFormatVersion: 2010-09-09
Parameters: {Name: {Type: String, Default: x}}
Conditions: {Never: !Equals [a, b]}
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Sub "\${Name}-topic", TopicName: !If [Never, a, !Ref AWS::NoValue]}
  B:
    Type: AWS::SQS::Queue
    DependsOn: A
    Properties: {QueueName: !GetAtt A.TopicName}
`;
    const json = JSON.stringify({
      AWSTemplateFormatVersion: "2010-09-09",
      Parameters: { Name: { Type: "String", Default: "x" } },
      Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
      Resources: {
        A: {
          Type: "AWS::SNS::Topic",
          Properties: {
            DisplayName: { "Fn::Sub": "${Name}-topic" },
            TopicName: { "Fn::If": ["Never", "a", { Ref: "AWS::NoValue" }] },
          },
        },
        B: { Type: "AWS::SQS::Queue", DependsOn: "A", Properties: { QueueName: { "Fn::GetAtt": ["A", "TopicName"] } } },
      },
    });
    assert.deepEqual(parseTemplate(yaml), parseTemplate(json));
  });

  it("dependencies come from DependsOn, Ref, GetAtt and Sub, of the branches that are taken", () => {
    const { graph } = evaluated(`
Conditions: {Never: !Equals [a, b]}
Resources:
  A: {Type: AWS::SNS::Topic}
  B: {Type: AWS::SNS::Topic}
  C: {Type: AWS::SNS::Topic}
  D: {Type: AWS::SNS::Topic}
  E: {Type: AWS::SNS::Topic}
  All:
    Type: AWS::SNS::Topic
    DependsOn: A
    Properties:
      DisplayName: !Join [",", [!Ref B, !GetAtt C.TopicName, !Sub "\${D} \${D.TopicName}", !If [Never, !Ref E, x]]]
`);
    assert.deepEqual([...(graph.get("All") ?? [])].toSorted(), ["A", "B", "C", "D"]);
  });
});
