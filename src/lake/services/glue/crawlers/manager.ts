// Crawlers and their crawls: kept, started by hand, by schedule or by trigger, stopped, ended.
import type { Crawler, CrawlerHistory } from "@aws-sdk/client-glue";
import { randomUUID } from "node:crypto";
import { messageOf } from "../../../../base/errors.ts";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { GlueEvents } from "../events.ts";
import { Records } from "../records.ts";
import { roleCredentials } from "../runs/credentials.ts";
import { Crawl } from "./crawl.ts";
import type { CrawlCounts } from "./writer.ts";

export type StoredCrawler = Crawler & { Name: string };

/** The next time that an AWS schedule expression fires behind `from` (epoch ms). */
export type NextFire = (expression: string, from: number) => number | undefined;

export interface StoredCrawl extends CrawlerHistory {
  CrawlId: string;
  counts?: CrawlCounts;
}

const LOG_GROUP = "/aws-glue/crawlers";

interface Running {
  readonly crawlId: string;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

export class Crawlers extends Records {
  static readonly keys = {
    crawlers: () => ["glue", "crawler"],
    crawler: (name: string) => ["glue", "crawler", name],
    crawls: (name: string) => ["glue", "crawl", name],
    crawl: (name: string, start: number, id: string) => ["glue", "crawl", name, String(start).padStart(15, "0"), id],
  };

  private readonly running = new Map<string, Running>();
  private readonly timers = new Map<string, () => void>();

  constructor(
    lake: Lake,
    private readonly events: GlueEvents,
    private readonly nextFire: NextFire,
  ) {
    super(lake);
  }

  crawler(name: string): StoredCrawler {
    const found = this.get<StoredCrawler>(Crawlers.keys.crawler(name));
    if (found === undefined)
      throw new ServiceError("EntityNotFoundException", `Crawler with name ${name} does not exist`);
    return found;
  }

  async put(crawler: StoredCrawler): Promise<void> {
    await this.write((writer) => writer.put(Crawlers.keys.crawler(crawler.Name), crawler));
    this.arm(crawler);
  }

  async remove(name: string): Promise<void> {
    const crawls = await this.keysBelow(Crawlers.keys.crawls(name));
    this.disarm(name);
    await this.write((writer) => {
      writer.delete(Crawlers.keys.crawler(name));
      crawls.forEach((key) => writer.delete(key));
    });
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  isRunning(name: string): boolean {
    return this.running.has(name);
  }

  /** Starts a crawl; resolved once that is recorded. Throws CrawlerRunningException. */
  async start(name: string): Promise<void> {
    await this.alone(`crawler/${name}`, async () => {
      const crawler = this.crawler(name);
      if (this.running.has(name))
        throw new ServiceError("CrawlerRunningException", `Crawler with name ${name} has already started`);
      const start = this.now();
      const crawl: StoredCrawl = {
        CrawlId: randomUUID(),
        State: "RUNNING",
        StartTime: start,
        LogGroup: LOG_GROUP,
        LogStream: name,
      };
      crawl.MessagePrefix = crawl.CrawlId;
      await this.write((writer) => {
        writer.put(Crawlers.keys.crawler(name), { ...crawler, State: "RUNNING" });
        writer.put(Crawlers.keys.crawl(name, start.getTime(), crawl.CrawlId), crawl);
      });
      const abort = new AbortController();
      const ended = this.run(crawler, crawl, abort.signal);
      this.running.set(name, { crawlId: crawl.CrawlId, abort, ended });
    });
  }

  async stopCrawl(name: string): Promise<void> {
    const crawler = this.crawler(name);
    const running = this.running.get(name);
    if (running === undefined)
      throw new ServiceError("CrawlerNotRunningException", `Crawler with name ${name} isn't running`);
    if (running.abort.signal.aborted)
      throw new ServiceError("CrawlerStoppingException", `Crawler with name ${name} is already stopping`);
    await this.write((writer) => writer.put(Crawlers.keys.crawler(name), { ...crawler, State: "STOPPING" }));
    running.abort.abort();
  }

  /** Newest first. */
  crawls(name: string): Promise<StoredCrawl[]> {
    return this.all<StoredCrawl>(Crawlers.keys.crawls(name)).then((crawls) => crawls.reverse());
  }

  /** Ends what a lake that died left running, and arms schedules. */
  async takeUp(): Promise<void> {
    for (const crawler of await this.all<StoredCrawler>(Crawlers.keys.crawlers())) {
      if (crawler.State !== "READY") {
        const [last] = await this.crawls(crawler.Name);
        if (last !== undefined)
          await this.record(crawler.Name, last, "FAILED", "The lake ended while the crawl ran.", undefined);
      }
      this.arm(this.crawler(crawler.Name));
    }
  }

  async close(): Promise<void> {
    this.timers.forEach((cancel) => cancel());
    this.timers.clear();
    for (const { abort } of this.running.values()) abort.abort();
    await Promise.allSettled([...this.running.values()].map(({ ended }) => ended));
  }

  private async run(crawler: StoredCrawler, crawl: StoredCrawl, signal: AbortSignal): Promise<void> {
    const lines: { timestamp: number; message: string }[] = [];
    const log = (line: string): void => {
      lines.push({ timestamp: this.lake.clock.now(), message: `[${crawl.CrawlId}] ${line}` });
    };
    log(`BENCHMARK : Running Start Crawl for Crawler ${crawler.Name}`);
    let state: "SUCCEEDED" | "FAILED" | "CANCELLED" = "SUCCEEDED";
    let reason: string | undefined;
    let counts: CrawlCounts | undefined;
    try {
      const credentials = await roleCredentials(this.lake, crawler.Role ?? "", "AWS-Crawler", 3600);
      const role = credentials === this.lake.root ? undefined : roleArn(this.lake, crawler.Role ?? "");
      const principal =
        role === undefined ? undefined : { arn: role.session, roleArn: role.arn, accessKeyId: credentials.accessKeyId };
      counts = await new Crawl({ lake: this.lake, crawler, principal, log, signal }).run();
      log(
        `INFO : ${counts.filesRead} files read, ${counts.tablesCreated} tables created, ${counts.tablesUpdated} updated, ` +
          `${counts.tablesDeleted} deleted, ${counts.partitionsAdded} partitions added, ${counts.partitionsDeleted} deleted`,
      );
    } catch (error) {
      state = signal.aborted ? "CANCELLED" : "FAILED";
      reason = messageOf(error);
      log(`ERROR : ${reason}`);
    }
    log(`BENCHMARK : Crawler has finished running and is in state READY`);
    await this.writeLog(crawler.Name, lines);
    this.running.delete(crawler.Name);
    await this.record(crawler.Name, crawl, state, reason, counts);
    this.events.crawlEnded({ crawler: crawler.Name, state });
  }

  private async record(
    name: string,
    crawl: StoredCrawl,
    state: "SUCCEEDED" | "FAILED" | "CANCELLED",
    reason: string | undefined,
    counts: CrawlCounts | undefined,
  ): Promise<void> {
    const crawler = this.get<StoredCrawler>(Crawlers.keys.crawler(name));
    const start = crawl.StartTime ?? this.now();
    const ended: StoredCrawl = {
      ...crawl,
      State: state === "SUCCEEDED" ? "COMPLETED" : state === "CANCELLED" ? "STOPPED" : "FAILED",
      EndTime: this.now(),
      ...(reason === undefined ? {} : { ErrorMessage: reason }),
      ...(counts === undefined ? {} : { counts, Summary: summary(counts) }),
    };
    await this.write((writer) => {
      writer.put(Crawlers.keys.crawl(name, start.getTime(), crawl.CrawlId), ended);
      if (crawler === undefined) return;
      const LastCrawl = {
        Status: state,
        ErrorMessage: reason,
        LogGroup: LOG_GROUP,
        LogStream: name,
        MessagePrefix: crawl.CrawlId,
        StartTime: start,
      };
      writer.put(Crawlers.keys.crawler(name), { ...crawler, State: "READY", LastCrawl });
    });
  }

  private async writeLog(stream: string, events: { timestamp: number; message: string }[]): Promise<void> {
    try {
      await ignoreExisting(this.lake.call("logs", "CreateLogGroup", { logGroupName: LOG_GROUP }));
      await ignoreExisting(
        this.lake.call("logs", "CreateLogStream", { logGroupName: LOG_GROUP, logStreamName: stream }),
      );
      for (let at = 0; at < events.length; at += 1000) {
        await this.lake.call("logs", "PutLogEvents", {
          logGroupName: LOG_GROUP,
          logStreamName: stream,
          logEvents: events.slice(at, at + 1000),
        });
      }
    } catch (error) {
      // A crawl does not fail for its log; the lake's own log says so.
      this.lake.log("crawler log lost", { crawler: stream, lines: events.length, message: messageOf(error) });
    }
  }

  private arm(crawler: StoredCrawler): void {
    this.disarm(crawler.Name);
    const { ScheduleExpression: expression, State: state } = crawler.Schedule ?? {};
    if (expression === undefined || state !== "SCHEDULED") return;
    const next = this.nextFire(expression, this.lake.clock.now());
    if (next === undefined) return;
    const cancel = this.lake.clock.at(next, () => {
      this.arm(this.crawler(crawler.Name));
      // A crawl that runs already is not started again: that fire is lost, as on AWS.
      this.start(crawler.Name).catch((error: unknown) =>
        this.lake.log("schedule", { crawler: crawler.Name, message: messageOf(error) }),
      );
    });
    this.timers.set(crawler.Name, cancel);
  }

  private disarm(name: string): void {
    this.timers.get(name)?.();
    this.timers.delete(name);
  }
}

function roleArn(lake: Lake, role: string): { arn: string; session: string } {
  const name = role.slice(role.lastIndexOf("/") + 1);
  return {
    arn: role.startsWith("arn:") ? role : `arn:aws:iam::${lake.accountId}:role/${name}`,
    session: `arn:aws:sts::${lake.accountId}:assumed-role/${name}/AWS-Crawler`,
  };
}

function summary(counts: CrawlCounts): string {
  return JSON.stringify({
    TABLE: JSON.stringify({
      ADD: { Count: counts.tablesCreated },
      UPDATE: { Count: counts.tablesUpdated },
      DELETE: { Count: counts.tablesDeleted },
    }),
    PARTITION: JSON.stringify({
      ADD: { Count: counts.partitionsAdded },
      UPDATE: { Count: counts.partitionsUpdated },
      DELETE: { Count: counts.partitionsDeleted },
    }),
  });
}

async function ignoreExisting(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "ResourceAlreadyExistsException") throw error;
  }
}
