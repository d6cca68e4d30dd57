// What a lake still has, service by service: for tests in which nothing may be left.
import { execFileSync } from "node:child_process";
import { AthenaClient, ListNamedQueriesCommand, ListWorkGroupsCommand } from "@aws-sdk/client-athena";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  GetConnectionsCommand,
  GetCrawlersCommand,
  GetDatabasesCommand,
  GetJobsCommand,
  GetTablesCommand,
  GetTriggersCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSubnetGroupsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { TestLake } from "../harness.ts";

/** Names and ids by kind; kinds that have none are left out, and so is what AWS itself always has. */
export async function left({ config, pid }: TestLake): Promise<Record<string, unknown[]>> {
  const glue = new GlueClient(config);
  const rds = new RDSClient(config);
  const athena = new AthenaClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const databases = (await glue.send(new GetDatabasesCommand({}))).DatabaseList ?? [];
  const tables = await Promise.all(
    databases.map(async ({ Name }) => (await glue.send(new GetTablesCommand({ DatabaseName: Name }))).TableList ?? []),
  );
  const { SecretList = [] } = await new SecretsManagerClient(config).send(
    new ListSecretsCommand({ IncludePlannedDeletion: true }),
  );
  const found: Record<string, unknown[]> = {
    buckets: ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name),
    instances: ((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances ?? []).map(
      (db) => db.DBInstanceIdentifier,
    ),
    subnetGroups: ((await rds.send(new DescribeDBSubnetGroupsCommand({}))).DBSubnetGroups ?? []).map(
      (group) => group.DBSubnetGroupName,
    ),
    parameterGroups: ((await rds.send(new DescribeDBParameterGroupsCommand({}))).DBParameterGroups ?? [])
      .map((group) => group.DBParameterGroupName)
      .filter((name) => name?.startsWith("default.") !== true),
    secrets: SecretList.map(({ Name }) => Name),
    databases: databases.map(({ Name }) => Name).filter((name) => name !== "default"),
    tables: tables.flat().map(({ Name }) => Name),
    connections: ((await glue.send(new GetConnectionsCommand({}))).ConnectionList ?? []).map(({ Name }) => Name),
    jobs: ((await glue.send(new GetJobsCommand({}))).Jobs ?? []).map(({ Name }) => Name),
    triggers: ((await glue.send(new GetTriggersCommand({}))).Triggers ?? []).map(({ Name }) => Name),
    crawlers: ((await glue.send(new GetCrawlersCommand({}))).Crawlers ?? []).map(({ Name }) => Name),
    workGroups: ((await athena.send(new ListWorkGroupsCommand({}))).WorkGroups ?? [])
      .map(({ Name }) => Name)
      .filter((name) => name !== "primary"),
    queries: (await athena.send(new ListNamedQueriesCommand({ WorkGroup: "primary" }))).NamedQueryIds ?? [],
    groups: ((await new CloudWatchLogsClient(config).send(new DescribeLogGroupsCommand({}))).logGroups ?? []).map(
      (group) => group.logGroupName,
    ),
    roles: ((await new IAMClient(config).send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName }) => RoleName),
    servers: postgresServers(pid),
  };
  return Object.fromEntries(Object.entries(found).filter(([, items]) => items.length > 0));
}

/** Process ids of PostgreSQL below a process. */
export function postgresServers(parent: number): number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n");
  const processes = lines.map((line) => {
    const [pid, ppid, ...comm] = line.trim().split(/\s+/);
    return { pid: Number(pid), ppid: Number(ppid), comm: comm.join(" ") };
  });
  const below = new Set([parent]);
  for (let grown = true; grown; ) {
    const found = processes.filter(({ pid, ppid }) => below.has(ppid) && !below.has(pid));
    for (const { pid } of found) below.add(pid);
    grown = found.length > 0;
  }
  return processes.filter(({ pid, comm }) => below.has(pid) && /^(postgres|initdb)/.test(comm)).map(({ pid }) => pid);
}

/** One resource of every kind that a data lake has, but no database server; `role` by logical id. */
export const EVERY_KIND = `
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: glue.amazonaws.com}, Action: "sts:AssumeRole"}]}}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 20}}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
  Catalog: {Type: AWS::Glue::Database, Properties: {CatalogId: !Ref AWS::AccountId, DatabaseInput: {Name: neighbour}}}
  Table: {Type: AWS::Glue::Table, Properties: {CatalogId: !Ref AWS::AccountId, DatabaseName: !Ref Catalog, TableInput: {Name: orders, StorageDescriptor: {Location: !Sub "s3://\${Bucket}/o/", Columns: [{Name: id, Type: bigint}]}}}}
  Job: {Type: AWS::Glue::Job, Properties: {Role: !GetAtt Role.Arn, GlueVersion: "5.1", WorkerType: G.1X, NumberOfWorkers: 2, Command: {Name: glueetl, PythonVersion: "3", ScriptLocation: !Sub "s3://\${Bucket}/j.py"}}}
  Trigger: {Type: AWS::Glue::Trigger, Properties: {Type: ON_DEMAND, Actions: [{JobName: !Ref Job}]}}
  Crawler: {Type: AWS::Glue::Crawler, Properties: {Role: !GetAtt Role.Arn, DatabaseName: !Ref Catalog, Targets: {S3Targets: [{Path: !Sub "s3://\${Bucket}/o/"}]}}}
  WorkGroup: {Type: AWS::Athena::WorkGroup, Properties: {Name: neighbour, RecursiveDeleteOption: true}}
  Query: {Type: AWS::Athena::NamedQuery, Properties: {Name: q, Database: !Ref Catalog, WorkGroup: !Ref WorkGroup, QueryString: SELECT 1}}
`;
export const EVERY_ID = [
  "Role",
  "Bucket",
  "Secret",
  "Group",
  "Catalog",
  "Table",
  "Job",
  "Trigger",
  "Crawler",
  "WorkGroup",
  "Query",
];
