// Why a query may have found nothing: a table that has partition keys and no partitions yet, as before its first crawl. The catalog is
// asked, and nothing is said where it does not say so itself.
import type { AwsSession } from "../../aws/session.ts";
import { type CatalogTable, getTable, isView, partitionPage } from "../../catalog/catalog.ts";
import { type Crawler, listCrawlers } from "../../jobs/crawlers.ts";
import type { Execution } from "../../queries/executions.ts";
import { classify } from "../../sql/classify.ts";
import { tableReferences } from "../../sql/names.ts";

export interface NoRows {
  /** "sales.events" */
  readonly table: string;
  /** The crawler that would find its partitions, where there is one. */
  readonly crawler: string | undefined;
}

/** Tables of a statement that are asked about: two requests each. */
const MOST = 4;

/**
 * The first table of the statement that holds no partition of which rows could come.
 * Tables whose partitions are computed (partition projection) or kept elsewhere (Iceberg and the like) never count.
 * https://docs.aws.amazon.com/athena/latest/ug/partitions.html
 */
export async function whyNoRows(session: AwsSession, execution: Execution): Promise<NoRows | undefined> {
  if (classify(execution.sql).kind !== "SELECT") return undefined;
  for (const { catalog, database = execution.database, table } of tableReferences(execution.sql).slice(0, MOST)) {
    if (database === undefined || !(catalog === undefined || /^awsdatacatalog$/i.test(catalog))) continue;
    // The catalog's names are in small letters, whatever a statement writes.
    const found = await getTable(session, database.toLowerCase(), table.toLowerCase()).catch(() => undefined);
    if (found === undefined || !keepsPartitions(found)) continue;
    const { items, next } = await partitionPage(session, found.database, found.name, { token: undefined, size: 1 });
    if (items.length > 0 || next !== undefined) continue;
    const crawlers = await listCrawlers(session).catch(() => []);
    const crawler = crawlers.find((one) => crawls(one, found));
    return { table: `${found.database}.${found.name}`, crawler: crawler?.name };
  }
  return undefined;
}

/** Whether its partitions stand in the catalog, one by one. */
export function keepsPartitions(table: CatalogTable): boolean {
  const { parameters, columns } = table;
  return (
    columns.some(({ partitionKey }) => partitionKey) &&
    !isView(table) &&
    parameters["projection.enabled"]?.toLowerCase() !== "true" &&
    !/^(iceberg|delta|hudi)$/i.test(parameters["table_type"] ?? "") &&
    !/^(delta|hudi)$/i.test(parameters["spark.sql.sources.provider"] ?? "")
  );
}

/** Whether it writes to the table's database and one of its paths holds the table's files. */
export function crawls(crawler: Crawler, table: CatalogTable): boolean {
  const place = folder(table.location);
  if (crawler.database !== table.database || place === undefined) return false;
  return crawler.paths.some((path) => {
    const from = folder(path);
    return from !== undefined && (place.startsWith(from) || from.startsWith(place));
  });
}

function folder(location: string | undefined): string | undefined {
  if (location === undefined || location === "") return undefined;
  return location.endsWith("/") ? location : `${location}/`;
}
