// Fires triggers: on demand, by the lake's clock, and once watched jobs and crawlers have ended. AWS page: Glue Developer Guide, "AWS Glue triggers".
import type { Action, Condition, Predecessor } from "@aws-sdk/client-glue";
import { randomBytes } from "node:crypto";
import { messageOf } from "../../../../base/errors.ts";
import { ServiceError } from "../../../fault.ts";
import type { GlueEvents } from "../events.ts";
import type { Cause, Jobs } from "../jobs/jobs.ts";
import type { RunManager } from "../runs/manager.ts";
import type { RunRequest } from "../runs/request.ts";
import { nextFire } from "./cron.ts";
import { type Progress, type StoredTrigger, Triggers } from "./store.ts";

/** How long a firing's progress is kept; ms. */
const REMEMBERED = 7 * 86_400_000;

interface Ended {
  readonly jobName?: string;
  readonly runId?: string;
  readonly crawlerName?: string;
  readonly state: string;
}

export class TriggerEngine {
  /** What cancels the next fire of a scheduled trigger. */
  private readonly armed = new Map<string, () => void>();
  private working: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly triggers: Triggers,
    private readonly jobs: Jobs,
    private readonly runs: RunManager,
    events: GlueEvents,
  ) {
    events.onRunEnded(({ job, runId, state, cause }) =>
      this.after(async () => this.ended({ jobName: job, runId, state }, cause)),
    );
    events.onCrawlEnded(({ crawler, state }) =>
      this.after(async () => {
        const cause = this.triggers.crawlCause(crawler);
        await this.triggers.write((writer) => writer.delete(Triggers.keys.crawlCause(crawler)));
        await this.ended({ crawlerName: crawler, state }, cause);
      }),
    );
  }

  /** Arms all activated schedules. What fell due while the lake was down is not made up for. */
  async start(): Promise<void> {
    for (const trigger of await this.triggers.list()) this.arm(trigger);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.armed.values()) cancel();
    this.armed.clear();
    await this.working;
  }

  /** Sets or drops the next fire, as the trigger now says. */
  arm(trigger: StoredTrigger): void {
    this.disarm(trigger.Name);
    if (trigger.Type !== "SCHEDULED" || trigger.State !== "ACTIVATED") return;
    const { clock } = this.triggers.lake;
    const at = nextFire(trigger.Schedule ?? "", clock.now());
    if (at === undefined) return;
    this.armed.set(
      trigger.Name,
      clock.at(at, () => {
        const current = this.triggers.find(trigger.Name);
        if (current === undefined) return;
        this.arm(current);
        this.after(() => this.fire(current));
      }),
    );
  }

  disarm(name: string): void {
    this.armed.get(name)?.();
    this.armed.delete(name);
  }

  /**
   * Starts all that the trigger names. `firing` is the one that all began with; a new one where it begins here.
   * `predecessors` are the runs that a conditional trigger waited for.
   */
  async fire(
    trigger: StoredTrigger,
    firing = this.newFiring(),
    predecessors: readonly Predecessor[] = [],
  ): Promise<void> {
    const cause: Cause = { trigger: trigger.Name, firing };
    for (const action of trigger.Actions ?? []) {
      try {
        if (action.JobName !== undefined) await this.startJob(action, action.JobName, cause, predecessors);
        else if (action.CrawlerName !== undefined) await this.startCrawler(action.CrawlerName, cause);
      } catch (error) {
        // One action that can't be started does not keep the others.
        this.triggers.lake.log("trigger action failed", { trigger: trigger.Name, message: messageOf(error) });
      }
    }
  }

  private async startJob(
    action: Action,
    name: string,
    cause: Cause,
    predecessors: readonly Predecessor[],
  ): Promise<void> {
    const job = this.jobs.find(name);
    const request: RunRequest = {
      overrides: {
        PredecessorRuns: [...predecessors],
        ...(action.Arguments === undefined ? {} : { Arguments: action.Arguments }),
        ...(action.Timeout === undefined ? {} : { Timeout: action.Timeout }),
        ...(action.NotificationProperty === undefined ? {} : { NotificationProperty: action.NotificationProperty }),
      },
      cause,
      queued: job?.JobRunQueuingEnabled ?? false,
      retriesLeft: job?.MaxRetries ?? 0,
    };
    // The page "job run statuses": ERROR is a deleted job, FAILED may be one run too many.
    if (job === undefined) return this.runs.refused({ Name: name }, request, "ERROR", `Job ${name} was deleted.`);
    try {
      await this.runs.start(job, request);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== "ConcurrentRunsExceededException") throw error;
      await this.runs.refused(job, { ...request, retriesLeft: 0 }, "FAILED", `${error.code}: ${error.message}`);
    }
  }

  private async startCrawler(name: string, cause: Cause): Promise<void> {
    const key = Triggers.keys.crawlCause(name);
    const before = this.triggers.crawlCause(name);
    // Written first: the crawl may have ended before the call is answered.
    await this.triggers.write((writer) => writer.put(key, cause));
    try {
      await this.triggers.lake.call("glue", "StartCrawler", { Name: name });
    } catch (error) {
      await this.triggers.write((writer) => (before === undefined ? writer.delete(key) : writer.put(key, before)));
      throw error;
    }
  }

  /**
   * The page: dependents start only where what completed "was started by a trigger", and all in a chain must be descendants
   * "of a single scheduled or on-demand trigger". So conditions are counted for each firing by itself, and once.
   */
  private async ended(event: Ended, cause: Cause | undefined): Promise<void> {
    if (cause === undefined) return;
    for (const trigger of await this.triggers.list()) {
      if (trigger.Type !== "CONDITIONAL" || trigger.State !== "ACTIVATED") continue;
      const complete = await this.meets(trigger, event, cause.firing);
      if (complete !== undefined) await this.fire(trigger, cause.firing, complete.runs);
    }
  }

  /** Notes what the event meets of the trigger's conditions; what was met in all, where that completes them. */
  private async meets(trigger: StoredTrigger, event: Ended, firing: string): Promise<Progress | undefined> {
    const conditions = trigger.Predicate?.Conditions ?? [];
    const now = conditions.flatMap((condition, index) => (isMet(condition, event) ? [index] : []));
    if (now.length === 0) return undefined;
    const key = Triggers.keys.progress(trigger.Name, firing);
    const before = this.triggers.get<Progress>(key) ?? { met: [], runs: [], fired: false };
    if (before.fired) return undefined;
    const met = [...new Set([...before.met, ...now])];
    const run = event.runId === undefined ? [] : [{ JobName: event.jobName, RunId: event.runId }];
    const fired = trigger.Predicate?.Logical === "ANY" || met.length === conditions.length;
    const after: Progress = { met, runs: [...before.runs, ...run], fired };
    const old = await this.forgotten(trigger.Name);
    await this.triggers.write((writer) => {
      writer.put(key, after);
      old.forEach((forgotten) => writer.delete(forgotten));
    });
    return fired ? after : undefined;
  }

  /** Progress of firings that began long ago: their ids begin with the time. */
  private async forgotten(trigger: string) {
    const before = this.newFiring(this.triggers.lake.clock.now() - REMEMBERED);
    return (await this.triggers.keysBelow(Triggers.keys.progresses(trigger))).filter((key) => (key[3] ?? "") < before);
  }

  private newFiring(at = this.triggers.lake.clock.now()): string {
    return `${String(at).padStart(14, "0")}-${randomBytes(4).toString("hex")}`;
  }

  /** One after the other, so that two ends at once can't both miss that they complete a set. */
  private after(work: () => Promise<void>): void {
    if (this.stopped) return;
    this.working = this.working.then(work).catch((error: unknown) => {
      this.triggers.lake.log("trigger failed", { message: messageOf(error) });
    });
  }
}

function isMet(condition: Condition, event: Ended): boolean {
  if (condition.JobName !== undefined) return condition.JobName === event.jobName && condition.State === event.state;
  return (
    condition.CrawlerName !== undefined &&
    condition.CrawlerName === event.crawlerName &&
    condition.CrawlState === event.state
  );
}
