// The contract between `local` (which fetches engines) and `lake` (which runs them): where an installed engine's parts lie.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type EngineName = "postgres" | "spark" | "trino";

/** Absolute paths of an installed engine; written to `<cache>/engines/<name>.json` last, so that its presence means whole. */
export interface Engines {
  postgres: {
    version: string;
    /** Folder with bin/postgres, bin/initdb, lib, share. */
    home: string;
  };
  spark: {
    version: string;
    /** The Python 3.11+ of the virtual environment that has pyspark and boto3. */
    python: string;
    /** A JDK 17 home. */
    javaHome: string;
    /** Jars for spark.driver.extraClassPath: hadoop-aws and what it needs, the PostgreSQL driver. */
    jars: string[];
  };
  trino: {
    version: string;
    /** A JDK 24+ `java` executable. */
    java: string;
    /** True where that Java has jdk.incubator.vector. */
    vectorModule: boolean;
    /** Folder whose jars are the server's class path. */
    lib: string;
    /** plugin.dir: holds the hive plugin. */
    plugins: string;
  };
}

export function engineFile(cache: string, name: EngineName): string {
  return join(cache, "engines", `${name}.json`);
}

/** The installed engine, or undefined where it has not been fetched. */
export function readEngine<N extends EngineName>(cache: string, name: N): Engines[N] | undefined {
  try {
    return JSON.parse(readFileSync(engineFile(cache, name), "utf8")) as Engines[N];
  } catch {
    return undefined;
  }
}
