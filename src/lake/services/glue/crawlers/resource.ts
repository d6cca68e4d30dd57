// AWS::Glue::Crawler for CloudFormation.
import type { CreateCrawlerCommandInput } from "@aws-sdk/client-glue";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Properties, ResourceState, ResourceType } from "../../../resource.ts";
import { sleep } from "../../../../base/wait.ts";

/** Template properties as the API takes them: the schedule is an object there and a text here. */
function definition(properties: Properties, name: string): CreateCrawlerCommandInput {
  const { Schedule: schedule, Tags: _tags, ...rest } = properties;
  const expression = (schedule as { ScheduleExpression?: string } | undefined)?.ScheduleExpression;
  const configuration = rest["Configuration"];
  return {
    ...(rest as Omit<CreateCrawlerCommandInput, "Name">),
    Name: name,
    Schedule: expression ?? "",
    ...(typeof configuration === "object" ? { Configuration: JSON.stringify(configuration) } : {}),
  } as CreateCrawlerCommandInput;
}

export function crawlerResource(lake: Lake): ResourceType {
  const state = (name: string): ResourceState => ({ physicalId: name, attributes: {} });
  return {
    type: "AWS::Glue::Crawler",
    properties: [
      "Name",
      "Role",
      "DatabaseName",
      "Description",
      "Targets.S3Targets.Path",
      "Targets.S3Targets.Exclusions",
      "Targets.CatalogTargets.DatabaseName",
      "Targets.CatalogTargets.Tables",
      "Schedule.ScheduleExpression",
      "TablePrefix",
      "SchemaChangePolicy",
      "RecrawlPolicy",
      "Configuration",
      "Tags",
    ],
    async create(properties, context) {
      const name = (properties["Name"] as string | undefined) ?? context.generatedName(255);
      const { Schedule: schedule, ...input } = definition(properties, name);
      await lake.call("glue", "CreateCrawler", { ...input, ...(schedule === "" ? {} : { Schedule: schedule }) });
      await lake.call("glue", "GetCrawler", { Name: name });
      return state(name);
    },
    async update(physicalId, _before, after) {
      await lake.call("glue", "UpdateCrawler", definition(after, physicalId));
      return state(physicalId);
    },
    async delete(physicalId, _properties, context) {
      await stopped(lake, physicalId, context.signal);
      try {
        await lake.call("glue", "DeleteCrawler", { Name: physicalId });
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== "EntityNotFoundException") throw error;
      }
    },
    async read(physicalId) {
      try {
        await lake.call("glue", "GetCrawler", { Name: physicalId });
        return state(physicalId);
      } catch (error) {
        if (error instanceof ServiceError && error.code === "EntityNotFoundException") return undefined;
        throw error;
      }
    },
  };
}

/** A crawl that runs is stopped first: a stack must not fail to go for it. Not running, or gone: nothing is to be waited for. */
async function stopped(lake: Lake, name: string, signal: AbortSignal): Promise<void> {
  await lake.call("glue", "StopCrawler", { Name: name }).catch(ignoreServiceError);
  for (;;) {
    const found = await lake.call("glue", "GetCrawler", { Name: name }).catch(ignoreServiceError);
    if (found === undefined || found.Crawler?.State === "READY") return;
    await sleep(50, signal);
  }
}

function ignoreServiceError(error: unknown): undefined {
  if (!(error instanceof ServiceError)) throw error;
  return undefined;
}
