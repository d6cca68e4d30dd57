// Where instances lie and who runs them. PostgreSQL refuses to be root, and its user can't reach root's folders.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { readElsewhere, recordElsewhere } from "../../../base/elsewhere.ts";
import { readEngine } from "../../../base/engines.ts";
import type { PostgresPlace, RunAs } from "../../engines/postgres.ts";
import { ServiceError } from "../../fault.ts";
import type { Lake } from "../../lake.ts";

/** Of root's lakes; each has a folder here. */
const ROOTS_BASE = "/var/lib/boathouse";
/** Tried in turn; the second is on every Debian. initdb needs a user that the system knows by name. */
const USERS = ["postgres", "nobody"];

/** The place of an instance; makes what lies around it. Throws a ServiceError that a person can act on. */
export function instancePlace(lake: Lake, resourceId: string): PostgresPlace {
  const engine = readEngine(lake.cache, "postgres");
  if (engine === undefined) {
    throw new ServiceError(
      "InsufficientDBInstanceCapacity",
      `PostgreSQL has not been fetched to ${lake.cache} yet. \`boathouse demo\` fetches it, and so does \`boathouse deploy\`.`,
    );
  }
  const runAs = userFor();
  const base = baseFolder(lake, runAs);
  const home =
    runAs === undefined || isOpen(join(engine.home, "bin", "postgres"))
      ? engine.home
      : reachableCopy(engine.home, base);
  return { lakeFolder: lake.folder, home, folder: join(base, resourceId), ...(runAs === undefined ? {} : { runAs }) };
}

/** The folder of an instance, also where the engine is not there any more. */
export function instanceFolder(lake: Lake, resourceId: string): string {
  return join(baseFolder(lake), resourceId);
}

/** The folder that holds the lake's instances. */
function baseFolder(lake: Lake, runAs: RunAs | undefined = userFor()): string {
  if (runAs === undefined) return join(lake.folder, "rds");
  const mine = realpathSync(lake.folder);
  const recorded = readElsewhere(lake.folder).find((path) => dirname(path) === ROOTS_BASE);
  const base = recorded ?? join(ROOTS_BASE, createHash("sha256").update(mine).digest("hex").slice(0, 16));
  recordElsewhere(lake.folder, base);
  try {
    mkdirSync(base, { recursive: true, mode: 0o711 });
  } catch (error) {
    throw new ServiceError("StorageQuotaExceeded", `The folder ${base}, which root's databases need, can't be made.`, {
      cause: error,
    });
  }
  claim(base, mine);
  return base;
}

/** A lake folder that was copied must not run the databases of the one that it was copied from. */
function claim(base: string, mine: string): void {
  const file = join(base, "lake");
  const owner = existsSync(file) ? readFileSync(file, "utf8") : mine;
  if (owner !== mine && readElsewhere(owner).includes(base)) {
    throw new ServiceError(
      "InvalidDBInstanceState",
      `The databases in ${base} belong to the lake in ${owner}, of which this is a copy.`,
    );
  }
  if (owner !== mine || !existsSync(file)) writeFileSync(file, mine);
}

/** Removes the base folder once no instance is left in it. */
export function removeBase(lake: Lake): void {
  rmSync(baseFolder(lake), { recursive: true, force: true });
}

let found: RunAs | undefined;

function userFor(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  found ??= lookUp();
  return found;
}

function lookUp(): RunAs {
  for (const user of USERS) {
    try {
      return { uid: idOf("-u", user), gid: idOf("-g", user) };
    } catch {
      // Not on this system.
    }
  }
  throw new ServiceError(
    "InsufficientDBInstanceCapacity",
    `PostgreSQL refuses to run as root, and this system knows neither of the users ${USERS.join(" and ")}. Add one, or run the lake as an ordinary user.`,
  );
}

function idOf(flag: string, user: string): number {
  return Number(execFileSync("id", [flag, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
}

/** Whether every user can reach and run `file`, by the mode of it and of the folders above. */
function isOpen(file: string): boolean {
  const real = realpathSync(file);
  if ((statSync(real).mode & 0o5) !== 0o5) return false;
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o1) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** The engine again where its user can reach it: hard links, or copies where the cache is on another file system. */
function reachableCopy(home: string, base: string): string {
  const target = join(base, "engine");
  const mark = join(target, ".whole");
  if (existsSync(mark) && readFileSync(mark, "utf8") === home) return target;
  rmSync(target, { recursive: true, force: true });
  const copy = (from: string, to: string) => {
    mkdirSync(to, { recursive: true, mode: 0o755 });
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const [source, destination] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isDirectory()) copy(source, destination);
      else link(realpathSync(source), destination);
    }
  };
  copy(home, target);
  writeFileSync(mark, home);
  return target;
}

function link(source: string, destination: string): void {
  try {
    linkSync(source, destination);
  } catch {
    copyFileSync(source, destination);
  }
}
