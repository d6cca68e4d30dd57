// AWS::Logs::LogGroup as a live CloudFormation type.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
import { ServiceError } from "../../fault.ts";
import type { Properties, ResourceContext, ResourceState, ResourceType } from "../../resource.ts";
import type { LogStore } from "./store.ts";

export function logGroupType(logs: LogStore): ResourceType {
  const { call } = logs.lake;
  const state = (name: string): ResourceState => ({
    physicalId: name,
    attributes: { Arn: `${logs.groupArn(name)}:*` },
  });

  const setRetention = async (name: string, days: number | undefined) => {
    if (days === undefined) await call("logs", "DeleteRetentionPolicy", { logGroupName: name });
    else await call("logs", "PutRetentionPolicy", { logGroupName: name, retentionInDays: days });
  };

  return {
    type: "AWS::Logs::LogGroup",
    properties: ["LogGroupName", "RetentionInDays", "LogGroupClass", "Tags"],
    async create(properties, context) {
      const name = text(properties["LogGroupName"]) ?? context.generatedName(512);
      if (logs.findGroup(name) === undefined) await context.initiated?.(name);
      const logGroupClass = text(properties["LogGroupClass"]);
      await call("logs", "CreateLogGroup", {
        logGroupName: name,
        tags: tagsOf(properties, context),
        ...(logGroupClass === undefined ? {} : { logGroupClass: logGroupClass as "STANDARD" }),
      });
      try {
        const days = daysOf(properties);
        if (days !== undefined) await setRetention(name, days);
      } catch (error) {
        await call("logs", "DeleteLogGroup", { logGroupName: name });
        throw error;
      }
      return state(name);
    },
    async update(physicalId, before, after, context) {
      for (const property of ["LogGroupName", "LogGroupClass"]) {
        if (before[property] !== after[property]) {
          throw new ServiceError("NotUpdatable", `A change of ${property} needs a replacement of the log group.`);
        }
      }
      if (daysOf(before) !== daysOf(after)) await setRetention(physicalId, daysOf(after));
      const resourceArn = logs.groupArn(physicalId);
      const tags = tagsOf(after, context);
      const gone = Object.keys(logs.group(physicalId).tags).filter((key) => !(key in tags));
      if (gone.length > 0) await call("logs", "UntagResource", { resourceArn, tagKeys: gone });
      if (Object.keys(tags).length > 0) await call("logs", "TagResource", { resourceArn, tags });
      return state(physicalId);
    },
    async delete(physicalId) {
      if (logs.findGroup(physicalId) !== undefined) await call("logs", "DeleteLogGroup", { logGroupName: physicalId });
    },
    async read(physicalId) {
      return logs.findGroup(physicalId) === undefined ? undefined : state(physicalId);
    },
  };
}

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** CloudFormation takes numbers as text too. */
function daysOf(properties: Properties): number | undefined {
  const days = properties["RetentionInDays"];
  return days === undefined ? undefined : Number(days);
}

function tagsOf(properties: Properties, context: ResourceContext): Record<string, string> {
  const own = (properties["Tags"] ?? []) as { Key: string; Value: string }[];
  return { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, Value])) };
}
