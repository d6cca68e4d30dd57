// A run's log lines while it runs: CloudWatch Logs by its forward token, none lost, none doubled.
import { calling, ifFound } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import { pollInterval, sleep } from "../base/wait.ts";

export interface LogLine {
  readonly at: Date;
  readonly text: string;
  /** Which of the run's logs: standard output or error. */
  readonly source: "output" | "error";
}

export interface LogPlace {
  readonly group: string;
  readonly stream: string;
  readonly source: LogLine["source"];
}

/**
 * Where a run's lines go: groups "<prefix>/output" and "<prefix>/error", a stream of the run's id.
 * https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html
 */
export function logPlaces(prefix: string | undefined, runId: string): LogPlace[] {
  const base = prefix ?? "/aws-glue/jobs";
  return [
    { group: `${base}/output`, stream: runId, source: "output" },
    { group: `${base}/error`, stream: runId, source: "error" },
  ];
}

/**
 * Yields the lines of all places as they come. Ends once `done()` says that nothing more is written and all is read.
 * A group or stream that is not there yet is waited for.
 */
export async function* followLogs(
  session: AwsSession,
  places: readonly LogPlace[],
  done: () => boolean,
  signal?: AbortSignal,
): AsyncGenerator<LogLine> {
  const tokens = new Map<LogPlace, string | undefined>();
  let quiet = Date.now();
  for (;;) {
    // Asked before reading: what was written before it said so is read below.
    const last = done();
    let read = 0;
    for (const place of places) {
      for (;;) {
        const page = await readPage(session, place, tokens.get(place));
        if (page === undefined || page.lines.length === 0) break;
        tokens.set(place, page.next);
        read += page.lines.length;
        yield* page.lines;
      }
    }
    if (last) return;
    if (read > 0) quiet = Date.now();
    await sleep(pollInterval(Date.now() - quiet, session.connection.kind === "local" ? 500 : 3000), signal);
  }
}

async function readPage(
  session: AwsSession,
  place: LogPlace,
  token: string | undefined,
): Promise<{ lines: LogLine[]; next: string | undefined } | undefined> {
  const { GetLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const client = await session.logs();
  const page = await ifFound(`log ${place.group}`, () =>
    calling(`log ${place.group}`, () =>
      client.send(
        new GetLogEventsCommand({
          logGroupName: place.group,
          logStreamName: place.stream,
          startFromHead: true,
          nextToken: token,
        }),
      ),
    ),
  );
  if (page === undefined) return undefined;
  const lines = (page.events ?? []).map((event) => ({
    at: new Date(event.timestamp ?? 0),
    text: event.message ?? "",
    source: place.source,
  }));
  return { lines, next: page.nextForwardToken };
}
