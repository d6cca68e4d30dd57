// How the tests of RDS get at a database: with the `pg` client over TLS, the password from Secrets Manager.
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  type DBInstance,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import pg from "pg";
import { type TestLake, waitFor } from "../harness.ts";

export interface Secret {
  username: string;
  password: string;
}

/** A lake with its clients; `pg` clients that are open when a test ends are closed. */
export class Rds {
  readonly rds: RDSClient;
  readonly secrets: SecretsManagerClient;
  private readonly open: pg.Client[] = [];

  constructor(readonly lake: TestLake) {
    this.rds = new RDSClient(lake.config);
    this.secrets = new SecretsManagerClient(lake.config);
  }

  create(id: string, more: Partial<CreateDBInstanceCommandInput> = {}) {
    const usual = {
      Engine: "postgres",
      DBInstanceClass: "db.t3.micro",
      AllocatedStorage: 20,
      MasterUsername: "lake_owner",
      DBName: "lake",
      ...(more.MasterUserPassword === undefined ? { ManageMasterUserPassword: true } : {}),
    };
    return this.rds.send(new CreateDBInstanceCommand({ DBInstanceIdentifier: id, ...usual, ...more }));
  }

  async describe(id: string): Promise<DBInstance> {
    const { DBInstances } = await this.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return DBInstances?.[0] ?? {};
  }

  /** Polls until the instance shows `status`. */
  async until(id: string, status: string): Promise<DBInstance> {
    let instance: DBInstance = {};
    await waitFor(async () => {
      instance = await this.describe(id);
      return instance.DBInstanceStatus === status;
    }, 60_000);
    return instance;
  }

  async secret(instance: DBInstance, stage?: string): Promise<Secret> {
    const SecretId = instance.MasterUserSecret?.SecretArn ?? "";
    const input = { SecretId, ...(stage === undefined ? {} : { VersionStage: stage }) };
    const { SecretString } = await this.secrets.send(new GetSecretValueCommand(input));
    return JSON.parse(SecretString ?? "{}") as Secret;
  }

  async connect(instance: DBInstance, more: pg.ClientConfig = {}): Promise<pg.Client> {
    const secret = more.password === undefined ? await this.secret(instance) : { username: "", password: "" };
    const client = new pg.Client({
      host: instance.Endpoint?.Address,
      port: instance.Endpoint?.Port,
      user: secret.username,
      password: secret.password,
      database: "lake",
      ssl: { rejectUnauthorized: false },
      connectionTimeoutMillis: 10_000,
      ...more,
    });
    client.on("error", () => undefined);
    await client.connect();
    this.open.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.open) await client.end().catch(() => undefined);
  }
}
