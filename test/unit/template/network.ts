// What a network interface in the resolved stack can reach: routes, endpoints, and both ends' security groups.
import type { Resource, Stack } from "./stack.ts";
import { entries, get, isTrue, items, text, texts } from "./values.ts";

/** Where a job's network interfaces lie: what its Glue connection says. */
export interface Interface {
  readonly subnet: string;
  readonly groups: readonly string[];
}

export function connections(stack: Stack): Resource[] {
  return stack.ofType("AWS::Glue::Connection");
}

export function interfaceOf(connection: Resource): Interface {
  const where = get(connection.properties, "ConnectionInput/PhysicalConnectionRequirements");
  return { subnet: text(where, "SubnetId"), groups: texts(get(where, "SecurityGroupIdList")) };
}

/** The table that a subnet is associated with; without one it has the VPC's main table, which leads nowhere but the VPC. */
function routeTable(stack: Stack, subnet: string): string | undefined {
  const association = stack
    .ofType("AWS::EC2::SubnetRouteTableAssociation")
    .find(({ properties }) => properties["SubnetId"] === subnet);
  return association === undefined ? undefined : text(association.properties, "RouteTableId");
}

function defaultRoute(stack: Stack, subnet: string): Resource | undefined {
  const table = routeTable(stack, subnet);
  return stack
    .ofType("AWS::EC2::Route")
    .find(
      ({ properties }) => properties["RouteTableId"] === table && properties["DestinationCidrBlock"] === "0.0.0.0/0",
    );
}

export function vpcOf(stack: Stack, subnet: string): string {
  return text(stack.resources.get(subnet)?.properties, "VpcId");
}

/** Whether a subnet's default route goes to an internet gateway that is attached to its VPC. */
export function isPublic(stack: Stack, subnet: string): boolean {
  const gateway = defaultRoute(stack, subnet)?.properties["GatewayId"];
  return stack
    .ofType("AWS::EC2::VPCGatewayAttachment")
    .some(
      ({ properties: p }) =>
        gateway !== undefined && p["InternetGatewayId"] === gateway && p["VpcId"] === vpcOf(stack, subnet),
    );
}

/** Why a subnet's interfaces, which have no public address, do not reach the internet; undefined where they do. */
function noInternet(stack: Stack, subnet: string): string | undefined {
  const route = defaultRoute(stack, subnet);
  const nat = stack.resources.get(text(route?.properties, "NatGatewayId"));
  if (nat?.type !== "AWS::EC2::NatGateway") return `${subnet} has no default route to a NAT gateway`;
  if (text(nat.properties, "AllocationId") === "") return `${nat.id} has no public address`;
  const home = text(nat.properties, "SubnetId");
  return isPublic(stack, home)
    ? undefined
    : `${nat.id} stands in ${home}, which has no route to an attached internet gateway`;
}

interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Whether an ingress or egress rule covers these TCP ports. */
function covers(rule: unknown, { from, to }: PortRange): boolean {
  const protocol = text(rule, "IpProtocol");
  if (protocol === "-1") return true;
  return ["tcp", "6"].includes(protocol) && Number(get(rule, "FromPort")) <= from && Number(get(rule, "ToPort")) >= to;
}

function rulesOf(stack: Stack, group: string, direction: "Ingress" | "Egress"): unknown[] {
  const own = items(stack.resources.get(group)?.properties[`SecurityGroup${direction}`]);
  const apart = stack
    .ofType(`AWS::EC2::SecurityGroup${direction}`)
    .filter(({ properties }) => properties["GroupId"] === group);
  return [...own, ...apart.map(({ properties }) => properties)];
}

/** Who a security group lets in, as group ids and address ranges; for a test that nobody else is. */
export function sourcesOf(stack: Stack, group: string): string[] {
  return rulesOf(stack, group, "Ingress").map(
    (rule) => text(rule, "SourceSecurityGroupId") || text(rule, "CidrIp") || JSON.stringify(rule),
  );
}

export function admits(stack: Stack, group: string, source: string, ports: PortRange): boolean {
  return rulesOf(stack, group, "Ingress").some(
    (rule) => text(rule, "SourceSecurityGroupId") === source && covers(rule, ports),
  );
}

/** Whether a group lets packets out to another group, or to any address where none is given. Without egress rules AWS lets all out. */
function letsOut(stack: Stack, group: string, port: number, target?: string): boolean {
  const rules = rulesOf(stack, group, "Egress");
  return (
    rules.length === 0 ||
    rules.some(
      (rule) =>
        covers(rule, { from: port, to: port }) &&
        (text(rule, "CidrIp") === "0.0.0.0/0" ||
          (target !== undefined && text(rule, "DestinationSecurityGroupId") === target)),
    )
  );
}

/** Why an interface does not reach a group's members on a TCP port; undefined where it does. */
export function noWayTo(stack: Stack, from: Interface, targets: readonly string[], port: number): string | undefined {
  if (!from.groups.some((own) => targets.some((target) => letsOut(stack, own, port, target)))) {
    return `${from.groups.join()} lets nothing out to port ${port}`;
  }
  const admitted = from.groups.some((own) =>
    targets.some((target) => admits(stack, target, own, { from: port, to: port })),
  );
  return admitted ? undefined : `${targets.join()} does not admit ${from.groups.join()} on port ${port}`;
}

function endpoints(stack: Stack, vpc: string, region: string, service: string, kind: string): Resource[] {
  return stack
    .ofType("AWS::EC2::VPCEndpoint")
    .filter(
      ({ properties: p }) =>
        p["VpcId"] === vpc &&
        p["ServiceName"] === `com.amazonaws.${region}.${service}` &&
        (p["VpcEndpointType"] ?? "Gateway") === kind,
    );
}

/** Why S3 is not reached through a gateway endpoint on the subnet's own route table; undefined where it is. */
export function noGateway(stack: Stack, from: Interface, region: string): string | undefined {
  const table = routeTable(stack, from.subnet);
  const found = endpoints(stack, vpcOf(stack, from.subnet), region, "s3", "Gateway");
  if (found.length === 0) return `there is no gateway endpoint for s3 in the VPC of ${from.subnet}`;
  if (!found.some(({ properties }) => table !== undefined && texts(properties["RouteTableIds"]).includes(table))) {
    return `the gateway endpoint for s3 is not on the route table of ${from.subnet}`;
  }
  return from.groups.some((group) => letsOut(stack, group, 443))
    ? undefined
    : `${from.groups.join()} lets nothing out to port 443`;
}

/** Why an AWS service is not reached, by an interface endpoint or else by NAT; undefined where it is. */
export function noService(stack: Stack, from: Interface, region: string, service: string): string | undefined {
  const found = endpoints(stack, vpcOf(stack, from.subnet), region, service, "Interface");
  if (found.length === 0) {
    const why = noInternet(stack, from.subnet);
    if (why !== undefined) return `${service} has no interface endpoint, and ${why}`;
    return from.groups.some((group) => letsOut(stack, group, 443))
      ? undefined
      : `${from.groups.join()} lets nothing out to port 443`;
  }
  // An endpoint with private names takes the service's name over for the whole VPC: then NAT is no way round it.
  const whys = found.map(({ id, properties: p }) => {
    if (!isTrue(p["PrivateDnsEnabled"])) return `${id} has no private DNS name, so ${service} is looked for elsewhere`;
    const homes = texts(p["SubnetIds"]);
    if (homes.length === 0 || homes.some((home) => vpcOf(stack, home) !== p["VpcId"]))
      return `${id} stands in no subnet of the VPC`;
    return noWayTo(stack, from, texts(p["SecurityGroupIds"]), 443);
  });
  return whys.includes(undefined) ? undefined : whys[0];
}

/** An IPv4 range as its first and last address. */
export function range(cidr: string): { first: number; last: number } {
  const [address = "", bits = ""] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

/** Names of properties that stand anywhere in a value, for "nothing has this". */
export function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

/** A check of every connection, with the interfaces that jobs get by it; its findings are the reasons that it gives. */
export const everyConnection =
  (check: (stack: Stack, from: Interface, connection: Resource) => string | undefined) =>
  (stack: Stack): string[] =>
    connections(stack).flatMap((connection) => check(stack, interfaceOf(connection), connection) ?? []);
