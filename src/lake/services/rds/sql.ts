// What the lake itself says to an instance: over TLS with its certificate checked, by SCRAM, as any client has to.
import { readFile } from "node:fs/promises";
import { certificateFile, type PostgresPlace, SUPERUSER } from "../../engines/postgres.ts";
import { scramVerifier } from "../../engines/scram.ts";
import type { Instance } from "./store.ts";

/** The role that stands in for the superuser's rights: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html */
const SUPER_GROUP = "rds_superuser";
const CONNECT_TIMEOUT = 10_000;

interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

type Query = (sql: string) => Promise<unknown>;

async function connected<T>(
  place: PostgresPlace,
  port: number,
  login: Login,
  act: (query: Query) => Promise<T>,
): Promise<T> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    host: "127.0.0.1",
    port,
    ...login,
    ssl: { ca: await readFile(certificateFile(place), "utf8"), servername: "localhost" },
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    application_name: "rdsadmin",
  });
  // A server that is killed reports it here too; the query's own rejection says it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await act((sql) => client.query(sql));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the master user and the database. It can be run again where it stopped half way. */
export async function prepare(place: PostgresPlace, instance: Instance, port: number, verifier: string): Promise<void> {
  const master = identifier(instance.masterUsername);
  const admin = { user: SUPERUSER, password: instance.superuserPassword, database: "postgres" };
  await connected(place, port, admin, async (query) => {
    const exists = async (sql: string) => ((await query(sql)) as { rowCount: number | null }).rowCount === 1;
    if (!(await exists(`SELECT FROM pg_roles WHERE rolname = '${SUPER_GROUP}'`))) {
      await query(`CREATE ROLE ${SUPER_GROUP} NOLOGIN`);
      await query(`GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO ${SUPER_GROUP} WITH ADMIN OPTION`);
    }
    if (!(await exists(`SELECT FROM pg_roles WHERE rolname = ${literal(instance.masterUsername)}`))) {
      await query(
        `CREATE ROLE ${master} LOGIN CREATEDB CREATEROLE IN ROLE ${SUPER_GROUP} PASSWORD ${literal(verifier)}`,
      );
    }
    await query(`ALTER DATABASE postgres OWNER TO ${master}`);
    const database = instance.databaseName;
    if (database === undefined || database === "postgres") return;
    if (!(await exists(`SELECT FROM pg_database WHERE datname = ${literal(database)}`))) {
      await query(`CREATE DATABASE ${identifier(database)} OWNER ${master}`);
    } else {
      await query(`ALTER DATABASE ${identifier(database)} OWNER TO ${master}`);
    }
  });
}

/** Sessions that are open go on; the next login needs the new password. */
export async function changePassword(
  place: PostgresPlace,
  instance: Instance,
  port: number,
  password: string,
): Promise<void> {
  const admin = { user: SUPERUSER, password: instance.superuserPassword, database: "postgres" };
  await connected(place, port, admin, async (query) => {
    await query(`ALTER ROLE ${identifier(instance.masterUsername)} PASSWORD ${literal(scramVerifier(password))}`);
  });
}

/** Throws PostgreSQL's own error where the master can't log in with this password. */
export async function logIn(place: PostgresPlace, instance: Instance, port: number, password: string): Promise<void> {
  const login = { user: instance.masterUsername, password, database: instance.databaseName ?? "postgres" };
  await connected(place, port, login, (query) => query("SELECT 1"));
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
