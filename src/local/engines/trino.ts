// Trino: the server's core and the hive plugin, and a JDK 25.
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Engines } from "../../base/engines.ts";
import { trinoHive, trinoServer, trinoVersion } from "./artifacts.ts";
import { unpack } from "./archive.ts";
import { ensureComponent } from "./component.ts";
import { findJdk, hasModule } from "./java.ts";
import { fetchMaven, mavenFileName } from "./maven.ts";
import { findPython } from "./python.ts";
import { pinsOf, type Work } from "./work.ts";

/** Where it is installed, and what is fetched for it besides a JDK. */
export function trinoParts(cache: string): { folder: string; version: string; bytes: number } {
  const folder = join(cache, "engines", `trino-${trinoVersion}-${pinsOf(trinoServer, trinoHive)}`);
  return { folder, version: trinoVersion, bytes: trinoServer.size + trinoHive.size };
}

export async function installTrino(work: Work): Promise<{ engine: Engines["trino"]; fetched: boolean }> {
  const jdk = await findJdk(25, work);
  const java = join(jdk.home, "bin", "java");
  const { folder } = trinoParts(work.cache);
  const fetched = await ensureComponent(
    {
      folder,
      room: 1.3e9,
      build: async (draft) => {
        const downloads = join(work.cache, "downloads");
        const python = await findPython(work);
        for (const [artifact, into, name] of [
          [trinoServer, draft, "core"],
          [trinoHive, join(draft, "plugins"), "hive"],
        ] as const) {
          const file = await fetchMaven(artifact, downloads, work);
          work.report({ kind: "install", engine: "trino", part: mavenFileName(artifact) });
          await unpack(file, into, python, work);
          // Both archives hold one folder, named as the artefact.
          renameSync(join(into, `${artifact.artifactId}-${artifact.version}`), join(into, name));
        }
        // The plugins of the core (exchange, spooling ...) are not wanted.
        rmSync(join(draft, "core", "plugin"), { recursive: true, force: true });
      },
    },
    work,
  );
  if (fetched) {
    for (const artifact of [trinoServer, trinoHive])
      rmSync(join(work.cache, "downloads", mavenFileName(artifact)), { force: true });
  }
  return {
    engine: {
      version: trinoVersion,
      java,
      vectorModule: await hasModule(java, "jdk.incubator.vector", work),
      lib: join(folder, "core", "lib"),
      plugins: join(folder, "plugins"),
    },
    fetched,
  };
}
