// The fetches of the lake's engines in this window, shown while they come, each engine once; Cancel keeps what has arrived.
import * as vscode from "vscode";
import type { EngineName } from "../../base/engines.ts";
import type { EnsureOptions } from "../../local/engines/ensure.ts";
import type { EnginePlan, PlanOptions } from "../../local/engines/plan.ts";
import type { EngineEvent, Mirrors } from "../../local/engines/work.ts";
import type { SettingId } from "../contributions.ts";
import { withProgress } from "../shell/progress.ts";
import { Batch } from "./batch.ts";
import { engineTitle } from "./meter.ts";

/** From where and whereto, as the person's settings say at the time of the fetch. */
export interface FetchPlace {
  readonly cache: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly mirrors: Mirrors;
}

/** The same of settings; what is not set stays as the environment and the clients' own configurations say. */
export function fetchPlace(cache: string, setting: (id: SettingId) => string | undefined): FetchPlace {
  const set = (id: SettingId) => {
    const text = setting(id)?.trim();
    return text === "" ? undefined : text;
  };
  const [python, java] = [set("boathouse.programs.python"), set("boathouse.programs.javaHome")];
  return {
    cache,
    environment: {
      ...process.env,
      ...(python === undefined ? {} : { BOATHOUSE_PYTHON: python }),
      ...(java === undefined ? {} : { JAVA_HOME: java }),
    },
    mirrors: {
      maven: set("boathouse.mirrors.maven"),
      npm: set("boathouse.mirrors.npm"),
      pip: set("boathouse.mirrors.pip"),
    },
  };
}

/** Bytes come in thousands of events a second; a person reads a few; ms. */
const PACE = 200;

/** What fetching takes of the room below; a test puts others in their place. */
const LOCAL = {
  plan: async (names: readonly EngineName[], options: PlanOptions): Promise<EnginePlan[]> =>
    (await import("../../local/engines/plan.ts")).planEngines(names, options),
  ensure: async (names: readonly EngineName[], options: EnsureOptions): Promise<unknown> =>
    (await import("../../local/engines/ensure.ts")).ensureEngines(names, options),
};

export class EngineFetches implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** The texts, or what is being fetched, are other ones. */
  readonly onDidChange = this.changed.event;
  private readonly batches = new Set<Batch>();

  constructor(
    readonly place: () => FetchPlace,
    private readonly log: (line: string) => void,
    private readonly local: typeof LOCAL = LOCAL,
  ) {}

  get busy(): boolean {
    return this.batches.size > 0;
  }

  /** Whether this window fetches it just now; one of several may have arrived already. */
  isComing(engine: EngineName): boolean {
    return this.batchOf(engine) !== undefined;
  }

  /** "120 MB of 344 MB", "installing"; undefined where it is not being fetched here. */
  textOf(engine: EngineName): string | undefined {
    return this.batchOf(engine)?.meter.textOf(engine);
  }

  /** The same for who waits for it, by its title where it is one of several. */
  waitingText(engine: EngineName, titled: boolean): string {
    const text = this.textOf(engine) ?? "ready";
    return titled ? `${engineTitle(engine)} ${text}` : text;
  }

  /** What is missing of `names`; runs the machine's `java`s to see whether they will do. */
  async plan(names: readonly EngineName[]): Promise<EnginePlan[]> {
    const { cache, environment } = this.place();
    return this.local.plan(names, { cache, environment });
  }

  /** Resolves once nothing of `names` is missing. What is being fetched already is waited for, the rest begins at once beside it. */
  async fetch(names: readonly EngineName[]): Promise<void> {
    const plan = await this.plan(names.filter((name) => !this.isComing(name)));
    // Another call may have begun meanwhile.
    const mine = plan.filter(({ engine }) => !this.isComing(engine));
    const others = this.arrived(names);
    await Promise.all([others, ...(mine.length === 0 ? [] : [this.fetchNow(mine)])]);
  }

  /** Resolves once those of `names` are there that are being fetched now; those that nobody fetches are not waited for. */
  async arrived(names: readonly EngineName[]): Promise<void> {
    await Promise.all(names.map(async (name) => this.batchOf(name)?.arrival(name)));
  }

  dispose(): void {
    this.changed.dispose();
  }

  private batchOf(engine: EngineName): Batch | undefined {
    return [...this.batches].find(({ engines }) => engines.includes(engine));
  }

  private async fetchNow(plan: readonly EnginePlan[]): Promise<void> {
    const batch = new Batch(plan);
    this.batches.add(batch);
    try {
      await this.show(batch);
      batch.whole();
    } catch (error) {
      batch.broke(error);
      throw error;
    } finally {
      this.batches.delete(batch);
      this.changed.fire();
    }
  }

  private async show(batch: Batch): Promise<void> {
    let shown = 0;
    await withProgress(
      {
        title: `Fetching ${batch.engines.map(engineTitle).join(", ")}`,
        cancelled: "Fetching was cancelled. What has arrived is kept; fetch again to go on.",
      },
      async ({ signal, say, advance }) => {
        say("looking for Python and Java");
        const take = (event: EngineEvent) => {
          batch.take(event);
          const now = Date.now();
          if (event.kind === "download") {
            if (now - shown < PACE) return;
            shown = now;
          } else this.log(describe(event));
          say(batch.meter.text());
          advance(batch.meter.percent());
          this.changed.fire();
        };
        const { cache, environment, mirrors } = this.place();
        for (const round of batch.rounds()) {
          await this.local.ensure(round, { cache, environment, mirrors, signal, inEditor: true, onProgress: take });
        }
      },
    );
  }
}

function describe(event: Exclude<EngineEvent, { kind: "download" }>): string {
  const name = engineTitle(event.engine);
  switch (event.kind) {
    case "downloaded":
      return `${name}: ${event.name} has arrived (${event.total} bytes)`;
    case "retry":
      return `${name}: ${event.name} broke off at byte ${event.received}: ${event.reason}`;
    case "install":
      return `${name}: installing ${event.part}`;
    case "waiting":
      return `${name}: process ${event.holder} fetches ${event.part}`;
    case "ready":
      return `${name} ${event.version} is ready`;
  }
}
