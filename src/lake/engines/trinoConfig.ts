// Trino's configuration, written anew at each start: one node, loopback only, the lake's own Glue and S3 behind one catalog.
import { randomBytes } from "node:crypto";
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
  /** The one user that may ask: a secret, so that no other program on this machine reads the lake around its signatures. */
  readonly user: string;
}

/** Writes the files below `<lake>/trino` and returns the arguments for `java`. */
export function configureTrino(lake: Lake, engine: Engines["trino"], settings: TrinoSettings): string[] {
  const folder = join(lake.folder, "trino");
  const etc = join(folder, "etc");
  const temporary = join(folder, "tmp");
  for (const old of [etc, temporary, join(folder, "data")]) rmSync(old, { recursive: true, force: true });
  for (const made of [join(etc, "catalog"), temporary, join(folder, "data")])
    mkdirSync(made, { recursive: true, mode: 0o700 });
  const config = join(etc, "config.properties");
  write(config, serverProperties(folder, etc, settings));
  write(join(etc, "access-control.properties"), {
    "access-control.name": "file",
    "security.config-file": join(etc, "rules.json"),
  });
  writeFileSync(join(etc, "rules.json"), JSON.stringify(rules(settings.user)), { mode: 0o600 });
  write(join(etc, "log.properties"), {
    "io.trino": "WARN",
    "io.airlift": "WARN",
    "org.glassfish": "WARN",
    "org.eclipse": "WARN",
  });
  write(join(etc, "catalog", `${CATALOG}.properties`), catalogProperties(lake));
  return [
    ...javaOptions(engine, settings.heap),
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
}

function javaOptions(engine: Engines["trino"], heap: number): string[] {
  return [
    ...(engine.vectorModule ? ["--add-modules=jdk.incubator.vector"] : []),
    `-Xmx${heap}m`,
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:ReservedCodeCacheSize=200M",
    "-Xshare:auto",
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

/** Only the lake's own user may do anything, and nobody may write outside the catalog. */
function rules(user: string): object {
  return {
    catalogs: [
      { user, catalog: CATALOG, allow: "all" },
      { user, catalog: "system", allow: "read-only" },
    ],
    queries: [{ user, allow: ["execute", "view", "kill"] }],
    system_information: [{ user, allow: ["read"] }],
  };
}

function write(file: string, properties: Record<string, string | number>): void {
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}
