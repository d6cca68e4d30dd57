// Triggers: which there are, when they fire and what they start; starting and stopping them.
import type { Trigger as SdkTrigger } from "@aws-sdk/client-glue";
import { calling, ifFound } from "../aws/failure.ts";
import { collect, pages } from "../aws/pages.ts";
import type { AwsSession } from "../aws/session.ts";

export interface Trigger {
  readonly name: string;
  /** SCHEDULED, CONDITIONAL, ON_DEMAND or EVENT. */
  readonly type: string;
  /** CREATED, ACTIVATED, DEACTIVATED ... */
  readonly state: string;
  /** "cron(...)", in UTC. */
  readonly schedule: string | undefined;
  readonly description: string | undefined;
  /** Names of what it starts. */
  readonly jobs: readonly string[];
  readonly crawlers: readonly string[];
  /** What a conditional one waits for: "orders-etl SUCCEEDED". */
  readonly conditions: readonly string[];
  /** "AND" or "ANY". */
  readonly logical: string | undefined;
}

export async function getTrigger(session: AwsSession, name: string): Promise<Trigger | undefined> {
  const { GetTriggerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const found = await ifFound(`trigger ${name}`, () => client.send(new GetTriggerCommand({ Name: name })));
  return found?.Trigger === undefined ? undefined : toTrigger(found.Trigger);
}

export async function listTriggers(session: AwsSession, signal?: AbortSignal): Promise<Trigger[]> {
  const { GetTriggersCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const triggers = await collect(
    pages(async (token) => {
      const page = await calling("triggers", () => client.send(new GetTriggersCommand({ NextToken: token })));
      return { items: page.Triggers, next: page.NextToken };
    }, signal),
  );
  return triggers.map(toTrigger);
}

/** Activates a scheduled or conditional trigger; an on-demand one fires. */
export async function startTrigger(session: AwsSession, name: string): Promise<void> {
  const { StartTriggerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  await calling(`trigger ${name}`, () => client.send(new StartTriggerCommand({ Name: name })));
}

/** Deactivates a trigger: it starts nothing until it is started again. Runs that it started go on. */
export async function stopTrigger(session: AwsSession, name: string): Promise<void> {
  const { StopTriggerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  await calling(`trigger ${name}`, () => client.send(new StopTriggerCommand({ Name: name })));
}

function toTrigger(trigger: SdkTrigger): Trigger {
  return {
    name: trigger.Name ?? "",
    type: trigger.Type ?? "",
    state: trigger.State ?? "",
    schedule: trigger.Schedule,
    description: trigger.Description,
    jobs: (trigger.Actions ?? []).flatMap(({ JobName }) => JobName ?? []),
    crawlers: (trigger.Actions ?? []).flatMap(({ CrawlerName }) => CrawlerName ?? []),
    conditions: (trigger.Predicate?.Conditions ?? []).map(({ JobName, CrawlerName, State, CrawlState }) =>
      `${JobName ?? CrawlerName ?? "?"} ${State ?? CrawlState ?? ""}`.trim(),
    ),
    logical: trigger.Predicate?.Logical,
  };
}
