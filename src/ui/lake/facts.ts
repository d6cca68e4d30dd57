// What the connection's view says of the local lake's engines: version, fetched or not, running or not.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type EngineName, readEngine } from "../../base/engines.ts";
import { isRunning, type ProcessId } from "../../base/processes.ts";
import { readJson } from "../../local/record.ts";

interface RecordedChild extends ProcessId {
  readonly command: string;
}

/** Engines of which the lake of `folder` has a process now, by what it recorded. Reads a few small files. */
export function runningEngines(folder: string, cache: string): ReadonlySet<EngineName> {
  const [spark, trino] = [readEngine(cache, "spark"), readEngine(cache, "trino")];
  const running = new Set<EngineName>();
  for (const name of names(join(folder, "run"))) {
    const child = readJson<RecordedChild>(join(folder, "run", name));
    if (child === undefined || !isRunning(child)) continue;
    if (/postgres|pg_ctl/.test(child.command)) running.add("postgres");
    else if (child.command === spark?.python) running.add("spark");
    else if (child.command === trino?.java) running.add("trino");
  }
  return running;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
