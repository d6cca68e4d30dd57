// Fetches the engines that are asked for and writes down where they lie.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { type EngineName, engineFile, type Engines } from "../../base/engines.ts";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import { cacheFolder } from "../../base/paths.ts";
import { codeOf, diskFull } from "./failures.ts";
import { installPostgres } from "./postgres.ts";
import { installSpark } from "./spark.ts";
import { installTrino } from "./trino.ts";
import { type EngineEvent, type Mirrors, mirrorsOf, type Work } from "./work.ts";

export interface EnsureOptions {
  /** The user's cache folder; `cacheFolder()` by default. */
  cache?: string;
  signal?: AbortSignal;
  /** Go before BOATHOUSE_MAVEN_MIRROR, BOATHOUSE_NPM_MIRROR and BOATHOUSE_PIP_INDEX. */
  mirrors?: Mirrors;
  onProgress?(event: EngineEvent): void;
  /** The process's own by default. */
  environment?: Readonly<NodeJS.ProcessEnv>;
  /** True within VS Code's extension host. */
  inEditor?: boolean;
}

const installers: { [N in EngineName]: (work: Work) => Promise<{ engine: Engines[N]; fetched: boolean }> } = {
  postgres: installPostgres,
  spark: installSpark,
  trino: installTrino,
};

/**
 * Makes sure that the engines are installed and that their manifests (`readEngine`) say so; what is there is kept. Engines are
 * fetched side by side; the first failure ends the others. Downloads that broke off are taken up again by the next call.
 * Throws BoathouseError: `network`, `notFound` (no Python), `invalid` (no room), `cancelled`.
 */
export async function ensureEngines<N extends EngineName>(
  names: readonly N[],
  options: EnsureOptions = {},
): Promise<Pick<Engines, N>> {
  const environment = options.environment ?? process.env;
  const failed = new AbortController();
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  const cache = options.cache ?? cacheFolder(environment);
  const one = async (engine: N): Promise<[N, Engines[N]]> => {
    const work: Work = {
      engine,
      cache,
      environment,
      inEditor: options.inEditor === true,
      signal,
      mirrors: mirrorsOf(options.mirrors ?? {}, environment),
      report: (event) => options.onProgress?.(event),
    };
    return [engine, await ensureOne(engine, work)];
  };
  const results = await Promise.allSettled(
    [...new Set(names)].map((name) =>
      one(name).catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  if (options.signal?.aborted) {
    throw new BoathouseError("cancelled", "Fetching the engines was cancelled", {
      next: "Run it again: what has arrived is kept.",
      cause: options.signal.reason,
    });
  }
  const failure = results.find((result) => result.status === "rejected" && !isCancelled(result.reason));
  if (failure?.status === "rejected") throw inWords(failure.reason, cache);
  return Object.fromEntries(results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []))) as Pick<
    Engines,
    N
  >;
}

async function ensureOne<N extends EngineName>(name: N, work: Work): Promise<Engines[N]> {
  const { engine, fetched } = await installers[name](work);
  writeManifest(engineFile(work.cache, name), engine);
  work.report({ kind: "ready", engine: name, version: engine.version, fetched });
  return engine;
}

/** Written last and at once, so that its presence means whole. */
function writeManifest(file: string, manifest: object): void {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

function inWords(error: unknown, cache: string): unknown {
  if (error instanceof BoathouseError) return error;
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull("the engines", error);
  if (code !== undefined && ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "EIO"].includes(code)) {
    return new BoathouseError("denied", `The engines can't be written to ${cache}: ${(error as Error).message}`, {
      resource: cache,
      next: "See that you may write there, or let BOATHOUSE_CACHE name another folder.",
      cause: error,
    });
  }
  return error;
}
