// A run's lines on their way to CloudWatch Logs, in order, while it runs. AWS page: Glue Developer Guide, "Logging for AWS Glue jobs" (5.0).
import { messageOf } from "../../../../base/errors.ts";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";

interface Event {
  timestamp: number;
  message: string;
}

/** What Spark's own loggers print begins with a time and a level; a script's own words rarely do. */
const LOGGED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3} (TRACE|DEBUG|INFO|WARN|ERROR|FATAL) /;
/** Lines that go on what a logger began: a Java exception, by its full name, and its stack trace. */
const CONTINUED = /^(\s+at |\s*\.\.\. \d+ more|Caused by: |(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:: |$))/;
/** A stack trace that is cut short ends without a line break: the next logger's line follows at once. */
const RUN_ON = /(?<=\))(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3} [A-Z]+ )/;
/** Lines gather for this long before they are sent; ms. */
const GATHER = 150;
/** PutLogEvents takes 1 MB; a line longer than this is split. */
const LONGEST = 200_000;

/** Group prefix and stream of a run; `args` are all arguments of the run. */
export function logPlace(args: Readonly<Record<string, string>>, runId: string): { prefix: string; stream: string } {
  const stream = args["--custom-logStream-prefix"];
  return {
    prefix: args["--custom-logGroup-prefix"] ?? "/aws-glue/jobs",
    stream: stream === undefined ? runId : `${stream}-driver`,
  };
}

export class RunLogs {
  private readonly waiting = new Map<string, Event[]>();
  private readonly made = new Set<string>();
  private sending: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private inLogger = false;

  constructor(
    private readonly lake: Lake,
    private readonly place: { readonly prefix: string; readonly stream: string },
  ) {}

  /** User output and errors go to `output`; what Spark's loggers write goes to `error`. */
  line(source: "stdout" | "stderr", text: string): void {
    if (source === "stdout") {
      this.add("output", text);
      return;
    }
    for (const line of text.split(RUN_ON)) {
      this.inLogger = LOGGED.test(line) || (this.inLogger && CONTINUED.test(line));
      this.add(this.inLogger ? "error" : "output", line);
    }
  }

  /** A line of the lake's own, where Glue's system writes. */
  system(text: string): void {
    this.add("error", text);
  }

  /** Sends what is left; resolved once all is kept. */
  async end(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.send();
    await this.sending;
  }

  private add(kind: "output" | "error", text: string): void {
    const group = `${this.place.prefix}/${kind}`;
    const events = this.waiting.get(group) ?? [];
    this.waiting.set(group, events);
    // CloudWatch refuses empty messages.
    const whole = text === "" ? " " : text;
    for (let at = 0; at < whole.length; at += LONGEST) {
      events.push({ timestamp: this.lake.clock.now(), message: whole.slice(at, at + LONGEST) });
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, GATHER);
  }

  private send(): void {
    const batches = [...this.waiting];
    this.waiting.clear();
    this.sending = this.sending.then(async () => {
      for (const [group, events] of batches) {
        try {
          await this.put(group, events);
        } catch (error) {
          // A run does not fail for its log; the lake's own log says so.
          this.lake.log("job log lost", { group, lines: events.length, message: messageOf(error) });
        }
      }
    });
  }

  private async put(group: string, events: readonly Event[]): Promise<void> {
    const { stream } = this.place;
    if (!this.made.has(group)) {
      await unlessThere(this.lake.call("logs", "CreateLogGroup", { logGroupName: group }));
      await unlessThere(this.lake.call("logs", "CreateLogStream", { logGroupName: group, logStreamName: stream }));
      this.made.add(group);
    }
    let batch: Event[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      if (batch.length > 0)
        await this.lake.call("logs", "PutLogEvents", { logGroupName: group, logStreamName: stream, logEvents: batch });
      batch = [];
      size = 0;
    };
    for (const event of events) {
      const bytes = Buffer.byteLength(event.message) + 26;
      if (batch.length === 10_000 || size + bytes > 1_000_000) await flush();
      batch.push(event);
      size += bytes;
    }
    await flush();
  }
}

async function unlessThere(making: Promise<unknown>): Promise<void> {
  await making.catch((error: unknown) => {
    if (!(error instanceof ServiceError) || error.code !== "ResourceAlreadyExistsException") throw error;
  });
}
