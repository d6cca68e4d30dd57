// Adds up what the engines' downloads say, for one line of progress and a percentage.
import type { EngineName } from "../../base/engines.ts";
import type { EnginePlan } from "../../local/engines/plan.ts";
import type { EngineEvent } from "../../local/engines/work.ts";
import { size } from "../shell/text.ts";

const TITLES: Readonly<Record<EngineName, string>> = { postgres: "PostgreSQL", spark: "Spark", trino: "Trino" };

export function engineTitle(engine: EngineName): string {
  return TITLES[engine];
}

/** "PostgreSQL", "Spark and Trino", "PostgreSQL, Spark and Trino". */
export function listed(engines: readonly EngineName[]): string {
  const titles = engines.map(engineTitle);
  const last = titles.pop() ?? "";
  return titles.length === 0 ? last : `${titles.join(", ")} and ${last}`;
}

interface Progress {
  /** Bytes by file. */
  readonly files: Map<string, number>;
  expected: number;
  /** What it does besides fetching: "installing", "waiting for another window". */
  does: string | undefined;
  ready: boolean;
}

export class Meter {
  private readonly engines = new Map<EngineName, Progress>();

  constructor(plan: readonly EnginePlan[]) {
    for (const { engine, bytes } of plan) {
      this.engines.set(engine, { files: new Map(), expected: bytes, does: undefined, ready: false });
    }
  }

  take(event: EngineEvent): void {
    const progress = this.engines.get(event.engine);
    if (progress === undefined) return;
    switch (event.kind) {
      case "download":
        progress.files.set(event.name, event.received);
        progress.does = undefined;
        break;
      case "downloaded":
        progress.files.set(event.name, event.total);
        break;
      case "retry":
        progress.does = "connection lost, trying again";
        break;
      case "install":
        progress.does = "installing";
        break;
      case "waiting":
        progress.does = "fetched by another window";
        break;
      case "ready":
        progress.ready = true;
        break;
    }
  }

  /** "PostgreSQL ready · Spark 120 of 344 MB · Trino installing". */
  text(): string {
    return [...this.engines.keys()].map((engine) => `${engineTitle(engine)} ${this.textOf(engine)}`).join(" · ");
  }

  textOf(engine: EngineName): string {
    const progress = this.engines.get(engine);
    if (progress === undefined) return "";
    if (progress.ready) return "ready";
    if (progress.does !== undefined) return progress.does;
    const received = sum(progress.files.values());
    return received === 0 ? "queued" : `${size(received)} of ${size(Math.max(progress.expected, received))}`;
  }

  /** 0 to 100, of bytes; an engine that is ready counts whole. */
  percent(): number {
    const all = [...this.engines.values()];
    const total = sum(all.map(({ expected }) => expected));
    const got = sum(
      all.map(({ files, expected, ready }) => (ready ? expected : Math.min(expected, sum(files.values())))),
    );
    return total === 0 ? 100 : (100 * got) / total;
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
