// Crawl: the stack's crawler to its end, and what the catalog then holds.
import type { AwsSession } from "../aws/session.ts";
import { collect } from "../aws/pages.ts";
import { listPartitions, listTables } from "../catalog/catalog.ts";
import { type Crawler, crawl } from "../jobs/crawlers.ts";
import { lakeStack } from "./lakeStack.ts";

export interface Crawled {
  readonly crawler: Crawler;
  readonly tables: readonly CrawledTable[];
}

export interface CrawledTable {
  readonly name: string;
  readonly columns: number;
  readonly partitions: number;
}

export async function crawlLake(session: AwsSession, stackName: string, signal?: AbortSignal): Promise<Crawled> {
  const lake = await lakeStack(session, stackName);
  const crawler = await crawl(session, lake.crawler, signal);
  return { crawler, tables: await tablesOf(session, lake.database, signal) };
}

/** What the catalog holds of a lake stack, behind a crawl. */
export async function crawlResult(
  session: AwsSession,
  stackName: string,
): Promise<{ readonly database: string; readonly tables: readonly CrawledTable[] }> {
  const { database } = await lakeStack(session, stackName);
  return { database, tables: await tablesOf(session, database) };
}

async function tablesOf(session: AwsSession, database: string, signal?: AbortSignal): Promise<CrawledTable[]> {
  const tables = await collect(listTables(session, database, signal));
  return Promise.all(
    tables.map(async ({ name, columns }) => ({
      name,
      columns: columns.length,
      partitions: (await collect(listPartitions(session, database, name, signal))).length,
    })),
  );
}
