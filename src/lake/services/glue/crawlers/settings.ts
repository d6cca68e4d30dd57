// What a crawler's policies and its Configuration document ask for; what is not honoured here is refused by name.
// https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html
import type { Crawler } from "@aws-sdk/client-glue";
import { notImplemented, ServiceError } from "../../../fault.ts";

export interface CrawlerSettings {
  readonly update: "LOG" | "UPDATE_IN_DATABASE";
  readonly remove: "LOG" | "DELETE_FROM_DATABASE" | "DEPRECATE_IN_DATABASE";
  /** Partitions take the table's columns instead of their own. */
  readonly inherit: boolean;
  /** Columns of the table stay; only new ones are added. */
  readonly mergeNewColumns: boolean;
  /** One table an include path. */
  readonly combine: boolean;
  readonly newFoldersOnly: boolean;
}

interface Configuration {
  Version?: number;
  CrawlerOutput?: {
    Partitions?: { AddOrUpdateBehavior?: string };
    Tables?: { AddOrUpdateBehavior?: string; TableThreshold?: number };
  };
  Grouping?: { TableGroupingPolicy?: string; TableLevelConfiguration?: number };
  CreatePartitionIndex?: boolean;
}

/** Reads and checks them; throws as CreateCrawler would. */
export function crawlerSettings(
  crawler: Pick<Crawler, "Configuration" | "SchemaChangePolicy" | "RecrawlPolicy" | "Targets">,
): CrawlerSettings {
  const configuration = parseConfiguration(crawler.Configuration);
  const { CrawlerOutput: output, Grouping: grouping } = configuration;
  const partitions = output?.Partitions?.AddOrUpdateBehavior;
  const tables = output?.Tables?.AddOrUpdateBehavior;
  if (partitions !== undefined && partitions !== "InheritFromTable")
    throw invalid(`CrawlerOutput.Partitions.AddOrUpdateBehavior can't be ${partitions}.`);
  if (tables !== undefined && tables !== "MergeNewColumns")
    throw invalid(`CrawlerOutput.Tables.AddOrUpdateBehavior can't be ${tables}.`);
  if (output?.Tables?.TableThreshold !== undefined) throw notImplemented("a crawler's TableThreshold");
  if (grouping?.TableLevelConfiguration !== undefined) throw notImplemented("a crawler's TableLevelConfiguration");
  if (grouping?.TableGroupingPolicy !== undefined && grouping.TableGroupingPolicy !== "CombineCompatibleSchemas") {
    throw invalid(`Grouping.TableGroupingPolicy can't be ${grouping.TableGroupingPolicy}.`);
  }
  const recrawl = crawler.RecrawlPolicy?.RecrawlBehavior ?? "CRAWL_EVERYTHING";
  if (recrawl === "CRAWL_EVENT_MODE") throw notImplemented("a crawler with RecrawlBehavior CRAWL_EVENT_MODE");
  const policy = crawler.SchemaChangePolicy;
  const catalog = (crawler.Targets?.CatalogTargets?.length ?? 0) > 0;
  if (catalog && (crawler.Targets?.S3Targets?.length ?? 0) > 0)
    throw invalid("CatalogTargets can't be mixed with other targets.");
  if (catalog && policy?.DeleteBehavior !== "LOG") {
    throw invalid("The SchemaChangePolicy for a crawler with catalog targets must have DeleteBehavior LOG.");
  }
  return {
    update: policy?.UpdateBehavior === "LOG" ? "LOG" : "UPDATE_IN_DATABASE",
    remove: policy?.DeleteBehavior ?? "DEPRECATE_IN_DATABASE",
    inherit: partitions === "InheritFromTable",
    mergeNewColumns: tables === "MergeNewColumns",
    combine: grouping?.TableGroupingPolicy === "CombineCompatibleSchemas",
    newFoldersOnly: recrawl === "CRAWL_NEW_FOLDERS_ONLY",
  };
}

function parseConfiguration(text: string | undefined): Configuration {
  if (text === undefined || text === "") return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ServiceError("InvalidInputException", "The crawler's Configuration is not JSON.", { cause: error });
  }
  if (typeof parsed !== "object" || parsed === null) throw invalid("The crawler's Configuration is not a JSON object.");
  for (const name of Object.keys(parsed)) {
    if (!["Version", "CrawlerOutput", "Grouping", "CreatePartitionIndex"].includes(name))
      throw notImplemented(`a crawler's Configuration with ${name}`);
  }
  return parsed;
}

function invalid(message: string): ServiceError {
  return new ServiceError("InvalidInputException", message);
}
