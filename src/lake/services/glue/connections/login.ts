// Logs in through a JDBC connection as a job would: the URL's host, port, database and sslmode, the secret's user and password.
import pg from "pg";
import { messageOf } from "../../../../base/errors.ts";
import { notImplemented } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import { invalidInput } from "../faults.ts";
import type { StoredConnection } from "./store.ts";

/** A login may take this long; ms. */
const PATIENCE = 10_000;

export interface JdbcTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** libpq's words; "prefer" where the URL says nothing, as the driver does. */
  readonly sslMode: string;
}

/** jdbc:postgresql://host:port/database?sslmode=require */
export function jdbcTarget(url: string): JdbcTarget {
  const vendor = /^jdbc:([a-z0-9]+):/.exec(url)?.[1];
  if (vendor === undefined) throw invalidInput(`Invalid JDBC URL: ${url}.`);
  if (vendor !== "postgresql") throw notImplemented(`JDBC connections to ${vendor}`);
  try {
    const parts = new URL(url.slice("jdbc:".length));
    return {
      host: parts.hostname,
      port: parts.port === "" ? 5432 : Number(parts.port),
      database: decodeURIComponent(parts.pathname.slice(1)),
      sslMode:
        parts.searchParams.get("sslmode") ?? (parts.searchParams.get("ssl") === "true" ? "verify-full" : "prefer"),
    };
  } catch {
    throw invalidInput(`Invalid JDBC URL: ${url}.`);
  }
}

/** Resolves once the database has accepted a login; throws InvalidInputException with its reason. */
export async function login(lake: Lake, { Name, ConnectionProperties = {} }: StoredConnection): Promise<void> {
  const target = jdbcTarget(ConnectionProperties.JDBC_CONNECTION_URL ?? "");
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    database: target.database,
    ...(await userOf(lake, ConnectionProperties)),
    connectionTimeoutMillis: PATIENCE,
    application_name: `glue connection ${Name}`,
    // "require" encrypts and does not ask who answers, as libpq and the JDBC driver have it.
    ssl:
      target.sslMode === "disable" || target.sslMode === "allow"
        ? false
        : { rejectUnauthorized: target.sslMode.startsWith("verify") },
  });
  // A server that goes away meanwhile is told by the query as well.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
  } catch (error) {
    throw invalidInput(
      `Connection ${Name} can't log in to ${target.host}:${target.port}/${target.database}: ${messageOf(error)}`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function userOf(
  lake: Lake,
  properties: NonNullable<StoredConnection["ConnectionProperties"]>,
): Promise<{ user?: string; password?: string }> {
  const { SECRET_ID, USERNAME, PASSWORD } = properties;
  if (SECRET_ID === undefined)
    return {
      ...(USERNAME === undefined ? {} : { user: USERNAME }),
      ...(PASSWORD === undefined ? {} : { password: PASSWORD }),
    };
  const { SecretString } = await lake.call("secretsmanager", "GetSecretValue", { SecretId: SECRET_ID });
  try {
    const { username, password } = JSON.parse(SecretString ?? "") as { username: string; password: string };
    return { user: username, password };
  } catch {
    throw invalidInput(`The secret ${SECRET_ID} holds no JSON with username and password.`);
  }
}
