// Addresses in the AWS console of a stack and what it is made of. Only AWS has one: other connections have none.
import type { Connection } from "../aws/connection.ts";
import type { StackResource } from "./stack.ts";

/** A region's console by its partition. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
function host(region: string): string {
  if (region.startsWith("cn-")) return `https://${region}.console.amazonaws.cn`;
  if (region.startsWith("us-gov-")) return "https://console.amazonaws-us-gov.com";
  return `https://${region}.console.aws.amazon.com`;
}

/** The stack's page, or undefined where the connection is not AWS. */
export function stackPage(connection: Connection, stackId: string): string | undefined {
  if (connection.kind !== "aws") return undefined;
  const { region } = connection;
  return `${host(region)}/cloudformation/home?region=${region}#/stacks/stackinfo?stackId=${encodeURIComponent(stackId)}`;
}

type Page = (id: string, region: string) => string;

const PAGES: Readonly<Record<string, Page>> = {
  "AWS::S3::Bucket": (id, region) => `s3/buckets/${id}?region=${region}`,
  "AWS::Glue::Job": (id, region) => `gluestudio/home?region=${region}#/editor/job/${id}/runs`,
  "AWS::Glue::Crawler": (id, region) => `glue/home?region=${region}#/v2/data-catalog/crawlers/view/${id}`,
  "AWS::Glue::Trigger": (id, region) => `glue/home?region=${region}#/v2/etl-configuration/triggers/view/${id}`,
  "AWS::Glue::Database": (id, region) => `glue/home?region=${region}#/v2/data-catalog/databases/view/${id}`,
  "AWS::Athena::WorkGroup": (id, region) => `athena/home?region=${region}#/workgroups/details/${id}`,
  "AWS::RDS::DBInstance": (id, region) => `rds/home?region=${region}#database:id=${id};is-cluster=false`,
  "AWS::SecretsManager::Secret": (id, region) => `secretsmanager/secret?name=${id}&region=${region}`,
  "AWS::IAM::Role": (id, region) => `iam/home?region=${region}#/roles/details/${id}`,
  "AWS::Logs::LogGroup": (id, region) =>
    // The console escapes twice, with $ for %.
    `cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${encodeURIComponent(id).replaceAll("%", "$25")}`,
  "AWS::EC2::VPC": (id, region) => `vpcconsole/home?region=${region}#VpcDetails:VpcId=${id}`,
  "AWS::EC2::Subnet": (id, region) => `vpcconsole/home?region=${region}#SubnetDetails:subnetId=${id}`,
  "AWS::EC2::SecurityGroup": (id, region) => `ec2/home?region=${region}#SecurityGroup:groupId=${id}`,
};

/** The resource's own page; undefined where the connection is not AWS, or the type's page is not known. */
export function resourcePage(
  connection: Connection,
  { type, physicalId }: Pick<StackResource, "type" | "physicalId">,
): string | undefined {
  const page = PAGES[type];
  if (connection.kind !== "aws" || page === undefined || physicalId === undefined || physicalId === "")
    return undefined;
  const id = type === "AWS::Logs::LogGroup" ? physicalId : encodeURIComponent(physicalId);
  return `${host(connection.region)}/${page(id, connection.region)}`;
}
