// The template as a whole: its size, its parameters as a form shows them, its outputs, its names within limits.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describeRules, type Rule } from "./rules.ts";
import { Draft, resolveStack, templateFile } from "./stack.ts";
import { entries, get, items, text, texts } from "./values.ts";

describe("the template", () => {
  it("is small enough to go to CloudFormation without a bucket: below 51,200 bytes", () => {
    assert.ok(statSync(templateFile).size < 51_200, `${statSync(templateFile).size} bytes`);
  });

  it("resolves for every kind of lake, and refuses values that could not work", () => {
    const refused: Record<string, string>[] = [
      { Kind: "test" },
      { PrivateAccess: "vpn" },
      { DatabaseMultiAz: "maybe" },
      { DatabaseStorage: "5" },
      { VpcCidr: "10.0.0.0/8" },
      { VpcCidr: "lake" },
      { CatalogDatabase: "My-Lake" },
      { QueryScanLimit: "9999999" },
      { JobWorkers: "1" },
      { LogRetentionDays: "2" },
      { StartTriggers: "yes" },
    ];
    for (const parameters of refused) {
      assert.throws(() => resolveStack(new Draft(), parameters), /Parameter '|must be/, JSON.stringify(parameters));
    }
    const named = resolveStack(new Draft(), {
      CatalogDatabase: "shop",
      FirstZone: "eu-central-1c",
      SecondZone: "eu-central-1a",
    });
    assert.equal(named.outputs["GlueDatabaseName"], "shop");
    assert.equal(resolveStack(new Draft()).outputs["GlueDatabaseName"], "my_lake");
    assert.equal(text(named.resources.get("PrivateSubnetA")?.properties, "AvailabilityZone"), "eu-central-1c");
  });

  it("gives out what deploy, load, crawl, query and a person need", () => {
    const { outputs } = resolveStack(new Draft());
    assert.deepEqual(outputs, {
      DataBucketName: "databucket",
      ArtifactsBucketName: "artifactsbucket",
      ResultsBucketName: "resultsbucket",
      GlueDatabaseName: "my_lake",
      WorkGroupName: "my-lake",
      AnalystRoleArn: "arn:aws:iam::123456789012:role/AnalystRole",
      CrawlerName: "my-lake-crawler",
      CustomersJobName: "my-lake-customers-etl",
      OrdersJobName: "my-lake-orders-etl",
      LoaderJobName: "my-lake-load-source",
      DailyTriggerName: "my-lake-daily",
      CrawlTriggerName: "my-lake-crawl",
      ConnectionName: "my-lake-database",
      DatabaseEndpoint: "database.rds.test",
      DatabasePort: "5432",
      DatabaseSecretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!Database-AbCdEf",
    });
    assert.equal(
      resolveStack(new Draft(), { Kind: "prod" }).outputs["DatabaseEndpoint"],
      "productiondatabase.rds.test",
    );
  });
});

/** The longest stack name that the names made of it leave room for; CloudFormation takes 128 characters. */
const LONGEST = {
  "AWS::Glue::Job": 255,
  "AWS::Glue::Trigger": 255,
  "AWS::Glue::Crawler": 255,
  "AWS::Athena::WorkGroup": 128,
};

const rules: Rule[] = [
  {
    name: "every parameter has a description, a default and a label, and stands in one group of the form",
    check: ({ template }) => {
      const form = get(template.metadata, "AWS::CloudFormation::Interface");
      const grouped = items(get(form, "ParameterGroups")).flatMap((group) => texts(get(group, "Parameters")));
      const declared = Object.values(template.parameters);
      return [
        ...declared.flatMap(({ name, description, defaultValue }) => [
          ...((description ?? "").length > 15 ? [] : [`${name} is not described`]),
          ...(defaultValue === undefined ? [`${name} has no default`] : []),
          ...(text(form, `ParameterLabels/${name}/default`) === "" ? [`${name} has no label`] : []),
          ...(grouped.filter((one) => one === name).length === 1 ? [] : [`${name} is not in one group`]),
        ]),
        ...[...grouped, ...entries(get(form, "ParameterLabels")).map(([name]) => name)]
          .filter((name) => template.parameters[name] === undefined)
          .map((name) => `${name} is no parameter`),
      ];
    },
    mutations: [
      {
        name: "a parameter that the form forgot",
        edit: (t) => declare(t, "More", { Type: "String", Default: "" }),
        finds: /More is not in one group/,
      },
      {
        name: "without a default",
        edit: (t) => declare(t, "Kind", { Type: "String", Description: "The kind of lake" }),
        parameters: { Kind: "dev" },
        finds: /Kind has no default/,
      },
      {
        name: "without a description",
        edit: (t) => declare(t, "Kind", { Type: "String", Default: "dev" }),
        finds: /Kind is not described/,
      },
    ],
  },
  {
    name: "every choice is a choice of values, and every number has its bounds",
    check: ({ template }) =>
      Object.values(template.parameters).flatMap(
        ({ name, type, defaultValue, allowedValues, minValue, allowedPattern }) => {
          if (type === "Number")
            return allowedValues === undefined && minValue === undefined ? [`${name} takes any number`] : [];
          // A zone's name is checked by AWS alone.
          const free = allowedValues === undefined && allowedPattern === undefined && !name.endsWith("Zone");
          return free ? [`${name} (${defaultValue}) takes any text`] : [];
        },
      ),
    mutations: [
      {
        name: "any number",
        edit: (t) => declare(t, "JobWorkers", { Type: "Number", Default: 2 }),
        finds: /JobWorkers takes any number/,
      },
      {
        name: "any text",
        edit: (t) => declare(t, "Kind", { Type: "String", Default: "dev" }),
        finds: /Kind \(dev\) takes any text/,
      },
    ],
  },
  {
    name: "names made of the stack's stay within their limits for every name that a stack may have",
    check: (stack) =>
      Object.entries(LONGEST).flatMap(([type, limit]) =>
        stack.ofType(type).flatMap(({ id, properties }) => {
          const length = text(properties, "Name").length - "my-lake".length + 128;
          return length <= limit ? [] : [`${id} may have ${length} characters, ${limit} are allowed`];
        }),
      ),
    mutations: [
      {
        name: "a workgroup with a suffix",
        edit: (t) => t.set("WorkGroup/Properties/Name", { "Fn::Sub": "${AWS::StackName}-queries" }),
        finds: /WorkGroup may have 136 characters/,
      },
    ],
  },
  {
    name: "nothing is exported, so that nothing else can hold the stack fast",
    check: ({ template }) =>
      Object.entries(template.outputs).flatMap(([name, { exportName }]) =>
        exportName === undefined ? [] : [`${name} is exported`],
      ),
    mutations: [
      {
        name: "an export",
        edit: (t) => {
          (t.root["Outputs"] as Record<string, unknown>)["DataBucketName"] = { Value: "x", Export: { Name: "data" } };
        },
        finds: /DataBucketName is exported/,
      },
    ],
  },
];

function declare(t: Draft, name: string, declaration: Record<string, string | number>): void {
  (t.root["Parameters"] as Record<string, unknown>)[name] = declaration;
}

describeRules("parameters, names and outputs", rules);
