// FilterLogEvents: all or some streams of a group as one list, ordered by timestamp, then by arrival.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
import { createHash } from "node:crypto";
import type { Operations } from "../../../call.ts";
import { groupOf, invalid, limitOf } from "../checks.ts";
import { filterPattern } from "../pattern.ts";
import { digits, eventSize, type LogEvent, type LogStore, type LogStream } from "../store.ts";

const MOST_EVENTS = 10_000;
const LARGEST_PAGE = 1_048_576;

/** The place of an event among all of its group. */
type Place = readonly [timestamp: number, ingestionTime: number, stream: string, sequence: number];

interface Found {
  readonly stream: LogStream;
  readonly event: LogEvent;
}

export function filterOperations(logs: LogStore): Pick<Operations<"logs">, "FilterLogEvents"> {
  return {
    FilterLogEvents: {
      // `interleaved` is deprecated and always true.
      fields: [
        "logGroupName",
        "logGroupIdentifier",
        "logStreamNames",
        "logStreamNamePrefix",
        "startTime",
        "endTime",
        "filterPattern",
        "nextToken",
        "limit",
        "interleaved",
      ],
      run: async (input) => {
        const name = groupOf(input);
        const group = logs.group(name);
        const limit = limitOf(input.limit, MOST_EVENTS);
        const matches = filterPattern(input.filterPattern ?? "");
        const streams = await chosen(logs, name, input.logStreamNames, input.logStreamNamePrefix);
        const behind = input.nextToken === undefined ? undefined : readToken(input.nextToken);
        const start = Math.max(input.startTime ?? 0, logs.horizon(group), behind?.[0] ?? 0);
        const end = input.endTime ?? Number.POSITIVE_INFINITY;
        const page: Found[] = [];
        let size = 0;
        let more = false;
        for await (const found of merged(logs, streams, start)) {
          if (found.event.timestamp > end) break;
          if (behind !== undefined && compare(place(found), behind) <= 0) continue;
          if (!matches(found.event.message)) continue;
          size += eventSize(found.event.message);
          more = page.length === limit || (page.length > 0 && size > LARGEST_PAGE);
          if (more) break;
          page.push(found);
        }
        const last = page.at(-1);
        return {
          events: page.map(({ stream, event }) => ({
            logStreamName: stream.name,
            timestamp: event.timestamp,
            message: event.message,
            ingestionTime: event.ingestionTime,
            eventId: eventId(stream, event),
          })),
          // AWS has answered an empty list here since 2020.
          searchedLogStreams: [],
          ...(more && last !== undefined ? { nextToken: writeToken(place(last)) } : {}),
        };
      },
    },
  };
}

async function chosen(
  logs: LogStore,
  group: string,
  names: readonly string[] | undefined,
  prefix: string | undefined,
): Promise<LogStream[]> {
  if (names !== undefined && prefix !== undefined) {
    throw invalid("logStreamNamePrefix and logStreamNames are mutually exclusive parameters.");
  }
  if (names !== undefined) return [...new Set(names)].map((name) => logs.stream(group, name));
  return (await logs.streams(group)).filter((stream) => stream.name.startsWith(prefix ?? ""));
}

interface Source {
  readonly stream: LogStream;
  readonly events: AsyncGenerator<LogEvent>;
  head: LogEvent;
}

/** Merges streams. One is opened only when the others have come to its first event, so hundreds of old streams cost nothing. */
async function* merged(logs: LogStore, streams: readonly LogStream[], start: number): AsyncGenerator<Found> {
  const waiting = streams
    .filter((stream) => (stream.lastEventTimestamp ?? -1) >= start)
    .sort((a, b) => (a.firstEventTimestamp ?? 0) - (b.firstEventTimestamp ?? 0));
  const open: Source[] = [];
  try {
    for (;;) {
      let least = leastOf(open);
      while (
        waiting[0] !== undefined &&
        (least === undefined || (waiting[0].firstEventTimestamp ?? 0) <= least.head.timestamp)
      ) {
        const stream = waiting.shift() as LogStream;
        const events = logs.events(stream, { after: { timestamp: start, sequence: 0 } });
        const first = await events.next();
        if (first.done !== true) open.push({ stream, events, head: first.value });
        least = leastOf(open);
      }
      if (least === undefined) return;
      yield { stream: least.stream, event: least.head };
      const next = await least.events.next();
      if (next.done === true) open.splice(open.indexOf(least), 1);
      else least.head = next.value;
    }
  } finally {
    for (const source of open) await source.events.return(undefined);
  }
}

function leastOf(sources: readonly Source[]): Source | undefined {
  let least: Source | undefined;
  for (const source of sources) {
    if (least === undefined || compare(headPlace(source), headPlace(least)) < 0) least = source;
  }
  return least;
}

function headPlace({ stream, head }: Source): Place {
  return place({ stream, event: head });
}

function place({ stream, event }: Found): Place {
  return [event.timestamp, event.ingestionTime, stream.id, event.sequence];
}

function compare(a: Place, b: Place): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : Number(a[2] > b[2])) || a[3] - b[3];
}

/** 56 digits, as AWS's ids have; the same event has the same id in every answer. */
function eventId(stream: LogStream, event: LogEvent): string {
  const hash = createHash("sha256").update(stream.id).digest().readUIntBE(0, 6);
  return `${digits(event.timestamp, 15)}${digits(hash, 15)}${digits(event.sequence, 26)}`;
}

function writeToken(at: Place): string {
  return Buffer.from(JSON.stringify(at)).toString("base64url");
}

function readToken(token: string): Place {
  try {
    const at = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as unknown[];
    if (
      typeof at[0] === "number" &&
      typeof at[1] === "number" &&
      typeof at[2] === "string" &&
      typeof at[3] === "number"
    ) {
      return at as unknown as Place;
    }
  } catch {
    // Said below.
  }
  throw invalid("The specified nextToken is invalid.");
}
