// A stack operation as it goes: its events, oldest first, each once, until the stack's own status is terminal.
import type { StackEvent as SdkEvent } from "@aws-sdk/client-cloudformation";
import { abortable } from "../aws/abortable.ts";
import { calling } from "../aws/failure.ts";
import { Patience } from "../aws/patience.ts";
import type { AwsSession } from "../aws/session.ts";
import { pollInterval, sleep } from "../base/wait.ts";
import { findStack, type Stack } from "./stack.ts";
import { stackPhase } from "./state.ts";

export interface StackEvent {
  readonly id: string;
  readonly at: Date;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
}

/**
 * Yields the events since `since` and returns the stack once its status is terminal.
 * The verdict comes from that status alone. `stackId`, not a name: a deleted stack is found by its id only.
 */
export async function* watchStack(
  session: AwsSession,
  stackId: string,
  since: Date,
  signal?: AbortSignal,
): AsyncGenerator<StackEvent, Stack | undefined> {
  const seen = new Set<string>();
  const started = Date.now();
  const patience = new Patience(session, signal);
  for (;;) {
    const stack = await patience.try(() => findStack(session, stackId, signal));
    // Events are read after the status: those of a terminal status are all there by then.
    for (const event of await patience.try(() => newEvents(session, stackId, since, seen, signal))) {
      seen.add(event.id);
      yield event;
    }
    const phase = stackPhase(stack?.status);
    if (phase !== "running" && phase !== "review") return stack;
    await sleep(pollInterval(Date.now() - started, session.connection.kind === "local" ? 250 : 2000), signal);
  }
}

async function newEvents(
  session: AwsSession,
  stackId: string,
  since: Date,
  seen: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<StackEvent[]> {
  const { DescribeStackEventsCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const fresh: StackEvent[] = [];
  let token: string | undefined;
  do {
    const page = await calling(`stack ${stackId}`, () =>
      client.send(new DescribeStackEventsCommand({ StackName: stackId, NextToken: token }), abortable(signal)),
    );
    for (const event of page.StackEvents ?? []) {
      // Newest first: at the first event that is known or too old, all that follow are.
      if (seen.has(event.EventId ?? "") || (event.Timestamp ?? since) < since) return fresh.reverse();
      fresh.push(toEvent(event));
    }
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return fresh.reverse();
}

/** One page of a stack's events, newest first, and the token of the page behind it. `stack`: a name, or an id (a deleted one has only that). */
export async function eventPage(
  session: AwsSession,
  stack: string,
  token?: string,
): Promise<{ readonly events: readonly StackEvent[]; readonly next: string | undefined }> {
  const { DescribeStackEventsCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const page = await calling(`stack ${stack}`, () =>
    client.send(new DescribeStackEventsCommand({ StackName: stack, NextToken: token })),
  );
  return { events: (page.StackEvents ?? []).map(toEvent), next: page.NextToken === "" ? undefined : page.NextToken };
}

function toEvent(event: SdkEvent): StackEvent {
  return {
    id: event.EventId ?? "",
    at: event.Timestamp ?? new Date(0),
    logicalId: event.LogicalResourceId ?? "",
    physicalId: event.PhysicalResourceId,
    type: event.ResourceType ?? "",
    status: event.ResourceStatus ?? "",
    reason: event.ResourceStatusReason,
  };
}

/** How far an operation is: how many of its resources have ended, of the `total` that its plan names (or of those seen, where that is not known). */
export function progressOf(
  events: readonly StackEvent[],
  stackId: string,
  total?: number,
): { readonly done: number; readonly total: number; readonly last: StackEvent | undefined } {
  const latest = new Map<string, StackEvent>();
  for (const event of events) if (event.physicalId !== stackId) latest.set(event.logicalId, event);
  const done = [...latest.values()].filter(({ status }) => /_(COMPLETE|FAILED|SKIPPED)$/.test(status)).length;
  return {
    done,
    total: Math.max(total ?? 0, latest.size),
    last: events.findLast((event) => event.physicalId !== stackId),
  };
}

/** The first cause of a failure: the earliest event that failed by itself, not because another was cancelled. */
export function firstFailure(events: readonly StackEvent[]): StackEvent | undefined {
  return events.find(
    (event) => event.status.endsWith("_FAILED") && event.reason !== undefined && !/cancelled/i.test(event.reason),
  );
}
