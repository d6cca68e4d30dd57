// Ids and attributes of recorded resources: they look as AWS's do, and are the same each time they are asked for.
import { createHash } from "node:crypto";
import type { Properties, ResourceContext } from "../../../resource.ts";
import type { ResourceSpec } from "./spec.ts";

/** Where a recorded resource would be. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

interface Drawing {
  readonly properties: Properties;
  readonly context: Pick<ResourceContext, "stackId" | "logicalId" | "generatedName">;
  readonly place: Place;
  readonly spec: ResourceSpec;
}

/** The prefix of ids such as vpc-0a1b2c3d4e5f60718, by type. */
const PREFIXES: Readonly<Record<string, string>> = {
  "AWS::EC2::CustomerGateway": "cgw",
  "AWS::EC2::DHCPOptions": "dopt",
  "AWS::EC2::EgressOnlyInternetGateway": "eigw",
  "AWS::EC2::FlowLog": "fl",
  "AWS::EC2::Instance": "i",
  "AWS::EC2::InternetGateway": "igw",
  "AWS::EC2::LaunchTemplate": "lt",
  "AWS::EC2::NatGateway": "nat",
  "AWS::EC2::NetworkAcl": "acl",
  "AWS::EC2::NetworkInterface": "eni",
  "AWS::EC2::PrefixList": "pl",
  "AWS::EC2::RouteTable": "rtb",
  "AWS::EC2::SecurityGroup": "sg",
  "AWS::EC2::SecurityGroupEgress": "sgr",
  "AWS::EC2::SecurityGroupIngress": "sgr",
  "AWS::EC2::Subnet": "subnet",
  "AWS::EC2::SubnetNetworkAclAssociation": "aclassoc",
  "AWS::EC2::SubnetRouteTableAssociation": "rtbassoc",
  "AWS::EC2::TransitGateway": "tgw",
  "AWS::EC2::TransitGatewayAttachment": "tgw-attach",
  "AWS::EC2::Volume": "vol",
  "AWS::EC2::VPC": "vpc",
  "AWS::EC2::VPCCidrBlock": "vpc-cidr-assoc",
  "AWS::EC2::VPCEndpoint": "vpce",
  "AWS::EC2::VPCPeeringConnection": "pcx",
  "AWS::EC2::VPNConnection": "vpn",
  "AWS::EC2::VPNGateway": "vgw",
};

/** The same for attributes that are ids of something beside the resource. */
const ATTRIBUTE_PREFIXES: Readonly<Record<string, string>> = {
  AllocationId: "eipalloc",
  CidrBlockAssociations: "vpc-cidr-assoc",
  DefaultNetworkAcl: "acl",
  DefaultSecurityGroup: "sg",
  EniId: "eni",
  NetworkAclAssociationId: "aclassoc",
  NetworkInterfaceIds: "eni",
  PrimaryNetworkInterfaceId: "eni",
};

/** IAM's unique ids, by type. */
const UNIQUE_IDS: Readonly<Record<string, string>> = {
  "AWS::IAM::Group": "AGPA",
  "AWS::IAM::ManagedPolicy": "ANPA",
  "AWS::IAM::Role": "AROA",
  "AWS::IAM::User": "AIDA",
};

/** Longest generated names where they are shorter than CloudFormation's usual 255. */
const NAME_LIMITS: Readonly<Record<string, number>> = {
  "AWS::DynamoDB::Table": 255,
  "AWS::IAM::Role": 64,
  "AWS::Lambda::Function": 64,
  "AWS::RDS::DBInstance": 63,
  "AWS::S3::Bucket": 63,
  "AWS::SQS::Queue": 80,
};
const LOWER_CASE = /^AWS::(RDS|S3|Neptune|DocDB)::/;

function digits({ context }: Drawing, salt: string, length: number, alphabet = "0123456789abcdef"): string {
  const bytes = createHash("sha256")
    .update(`${context.stackId}/${context.generatedName(255)}/${context.logicalId}/${salt}`)
    .digest();
  return Array.from({ length }, (_, index) => alphabet[(bytes[index % bytes.length] as number) % alphabet.length]).join(
    "",
  );
}

function hexId(drawing: Drawing, prefix: string, salt: string): string {
  return `${prefix}-0${digits(drawing, salt, 16)}`;
}

function uuid(drawing: Drawing, salt: string): string {
  const hex = digits(drawing, salt, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}

/** What `Ref` gives of a recorded resource. */
export function drawPhysicalId(drawing: Drawing): string {
  const { spec, properties, context } = drawing;
  const { type } = spec;
  const prefix = PREFIXES[type];
  if (prefix !== undefined) return hexId(drawing, prefix, "id");
  const special = SPECIAL_IDS[type]?.(drawing);
  if (special !== undefined) return special;
  if (spec.identifier.length > 1) {
    return spec.identifier.map((name) => textOf(properties[name]) ?? generated(drawing)).join("|");
  }
  const identifier = spec.identifier[0] ?? "Id";
  const given = textOf(properties[identifier]);
  if (given !== undefined) return given;
  if (identifier.endsWith("Arn") && spec.arn !== undefined) return fillArn(drawing, nameOf(drawing));
  return context.generatedName(NAME_LIMITS[type] ?? 255, { lowerCase: LOWER_CASE.test(type) });
}

const SPECIAL_IDS: Readonly<Record<string, (drawing: Drawing) => string | undefined>> = {
  "AWS::EC2::EIP": (drawing) => `203.0.113.${1 + (Number.parseInt(digits(drawing, "ip", 2), 16) % 254)}`,
  "AWS::EC2::Route": ({ properties }) =>
    `${textOf(properties["RouteTableId"])}|${textOf(properties["DestinationCidrBlock"] ?? properties["DestinationIpv6CidrBlock"] ?? properties["DestinationPrefixListId"])}`,
  "AWS::EC2::VPCGatewayAttachment": ({ properties }) =>
    `${properties["InternetGatewayId"] === undefined ? "VGW" : "IGW"}|${textOf(properties["VpcId"])}`,
  "AWS::KMS::Key": (drawing) => uuid(drawing, "id"),
  "AWS::SQS::Queue": (drawing) =>
    `https://sqs.${drawing.place.region}.amazonaws.com/${drawing.place.accountId}/${nameOf(drawing)}`,
};

function generated({ context, spec }: Drawing): string {
  return context.generatedName(NAME_LIMITS[spec.type] ?? 255);
}

/** The name in its properties, else a generated one. */
function nameOf(drawing: Drawing): string {
  const short = drawing.spec.type.split("::").at(-1) ?? "";
  for (const candidate of [`${short}Name`, "Name"]) {
    const value = textOf(drawing.properties[candidate]);
    if (value !== undefined) return value;
  }
  return generated(drawing);
}

function fillArn(drawing: Drawing, name: string): string {
  const { place, properties, spec } = drawing;
  return (spec.arn ?? "arn:${Partition}:::").replace(/\$\{(\w+)\}/g, (_whole, part: string) => {
    if (part === "Partition") return "aws";
    if (part === "Region") return place.region;
    if (part === "Account") return place.accountId;
    if (part.endsWith("WithPath")) return `${(textOf(properties["Path"]) ?? "/").slice(1)}${name}`;
    return textOf(properties[part]) ?? name;
  });
}

/** What `Fn::GetAtt` gives of a recorded resource: every attribute that AWS publishes, plausible values. */
export function drawAttributes(drawing: Drawing, physicalId: string): Record<string, unknown> {
  const { spec, properties } = drawing;
  const result: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(spec.attributes)) {
    result[name] = attribute(drawing, physicalId, name, kind, properties[name]);
  }
  return result;
}

function attribute(drawing: Drawing, physicalId: string, name: string, kind: string, given: unknown): unknown {
  const { spec, place } = drawing;
  if (given !== undefined) return given;
  if (spec.identifier.length === 1 && spec.identifier[0] === name) return physicalId;
  const last = name.split(".").at(-1) ?? name;
  const prefix = ATTRIBUTE_PREFIXES[last];
  if (prefix !== undefined) return kind === "list" ? [hexId(drawing, prefix, name)] : hexId(drawing, prefix, name);
  if (kind === "list") return [];
  if (kind === "integer" || kind === "number") return 0;
  if (kind === "boolean") return false;
  if (last === "Arn" || last === `${spec.type.split("::").at(-1)}Arn`) {
    return physicalId.startsWith("arn:") ? physicalId : fillArn(drawing, physicalId.split("/").at(-1) ?? physicalId);
  }
  const short = spec.type.split("::").at(-1) ?? "";
  if (last === "GroupId" || last === `${short}Id`) {
    const unique = UNIQUE_IDS[spec.type];
    if (unique !== undefined) return `${unique}${digits(drawing, name, 17, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`;
    return physicalId;
  }
  if (last === `${short}Name`) return nameOf(drawing);
  if (last === "AvailabilityZone") return `${place.region}a`;
  return `${short.toLowerCase()}-${last.toLowerCase()}-${digits(drawing, name, 8)}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
}
