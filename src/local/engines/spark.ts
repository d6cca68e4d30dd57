// Spark: a virtual environment with pyspark and boto3, the jars it needs for S3 and PostgreSQL, and a JDK 17.
import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import type { Engines } from "../../base/engines.ts";
import { sparkJars } from "./artifacts.ts";
import { makeClassArchive } from "./classArchive.ts";
import { ensureComponent } from "./component.ts";
import { findJdk } from "./java.ts";
import { fetchMaven, mavenFileName } from "./maven.ts";
import { makeVenv } from "./pip.ts";
import { findPython } from "./python.ts";
import { requirementsText, sparkWheels } from "./requirements.ts";
import { pinsOf, type Work } from "./work.ts";

const version = "3.5.6";

/** What pip fetches for it (pyspark's source archive is nearly all), in bytes. */
const WHEELS = 338e6;

/** Where it is installed, and what is fetched for it besides a JDK. */
export function sparkParts(cache: string): { folder: string; version: string; bytes: number } {
  const pins = pinsOf(requirementsText(sparkWheels), sparkJars);
  const bytes = sparkJars.reduce((sum, { size }) => sum + size, WHEELS);
  return { folder: join(cache, "engines", `spark-${version}-${pins}`), version, bytes };
}

export async function installSpark(work: Work): Promise<{ engine: Engines["spark"]; fetched: boolean }> {
  const jdk = await findJdk(17, work);
  const { folder } = sparkParts(work.cache);
  const fetched = await ensureComponent(
    {
      folder,
      // The source archive, the wheel that pip builds of it, and the installed package.
      room: 1.4e9,
      build: async (draft) => {
        const python = await findPython(work);
        const fetchedJars: string[] = [];
        for (const jar of sparkJars) fetchedJars.push(await fetchMaven(jar, join(work.cache, "downloads"), work));
        await makeVenv(python, join(draft, "venv"), sparkWheels, work);
        mkdirSync(join(draft, "jars"));
        for (const jar of fetchedJars) renameSync(jar, join(draft, "jars", basename(jar)));
      },
    },
    work,
  );
  const engine = {
    version,
    python: join(folder, "venv", "bin", "python"),
    javaHome: jdk.home,
    jars: sparkJars.map((jar) => join(folder, "jars", mavenFileName(jar))),
  };
  await makeClassArchive(engine, folder, work);
  return { engine, fetched };
}
