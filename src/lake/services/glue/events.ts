// What happens within Glue that triggers watch: job runs and crawls that have ended.
import type { Cause } from "./jobs/jobs.ts";

export interface RunEnded {
  readonly job: string;
  readonly runId: string;
  /** The terminal state, e.g. "SUCCEEDED". */
  readonly state: string;
  readonly cause: Cause | undefined;
}

export interface CrawlEnded {
  readonly crawler: string;
  readonly state: "SUCCEEDED" | "FAILED" | "CANCELLED";
}

/** Told after the new state is on disk. A listener's own errors are its own. */
export class GlueEvents {
  private readonly runListeners: ((event: RunEnded) => void)[] = [];
  private readonly crawlListeners: ((event: CrawlEnded) => void)[] = [];

  onRunEnded(listener: (event: RunEnded) => void): void {
    this.runListeners.push(listener);
  }

  onCrawlEnded(listener: (event: CrawlEnded) => void): void {
    this.crawlListeners.push(listener);
  }

  runEnded(event: RunEnded): void {
    for (const listener of this.runListeners) listener(event);
  }

  /** To be called by the crawler once a crawl has ended. */
  crawlEnded(event: CrawlEnded): void {
    for (const listener of this.crawlListeners) listener(event);
  }
}
