// PostgreSQL as a child process: made by initdb, listening on loopback only, TLS and SCRAM only, everything synced to disk.
import { createWriteStream } from "node:fs";
import { chown, mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { selfSigned } from "./certificate.ts";
import { type Child, startChild } from "./child.ts";
import { endLeftovers } from "./leftovers.ts";

/** Who runs it; PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresPlace {
  /** The lake's folder, where processes are recorded. */
  readonly lakeFolder: string;
  /** The engine: has bin/postgres, bin/initdb. `runAs` must be able to read it. */
  readonly home: string;
  /** This server's own folder: data, certificate, log. */
  readonly folder: string;
  /** Set where the lake runs as root. */
  readonly runAs?: RunAs;
}

export interface PostgresServer {
  readonly pid: number;
  readonly port: number;
  /** Resolved with the exit code once it has ended, whoever ended it. */
  readonly ended: Promise<number>;
  /** Fast shutdown: sessions are ended, a checkpoint is written. Killed after 20 s. */
  stop(): Promise<void>;
  /** What it last said was wrong, for people. */
  lastWords(): string;
}

/** The role that belongs to the lake, as RDS has it; the only superuser. */
export const SUPERUSER = "rdsadmin";
const PATIENCE = 20_000;
const HBA = `# Loopback, TLS and SCRAM, or nothing: no line for plain TCP, for sockets, or for another method.
hostssl all all 127.0.0.1/32 scram-sha-256
`;

/** The PEM of the server's certificate, for clients that check it. */
export function certificateFile(place: PostgresPlace): string {
  return join(place.folder, "server.crt");
}

/** Makes an empty cluster in a new folder, with a certificate of its own. Throws with initdb's own words. */
export async function createCluster(place: PostgresPlace, superuserPassword: string, now: Date): Promise<void> {
  const { folder, runAs } = place;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = async (path: string) => {
    if (runAs !== undefined) await chown(path, runAs.uid, runAs.gid);
  };
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600, flush: true });
    await own(join(folder, name));
  };
  await own(folder);
  const { certificate, key } = await selfSigned(["localhost", "127.0.0.1"], now);
  await write("server.crt", certificate);
  await write("server.key", key);
  await write("pg_hba.conf", HBA);
  await write("password", `${superuserPassword}\n`);
  const args = [
    ["--pgdata", join(folder, "data")],
    ["--username", SUPERUSER],
    ["--pwfile", join(folder, "password")],
    ["--auth", "scram-sha-256"],
    ["--encoding", "UTF8"],
    // Needs no locale of the machine, and sorts alike everywhere.
    ["--locale", "C"],
    ["--locale-provider", "builtin"],
    ["--builtin-locale", "C.UTF-8"],
  ].flat();
  const child = start(place, "initdb", [...args, "--no-instructions"]);
  const errors: string[] = [];
  const said = follow(child, (line) => errors.push(line));
  const code = await child.ended;
  await said;
  await rm(join(folder, "password"), { force: true });
  if (code !== 0) {
    throw new Error(
      `PostgreSQL's initdb ended with code ${code}: ${errors.filter((line) => line !== "").join(" ") || "no reason given"}`,
    );
  }
}

/** Starts a cluster and resolves once it takes connections; after a crash that is when it has recovered. Throws with its own words. */
export async function startServer(place: PostgresPlace, port: number): Promise<PostgresServer> {
  const data = join(place.folder, "data");
  await endLeftovers(await realpath(data));
  const settings = Object.entries(settingsOf(place, port)).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = start(place, "postgres", ["-D", data, ...settings]);
  const log = createWriteStream(join(place.folder, "postgres.log"), { flags: "a", mode: 0o600 });
  // A full disk costs lines of the log, not the lake.
  log.on("error", () => undefined);
  const words: string[] = [];
  let isReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const said = follow(child, (line) => {
    log.write(`${line}\n`);
    if (/\b(FATAL|LOG):\s+could not|\b(FATAL|PANIC):/.test(line))
      words.push(line.replace(/^.*?\b(LOG|FATAL|PANIC):\s+/, ""));
    if (line.includes("database system is ready to accept connections")) isReady();
  });
  void said.then(() => log.end());
  const lastWords = () => words.slice(-3).join("; ");
  const early = await Promise.race([ready.then(() => undefined), child.ended]);
  if (early !== undefined) {
    await said;
    throw new PostgresStartError(early, lastWords());
  }
  return { pid: child.pid, port, ended: child.ended, stop: () => child.stop(PATIENCE, "SIGINT"), lastWords };
}

/** PostgreSQL ended before it took a connection. */
export class PostgresStartError extends Error {
  override readonly name = "PostgresStartError";

  constructor(
    readonly exitCode: number,
    readonly words: string,
  ) {
    super(
      exitCode > 128
        ? `PostgreSQL was killed (signal ${exitCode - 128}) while it started${words === "" ? "" : `: ${words}`}`
        : `PostgreSQL ended with code ${exitCode} while it started: ${words === "" ? "no reason given" : words}`,
    );
  }

  get portTaken(): boolean {
    return this.words.includes("Address already in use");
  }
}

function settingsOf(place: PostgresPlace, port: number): Record<string, string | number> {
  const { folder } = place;
  return {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    hba_file: join(folder, "pg_hba.conf"),
    ssl: "on",
    ssl_cert_file: certificateFile(place),
    ssl_key_file: join(folder, "server.key"),
    ssl_min_protocol_version: "TLSv1.2",
    password_encryption: "scram-sha-256",
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // A laptop's share, not a server's.
    max_connections: 100,
    shared_buffers: "64MB",
    max_wal_size: "512MB",
    // No worker processes for reads that the page cache answers.
    io_method: "sync",
    jit: "off",
    // Nothing replicates from it.
    max_wal_senders: 0,
    wal_level: "minimal",
    timezone: "UTC",
    log_timezone: "UTC",
    // `startServer` reads them.
    lc_messages: "C",
    log_destination: "stderr",
    logging_collector: "off",
  };
}

function start(place: PostgresPlace, program: "initdb" | "postgres", args: readonly string[]): Child {
  return startChild({
    folder: place.lakeFolder,
    command: join(place.home, "bin", program),
    args,
    cwd: place.folder,
    // Not the person's locale or time zone, and not the libpq settings of root.
    env: { LC_ALL: "C", TZ: "UTC", HOME: place.folder },
    ...place.runAs,
  });
}

/** Hands on each line of stderr; resolved once the stream is at its end. */
async function follow(child: Child, take: (line: string) => void): Promise<void> {
  const { stdout, stderr } = child.process;
  stdout?.resume();
  if (stderr === null) return;
  for await (const line of createInterface({ input: stderr })) take(line);
}
