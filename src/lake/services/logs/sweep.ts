// Removes what no answer shows any more: events of deleted streams, and events older than their group's retention.
import type { LogGroup, LogStore, LogStream } from "./store.ts";
import { eventKey, eventSize, type LogEvent } from "./store.ts";
import type { Key } from "../../state/store.ts";

/** How often, by the lake's clock; ms. */
const EVERY = 3_600_000;
const BATCH = 1000;

export interface Sweeper {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createSweeper(logs: LogStore): Sweeper {
  const { store, clock, log } = logs.lake;
  let cancel: (() => void) | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  let stopped = false;

  const sweep = async () => {
    const gone: string[] = [];
    for await (const [key] of store.entries(["logs", "gone"])) gone.push(key[2] ?? "");
    for (const id of gone) if (!stopped) await removeStream(logs, id);
    for (const group of await store.all<LogGroup>(["logs", "group"])) {
      if (group.retentionInDays === undefined) continue;
      const horizon = logs.horizon(group);
      for (const stream of await logs.streams(group.name)) {
        if (!stopped && (stream.firstEventTimestamp ?? horizon) < horizon)
          await expire(logs, group.name, stream, horizon);
      }
    }
  };
  const arm = () => {
    if (stopped) return;
    cancel = clock.at(clock.now() + EVERY, run);
  };
  const run = () => {
    sweeping = sweep()
      .catch((error: unknown) => log("logs sweep failed", { message: String(error) }))
      .finally(arm);
  };
  return {
    async start() {
      run();
    },
    async stop() {
      stopped = true;
      cancel?.();
      await sweeping;
    },
  };
}

async function removeStream(logs: LogStore, id: string): Promise<void> {
  const { store } = logs.lake;
  for (;;) {
    const keys: Key[] = [];
    for await (const [key] of store.entries(["logs", "event", id], { limit: BATCH })) keys.push(key);
    await store.write((writer) => {
      for (const key of keys) writer.delete(key);
      if (keys.length < BATCH) writer.delete(["logs", "gone", id]);
    });
    if (keys.length < BATCH) return;
  }
}

async function expire(logs: LogStore, group: string, stream: LogStream, horizon: number): Promise<void> {
  const { store } = logs.lake;
  for (;;) {
    const old: LogEvent[] = [];
    for await (const event of logs.events(stream, { before: { timestamp: horizon, sequence: 0 }, limit: BATCH }))
      old.push(event);
    await store.lock(`logs ${group}`, async () => {
      const current = logs.findStream(group, stream.name);
      if (current?.id !== stream.id) return;
      const rest = current.lastEventTimestamp !== undefined && current.lastEventTimestamp >= horizon;
      const { firstEventTimestamp: _first, ...others } = current;
      await store.write((writer) => {
        for (const event of old) writer.delete(eventKey(stream, event));
        writer.put(["logs", "stream", group, stream.name], {
          ...others,
          bytes: Math.max(0, current.bytes - old.reduce((sum, event) => sum + eventSize(event.message), 0)),
          // From the last batch on, nothing older than the horizon is left.
          ...(old.length === BATCH ? { firstEventTimestamp: current.firstEventTimestamp } : {}),
          ...(old.length < BATCH && rest ? { firstEventTimestamp: horizon } : {}),
        });
      });
    });
    if (old.length < BATCH) return;
  }
}
