// Whether a stack's resource really is there, asked of its own service: CREATE_COMPLETE alone proves nothing on other endpoints than AWS's.
import { ifFound } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import type { StackResource } from "../stacks/stack.ts";

type Look = (session: AwsSession, id: string) => Promise<unknown>;

const glue =
  (
    make: (
      sdk: typeof import("@aws-sdk/client-glue"),
      client: import("@aws-sdk/client-glue").GlueClient,
    ) => Promise<unknown>,
  ) =>
  async (session: AwsSession) =>
    make(await import("@aws-sdk/client-glue"), await session.glue());

const LOOKS: Readonly<Record<string, Look>> = {
  "AWS::S3::Bucket": async (session, Bucket) =>
    (await session.s3()).send(new (await import("@aws-sdk/client-s3")).HeadBucketCommand({ Bucket })),
  "AWS::RDS::DBInstance": async (session, DBInstanceIdentifier) =>
    (await session.rds()).send(
      new (await import("@aws-sdk/client-rds")).DescribeDBInstancesCommand({ DBInstanceIdentifier }),
    ),
  "AWS::SecretsManager::Secret": async (session, SecretId) =>
    (await session.secrets()).send(
      new (await import("@aws-sdk/client-secrets-manager")).DescribeSecretCommand({ SecretId }),
    ),
  "AWS::Glue::Database": (session, Name) =>
    glue((sdk, client) => client.send(new sdk.GetDatabaseCommand({ Name })))(session),
  "AWS::Glue::Connection": (session, Name) =>
    glue((sdk, client) => client.send(new sdk.GetConnectionCommand({ Name, HidePassword: true })))(session),
  "AWS::Glue::Job": (session, JobName) =>
    glue((sdk, client) => client.send(new sdk.GetJobCommand({ JobName })))(session),
  "AWS::Glue::Trigger": (session, Name) =>
    glue((sdk, client) => client.send(new sdk.GetTriggerCommand({ Name })))(session),
  "AWS::Glue::Crawler": (session, Name) =>
    glue((sdk, client) => client.send(new sdk.GetCrawlerCommand({ Name })))(session),
  "AWS::Athena::WorkGroup": async (session, WorkGroup) =>
    (await session.athena()).send(new (await import("@aws-sdk/client-athena")).GetWorkGroupCommand({ WorkGroup })),
  "AWS::Athena::NamedQuery": async (session, NamedQueryId) =>
    (await session.athena()).send(new (await import("@aws-sdk/client-athena")).GetNamedQueryCommand({ NamedQueryId })),
  "AWS::IAM::Role": async (session, RoleName) =>
    (await session.iam()).send(new (await import("@aws-sdk/client-iam")).GetRoleCommand({ RoleName })),
  "AWS::Logs::LogGroup": async (session, logGroupNamePrefix) => {
    const { DescribeLogGroupsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
    const { logGroups = [] } = await (await session.logs()).send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
    return logGroups.find((group) => group.logGroupName === logGroupNamePrefix);
  },
};

/** True or false where the service was asked; undefined where no look is known for the type. */
export async function isPresent(
  session: AwsSession,
  resource: Pick<StackResource, "type" | "physicalId">,
): Promise<boolean | undefined> {
  const look = LOOKS[resource.type];
  const id = resource.physicalId;
  if (look === undefined || id === undefined || id === "") return undefined;
  const found = await ifFound(`${resource.type} ${id}`, () => look(session, id));
  return found !== undefined;
}
