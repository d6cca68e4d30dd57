// Apache Spark as the engine of one job run: a process tree of its own, its settings, its lines and its end.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type EngineName, type Engines, readEngine } from "../../base/engines.ts";
import { runtimeFolder } from "../../base/package.ts";
import type { Credentials } from "../identity.ts";
import { type Child, startChild } from "./child.ts";

export interface SparkJob {
  /** The lake's folder, where the child is recorded. */
  readonly lakeFolder: string;
  /** An own folder of the run: working directory, temporary files. Made here, removed at the end. */
  readonly folder: string;
  readonly engine: Engines["spark"];
  /** spark.app.name */
  readonly name: string;
  /** s3:// location of the script. */
  readonly script: string;
  readonly arguments: readonly string[];
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** The run's private route and its bearer token (bookmarks). */
  readonly route: { readonly url: string; readonly token: string };
  /** Each line of standard output and error, as it comes. */
  readonly onLine: (source: "stdout" | "stderr", line: string) => void;
}

/** Why a script failed, as the launcher wrote it down. */
export interface SparkFailure {
  /** The exception's last line. */
  readonly error: string;
  /** The error first, then the script's own frames. */
  readonly traceback: string;
}

export interface SparkEnd {
  readonly code: number;
  readonly failure: SparkFailure | undefined;
}

export interface SparkProcess {
  readonly pid: number;
  /** Resolved once the process tree has ended, all lines are given out and the folder is gone. */
  readonly ended: Promise<SparkEnd>;
  /** SIGTERM to the tree, SIGKILL after `grace` ms. */
  stop(grace?: number): Promise<void>;
}

/** The installed Spark, or undefined. */
export function installedSpark(cache: string): Engines["spark"] | undefined {
  return readEngine(cache, "spark" satisfies EngineName);
}

export function startSparkJob(job: SparkJob): SparkProcess {
  mkdirSync(join(job.folder, "tmp"), { recursive: true, mode: 0o700 });
  const failureFile = join(job.folder, "failure.json");
  const child = startChild({
    folder: job.lakeFolder,
    command: job.engine.python,
    args: [join(runtimeFolder(), "boathouse_launch.py"), job.script, ...job.arguments],
    cwd: job.folder,
    env: environment(job, failureFile),
  });
  const lines = Promise.all([forward(child, "stdout", job), forward(child, "stderr", job)]);
  const ended = child.ended.then(async (code) => {
    await Promise.race([lines, wait(2000)]);
    const failure = code === 0 ? undefined : readFailure(failureFile);
    rmSync(job.folder, { recursive: true, force: true });
    return { code, failure };
  });
  // Whoever waits for it sees the error; nobody waits for it yet.
  ended.catch(() => undefined);
  return { pid: child.pid, ended, stop: (grace = 1500) => child.stop(grace) };
}

function forward(child: Child, source: "stdout" | "stderr", job: SparkJob): Promise<void> {
  const stream = child.process[source];
  if (stream === null) return Promise.resolve();
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on("line", (line) => job.onLine(source, line));
  return new Promise((resolve) => lines.once("close", resolve));
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

function readFailure(file: string): SparkFailure | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as SparkFailure;
  } catch {
    // Ended from outside: nothing was written down.
    return undefined;
  }
}

function environment(job: SparkJob, failureFile: string): Record<string, string> {
  const { credentials, region, route } = job;
  return {
    // No ~/.aws, no ~/.ivy of the person: the run's folder is its home.
    HOME: job.folder,
    TMPDIR: join(job.folder, "tmp"),
    TZ: "UTC",
    JAVA_HOME: job.engine.javaHome,
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONNOUSERSITE: "1",
    AWS_ENDPOINT_URL: job.endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_EC2_METADATA_DISABLED: "true",
    BOATHOUSE_RUN_URL: route.url,
    BOATHOUSE_RUN_TOKEN: route.token,
    BOATHOUSE_RUN_FOLDER: job.folder,
    BOATHOUSE_FAILURE_FILE: failureFile,
    BOATHOUSE_SPARK_CONF: JSON.stringify(sparkConf(job)),
  };
}

/** Settings that make Spark Glue-like on one small machine; the job script knows of none of them. */
export function sparkConf(
  job: Pick<SparkJob, "engine" | "folder" | "name" | "endpoint" | "region" | "credentials">,
): Record<string, string> {
  const { credentials } = job;
  const temporary = join(job.folder, "tmp");
  const provider =
    credentials.sessionToken === undefined ? "SimpleAWSCredentialsProvider" : "TemporaryAWSCredentialsProvider";
  const s3a: Record<string, string> = {
    endpoint: job.endpoint,
    "endpoint.region": job.region,
    "path.style.access": "true",
    "connection.ssl.enabled": "false",
    "access.key": credentials.accessKeyId,
    "secret.key": credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { "session.token": credentials.sessionToken }),
    "aws.credentials.provider": `org.apache.hadoop.fs.s3a.${provider}`,
    "bucket.probe": "0",
    "change.detection.mode": "none",
    "buffer.dir": temporary,
    impl: "org.apache.hadoop.fs.s3a.S3AFileSystem",
  };
  return {
    "spark.app.name": job.name,
    "spark.master": "local[2]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraClassPath": job.engine.jars.join(":"),
    // Serial GC and the first compiler only: half the start and half the memory for jobs that end in seconds.
    "spark.driver.extraJavaOptions": `-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Duser.timezone=UTC -Djava.io.tmpdir=${temporary}`,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.local.dir": temporary,
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.warehouse.dir": join(job.folder, "warehouse"),
    // 200 tasks a shuffle would cost more than the work on two cores.
    "spark.sql.shuffle.partitions": "8",
    "spark.hadoop.hadoop.tmp.dir": temporary,
    "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
    ...Object.fromEntries(Object.entries(s3a).map(([name, value]) => [`spark.hadoop.fs.s3a.${name}`, value])),
  };
}
