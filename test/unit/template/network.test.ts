// The proof that a job in the private subnet reaches all it needs, read from the resolved template alone.
// What a job needs: https://docs.aws.amazon.com/glue/latest/dg/start-connecting.html
import {
  connections,
  everyConnection,
  interfaceOf,
  isPublic,
  noGateway,
  noService,
  noWayTo,
  sourcesOf,
  vpcOf,
} from "./network.ts";
import { describeRules, type Mutation, type Rule } from "./rules.ts";
import { type Draft, REGION, type Resource, type Stack } from "./stack.ts";
import { text, texts } from "./values.ts";

const ENDPOINTS = { PrivateAccess: "endpoints" };

const shut: Mutation = {
  name: "nothing let out of the jobs' group",
  edit: (t) => t.set("JobSecurityGroup/Properties/SecurityGroupEgress/0/CidrIp", "10.20.0.0/16"),
  finds: /JobSecurityGroup lets nothing out to port 443/,
};

const s3: Rule = {
  name: "a job reaches S3, through the gateway endpoint on its own route table",
  check: everyConnection((stack, from) => noGateway(stack, from, REGION)),
  mutations: [
    { name: "no endpoint", edit: (t) => t.remove("S3Endpoint"), finds: /no gateway endpoint for s3/ },
    {
      name: "the endpoint on the public table",
      edit: (t) => t.set("S3Endpoint/Properties/RouteTableIds", [{ Ref: "PublicRouteTable" }]),
      finds: /not on the route table of PrivateSubnetA/,
    },
    {
      name: "the subnet without its table",
      edit: (t) => t.remove("PrivateSubnetARoutes"),
      finds: /not on the route table/,
    },
    {
      name: "another region's S3",
      edit: (t) => t.set("S3Endpoint/Properties/ServiceName", "com.amazonaws.us-east-1.s3"),
      finds: /no gateway/,
    },
    shut,
  ],
};

/** The services, each with the logical id of its interface endpoint. */
const services: Record<string, string> = {
  secretsmanager: "SecretsManagerEndpoint",
  glue: "GlueEndpoint",
  logs: "LogsEndpoint",
  sts: "StsEndpoint",
  monitoring: "CloudWatchEndpoint",
};

const reach: Rule[] = Object.entries(services).map(([service, endpoint]) => ({
  name: `a job reaches ${service}, by NAT or by its interface endpoint`,
  check: everyConnection((stack, from) => noService(stack, from, REGION, service)),
  mutations: [
    { name: "NAT: no default route", edit: (t) => t.remove("PrivateRoute"), finds: /no default route to a NAT/ },
    {
      name: "NAT: the gateway in a private subnet",
      edit: (t) => t.set("NatGateway/Properties/SubnetId", { Ref: "PrivateSubnetB" }),
      finds: /stands in PrivateSubnetB, which has no route/,
    },
    {
      name: "NAT: no public address",
      edit: (t) => t.remove("NatGateway/Properties/AllocationId"),
      finds: /no public address/,
    },
    {
      name: "NAT: the internet gateway not attached",
      edit: (t) => t.set("InternetGatewayAttachment/Properties/InternetGatewayId", "igw-other"),
      finds: /no route to an attached internet gateway/,
    },
    {
      name: "NAT: no public route",
      edit: (t) => t.remove("NatGateway/DependsOn").remove("PublicRoute"),
      finds: /PublicSubnetA, which has no route/,
    },
    {
      name: "NAT: the subnet without its table",
      edit: (t) => t.remove("PrivateSubnetARoutes"),
      finds: /no default route/,
    },
    { ...shut, name: `NAT: ${shut.name}` },
    {
      name: "endpoints: none for it",
      edit: (t) => t.remove(endpoint),
      parameters: ENDPOINTS,
      finds: new RegExp(`^${service} has no`),
    },
    {
      name: "endpoints: its name stays public",
      edit: (t) => t.set(`${endpoint}/Properties/PrivateDnsEnabled`, false),
      parameters: ENDPOINTS,
      finds: /no private DNS name/,
    },
    {
      name: "endpoints: in no subnet",
      edit: (t) => t.set(`${endpoint}/Properties/SubnetIds`, []),
      parameters: ENDPOINTS,
      finds: /in no subnet of the VPC/,
    },
    {
      name: "endpoints: another service's name",
      edit: (t) => t.set(`${endpoint}/Properties/ServiceName`, { "Fn::Sub": "com.amazonaws.${AWS::Region}.kms" }),
      parameters: ENDPOINTS,
      finds: new RegExp(`^${service} has no interface endpoint`),
    },
    {
      name: "endpoints: the jobs not admitted",
      edit: (t) => t.set("EndpointSecurityGroup/Properties/SecurityGroupIngress/0/SourceSecurityGroupId", "sg-other"),
      parameters: ENDPOINTS,
      finds: /EndpointSecurityGroup does not admit JobSecurityGroup on port 443/,
    },
    {
      name: "endpoints: another port",
      edit: (t) => t.set("EndpointSecurityGroup/Properties/SecurityGroupIngress/0/ToPort", 442),
      parameters: ENDPOINTS,
      finds: /does not admit/,
    },
    { ...shut, name: `endpoints: ${shut.name}`, parameters: ENDPOINTS },
  ],
}));

const url = "Connection/Properties/ConnectionInput/ConnectionProperties/JDBC_CONNECTION_URL";

function portOf(t: Draft, rule: string, port: number): void {
  t.set(`${rule}/Properties/FromPort`, port).set(`${rule}/Properties/ToPort`, port);
}

/** The database that a connection's URL leads to, by host and port. */
function databaseOf(stack: Stack, connection: Resource): { database: Resource | undefined; port: number; url: string } {
  const url = text(connection.properties, "ConnectionInput/ConnectionProperties/JDBC_CONNECTION_URL");
  const [, host = "", port = ""] = /^jdbc:postgresql:\/\/([^:/]+):(\d+)\//.exec(url) ?? [];
  const database = stack.ofType("AWS::RDS::DBInstance").find(({ id }) => host === `${id.toLowerCase()}.rds.test`);
  return { database, port: Number(port), url };
}

function subnetsOf(stack: Stack, database: Resource): string[] {
  const group = stack.resources.get(text(database.properties, "DBSubnetGroupName"));
  return texts(group?.properties["SubnetIds"]);
}

const database: Rule[] = [
  {
    name: "a job reaches the database that its connection names, on the port that it listens on",
    check: everyConnection((stack, from, connection) => {
      const { database: found, port, url } = databaseOf(stack, connection);
      if (found === undefined) return `${url} is no database of the stack`;
      const listens = Number(found.properties["Port"] ?? 5432);
      if (port !== listens) return `${url}, but ${found.id} listens on ${listens}`;
      const homes = subnetsOf(stack, found);
      if (homes.length === 0 || homes.some((home) => vpcOf(stack, home) !== vpcOf(stack, from.subnet))) {
        return `${found.id} is not in the VPC of ${from.subnet}`;
      }
      return noWayTo(stack, from, texts(found.properties["VPCSecurityGroups"]), port);
    }),
    mutations: [
      {
        name: "the jobs not admitted",
        edit: (t) => t.remove("DatabaseFromJobs"),
        finds: /DatabaseSecurityGroup does not admit JobSecurityGroup/,
      },
      {
        name: "another port admitted",
        edit: (t) => portOf(t, "DatabaseFromJobs", 3306),
        finds: /does not admit .* on port 5432/,
      },
      {
        name: "another group admitted",
        edit: (t) => t.set("DatabaseFromJobs/Properties/SourceSecurityGroupId", { Ref: "DatabaseSecurityGroup" }),
        finds: /does not admit/,
      },
      {
        name: "the database without that group",
        edit: (t) => t.remove("Database/Properties/VPCSecurityGroups"),
        finds: /lets|admit/,
      },
      {
        name: "the database in another VPC",
        edit: (t) => t.set("DatabaseSubnets/Properties/SubnetIds", ["subnet-other"]),
        finds: /Database is not in the VPC of PrivateSubnetA/,
      },
      {
        name: "a URL of another host",
        edit: (t) => t.set(url, "jdbc:postgresql://db.example.com:5432/lake?sslmode=require"),
        finds: /is no database of the stack/,
      },
      {
        name: "a URL that knows the port, and a database that moved",
        edit: (t) =>
          t
            .set("Database/Properties/Port", "6432")
            .set(url, { "Fn::Sub": "jdbc:postgresql://${Database.Endpoint.Address}:5432/lake" }),
        finds: /Database listens on 6432/,
      },
      {
        name: "nothing let out to it",
        edit: (t) =>
          t.set("JobSecurityGroup/Properties/SecurityGroupEgress/0", {
            IpProtocol: "tcp",
            FromPort: 443,
            ToPort: 443,
            CidrIp: "0.0.0.0/0",
          }),
        finds: /lets nothing out to port 5432/,
      },
    ],
  },
  {
    name: "and wherever the database listens: its port is asked of it, by the rule as by the URL",
    check: (stack) => {
      const moved = stack.again((t) => {
        for (const { id } of stack.ofType("AWS::RDS::DBInstance")) t.set(`${id}/Properties/Port`, "6432");
      });
      return connections(moved).flatMap((connection) => {
        const { database: found, port } = databaseOf(moved, connection);
        return noWayTo(moved, interfaceOf(connection), texts(found?.properties["VPCSecurityGroups"]), port) ?? [];
      });
    },
    mutations: [
      {
        name: "a rule that knows the port",
        edit: (t) => portOf(t, "DatabaseFromJobs", 5432),
        finds: /does not admit .* on port 6432/,
      },
    ],
  },
  {
    name: "nobody but the jobs reaches the database",
    check: (stack) =>
      stack.ofType("AWS::RDS::DBInstance").flatMap((found) => {
        const jobs = connections(stack).flatMap((connection) => interfaceOf(connection).groups);
        const sources = texts(found.properties["VPCSecurityGroups"]).flatMap((group) => sourcesOf(stack, group));
        return [
          ...(String(found.properties["PubliclyAccessible"]) === "false"
            ? []
            : [`${found.id} may have a public address`]),
          ...subnetsOf(stack, found)
            .filter((home) => isPublic(stack, home))
            .map((home) => `${found.id} stands in public ${home}`),
          ...sources.filter((source) => !jobs.includes(source)).map((source) => `${found.id} admits ${source}`),
        ];
      }),
    mutations: [
      {
        name: "a public address",
        edit: (t) => t.set("Database/Properties/PubliclyAccessible", true),
        finds: /may have a public address/,
      },
      {
        name: "left to AWS's default",
        edit: (t) => t.remove("Database/Properties/PubliclyAccessible"),
        finds: /may have/,
      },
      {
        name: "public subnets",
        edit: (t) => t.set("DatabaseSubnets/Properties/SubnetIds/1", { Ref: "PublicSubnetB" }),
        finds: /stands in public PublicSubnetB/,
      },
      {
        name: "everybody admitted",
        edit: (t) =>
          t.set("DatabaseSecurityGroup/Properties/SecurityGroupIngress", [
            { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, CidrIp: "0.0.0.0/0" },
          ]),
        finds: /Database admits 0\.0\.0\.0\/0/,
      },
    ],
  },
];

describeRules("what a job reaches: AWS services", [s3, ...reach]);
describeRules("what a job reaches: the database", database);
