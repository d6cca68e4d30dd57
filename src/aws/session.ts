// A connection's SDK clients, each loaded and made on first use: importing this file loads no SDK.
import type { AthenaClient } from "@aws-sdk/client-athena";
import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { GlueClient } from "@aws-sdk/client-glue";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentityProvider, Logger } from "@smithy/types";
import { type Connection, connectionName } from "./connection.ts";
import { Credentials } from "./credentials.ts";

interface ClientSettings {
  region: string;
  endpoint?: string;
  credentials: AwsCredentialIdentityProvider | { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
  retryMode: string;
  logger: Logger;
  requestHandler?: { connectionTimeout: number };
}

/** A server that can't be connected to within so long counts as unreachable; ms. */
const CONNECT = 5000;

const nothing = () => undefined;
/** What the SDK would say on its own is told by the errors that it throws. */
const SILENT: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

interface Disposable {
  destroy(): void;
}

export class AwsSession {
  readonly name: string;
  private readonly clients = new Map<string, Promise<Disposable>>();

  /** @param credentials shared by sessions that follow one another; of its own where none are given. */
  constructor(
    readonly connection: Connection,
    private readonly credentials = new Credentials(),
  ) {
    this.name = connectionName(connection);
  }

  athena(): Promise<AthenaClient> {
    return this.client(
      "athena",
      async (settings) => new (await import("@aws-sdk/client-athena")).AthenaClient(settings),
    );
  }

  cloudformation(): Promise<CloudFormationClient> {
    return this.client(
      "cloudformation",
      async (settings) => new (await import("@aws-sdk/client-cloudformation")).CloudFormationClient(settings),
    );
  }

  glue(): Promise<GlueClient> {
    return this.client("glue", async (settings) => new (await import("@aws-sdk/client-glue")).GlueClient(settings));
  }

  iam(): Promise<IAMClient> {
    return this.client("iam", async (settings) => new (await import("@aws-sdk/client-iam")).IAMClient(settings));
  }

  logs(): Promise<CloudWatchLogsClient> {
    return this.client(
      "logs",
      async (settings) => new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogsClient(settings),
    );
  }

  rds(): Promise<RDSClient> {
    return this.client("rds", async (settings) => new (await import("@aws-sdk/client-rds")).RDSClient(settings));
  }

  s3(): Promise<S3Client> {
    return this.client("s3", async (settings) => {
      const { S3Client: Client } = await import("@aws-sdk/client-s3");
      return new Client({
        ...settings,
        forcePathStyle: this.connection.kind !== "aws",
        // Other stores than AWS's need not know its newer checksums.
        ...(this.connection.kind === "endpoint"
          ? {
              requestChecksumCalculation: "WHEN_REQUIRED" as const,
              responseChecksumValidation: "WHEN_REQUIRED" as const,
            }
          : {}),
      });
    });
  }

  secrets(): Promise<SecretsManagerClient> {
    return this.client(
      "secrets",
      async (settings) => new (await import("@aws-sdk/client-secrets-manager")).SecretsManagerClient(settings),
    );
  }

  sts(): Promise<STSClient> {
    return this.client("sts", async (settings) => new (await import("@aws-sdk/client-sts")).STSClient(settings));
  }

  /** Closes the clients' sockets. */
  dispose(): void {
    for (const client of this.clients.values()) void client.then((made) => made.destroy()).catch(() => undefined);
    this.clients.clear();
  }

  private client<C extends Disposable>(name: string, make: (settings: ClientSettings) => Promise<C>): Promise<C> {
    const known = this.clients.get(name);
    // The map's values are of the type that `name` was first asked with: the methods above hold one pair each.
    if (known !== undefined) return known as Promise<C>;
    const made = this.settings().then(make);
    this.clients.set(name, made);
    made.catch(() => this.clients.delete(name));
    return made;
  }

  private async settings(): Promise<ClientSettings> {
    const { connection } = this;
    const base = { region: connection.region, maxAttempts: 4, retryMode: "standard", logger: SILENT };
    if (connection.kind === "local") {
      return { ...base, endpoint: connection.endpointUrl, credentials: connection.keys };
    }
    const away = { ...base, requestHandler: { connectionTimeout: CONNECT } };
    const chain = this.credentials.provider(connection.profile);
    if (connection.kind === "endpoint") {
      return { ...away, endpoint: connection.endpointUrl, credentials: connection.keys ?? chain };
    }
    return { ...away, credentials: chain };
  }
}
