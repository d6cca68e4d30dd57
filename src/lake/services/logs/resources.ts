// AWS::Logs::LogGroup as a live CloudFormation type.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
import { numberOf, optional, refuseReplacement, tagsOf, textOf } from "../../properties.ts";
import type { ResourceState, ResourceType } from "../../resource.ts";
import type { LogStore } from "./store.ts";

export function logGroupType(logs: LogStore): ResourceType {
  const { call } = logs.lake;
  const state = (name: string): ResourceState => ({
    physicalId: name,
    attributes: { Arn: `${logs.groupArn(name)}:*` },
  });
  const setRetention = async (logGroupName: string, retentionInDays: number | undefined) => {
    if (retentionInDays === undefined) await call("logs", "DeleteRetentionPolicy", { logGroupName });
    else await call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
  };
  return {
    type: "AWS::Logs::LogGroup",
    properties: ["LogGroupName", "RetentionInDays", "LogGroupClass", "Tags"],
    async create(properties, context) {
      const logGroupName = textOf(properties, "LogGroupName") ?? context.generatedName(512);
      if (logs.findGroup(logGroupName) === undefined) await context.initiated?.(logGroupName);
      await call("logs", "CreateLogGroup", {
        logGroupName,
        tags: tagsOf(properties, context),
        ...optional("logGroupClass", textOf(properties, "LogGroupClass") as "STANDARD" | undefined),
      });
      try {
        await setRetention(logGroupName, numberOf(properties, "RetentionInDays"));
      } catch (error) {
        await call("logs", "DeleteLogGroup", { logGroupName });
        throw error;
      }
      return state(logGroupName);
    },
    async update(physicalId, before, after, context) {
      refuseReplacement("the log group", before, after, ["LogGroupName", "LogGroupClass"]);
      const days = numberOf(after, "RetentionInDays");
      if (numberOf(before, "RetentionInDays") !== days) await setRetention(physicalId, days);
      const resourceArn = logs.groupArn(physicalId);
      const tags = tagsOf(after, context);
      const tagKeys = Object.keys(logs.group(physicalId).tags).filter((key) => !(key in tags));
      if (tagKeys.length > 0) await call("logs", "UntagResource", { resourceArn, tagKeys });
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
