// The source database asked directly: only where it can be reached from here, as on a local lake.
import { Client } from "pg";
import { calling } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import type { Stack } from "../stacks/stack.ts";

/** A column as PostgreSQL describes it, in the words of Athena's types. */
export interface SourceColumn {
  readonly name: string;
  readonly type: string;
  readonly precision: number | undefined;
  readonly scale: number | undefined;
}

export interface SourceAnswer {
  readonly columns: readonly SourceColumn[];
  /** Values as PostgreSQL prints them. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** PostgreSQL's type oids that the proof knows, as Athena names them. */
const TYPES: Readonly<Record<number, string>> = {
  16: "boolean",
  20: "bigint",
  23: "integer",
  25: "varchar",
  701: "double",
  1043: "varchar",
  1082: "date",
  1700: "decimal",
};

export class SourceDatabase {
  private constructor(private readonly client: Client) {}

  /** Connects over TLS with the password that the stack's secret holds now. */
  static async connect(session: AwsSession, stack: Stack): Promise<SourceDatabase> {
    const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
    const secrets = await session.secrets();
    const arn = stack.outputs["DatabaseSecretArn"];
    const { SecretString = "{}" } = await calling("the database's secret", () =>
      secrets.send(new GetSecretValueCommand({ SecretId: arn })),
    );
    const secret = JSON.parse(SecretString) as { username: string; password: string };
    const host = stack.outputs["DatabaseEndpoint"] ?? "";
    const port = Number(stack.outputs["DatabasePort"]);
    const client = new Client({
      host,
      port,
      database: "lake",
      user: secret.username,
      password: secret.password,
      // The local lake's certificate is its own; the connection never leaves loopback.
      ssl: { rejectUnauthorized: false },
      types: { getTypeParser: () => (text: string) => text },
    });
    try {
      await client.connect();
    } catch (error) {
      throw new BoathouseError(
        "network",
        `The database at ${host}:${port} does not answer: ${error instanceof Error ? error.message : ""}`,
        {
          resource: `database of stack ${stack.name}`,
          next: "On AWS the database is private: the proof runs on a local lake only.",
          cause: error,
        },
      );
    }
    return new SourceDatabase(client);
  }

  async ask(sql: string): Promise<SourceAnswer> {
    const answer = await this.client.query<(string | null)[]>({ text: sql, rowMode: "array" });
    return {
      columns: answer.fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
        name,
        type: TYPES[dataTypeID] ?? `oid ${dataTypeID}`,
        // numeric's modifier: (precision << 16 | scale) + 4
        ...(dataTypeID === 1700 && dataTypeModifier > 4
          ? { precision: (dataTypeModifier - 4) >> 16, scale: (dataTypeModifier - 4) & 0xffff }
          : { precision: undefined, scale: undefined }),
      })),
      rows: answer.rows,
    };
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
