// AWS::RDS::DBInstance and its neighbours in a stack: complete when the database takes a login; on failure nothing is left.
import { deepEqual, equal, match } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import {
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSubnetGroupsCommand,
} from "@aws-sdk/client-rds";
import { ListSecretsCommand } from "@aws-sdk/client-secrets-manager";
import { readElsewhere } from "../../../src/base/elsewhere.ts";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { Stacks } from "../stacks.ts";
import { Rds } from "./connect.ts";

const DATABASE = {
  Engine: "postgres",
  EngineVersion: "18.4",
  DBInstanceClass: "db.t3.micro",
  DBName: "lake",
  AllocatedStorage: "20",
  StorageType: "gp3",
  MasterUsername: "lake_owner",
  ManageMasterUserPassword: true,
};

describe("RDS in a stack", () => {
  let lake: TestLake;
  let rds: Rds;
  let stacks: Stacks;

  before(async () => {
    lake = await startTestLake();
    rds = new Rds(lake);
    stacks = new Stacks(lake);
  });
  after(async () => {
    await rds.close();
    await lake.stop();
  });

  const database = (more: object = {}, rest: object = {}) => ({
    Type: "AWS::RDS::DBInstance",
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: { ...DATABASE, ...more },
    ...rest,
  });
  const nothingLeft = async () => {
    deepEqual((await rds.rds.send(new DescribeDBInstancesCommand({}))).DBInstances, []);
    deepEqual((await rds.rds.send(new DescribeDBSubnetGroupsCommand({}))).DBSubnetGroups, []);
    const { DBParameterGroups } = await rds.rds.send(new DescribeDBParameterGroupsCommand({}));
    deepEqual(
      DBParameterGroups?.map((group) => group.DBParameterGroupName),
      ["default.postgres18"],
    );
    deepEqual((await rds.secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true }))).SecretList, []);
    deepEqual(readElsewhere(lake.folder).filter(existsSync), []);
  };

  it("is complete when the secret's password opens the database; groups are recorded; deleted, nothing is left", async () => {
    await stacks.create(
      "whole",
      {
        Subnets: {
          Type: "AWS::RDS::DBSubnetGroup",
          Properties: { DBSubnetGroupDescription: "d", SubnetIds: ["subnet-1", "subnet-2"] },
        },
        Parameters: {
          Type: "AWS::RDS::DBParameterGroup",
          Properties: { Description: "d", Family: "postgres18", Parameters: { "rds.force_ssl": "1" } },
        },
        Database: database({ DBSubnetGroupName: { Ref: "Subnets" }, DBParameterGroupName: { Ref: "Parameters" } }),
      },
      {
        Address: { Value: { "Fn::GetAtt": ["Database", "Endpoint.Address"] } },
        Port: { Value: { "Fn::GetAtt": ["Database", "Endpoint.Port"] } },
        Secret: { Value: { "Fn::GetAtt": ["Database", "MasterUserSecret.SecretArn"] } },
        Arn: { Value: { "Fn::GetAtt": ["Database", "DBInstanceArn"] } },
      },
    );
    await stacks.until("whole", "CREATE_COMPLETE");
    const outputs = await stacks.outputs("whole");
    const id = (await stacks.resource("whole", "Database")).PhysicalResourceId ?? "";
    match(id, /^[a-z][a-z0-9-]{1,62}$/);
    const instance = await rds.describe(id);
    deepEqual(outputs, {
      Address: "127.0.0.1",
      Port: String(instance.Endpoint?.Port),
      Secret: instance.MasterUserSecret?.SecretArn,
      Arn: instance.DBInstanceArn,
    });
    deepEqual(instance.TagList, [{ Key: "team", Value: "t" }]);
    equal(instance.DBSubnetGroup?.Subnets?.length, 2);
    await rds.connect(instance);
    await stacks.remove("whole");
    await nothingLeft();
  });

  it("is changed in place", async () => {
    await stacks.create("changed", { Database: database() });
    await stacks.until("changed", "CREATE_COMPLETE");
    const more = { AllocatedStorage: 40, BackupRetentionPeriod: 7, Tags: [{ Key: "a", Value: "1" }] };
    await stacks.update("changed", { Database: database(more) });
    await stacks.until("changed", "UPDATE_COMPLETE");
    const { DBInstances } = await rds.rds.send(new DescribeDBInstancesCommand({}));
    const instance = DBInstances?.[0];
    deepEqual([instance?.AllocatedStorage, instance?.BackupRetentionPeriod], [40, 7]);
    deepEqual(instance?.TagList, [{ Key: "a", Value: "1" }]);
    await rds.connect(instance ?? {});
    await stacks.remove("changed");
    await nothingLeft();
  });

  const failure = async (name: string, resources: object, act: () => Promise<void> = async () => undefined) => {
    await stacks.create(name, { Database: database(), ...resources });
    await act();
    const reasons = await stacks.until(name, "ROLLBACK_COMPLETE");
    await nothingLeft();
    return reasons;
  };

  it("rolls back with the reason where the port is taken", async () => {
    const squatter: Server = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, "127.0.0.1", resolve));
    const { port } = squatter.address() as { port: number };
    try {
      const reason = await failure("port", { Database: database({ Port: String(port) }) });
      match(reason, new RegExp(`Database: .*The port ${port} of 127.0.0.1 is taken by another program`));
    } finally {
      squatter.close();
    }
  });

  it("rolls back with RDS's own words where a property is wrong", async () => {
    match(
      await failure("name", { Database: database({ MasterUsername: "select" }) }),
      /MasterUsername select cannot be used as it is a reserved word/,
    );
    match(
      await failure("storage", { Database: database({ AllocatedStorage: "5" }) }),
      /Invalid storage size .* gp3: 5/,
    );
    match(
      await failure("version", { Database: database({ EngineVersion: "17.2" }) }),
      /Cannot find version 17.2 for postgres/,
    );
    match(
      await failure("group", { Database: database({ DBSubnetGroupName: "none" }) }),
      /DB subnet group 'none' does not exist/,
    );
  });

  it("rolls back with the reason where PostgreSQL is killed while it starts", async () => {
    for (const program of ["initdb", "postgres"]) {
      const reason = await failure(`killed-${program}`, {}, () => killFirst(program));
      match(reason, /Database: .*(initdb ended with code 137|PostgreSQL was killed \(signal 9\) while)/);
    }
  });

  it("takes its neighbours back with it", async () => {
    const Bad = {
      Type: "AWS::SecretsManager::Secret",
      DependsOn: "Database",
      Properties: { GenerateSecretString: { PasswordLength: 2 } },
    };
    match(await failure("neighbour", { Bad }), /Bad: A password of 2 characters can't hold/);
  });

  const killFirst = async (program: string) => {
    const folder = join(lake.folder, "run");
    const find = () =>
      (existsSync(folder) ? readdirSync(folder) : [])
        .map((name) => {
          try {
            return JSON.parse(readFileSync(join(folder, name), "utf8")) as { pid: number; command: string };
          } catch {
            return { pid: 0, command: "" };
          }
        })
        .find(({ command }) => command.endsWith(`/${program}`));
    await waitFor(() => find() !== undefined, 20_000, 1);
    process.kill(find()?.pid ?? 0, "SIGKILL");
  };
});
