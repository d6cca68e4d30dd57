// Crawl: the stack's crawler to its end, and what the catalog then holds.
import type { AwsSession } from "../aws/session.ts";
import { collect } from "../aws/pages.ts";
import { listPartitions, listTables } from "../catalog/catalog.ts";
import { type Crawler, crawl } from "../jobs/crawlers.ts";
import { lakeStack } from "./lakeStack.ts";

export interface Crawled {
  readonly crawler: Crawler;
  readonly tables: readonly { readonly name: string; readonly columns: number; readonly partitions: number }[];
}

export async function crawlLake(session: AwsSession, stackName: string, signal?: AbortSignal): Promise<Crawled> {
  const lake = await lakeStack(session, stackName);
  const crawler = await crawl(session, lake.crawler, signal);
  const tables = await collect(listTables(session, lake.database, signal));
  return {
    crawler,
    tables: await Promise.all(
      tables.map(async ({ name, columns }) => ({
        name,
        columns: columns.length,
        partitions: (await collect(listPartitions(session, lake.database, name, signal))).length,
      })),
    ),
  };
}
