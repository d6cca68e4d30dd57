// A run's log lines while it runs: CloudWatch Logs by its forward token, none lost, none doubled.
import { calling, ifFound } from "../aws/failure.ts";
import { Patience } from "../aws/patience.ts";
import type { AwsSession } from "../aws/session.ts";
import type { BoathouseError } from "../base/errors.ts";
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
 * Where a run's lines go: groups "<prefix>/output" and "<prefix>/error", a stream of the run's id, or "<its own prefix>-driver".
 * @param runArguments all arguments of the run, the job's own among them: one of them may name the stream
 * https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html
 */
export function logPlaces(
  prefix: string | undefined,
  runId: string,
  runArguments: Readonly<Record<string, string>> = {},
): LogPlace[] {
  const base = prefix ?? "/aws-glue/jobs";
  const own = runArguments["--custom-logStream-prefix"];
  const stream = own === undefined ? runId : `${own}-driver`;
  return [
    { group: `${base}/output`, stream, source: "output" },
    { group: `${base}/error`, stream, source: "error" },
  ];
}

export interface FollowOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds without a line after `done()` until the log counts as whole: CloudWatch delivers late. 0 on a local lake, which does not. */
  readonly settle?: number;
  /** A read failed for now (throttled, the network) and is made again from the same place. */
  readonly onRetry?: (error: BoathouseError) => void;
}

/**
 * Yields the lines of all places as they come. Ends once `done()` says that nothing more is written and all is read.
 * A group or stream that is not there yet is waited for. What was throttled, or lost its network, is read again from the same token: no line is
 * lost, none comes twice.
 * @throws BoathouseError of any other kind: `denied` where the logs may not be read, `credentials` where they expired.
 */
export async function* followLogs(
  session: AwsSession,
  places: readonly LogPlace[],
  done: () => boolean,
  options: FollowOptions = {},
): AsyncGenerator<LogLine> {
  const { signal } = options;
  const local = session.connection.kind === "local";
  const settle = options.settle ?? (local ? 0 : 10_000);
  const patience = new Patience(session, signal, options.onRetry);
  const tokens = new Map<LogPlace, string | undefined>();
  let quiet = Date.now();
  for (;;) {
    // Asked before reading: what was written before it said so is read below.
    const last = done();
    let read = 0;
    for (const place of places) {
      for (;;) {
        const token = tokens.get(place);
        const page = await patience.try(() => readPage(session, place, token));
        if (page === undefined) break;
        tokens.set(place, page.next);
        read += page.lines.length;
        yield* page.lines;
        // A page may be empty though more stands behind it: the end is where the token stays the same.
        // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
        if (page.next === token || page.next === undefined) break;
      }
    }
    if (read > 0) quiet = Date.now();
    if (last && Date.now() - quiet >= settle) return;
    await sleep(pollInterval(Date.now() - quiet, local ? 500 : 3000), signal);
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
