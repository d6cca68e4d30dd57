// What every step of fetching engines is given, and what it says while it works.
import { createHash } from "node:crypto";
import type { EngineName } from "../../base/engines.ts";

/** Other places to fetch from than the clients' own defaults and the user's npm and pip configuration. */
export interface Mirrors {
  /** Base address of a Maven repository. */
  maven?: string | undefined;
  /** Address of an npm registry. */
  npm?: string | undefined;
  /** Address of a simple index, as pip's --index-url takes it. */
  pip?: string | undefined;
}

export type EngineEvent =
  /** Another process fetches the same part. */
  | { kind: "waiting"; engine: EngineName; part: string; holder: number }
  /** Said at the start of a download (received is what an earlier try left) and while it goes on; sizes in bytes. */
  | { kind: "download"; engine: EngineName; name: string; received: number; total: number | undefined }
  | { kind: "downloaded"; engine: EngineName; name: string; total: number }
  /** A download broke off and is taken up again at `received`. */
  | { kind: "retry"; engine: EngineName; name: string; received: number; reason: string }
  | { kind: "install"; engine: EngineName; part: string }
  /** `fetched` is false where the engine was there already. */
  | { kind: "ready"; engine: EngineName; version: string; fetched: boolean };

export interface Work {
  readonly engine: EngineName;
  /** The user's cache folder. */
  readonly cache: string;
  readonly mirrors: Mirrors;
  readonly signal: AbortSignal;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** True within VS Code's extension host, which sees to proxies itself. */
  readonly inEditor?: boolean;
  report(event: EngineEvent): void;
}

/** The mirrors set by environment; what the caller gives goes before them. */
export function mirrorsOf(given: Mirrors, environment: Readonly<NodeJS.ProcessEnv>): Mirrors {
  return {
    maven: given.maven ?? nonEmpty(environment["BOATHOUSE_MAVEN_MIRROR"]),
    npm: given.npm ?? nonEmpty(environment["BOATHOUSE_NPM_MIRROR"]),
    pip: given.pip ?? nonEmpty(environment["BOATHOUSE_PIP_INDEX"]),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

/** Short text that changes with what is installed, for the folder's name: new pins go beside what may be in use. */
export function pinsOf(...pins: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(pins)).digest("hex").slice(0, 8);
}
