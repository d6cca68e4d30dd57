// Where Boathouse keeps things for one user: engines (cache) and lakes (data). XDG on Linux, the platform's own elsewhere.
import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Re-creatable downloads: engines. `BOATHOUSE_CACHE` overrides. */
export function cacheFolder(env: Environment = process.env): string {
  return env["BOATHOUSE_CACHE"] ?? join(platformFolder(env, "XDG_CACHE_HOME", ".cache", "Caches"), "boathouse");
}

/** What must not be lost: lakes, journals. `BOATHOUSE_DATA` overrides. */
export function dataFolder(env: Environment = process.env): string {
  return (
    env["BOATHOUSE_DATA"] ??
    join(platformFolder(env, "XDG_DATA_HOME", ".local/share", "Application Support"), "boathouse")
  );
}

/** The lake that commands use when none is named. `BOATHOUSE_LAKE` overrides. */
export function defaultLakeFolder(env: Environment = process.env): string {
  return env["BOATHOUSE_LAKE"] ?? join(dataFolder(env), "lake");
}

function platformFolder(env: Environment, xdg: string, linux: string, mac: string): string {
  if (process.platform === "darwin") return join(homedir(), "Library", mac);
  const set = env[xdg];
  return set !== undefined && set !== "" ? set : join(homedir(), linux);
}
