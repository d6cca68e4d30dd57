// Crawlers: which there are; start one, wait for its end, stop it.
import type { Crawler as SdkCrawler } from "@aws-sdk/client-glue";
import { calling } from "../aws/failure.ts";
import { collect, pages } from "../aws/pages.ts";
import { Patience } from "../aws/patience.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { pollInterval, sleep } from "../base/wait.ts";

export interface Crawler {
  readonly name: string;
  /** READY, RUNNING or STOPPING. */
  readonly state: string;
  readonly lastStatus: string | undefined;
  readonly lastError: string | undefined;
  readonly lastStarted: Date | undefined;
  /** "cron(...)" in UTC, where it is scheduled and the schedule is not paused. */
  readonly schedule: string | undefined;
  /** Milliseconds since the crawl that runs began; 0 where none runs. */
  readonly elapsed: number;
  readonly database: string | undefined;
  readonly paths: readonly string[];
}

export async function getCrawler(session: AwsSession, name: string): Promise<Crawler> {
  const { GetCrawlerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const { Crawler: crawler } = await calling(`crawler ${name}`, () =>
    client.send(new GetCrawlerCommand({ Name: name })),
  );
  return toCrawler(crawler ?? { Name: name });
}

export async function listCrawlers(session: AwsSession, signal?: AbortSignal): Promise<Crawler[]> {
  const { GetCrawlersCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const crawlers = await collect(
    pages(async (token) => {
      const page = await calling("crawlers", () => client.send(new GetCrawlersCommand({ NextToken: token })));
      return { items: page.Crawlers, next: page.NextToken };
    }, signal),
  );
  return crawlers.map(toCrawler);
}

function toCrawler(crawler: SdkCrawler): Crawler {
  return {
    name: crawler.Name ?? "",
    state: crawler.State ?? "READY",
    lastStatus: crawler.LastCrawl?.Status,
    lastError: crawler.LastCrawl?.ErrorMessage,
    lastStarted: crawler.LastCrawl?.StartTime,
    schedule: crawler.Schedule?.State === "NOT_SCHEDULED" ? undefined : crawler.Schedule?.ScheduleExpression,
    elapsed: crawler.CrawlElapsedTime ?? 0,
    database: crawler.DatabaseName,
    paths: (crawler.Targets?.S3Targets ?? []).flatMap(({ Path }) => Path ?? []),
  };
}

/**
 * Starts the crawler (or joins a crawl that runs) and waits for its end.
 * Throws `service` with the crawl's own error where it did not succeed.
 */
export async function crawl(session: AwsSession, name: string, signal?: AbortSignal): Promise<Crawler> {
  await startCrawler(session, name);
  return finishCrawl(session, name, signal === undefined ? {} : { signal });
}

/** Starts the crawler; one that runs already is left to run. */
export async function startCrawler(session: AwsSession, name: string): Promise<void> {
  const { StartCrawlerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  try {
    await calling(`crawler ${name}`, () => client.send(new StartCrawlerCommand({ Name: name })));
  } catch (error) {
    if (
      !(error instanceof BoathouseError) ||
      !(error.cause instanceof Error) ||
      error.cause.name !== "CrawlerRunningException"
    )
      throw error;
  }
}

/** Asks the crawl that runs to stop; the crawler's state tells when it has. */
export async function stopCrawler(session: AwsSession, name: string): Promise<void> {
  const { StopCrawlerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  await calling(`crawler ${name}`, () => client.send(new StopCrawlerCommand({ Name: name })));
}

/** Waits until the crawler is READY again. Throws `service` with the crawl's own error where it did not succeed. */
export async function finishCrawl(
  session: AwsSession,
  name: string,
  options: { readonly signal?: AbortSignal; readonly onState?: (crawler: Crawler) => void } = {},
): Promise<Crawler> {
  const started = Date.now();
  const patience = new Patience(session, options.signal);
  for (;;) {
    const crawler = await patience.try(() => getCrawler(session, name));
    options.onState?.(crawler);
    if (crawler.state === "READY") {
      if (crawler.lastStatus === "SUCCEEDED") return crawler;
      throw new BoathouseError(
        "service",
        `Crawler ${name} ended ${crawler.lastStatus ?? "without a status"}: ${crawler.lastError ?? ""}`,
        {
          resource: `crawler ${name}`,
          next: "Read the crawler's log group /aws-glue/crawlers.",
        },
      );
    }
    await sleep(pollInterval(Date.now() - started, session.connection.kind === "local" ? 500 : 5000), options.signal);
  }
}
