// Triggers as records, and how far a firing has come in the conditions of a conditional one.
import type { Predecessor, Trigger, TriggerState, TriggerType } from "@aws-sdk/client-glue";
import type { Key } from "../../../state/store.ts";
import { notFound } from "../faults.ts";
import type { Cause } from "../jobs/jobs.ts";
import { Records } from "../records.ts";

export interface StoredTrigger extends Trigger {
  Name: string;
  Type: TriggerType;
  State: TriggerState;
}

/** Conditions of a trigger that the descendants of one firing have met. */
export interface Progress {
  readonly met: readonly number[];
  /** The job runs that met them: a run that the trigger starts names them. */
  readonly runs: readonly Predecessor[];
  readonly fired: boolean;
}

export class Triggers extends Records {
  static readonly keys = {
    triggers: (): Key => ["glue", "trigger"],
    trigger: (name: string): Key => ["glue", "trigger", name],
    progresses: (name: string): Key => ["glue", "triggerProgress", name],
    progress: (name: string, firing: string): Key => ["glue", "triggerProgress", name, firing],
    /** What a crawl that runs now was started by. */
    crawlCause: (crawler: string): Key => ["glue", "crawlCause", crawler],
  };

  find(name: string): StoredTrigger | undefined {
    return this.get<StoredTrigger>(Triggers.keys.trigger(name));
  }

  trigger(name: string): StoredTrigger {
    const found = this.find(name);
    if (found === undefined) throw notFound(`Trigger ${name} not found.`);
    return found;
  }

  list(): Promise<StoredTrigger[]> {
    return this.all<StoredTrigger>(Triggers.keys.triggers());
  }

  crawlCause(crawler: string): Cause | undefined {
    return this.get<Cause>(Triggers.keys.crawlCause(crawler));
  }
}
