// Log groups, streams and events as they lie in the lake's store.
//
//   logs group  <group>                         LogGroup
//   logs stream <group> <stream>                LogStream
//   logs event  <stream id> <timestamp> <seq>   LogEvent   in the order in which AWS gives events: timestamp, then arrival
//   logs gone   <stream id>                     true       events of a deleted stream, not yet removed
//
// Events lie below an id of their stream's own, so that deleting a group of any size is one small batch; the sweeper takes the rest.
import type { Lake } from "../../lake.ts";
import { ServiceError } from "../../fault.ts";

export interface LogGroup {
  readonly name: string;
  /** Epoch ms, as all times here. */
  readonly creationTime: number;
  readonly retentionInDays?: number;
  readonly logGroupClass: "STANDARD" | "INFREQUENT_ACCESS";
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogStream {
  readonly id: string;
  readonly name: string;
  readonly creationTime: number;
  readonly firstEventTimestamp?: number;
  readonly lastEventTimestamp?: number;
  readonly lastIngestionTime?: number;
  /** Events ever put; the last one's sequence number. */
  readonly sequence: number;
  readonly bytes: number;
}

export interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly sequence: number;
}

/** A place between events of one stream. */
export interface Position {
  readonly timestamp: number;
  readonly sequence: number;
}

/** What CloudWatch counts for an event beside its UTF-8 message. */
export const EVENT_OVERHEAD = 26;
const DAY = 86_400_000;

export class LogStore {
  constructor(readonly lake: Lake) {}

  findGroup(name: string): LogGroup | undefined {
    return this.lake.store.get<LogGroup>(["logs", "group", name]);
  }

  /** Throws ResourceNotFoundException. */
  group(name: string): LogGroup {
    const found = this.findGroup(name);
    if (found === undefined) {
      throw new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");
    }
    return found;
  }

  findStream(group: string, name: string): LogStream | undefined {
    return this.lake.store.get<LogStream>(["logs", "stream", group, name]);
  }

  /** Throws ResourceNotFoundException for an unknown group or stream. */
  stream(group: string, name: string): LogStream {
    const found = this.findStream(group, name);
    if (found === undefined) {
      this.group(group);
      throw new ServiceError("ResourceNotFoundException", "The specified log stream does not exist.");
    }
    return found;
  }

  streams(group: string): Promise<LogStream[]> {
    return this.lake.store.all<LogStream>(["logs", "stream", group]);
  }

  /** Changes a group's record under its lock. */
  changeGroup(name: string, change: (group: LogGroup) => LogGroup): Promise<void> {
    return this.lake.store.lock(`logs ${name}`, async () => {
      const changed = change(this.group(name));
      await this.lake.store.write((writer) => writer.put(["logs", "group", name], changed));
    });
  }

  /** Events older than this are gone, whether swept yet or not. */
  horizon(group: LogGroup): number {
    return group.retentionInDays === undefined ? 0 : this.lake.clock.now() - group.retentionInDays * DAY;
  }

  /** Events of a stream strictly behind `after`, or strictly before `before` where `reverse`. */
  async *events(
    stream: LogStream,
    range: { after?: Position; before?: Position; reverse?: boolean; limit?: number },
  ): AsyncGenerator<LogEvent> {
    const entries = this.lake.store.entries<LogEvent>(["logs", "event", stream.id], {
      ...(range.after === undefined ? {} : { after: eventKey(stream, range.after) }),
      ...(range.before === undefined ? {} : { before: eventKey(stream, range.before) }),
      ...(range.limit === undefined ? {} : { limit: range.limit }),
      reverse: range.reverse ?? false,
    });
    for await (const [, event] of entries) yield event;
  }

  /** Forgets streams in one batch; their events are left to the sweeper. */
  async forget(group: string, streams: readonly LogStream[], alsoGroup: boolean): Promise<void> {
    await this.lake.store.write((writer) => {
      for (const stream of streams) {
        writer.delete(["logs", "stream", group, stream.name]);
        writer.put(["logs", "gone", stream.id], true);
      }
      if (alsoGroup) writer.delete(["logs", "group", group]);
    });
  }

  groupArn(name: string): string {
    return `arn:aws:logs:${this.lake.region}:${this.lake.accountId}:log-group:${name}`;
  }
}

export function eventKey(stream: LogStream, { timestamp, sequence }: Position): string[] {
  return ["logs", "event", stream.id, digits(timestamp, 15), digits(sequence, 12)];
}

/** A whole number with zeros before it, so that text sorts as numbers do. */
export function digits(value: number, width: number): string {
  return String(Math.max(0, value)).padStart(width, "0");
}

/** Bytes that CloudWatch counts for an event. */
export function eventSize(message: string): number {
  return Buffer.byteLength(message, "utf8") + EVENT_OVERHEAD;
}
