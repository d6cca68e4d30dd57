// Spark's classes archived for the JVM, so that each run starts in half the time. Made once an engine; a failure only costs that gain.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engines } from "../../base/engines.ts";
import { runtimeFolder } from "../../base/package.ts";
import { run } from "./run.ts";
import type { Work } from "./work.ts";

/** Beside the archive's own name (glue-scripts/runtime/boathouse_jvm.py): tried here and not possible. */
const TRIED = "spark-classes-none";

export async function makeClassArchive(engine: Engines["spark"], folder: string, work: Work): Promise<void> {
  if (readdirSync(folder).some((name) => name.startsWith("spark-classes-") && !name.endsWith(".part"))) return;
  work.report({ kind: "install", engine: "spark", part: "archive of classes" });
  const done = await run(engine.python, [join(runtimeFolder(), "boathouse_archive.py"), ...engine.jars], {
    environment: { ...work.environment, JAVA_HOME: engine.javaHome },
    signal: work.signal,
    timeout: 180_000,
  });
  if (done.code !== 0 && existsSync(folder)) writeFileSync(join(folder, TRIED), done.tail.join("\n"));
}
