// What one crawl is given.
import type { Crawler } from "@aws-sdk/client-glue";
import type { Principal } from "../../../call.ts";
import type { Lake } from "../../../lake.ts";

export interface CrawlParts {
  readonly lake: Lake;
  readonly crawler: Crawler;
  /** Whose rights the crawl uses: a session of the crawler's role. */
  readonly principal: Principal | undefined;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}
