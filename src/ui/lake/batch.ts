// Engines that are fetched together: how far each is, and who waits for one of them.
import type { EngineName } from "../../base/engines.ts";
import type { EnginePlan } from "../../local/engines/plan.ts";
import type { EngineEvent } from "../../local/engines/work.ts";
import { Meter } from "./meter.ts";

interface Arrival {
  readonly there: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Batch {
  readonly meter: Meter;
  readonly engines: readonly EngineName[];
  private readonly arrivals = new Map<EngineName, Arrival>();

  constructor(plan: readonly EnginePlan[]) {
    this.meter = new Meter(plan);
    this.engines = plan.map(({ engine }) => engine);
    for (const engine of this.engines) this.arrivals.set(engine, arrival());
  }

  take(event: EngineEvent): void {
    this.meter.take(event);
    if (event.kind === "ready") this.arrivals.get(event.engine)?.resolve();
  }

  /** Resolves as soon as `engine` is there, whatever becomes of the others; rejects with what ended the batch before. */
  async arrival(engine: EngineName): Promise<void> {
    await this.arrivals.get(engine)?.there;
  }

  /** All of them are there. */
  whole(): void {
    for (const { resolve } of this.arrivals.values()) resolve();
  }

  /** No more is coming: what has not arrived never will by this batch. */
  broke(error: unknown): void {
    for (const { reject } of this.arrivals.values()) reject(error);
  }

  /**
   * What is fetched one after another, each side by side: PostgreSQL, which is small and all that a deploy needs, comes first and
   * has the whole line; Spark and Trino share it then.
   */
  rounds(): EngineName[][] {
    const first = this.engines.filter((engine) => engine === "postgres");
    const others = this.engines.filter((engine) => engine !== "postgres");
    return [first, others].filter((round) => round.length > 0);
  }
}

function arrival(): Arrival {
  let [resolve, reject]: [() => void, (error: unknown) => void] = [() => undefined, () => undefined];
  const there = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  // It may be that nobody waits for it.
  there.catch(() => undefined);
  return { there, resolve, reject };
}
