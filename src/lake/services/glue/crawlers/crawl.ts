// One crawl: looks at what lies in S3 and writes tables and partitions to the catalog as the crawler's policies say.
import type { Principal } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { type Column, mergeColumns } from "./columns.ts";
import { type Footer, readFooter } from "./footers.ts";
import { dataObjects, findTables, type FoundObject, type FoundPartition, type FoundTable, layOut } from "./layout.ts";
import { type CrawlerSettings, crawlerSettings } from "./settings.ts";
import type { CrawlParts } from "./parts.ts";
import { CatalogWriter, checkStopped, type CrawledPartition } from "./writer.ts";

/** Footers read at once. */
const READERS = 16;

export class Crawl {
  private readonly settings: CrawlerSettings;
  private readonly writer: CatalogWriter;

  constructor(private readonly parts: CrawlParts) {
    this.settings = crawlerSettings(parts.crawler);
    this.writer = new CatalogWriter(parts, this.settings);
  }

  async run(): Promise<CatalogWriter["counts"]> {
    const { Targets } = this.parts.crawler;
    for (const target of Targets?.S3Targets ?? []) await this.crawlPath(target.Path ?? "", target.Exclusions ?? []);
    for (const target of Targets?.CatalogTargets ?? []) {
      for (const name of target.Tables ?? []) await this.crawlTable(target.DatabaseName ?? "", name);
    }
    return this.writer.counts;
  }

  private async crawlPath(path: string, exclusions: readonly string[]): Promise<void> {
    const { bucket, prefix } = splitPath(path);
    const objects = dataObjects(await this.list(bucket, prefix), prefix, exclusions);
    const tables = this.settings.combine ? [layOut(prefix, objects)] : findTables(objects);
    const found = new Set<string>();
    for (const table of tables) {
      const crawled = await this.readTable(bucket, table);
      if (crawled.length === 0) {
        this.parts.log(`${path}: no Parquet file in ${table.prefix === "" ? "it" : table.prefix}, no table made`);
        continue;
      }
      found.add(await this.writer.writeTable(bucket, table, crawled));
    }
    await this.writer.removeGone(path, found);
  }

  /** A catalog target: the table is there, the crawl adds what partitions lie at its location. */
  private async crawlTable(database: string, name: string): Promise<void> {
    const { Table: table } = await this.parts.lake.call("glue", "GetTable", { DatabaseName: database, Name: name });
    if (table === undefined) return;
    const { bucket, prefix } = splitPath(table.StorageDescriptor?.Location ?? "");
    const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
    const objects = dataObjects(await this.list(bucket, folder), folder, []);
    const keys = (table.PartitionKeys ?? []).map((key) => key.Name ?? "");
    const layout = layOut(folder, objects, keys);
    const crawled = await this.readTable(bucket, layout);
    await this.writer.updateTable(database, table, bucket, layout, crawled);
  }

  private async list(bucket: string, prefix: string): Promise<FoundObject[]> {
    const objects: FoundObject[] = [];
    let token: string | undefined;
    do {
      this.checkSignal();
      const page = await this.parts.lake.call(
        "s3",
        "ListObjectsV2",
        { Bucket: bucket, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }) },
        this.asPrincipal(),
      );
      for (const { Key, Size } of page.Contents ?? []) objects.push({ key: Key ?? "", size: Size ?? 0 });
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return objects;
  }

  /** The partitions that hold Parquet files, with their columns; everything else is said in the log and left out. */
  private async readTable(bucket: string, table: FoundTable): Promise<CrawledPartition[]> {
    for (const folder of table.misfits)
      this.parts.log(`s3://${bucket}/${folder}: its folders are not ${table.partitionKeys.join("/")}, left out`);
    const crawled: CrawledPartition[] = [];
    const queue = table.partitions.entries();
    const reader = async (): Promise<void> => {
      for (const [at, partition] of queue) {
        const read = await this.readPartition(bucket, partition);
        if (read !== undefined) crawled[at] = read;
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    return crawled.filter((partition) => partition !== undefined);
  }

  private async readPartition(bucket: string, found: FoundPartition): Promise<CrawledPartition | undefined> {
    let columns: Column[] | undefined;
    let [rows, bytes] = [0, 0];
    for (const { key, size } of found.objects) {
      this.checkSignal();
      const footer: Footer | undefined = await readFooter(this.parts.lake, bucket, key, size, this.parts.principal);
      if (footer === undefined) {
        this.parts.log(`s3://${bucket}/${key}: ${size === 0 ? "empty" : "not a Parquet file"}, left out`);
        continue;
      }
      this.writer.counts.filesRead++;
      columns = columns === undefined ? [...footer.columns] : mergeColumns(columns, footer.columns);
      rows += footer.rows;
      bytes += size;
    }
    return columns === undefined ? undefined : { found, columns, rows, bytes };
  }

  private asPrincipal(): { principal?: Principal } {
    return this.parts.principal === undefined ? {} : { principal: this.parts.principal };
  }

  private checkSignal(): void {
    checkStopped(this.parts.signal);
  }
}

function splitPath(path: string): { bucket: string; prefix: string } {
  const match = /^s3a?:\/\/([^/]+)\/?(.*)$/.exec(path);
  if (match === null) throw new ServiceError("InvalidInputException", `${path} is not an s3:// path.`);
  return { bucket: match[1] ?? "", prefix: match[2] ?? "" };
}
