// Log streams: create, describe (by name or by last event), delete.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
import { randomUUID } from "node:crypto";
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { groupName, groupOf, invalid, limitOf, streamName } from "../checks.ts";
import type { LogStore, LogStream } from "../store.ts";

export function streamOperations(
  logs: LogStore,
): Pick<Operations<"logs">, "CreateLogStream" | "DescribeLogStreams" | "DeleteLogStream"> {
  const { store, clock } = logs.lake;
  return {
    CreateLogStream: {
      fields: ["logGroupName", "logStreamName"],
      run: async (input) => {
        const group = groupName(input.logGroupName);
        const name = streamName(input.logStreamName);
        await store.lock(`logs ${group}`, async () => {
          logs.group(group);
          if (logs.findStream(group, name) !== undefined) {
            throw new ServiceError("ResourceAlreadyExistsException", "The specified log stream already exists");
          }
          const stream: LogStream = { id: randomUUID(), name, creationTime: clock.now(), sequence: 0, bytes: 0 };
          await store.write((writer) => writer.put(["logs", "stream", group, name], stream));
        });
        return {};
      },
    },
    DeleteLogStream: {
      fields: ["logGroupName", "logStreamName"],
      run: async (input) => {
        const group = groupName(input.logGroupName);
        await store.lock(`logs ${group}`, async () => {
          await logs.forget(group, [logs.stream(group, streamName(input.logStreamName))], false);
        });
        return {};
      },
    },
    DescribeLogStreams: {
      fields: [
        "logGroupName",
        "logGroupIdentifier",
        "logStreamNamePrefix",
        "orderBy",
        "descending",
        "nextToken",
        "limit",
      ],
      run: (input) => describe(logs, groupOf(input), input),
    },
  };
}

interface DescribeInput {
  readonly logStreamNamePrefix?: string | undefined;
  readonly orderBy?: string | undefined;
  readonly descending?: boolean | undefined;
  readonly nextToken?: string | undefined;
  readonly limit?: number | undefined;
}

async function describe(logs: LogStore, group: string, input: DescribeInput) {
  const byTime = input.orderBy === "LastEventTime";
  if (byTime && input.logStreamNamePrefix !== undefined) {
    throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
  }
  logs.group(group);
  const limit = limitOf(input.limit, 50);
  const prefix = input.logStreamNamePrefix ?? "";
  const streams = (await logs.streams(group)).filter((stream) => stream.name.startsWith(prefix));
  const compare = byTime ? byLastEvent : byName;
  streams.sort(input.descending === true ? (a, b) => compare(b, a) : compare);
  // The token names the last stream given, so a page goes on where the order now puts it.
  const token = input.nextToken === undefined ? undefined : readToken(input.nextToken);
  const start =
    token === undefined
      ? 0
      : streams.filter((stream) =>
          input.descending === true ? compare(stream, token) >= 0 : compare(stream, token) <= 0,
        ).length;
  const page = streams.slice(start, start + limit);
  const last = page.at(-1);
  const arn = logs.groupArn(group);
  return {
    logStreams: page.map(({ id: _id, name, sequence, bytes: _bytes, ...times }) => ({
      logStreamName: name,
      ...times,
      uploadSequenceToken: String(sequence),
      arn: `${arn}:log-stream:${name}`,
      // AWS has answered 0 here since June 2019.
      storedBytes: 0,
    })),
    ...(last !== undefined && start + limit < streams.length ? { nextToken: writeToken(last) } : {}),
  };
}

type Place = Pick<LogStream, "name" | "lastEventTimestamp">;

function byName(a: Place, b: Place): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

function byLastEvent(a: Place, b: Place): number {
  return (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0) || byName(a, b);
}

function writeToken({ name, lastEventTimestamp = 0 }: Place): string {
  return Buffer.from(JSON.stringify([name, lastEventTimestamp])).toString("base64url");
}

function readToken(token: string): Place {
  try {
    const [name, lastEventTimestamp] = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as unknown[];
    if (typeof name === "string" && typeof lastEventTimestamp === "number") return { name, lastEventTimestamp };
  } catch {
    // Said below.
  }
  throw invalid("The specified nextToken is invalid.");
}
