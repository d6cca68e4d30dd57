// What the steps of fetching engines are given in tests: a cache of their own, a bare environment, and a record of what was said.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, Mirrors, Work } from "../../../src/local/engines/work.ts";

export interface TestWork extends Work {
  readonly events: EngineEvent[];
  /** The events without the progress in between, in words. */
  transcript(): string[];
  cancel(): void;
  dispose(): void;
}

export function testWork(mirrors: Mirrors = {}, environment: NodeJS.ProcessEnv = {}): TestWork {
  const cache = mkdtempSync(join(tmpdir(), "engines-"));
  const events: EngineEvent[] = [];
  const controller = new AbortController();
  return {
    engine: "spark",
    cache,
    mirrors,
    environment: { HOME: cache, PATH: process.env["PATH"], ...environment },
    signal: controller.signal,
    report: (event) => events.push(event),
    events,
    transcript: () => inWords(events),
    cancel: () => controller.abort(),
    dispose: () => rmSync(cache, { recursive: true, force: true }),
  };
}

function inWords(events: readonly EngineEvent[]): string[] {
  const lines: string[] = [];
  for (const event of events) {
    if (event.kind === "download") lines.push(`fetch ${event.name} from ${event.received}`);
    else if (event.kind === "retry") lines.push(`broke off at ${event.received}`);
    else if (event.kind === "downloaded") lines.push(`${event.name} is whole: ${event.total}`);
    else lines.push(event.kind);
  }
  // Of a download's progress only where it starts.
  return lines.filter((line, at) => !line.startsWith("fetch ") || !(lines[at - 1] ?? "").startsWith("fetch "));
}
