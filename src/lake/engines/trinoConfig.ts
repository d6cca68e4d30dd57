// Trino's configuration, written anew at each start: one node, loopback only, the lake's own Glue and S3 behind one catalog.
import { createHmac, randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engines } from "../../base/engines.ts";
import type { Lake } from "../lake.ts";

/** The catalog's name in Trino; AWS's own, so that names and messages read as they do on AWS. */
export const CATALOG = "awsdatacatalog";

export interface TrinoSettings {
  readonly port: number;
  /** Heap of the JVM, MB. */
  readonly heap: number;
}

/** Who owns what the engine writes into the catalog; AWS's own name for it. */
export const OWNER = "hadoop";

export interface Configured {
  /** Arguments for `java`. */
  readonly args: readonly string[];
  /** Bearer token of the one user: without it no other program on this machine reads the lake around its signatures. */
  readonly token: string;
}

/** Writes the files below `<lake>/trino`. */
export function configureTrino(lake: Lake, engine: Engines["trino"], settings: TrinoSettings): Configured {
  const folder = join(lake.folder, "trino");
  const etc = join(folder, "etc");
  const temporary = join(folder, "tmp");
  for (const old of [etc, temporary, join(folder, "data")]) rmSync(old, { recursive: true, force: true });
  for (const made of [join(etc, "catalog"), temporary, join(folder, "data")])
    mkdirSync(made, { recursive: true, mode: 0o700 });
  const config = join(etc, "config.properties");
  write(config, serverProperties(folder, etc, settings));
  const key = randomBytes(32);
  writeFileSync(join(etc, "key"), key.toString("base64"), { mode: 0o600 });
  write(join(etc, "access-control.properties"), {
    "access-control.name": "file",
    "security.config-file": join(etc, "rules.json"),
  });
  // One catalog, as on AWS: not the engine's own `system`, which Trino adds where no rule names it.
  const catalogs = [
    { catalog: "system", allow: "none" },
    { catalog: CATALOG, allow: "all" },
  ];
  writeFileSync(join(etc, "rules.json"), JSON.stringify({ catalogs }));
  write(join(etc, "log.properties"), {
    "io.trino": "WARN",
    "io.airlift": "WARN",
    "org.glassfish": "WARN",
    "org.eclipse": "WARN",
  });
  write(join(etc, "catalog", `${CATALOG}.properties`), catalogProperties(lake));
  const args = [
    ...javaOptions(engine, settings.heap),
    `-Dplugin.dir=${engine.plugins}`,
    `-Djava.io.tmpdir=${temporary}`,
    `-Dconfig=${config}`,
    `-Dlog.levels-file=${join(etc, "log.properties")}`,
    "-Dnode.environment=lake",
    "-Dnode.id=lake",
    `-Dnode.data-dir=${join(folder, "data")}`,
    "-cp",
    join(engine.lib, "*"),
    "io.trino.server.TrinoServer",
  ];
  return { args, token: webToken(key) };
}

/** A JSON Web Token (RFC 7519) for the one user, signed with the key that the server was given. */
function webToken(key: Buffer): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: OWNER })}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

function javaOptions(engine: Engines["trino"], heap: number): string[] {
  return [
    ...(engine.vectorModule ? ["--add-modules=jdk.incubator.vector"] : []),
    `-Xmx${heap}m`,
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:ReservedCodeCacheSize=200M",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Djdk.attach.allowAttachSelf=true",
    "-Djava.net.preferIPv4Stack=true",
    "-Dfile.encoding=UTF-8",
    "-Duser.timezone=UTC",
  ];
}

function serverProperties(folder: string, etc: string, { port, heap }: TrinoSettings): Record<string, string | number> {
  const query = Math.floor(heap * 0.35);
  return {
    coordinator: "true",
    "node-scheduler.include-coordinator": "true",
    "http-server.http.port": port,
    "discovery.uri": `http://127.0.0.1:${port}`,
    "node.bind-ip": "127.0.0.1",
    "node.internal-address": "127.0.0.1",
    // Trino takes a token only behind TLS; the lake, which is the one proxy before it, says that it is.
    "http-server.process-forwarded": "true",
    "http-server.authentication.type": "JWT",
    "http-server.authentication.jwt.key-file": join(etc, "key"),
    "http-server.authentication.allow-insecure-over-http": "false",
    "internal-communication.shared-secret": randomBytes(32).toString("base64"),
    "catalog.config-dir": join(etc, "catalog"),
    "access-control.config-files": join(etc, "access-control.properties"),
    "query.max-memory": `${query}MB`,
    "query.max-memory-per-node": `${query}MB`,
    "memory.heap-headroom-per-node": `${Math.floor(heap * 0.25)}MB`,
    "query.max-history": 20,
    "query.min-expire-age": "10s",
    "web-ui.enabled": "false",
    "http-server.log.enabled": "false",
    "log.path": join(folder, "server.log"),
    "log.max-size": "5MB",
    "log.max-total-size": "10MB",
  };
}

function catalogProperties(lake: Lake): Record<string, string> {
  const { accessKeyId, secretAccessKey } = lake.root;
  return {
    "connector.name": "hive",
    "hive.metastore": "glue",
    "hive.metastore.glue.region": lake.region,
    "hive.metastore.glue.endpoint-url": lake.endpoint,
    "hive.metastore.glue.aws-access-key": accessKeyId,
    "hive.metastore.glue.aws-secret-key": secretAccessKey,
    "hive.metastore.glue.catalogid": lake.accountId,
    "fs.native-s3.enabled": "true",
    "s3.endpoint": lake.endpoint,
    "s3.region": lake.region,
    "s3.aws-access-key": accessKeyId,
    "s3.aws-secret-key": secretAccessKey,
    "s3.path-style-access": "true",
    // Athena writes into tables that lie at a place of their own, and Parquet where nothing else is said.
    "hive.non-managed-table-writes-enabled": "true",
    "hive.storage-format": "PARQUET",
    "hive.compression-codec": "SNAPPY",
  };
}

function write(file: string, properties: Record<string, string | number>): void {
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}
