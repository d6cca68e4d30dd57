// The roles: each has all that it needs, nothing that it must not have, and no right wider than AWS makes it be.
import { allows, roleOf, statementsOf } from "./iam.ts";
import { needsOf } from "./iam-needs.ts";
import { describeRules, type Mutation, type Rule } from "./rules.ts";
import type { Draft, Stack } from "./stack.ts";
import { get, items, text } from "./values.ts";

/** Actions that AWS offers without a resource, each by the Service Authorization Reference of its service. */
const WITHOUT_RESOURCE = [
  "cloudwatch:PutMetricData",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeRouteTables",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcAttribute",
  "ec2:DescribeVpcEndpoints",
  "glue:GetJobBookmark",
];

const roles = (stack: Stack) => stack.ofType("AWS::IAM::Role");

function statementAt(t: Draft, role: string, sid: string): string {
  const policy = `${role}/Properties/Policies/0/PolicyDocument/Statement`;
  const index = items(get(t.root, `Resources/${policy}`)).findIndex((one) => text(one, "Sid") === sid);
  if (index < 0) throw new Error(`${role} has no statement ${sid}`);
  return `${policy}/${index}`;
}

/** Changes the statement of that Sid. */
function edit(t: Draft, role: string, sid: string, member: string, value: Parameters<Draft["set"]>[1]): void {
  t.set(`${statementAt(t, role, sid)}/${member}`, value);
}

const form: Rule[] = [
  {
    name: "no action with a wildcard, and nothing allowed by exception",
    check: (stack) =>
      roles(stack).flatMap((role) =>
        statementsOf(role).flatMap(({ sid, actions, raw }) => [
          ...actions.filter((action) => /[*?]/.test(action)).map((action) => `${role.id} ${sid} allows ${action}`),
          ...["NotAction", "NotResource"]
            .filter((name) => get(raw, name) !== undefined)
            .map((name) => `${role.id} ${sid} uses ${name}`),
        ]),
      ),
    mutations: [
      { name: "s3:*", edit: (t) => edit(t, "EtlRole", "Lake", "Action", ["s3:*"]), finds: /EtlRole Lake allows s3:\*/ },
      {
        name: "glue:Get*",
        edit: (t) => edit(t, "CrawlerRole", "Partitions", "Action", "glue:Get*"),
        finds: /allows glue:Get\*/,
      },
      {
        name: "all but one",
        edit: (t) => edit(t, "AnalystRole", "Lake", "NotAction", "s3:PutObject"),
        finds: /AnalystRole Lake uses NotAction/,
      },
    ],
  },
  {
    name: "every resource only for the actions that AWS offers without one, and no bucket, table or group of any name",
    check: (stack) =>
      roles(stack).flatMap((role) =>
        statementsOf(role).flatMap(({ sid, actions, resources }) =>
          resources.flatMap((resource) => {
            if (resource === "*") {
              const narrow = actions.filter((action) => !WITHOUT_RESOURCE.includes(action));
              return narrow.map((action) => `${role.id} ${sid} allows ${action} on every resource`);
            }
            // arn:partition:service:region:account:name, of which only the end of the name may be open.
            const name = resource.split(":").slice(5).join(":");
            const open = /[*?]/.test(resource.slice(0, resource.length - name.length)) || /^[*?]/.test(name);
            return open ? [`${role.id} ${sid} names ${resource}`] : [];
          }),
        ),
      ),
    mutations: [
      {
        name: "any secret",
        edit: (t) => edit(t, "EtlRole", "DatabasePassword", "Resource", "*"),
        finds: /GetSecretValue on every/,
      },
      {
        name: "any bucket",
        edit: (t) => edit(t, "LoaderRole", "Source", "Resource", "arn:aws:s3:::*/source/*"),
        finds: /LoaderRole Source names/,
      },
      {
        name: "any account's catalog",
        edit: (t) => edit(t, "CrawlerRole", "Partitions", "Resource", "arn:aws:glue:eu-central-1:*:catalog"),
        finds: /CrawlerRole Partitions names/,
      },
    ],
  },
  {
    name: "rights stand inline, so that no job exists before them",
    check: (stack) => [
      ...roles(stack).flatMap(({ id, properties: p }) => [
        ...(p["ManagedPolicyArns"] === undefined ? [] : [`${id} takes managed policies`]),
        ...(items(p["Policies"]).length > 0 ? [] : [`${id} has no inline policy`]),
      ]),
      ...["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"]
        .flatMap((type) => stack.ofType(type))
        .map(({ id, type }) => `${id} is ${type}, made after the role`),
    ],
    mutations: [
      {
        name: "AWSGlueServiceRole",
        edit: (t) =>
          t.set("EtlRole/Properties/ManagedPolicyArns", ["arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"]),
        finds: /EtlRole takes managed policies/,
      },
      {
        name: "a policy of its own",
        edit: (t) =>
          t.set("More", { Type: "AWS::IAM::Policy", Properties: { PolicyName: "more", Roles: [{ Ref: "EtlRole" }] } }),
        finds: /More is AWS::IAM::Policy/,
      },
      {
        name: "none",
        edit: (t) => t.remove("LoaderRole/Properties/Policies"),
        finds: /LoaderRole has no inline policy/,
      },
    ],
  },
  {
    name: "jobs and crawler use roles that Glue alone may assume, and no role has a name (names need CAPABILITY_NAMED_IAM)",
    check: (stack) => [
      ...roles(stack)
        .filter(({ properties }) => properties["RoleName"] !== undefined)
        .map(({ id }) => `${id} has a name`),
      ...[...stack.ofType("AWS::Glue::Job"), ...stack.ofType("AWS::Glue::Crawler")].flatMap(({ id, properties }) => {
        const role = roles(stack).find((candidate) => text(properties, "Role").endsWith(`:role/${candidate.id}`));
        const trusted = items(get(role?.properties, "AssumeRolePolicyDocument/Statement"));
        const glueOnly =
          trusted.length === 1 && JSON.stringify(get(trusted[0], "Principal")) === '{"Service":"glue.amazonaws.com"}';
        return glueOnly
          ? []
          : [`${id} runs as ${role?.id ?? "a role that is not here"}, trusting ${JSON.stringify(trusted)}`];
      }),
    ],
    mutations: [
      {
        name: "anybody's role",
        edit: (t) => t.set("EtlRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal", { AWS: "*" }),
        finds: /OrdersJob runs as EtlRole, trusting/,
      },
      {
        name: "the crawler as the analyst",
        edit: (t) => t.set("Crawler/Properties/Role", { "Fn::GetAtt": ["AnalystRole", "Arn"] }),
        finds: /Crawler runs as AnalystRole/,
      },
      { name: "a named role", edit: (t) => t.set("EtlRole/Properties/RoleName", "etl"), finds: /EtlRole has a name/ },
    ],
  },
];

/** Every call that a role needs, and none that it must never make. */
const roleNeeds = (id: string, mutations: readonly Mutation[]): Rule => ({
  name: `${id} has all that it needs, and nothing that it must not have`,
  check: (stack) => {
    const database = stack.ofType("AWS::RDS::DBInstance")[0]?.id ?? "";
    const needs = needsOf(database)[id];
    if (needs === undefined) return [`nothing is known of ${id}`];
    const role = roleOf(stack, id);
    const said = ({ action, resource, context }: (typeof needs.must)[number]): string =>
      `${action} on ${resource}${context === undefined ? "" : ` with ${JSON.stringify(context)}`}`;
    return [
      ...needs.must.filter((call) => !allows(role, call)).map((call) => `${id} may not ${said(call)}`),
      ...needs.never.filter((call) => allows(role, call)).map((call) => `${id} may ${said(call)}`),
    ];
  },
  mutations,
});

/** Shows that a statement is needed: without it, something is missing. */
const without = (role: string, sid: string, finds: RegExp): Mutation => ({
  name: `without ${sid}`,
  edit: (t) => t.remove(statementAt(t, role, sid)),
  finds,
});

const ofJobs = (role: string): Mutation[] => [
  without(role, "Scripts", /may not s3:GetObject on .*scripts/),
  without(role, "Scratch", /may not s3:PutObject on .*temp/),
  without(role, "ListArtifacts", /may not s3:ListBucket on arn:aws:s3:::artifactsbucket/),
  without(role, "BucketLocations", /may not s3:GetBucketLocation/),
  without(role, "Connection", /may not glue:GetConnection/),
  without(role, "DatabasePassword", /may not secretsmanager:GetSecretValue/),
  without(role, "Logs", /may not logs:PutLogEvents/),
  without(role, "Metrics", /may not cloudwatch:PutMetricData/),
  without(role, "LookAtNetwork", /may not ec2:DescribeSubnets/),
  without(role, "MakeNetworkInterface", /may not ec2:CreateNetworkInterface/),
  without(role, "DropNetworkInterface", /may not ec2:DeleteNetworkInterface/),
  without(role, "TagNetworkInterface", /may not ec2:CreateTags/),
];

const needs: Rule[] = [
  roleNeeds("EtlRole", [
    ...ofJobs("EtlRole"),
    without("EtlRole", "Lake", /may not s3:PutObject on .*lake/),
    without("EtlRole", "ListLake", /may not s3:ListBucket on arn:aws:s3:::databucket/),
    without("EtlRole", "Tables", /may not glue:GetTable/),
    without("EtlRole", "Bookmarks", /may not glue:GetJobBookmark/),
    {
      name: "the folder above the tables forgotten",
      edit: (t) => edit(t, "EtlRole", "Lake", "Resource", [{ "Fn::Sub": "${DataBucket.Arn}/lake/*" }]),
      finds: /may not s3:GetObject on arn:aws:s3:::databucket\/lake$/,
    },
    {
      name: "a prefix that a HEAD does not have",
      edit: (t) => edit(t, "EtlRole", "ListLake", "Condition", { StringLike: { "s3:prefix": ["lake", "lake/*"] } }),
      finds: /may not s3:ListBucket on arn:aws:s3:::databucket$/,
    },
    {
      name: "the whole bucket",
      edit: (t) => edit(t, "EtlRole", "Lake", "Resource", { "Fn::Sub": "${DataBucket.Arn}/*" }),
      finds: /EtlRole may s3:GetObject on arn:aws:s3:::databucket\/source/,
    },
    {
      name: "its own scripts",
      edit: (t) => edit(t, "EtlRole", "Scripts", "Action", ["s3:GetObject", "s3:PutObject"]),
      finds: /EtlRole may s3:PutObject on .*scripts/,
    },
    {
      name: "one table only",
      edit: (t) =>
        edit(t, "EtlRole", "Lake", "Resource", [
          { "Fn::Sub": "${DataBucket.Arn}/lake" },
          { "Fn::Sub": "${DataBucket.Arn}/lake/orders/*" },
        ]),
      finds: /may not s3:PutObject on .*lake\/customers/,
    },
    {
      name: "tags of any name",
      edit: (t) => edit(t, "EtlRole", "TagNetworkInterface", "Condition", {}),
      finds: /EtlRole may ec2:CreateTags .*owner/,
    },
    {
      name: "metrics of any namespace",
      edit: (t) => edit(t, "EtlRole", "Metrics", "Condition", {}),
      finds: /may cloudwatch:PutMetricData .*Billing/,
    },
  ]),
  roleNeeds("LoaderRole", [
    ...ofJobs("LoaderRole"),
    without("LoaderRole", "Source", /may not s3:GetObject on .*source/),
    without("LoaderRole", "ListSource", /may not s3:ListBucket on arn:aws:s3:::databucket/),
    {
      name: "writing to the lake",
      edit: (t) => edit(t, "LoaderRole", "Source", "Resource", { "Fn::Sub": "${DataBucket.Arn}/*" }),
      finds: /LoaderRole may s3:GetObject on .*lake/,
    },
  ]),
  roleNeeds("CrawlerRole", [
    without("CrawlerRole", "Lake", /may not s3:GetObject/),
    without("CrawlerRole", "ListLake", /may not s3:ListBucket/),
    without("CrawlerRole", "BucketLocation", /may not s3:GetBucketLocation/),
    without("CrawlerRole", "Partitions", /may not glue:BatchCreatePartition/),
    without("CrawlerRole", "Logs", /may not logs:CreateLogStream/),
    {
      name: "writing",
      edit: (t) => edit(t, "CrawlerRole", "Lake", "Action", ["s3:GetObject", "s3:PutObject"]),
      finds: /CrawlerRole may s3:PutObject/,
    },
  ]),
  roleNeeds("AnalystRole", [
    without("AnalystRole", "Queries", /may not athena:StartQueryExecution/),
    without("AnalystRole", "Catalog", /may not glue:GetTable/),
    without("AnalystRole", "DefaultDatabase", /may not glue:GetDatabase on .*database\/default/),
    without("AnalystRole", "Lake", /may not s3:GetObject on .*lake/),
    without("AnalystRole", "ListLake", /may not s3:ListBucket on arn:aws:s3:::databucket/),
    without("AnalystRole", "Results", /may not s3:PutObject on .*athena/),
    without("AnalystRole", "ListResults", /may not s3:ListBucketMultipartUploads/),
    without("AnalystRole", "BucketLocations", /may not s3:GetBucketLocation/),
    {
      name: "any workgroup",
      edit: (t) =>
        edit(t, "AnalystRole", "Queries", "Resource", {
          "Fn::Sub": "arn:aws:athena:${AWS::Region}:${AWS::AccountId}:workgroup/*",
        }),
      finds: /AnalystRole may athena:StartQueryExecution on .*primary/,
    },
  ]),
];

describeRules("roles: how they are written", form);
describeRules("roles: what they may", needs);
