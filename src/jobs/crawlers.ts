// Crawlers: start one and wait for its end.
import { calling } from "../aws/failure.ts";
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
}

export async function getCrawler(session: AwsSession, name: string): Promise<Crawler> {
  const { GetCrawlerCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const { Crawler: crawler } = await calling(`crawler ${name}`, () =>
    client.send(new GetCrawlerCommand({ Name: name })),
  );
  return {
    name: crawler?.Name ?? name,
    state: crawler?.State ?? "READY",
    lastStatus: crawler?.LastCrawl?.Status,
    lastError: crawler?.LastCrawl?.ErrorMessage,
    lastStarted: crawler?.LastCrawl?.StartTime,
  };
}

/**
 * Starts the crawler (or joins a crawl that runs) and waits for its end.
 * Throws `service` with the crawl's own error where it did not succeed.
 */
export async function crawl(session: AwsSession, name: string, signal?: AbortSignal): Promise<Crawler> {
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
  const started = Date.now();
  for (;;) {
    const crawler = await getCrawler(session, name);
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
    await sleep(pollInterval(Date.now() - started, session.connection.kind === "local" ? 500 : 5000), signal);
  }
}
