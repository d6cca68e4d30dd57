// PutLogEvents: a batch of lines onto one stream, on disk before it is acknowledged.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
import type { Operations } from "../../../call.ts";
import { groupName, invalid, required, streamName } from "../checks.ts";
import { eventKey, eventSize, type LogEvent, type LogGroup, type LogStore, type LogStream } from "../store.ts";

const LARGEST_BATCH = 1_048_576;
const MOST_EVENTS = 10_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface InputEvent {
  readonly timestamp: number;
  readonly message: string;
}

export function putOperations(logs: LogStore): Pick<Operations<"logs">, "PutLogEvents"> {
  const { store, clock } = logs.lake;
  return {
    PutLogEvents: {
      // AWS ignores the sequence token since 2023: parallel puts are allowed.
      fields: ["logGroupName", "logStreamName", "logEvents", "sequenceToken"],
      run: async (input) => {
        const group = groupName(input.logGroupName);
        const name = streamName(input.logStreamName);
        const events = checkBatch(required(input.logEvents, "logEvents") as Partial<InputEvent>[]);
        return store.lock(`logs ${group}`, async () => {
          const stream = logs.stream(group, name);
          const now = clock.now();
          const sorted = sort(events, logs.group(group), now);
          const after = append(stream, sorted.accepted, now);
          await store.write((writer) => {
            for (const event of after.events) writer.put(eventKey(stream, event), event);
            writer.put(["logs", "stream", group, name], after.stream);
          });
          return {
            nextSequenceToken: String(after.stream.sequence),
            ...(sorted.rejected === undefined ? {} : { rejectedLogEventsInfo: sorted.rejected }),
          };
        });
      },
    },
  };
}

function checkBatch(events: readonly Partial<InputEvent>[]): InputEvent[] {
  if (events.length === 0 || events.length > MOST_EVENTS) {
    throw invalid(`A batch holds between 1 and ${MOST_EVENTS} log events, not ${events.length}.`);
  }
  let size = 0;
  let before = 0;
  const checked = events.map(({ timestamp, message }, index) => {
    const at = required(timestamp, `logEvents.${index + 1}.member.timestamp`);
    const text = required(message, `logEvents.${index + 1}.member.message`);
    if (text === "") throw invalid("Log event message must not be empty.");
    if (at < before) throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
    before = at;
    size += eventSize(text);
    return { timestamp: at, message: text };
  });
  if (size > LARGEST_BATCH) throw invalid(`Upload too large: ${size} bytes exceeds limit of ${LARGEST_BATCH}`);
  if (before - (checked[0]?.timestamp ?? 0) > DAY) {
    throw invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
  return checked;
}

/** Too old (14 days, or the group's retention) and too new (2 hours ahead) events are left out and told, the rest is taken. */
function sort(events: readonly InputEvent[], group: LogGroup, now: number) {
  const expired = now - (group.retentionInDays ?? Number.POSITIVE_INFINITY) * DAY;
  const tooOld = events.filter((event) => event.timestamp < now - 14 * DAY).length;
  const gone = events.filter((event) => event.timestamp < expired).length;
  const tooNew = events.findIndex((event) => event.timestamp > now + 2 * HOUR);
  const accepted = events.slice(Math.max(tooOld, gone), tooNew < 0 ? events.length : tooNew);
  const rejected = {
    ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld === 0 ? {} : { tooOldLogEventEndIndex: tooOld }),
    ...(gone === 0 ? {} : { expiredLogEventEndIndex: gone }),
  };
  return { accepted, rejected: Object.keys(rejected).length === 0 ? undefined : rejected };
}

function append(stream: LogStream, accepted: readonly InputEvent[], clock: number) {
  // Never backwards within a stream, whatever the system's clock does: readers go by timestamp, then arrival.
  const now = Math.max(clock, stream.lastIngestionTime ?? 0);
  const events = accepted.map(
    (event, index): LogEvent => ({ ...event, ingestionTime: now, sequence: stream.sequence + index + 1 }),
  );
  const first = events[0];
  const last = events.at(-1);
  if (first === undefined || last === undefined) return { events, stream };
  return {
    events,
    stream: {
      ...stream,
      firstEventTimestamp: Math.min(first.timestamp, stream.firstEventTimestamp ?? first.timestamp),
      lastEventTimestamp: Math.max(last.timestamp, stream.lastEventTimestamp ?? last.timestamp),
      lastIngestionTime: now,
      sequence: last.sequence,
      bytes: stream.bytes + events.reduce((sum, event) => sum + eventSize(event.message), 0),
    },
  };
}
