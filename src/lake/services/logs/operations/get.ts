// GetLogEvents: one stream, page by page in either direction.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
import type { Operations } from "../../../call.ts";
import { groupOf, invalid, limitOf, streamName } from "../checks.ts";
import { digits, eventSize, type LogEvent, type LogStore, type Position } from "../store.ts";

const MOST_EVENTS = 10_000;
const LARGEST_PAGE = 1_048_576;
/** A timestamp behind all others. */
const END = 999_999_999_999_999;

export function getOperations(logs: LogStore): Pick<Operations<"logs">, "GetLogEvents"> {
  return {
    GetLogEvents: {
      fields: [
        "logGroupName",
        "logGroupIdentifier",
        "logStreamName",
        "startTime",
        "endTime",
        "nextToken",
        "limit",
        "startFromHead",
      ],
      run: async (input) => {
        const group = groupOf(input);
        const stream = logs.stream(group, streamName(input.logStreamName));
        const limit = limitOf(input.limit, MOST_EVENTS);
        const start = Math.max(input.startTime ?? 0, logs.horizon(logs.group(group)));
        const end = input.endTime ?? END;
        const token = input.nextToken === undefined ? undefined : readToken(input.nextToken);
        const forward = token?.forward ?? input.startFromHead ?? false;
        const from: Position = token?.position ?? { timestamp: forward ? start : end, sequence: 0 };
        const page: LogEvent[] = [];
        let size = 0;
        const events = logs.events(stream, forward ? { after: from } : { before: from, reverse: true });
        for await (const event of events) {
          // The start counts in, the end does not.
          if (forward ? event.timestamp < start : event.timestamp >= end) continue;
          if (forward ? event.timestamp >= end : event.timestamp < start) break;
          size += eventSize(event.message);
          if (page.length > 0 && size > LARGEST_PAGE) break;
          page.push(event);
          if (page.length === limit) break;
        }
        if (!forward) page.reverse();
        // An empty page stands at `from`: what its other token leads to is the event on that side, itself included.
        const last = page.at(-1) ?? (forward ? from : { ...from, sequence: Math.max(0, from.sequence - 1) });
        const first = page[0] ?? (forward ? { ...from, sequence: from.sequence + 1 } : from);
        return {
          events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
          // At the end of the stream a client gets back the very token it sent: that is how it knows.
          nextForwardToken: writeToken("f", last),
          nextBackwardToken: writeToken("b", first),
        };
      },
    },
  };
}

function writeToken(direction: "f" | "b", { timestamp, sequence }: Position): string {
  return `${direction}/${digits(timestamp, 15)}${digits(sequence, 41)}`;
}

function readToken(token: string): { forward: boolean; position: Position } {
  const [, direction, timestamp, sequence] = /^([fb])\/(\d{15})(\d{41})$/.exec(token) ?? [];
  if (direction === undefined) throw invalid("The specified nextToken is invalid.");
  return { forward: direction === "f", position: { timestamp: Number(timestamp), sequence: Number(sequence) } };
}
