// What fetching the engines would bring, before anything is fetched: which are missing, how much comes over the network.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type EngineName, readEngine } from "../../base/engines.ts";
import { cacheFolder } from "../../base/paths.ts";
import { sparkJars, trinoHive, trinoServer } from "./artifacts.ts";
import { isWhole } from "./component.ts";
import { jdkFolder, systemJdk } from "./java.ts";
import { mavenFileName } from "./maven.ts";
import { postgresParts } from "./postgres.ts";
import { sparkParts } from "./spark.ts";
import { trinoParts } from "./trino.ts";
import { mirrorsOf, type Work } from "./work.ts";

export interface EngineState {
  readonly engine: EngineName;
  /** Of this release of Boathouse. */
  readonly version: string;
  /** Fetched and whole, as this release wants it. */
  readonly present: boolean;
}

export interface EnginePlan {
  readonly engine: EngineName;
  readonly version: string;
  /** Still to come over the network, a JDK that the machine lacks included; of what an earlier try left, only the rest. Bytes, about. */
  readonly bytes: number;
  /** What it will take on the disk; bytes, about. */
  readonly disk: number;
  /** "JDK 17" where one is fetched with it. */
  readonly with: string | undefined;
}

export interface PlanOptions {
  cache?: string;
  environment?: Readonly<NodeJS.ProcessEnv>;
  signal?: AbortSignal;
}

/** What each takes on the disk once it is installed; bytes, about. */
const DISK: Readonly<Record<EngineName, number>> = { postgres: 65e6, spark: 600e6, trino: 405e6 };

/** A JDK that was fetched, on the disk; bytes, about. */
const JDK_DISK = 120e6;

/** A JDK as a Python package; bytes, about. */
const JDK = 40e6;

/** The engines in the order in which they are used. Reads a few files; starts nothing. */
export function engineStates(cache = cacheFolder()): EngineState[] {
  const postgres = postgresParts(cache);
  return [
    { engine: "postgres", version: postgres?.version ?? "", present: isPresent(cache, "postgres", postgres?.folder) },
    {
      engine: "spark",
      version: sparkParts(cache).version,
      present: isPresent(cache, "spark", sparkParts(cache).folder),
    },
    {
      engine: "trino",
      version: trinoParts(cache).version,
      present: isPresent(cache, "trino", trinoParts(cache).folder),
    },
  ];
}

/** What is missing of `names`. Runs the machine's `java`s to see whether a JDK is missing too. */
export async function planEngines(names: readonly EngineName[], options: PlanOptions = {}): Promise<EnginePlan[]> {
  const environment = options.environment ?? process.env;
  const cache = options.cache ?? cacheFolder(environment);
  const missing = engineStates(cache).filter(({ engine, present }) => !present && names.includes(engine));
  return Promise.all(
    missing.map(async ({ engine, version }): Promise<EnginePlan> => {
      if (engine === "postgres") {
        return { engine, version, with: undefined, bytes: postgresParts(cache)?.bytes ?? 0, disk: DISK.postgres };
      }
      const signal = options.signal ?? new AbortController().signal;
      const work: Work = {
        engine,
        cache,
        environment,
        signal,
        mirrors: mirrorsOf({}, environment),
        report: () => undefined,
      };
      const jdk = engine === "spark" ? 17 : 25;
      const lacks = (await systemJdk(jdk, work)) === undefined && !isWhole(jdkFolder(jdk, cache));
      const parts = engine === "spark" ? sparkParts(cache) : trinoParts(cache);
      const artifacts = engine === "spark" ? sparkJars : [trinoServer, trinoHive];
      const arrived = artifacts.reduce(
        (sum, artifact) => sum + sizeOf(join(cache, "downloads", mavenFileName(artifact))),
        0,
      );
      return {
        engine,
        version,
        bytes: Math.max(0, parts.bytes - arrived) + (lacks ? JDK : 0),
        disk: DISK[engine] + (lacks ? JDK_DISK : 0),
        with: lacks ? `JDK ${jdk}` : undefined,
      };
    }),
  );
}

function isPresent(cache: string, engine: EngineName, folder: string | undefined): boolean {
  // The manifest may be of another release, whose engine lies beside.
  return folder !== undefined && isWhole(folder) && readEngine(cache, engine) !== undefined;
}

/** What has arrived of a download, whole or in part. */
function sizeOf(file: string): number {
  const found = [file, `${file}.part`].find((name) => existsSync(name));
  return found === undefined ? 0 : (statSync(found, { throwIfNoEntry: false })?.size ?? 0);
}
