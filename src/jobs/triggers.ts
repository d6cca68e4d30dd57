// Triggers: which there are and starting them.
import { calling, ifFound } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";

export interface Trigger {
  readonly name: string;
  readonly type: string;
  /** CREATED, ACTIVATED, DEACTIVATED ... */
  readonly state: string;
  readonly schedule: string | undefined;
}

export async function getTrigger(session: AwsSession, name: string): Promise<Trigger | undefined> {
  const { GetTriggerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const found = await ifFound(`trigger ${name}`, () => client.send(new GetTriggerCommand({ Name: name })));
  const trigger = found?.Trigger;
  if (trigger === undefined) return undefined;
  return { name, type: trigger.Type ?? "", state: trigger.State ?? "", schedule: trigger.Schedule };
}

/** Activates a scheduled or conditional trigger; an on-demand one fires. */
export async function startTrigger(session: AwsSession, name: string): Promise<void> {
  const { StartTriggerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  await calling(`trigger ${name}`, () => client.send(new StartTriggerCommand({ Name: name })));
}
