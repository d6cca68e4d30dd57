// The fetches of the lake's engines in this window: one at a time, shown while they come; Cancel keeps what has arrived.
import * as vscode from "vscode";
import type { EngineName } from "../../base/engines.ts";
import type { EnginePlan } from "../../local/engines/plan.ts";
import type { EngineEvent, Mirrors } from "../../local/engines/work.ts";
import type { SettingId } from "../contributions.ts";
import { withProgress } from "../shell/progress.ts";
import { engineTitle, Meter } from "./meter.ts";

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

export class EngineFetches implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** The texts, or whether one runs, are other ones. */
  readonly onDidChange = this.changed.event;
  private meter: Meter | undefined;
  private running: Promise<void> | undefined;

  constructor(
    readonly place: () => FetchPlace,
    private readonly log: (line: string) => void,
  ) {}

  get busy(): boolean {
    return this.running !== undefined;
  }

  /** "120 of 344 MB", "installing"; undefined where it is not being fetched here. */
  textOf(engine: EngineName): string | undefined {
    return this.meter?.textOf(engine);
  }

  /** What is missing of `names`; runs the machine's `java`s to see whether they will do. */
  async plan(names: readonly EngineName[]): Promise<EnginePlan[]> {
    const { planEngines } = await import("../../local/engines/plan.ts");
    const { cache, environment } = this.place();
    return planEngines(names, { cache, environment });
  }

  /** Resolves once nothing of `names` is missing; what another call fetches just now is waited for first. */
  async fetch(names: readonly EngineName[]): Promise<void> {
    while (this.running !== undefined) await this.running.catch(() => undefined);
    const plan = await this.plan(names);
    if (plan.length === 0) return;
    this.running = this.fetchNow(plan).finally(() => {
      this.running = undefined;
      this.meter = undefined;
      this.changed.fire();
    });
    await this.running;
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async fetchNow(plan: readonly EnginePlan[]): Promise<void> {
    const { ensureEngines } = await import("../../local/engines/ensure.ts");
    const meter = new Meter(plan);
    this.meter = meter;
    let shown = 0;
    await withProgress(
      {
        title: `Fetching ${plan.map(({ engine }) => engineTitle(engine)).join(", ")}`,
        cancelled: "Fetching was cancelled. What has arrived is kept; fetch again to go on.",
      },
      async ({ signal, say, advance }) => {
        say("looking for Python and Java");
        const take = (event: EngineEvent) => {
          meter.take(event);
          const now = Date.now();
          if (event.kind === "download") {
            if (now - shown < PACE) return;
            shown = now;
          } else this.log(describe(event));
          say(meter.text());
          advance(meter.percent());
          this.changed.fire();
        };
        await ensureEngines(
          plan.map(({ engine }) => engine),
          { ...this.place(), environment: { ...this.place().environment }, signal, inEditor: true, onProgress: take },
        );
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
