// Where a job's network interfaces lie, and that Glue can put them there: zone, subnet, security group and names.
// https://docs.aws.amazon.com/glue/latest/dg/setup-vpc-for-glue-access.html
import { admits, connections, everyConnection, isPublic, range, vpcOf } from "./network.ts";
import { describeRules, type Rule } from "./rules.ts";
import { get, isTrue, text, texts } from "./values.ts";

const where = "Connection/Properties/ConnectionInput/PhysicalConnectionRequirements";

const placement: Rule[] = [
  {
    name: "every job runs with a connection of the stack, which puts it into the VPC",
    check: (stack) => {
      const known = connections(stack).map(({ properties }) => text(properties, "ConnectionInput/Name"));
      return stack.ofType("AWS::Glue::Job").flatMap(({ id, properties }) => {
        const used = texts(get(properties, "Connections/Connections"));
        return used.length > 0 && used.every((name) => known.includes(name))
          ? []
          : [`${id} uses ${used.join() || "no connection"}`];
      });
    },
    mutations: [
      {
        name: "a job without a connection",
        edit: (t) => t.remove("OrdersJob/Properties/Connections"),
        finds: /OrdersJob uses no/,
      },
      {
        name: "a connection of another stack",
        edit: (t) => t.set("LoaderJob/Properties/Connections/Connections", ["other"]),
        finds: /LoaderJob uses other/,
      },
    ],
  },
  {
    name: "the connection names its subnet's own zone",
    check: everyConnection((stack, { subnet }, { id, properties }) => {
      const zone = text(properties, "ConnectionInput/PhysicalConnectionRequirements/AvailabilityZone");
      const own = text(stack.resources.get(subnet)?.properties, "AvailabilityZone");
      return zone === own && zone !== "" ? undefined : `${id} says ${zone}, but ${subnet} lies in ${own}`;
    }),
    mutations: [
      {
        name: "another subnet's zone",
        edit: (t) => t.set(`${where}/SubnetId`, { Ref: "PrivateSubnetB" }),
        finds: /lies in eu-central-1b/,
      },
      { name: "no zone", edit: (t) => t.remove(`${where}/AvailabilityZone`), finds: /says ,/ },
    ],
  },
  {
    name: "its subnet is private: a job's interfaces get no public address, so an internet gateway is no way out for them",
    check: everyConnection((stack, { subnet }) =>
      isPublic(stack, subnet) ? `${subnet} is a public subnet` : undefined,
    ),
    mutations: [
      {
        name: "the job in a public subnet",
        edit: (t) => t.set(`${where}/SubnetId`, { Ref: "PublicSubnetA" }),
        finds: /PublicSubnetA is/,
      },
    ],
  },
  {
    name: "its security group admits itself on all TCP ports",
    check: everyConnection((stack, { groups }) =>
      groups.some((group) => admits(stack, group, group, { from: 0, to: 65_535 }))
        ? undefined
        : `none of ${groups.join()} admits itself on all TCP ports`,
    ),
    mutations: [
      { name: "no such rule", edit: (t) => t.remove("JobsAmongThemselves"), finds: /none of JobSecurityGroup/ },
      {
        name: "from port 1024 only",
        edit: (t) => t.set("JobsAmongThemselves/Properties/FromPort", 1024),
        finds: /none of/,
      },
      { name: "UDP", edit: (t) => t.set("JobsAmongThemselves/Properties/IpProtocol", "udp"), finds: /none of/ },
      {
        name: "the rule on another group",
        edit: (t) => t.set("JobsAmongThemselves/Properties/GroupId", { Ref: "DatabaseSecurityGroup" }),
        finds: /none of/,
      },
    ],
  },
  {
    name: "the VPC resolves names and gives them to hosts",
    check: everyConnection((stack, { subnet }) => {
      const vpc = stack.resources.get(vpcOf(stack, subnet));
      const off = ["EnableDnsSupport", "EnableDnsHostnames"].filter((name) => !isTrue(vpc?.properties[name]));
      return off.length === 0 ? undefined : `${vpc?.id} lacks ${off.join(" and ")}`;
    }),
    mutations: [
      {
        name: "no DNS support",
        edit: (t) => t.set("Vpc/Properties/EnableDnsSupport", false),
        finds: /lacks EnableDnsSupport/,
      },
      // A VPC that is made by CloudFormation has no host names unless it says so.
      {
        name: "host names left out",
        edit: (t) => t.remove("Vpc/Properties/EnableDnsHostnames"),
        finds: /lacks EnableDnsHostnames/,
      },
    ],
  },
  {
    name: "four subnets in the VPC's range, none over another, in two zones",
    check: (stack) => {
      const subnets = stack.ofType("AWS::EC2::Subnet").map(({ id, properties: p }) => ({
        id,
        zone: text(p, "AvailabilityZone"),
        inside: range(text(stack.resources.get(text(p, "VpcId"))?.properties, "CidrBlock")),
        ...range(text(p, "CidrBlock")),
      }));
      const findings = subnets.flatMap(({ id, first, last, inside }) =>
        first >= inside.first && last <= inside.last ? [] : [`${id} is not in the range of its VPC`],
      );
      for (const [index, a] of subnets.entries()) {
        const over = subnets.slice(index + 1).find((b) => a.first <= b.last && b.first <= a.last);
        if (over !== undefined) findings.push(`${a.id} overlaps ${over.id}`);
      }
      for (const kind of ["Public", "Private"]) {
        const zones = new Set(subnets.filter(({ id }) => id.startsWith(kind)).map(({ zone }) => zone));
        if (zones.size !== 2) findings.push(`${kind} subnets lie in ${[...zones].join() || "no zone"}`);
      }
      return findings;
    },
    mutations: [
      {
        name: "an address twice",
        edit: (t) => t.set("PrivateSubnetB/Properties/CidrBlock", "10.20.32.0/20"),
        finds: /PrivateSubnetA overlaps/,
      },
      {
        name: "outside the VPC",
        edit: (t) => t.set("PublicSubnetA/Properties/CidrBlock", "10.21.0.0/20"),
        finds: /PublicSubnetA is not in/,
      },
      {
        name: "one zone twice",
        edit: () => undefined,
        parameters: { FirstZone: "eu-central-1a", SecondZone: "eu-central-1a" },
        finds: /Private subnets lie in eu-central-1a$/,
      },
    ],
  },
];

describeRules("where a job runs", placement);
