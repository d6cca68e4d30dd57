// Log groups: create, describe, delete, retention.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { checkTags, groupName, invalid, limitOf, retention } from "../checks.ts";
import type { LogGroup, LogStore } from "../store.ts";

export function groupOperations(
  logs: LogStore,
): Pick<
  Operations<"logs">,
  "CreateLogGroup" | "DeleteLogGroup" | "DescribeLogGroups" | "PutRetentionPolicy" | "DeleteRetentionPolicy"
> {
  const { store, clock } = logs.lake;
  return {
    CreateLogGroup: {
      fields: ["logGroupName", "tags", "logGroupClass"],
      run: async (input) => {
        const name = groupName(input.logGroupName);
        const tags = checkTags(input.tags ?? {});
        const logGroupClass = input.logGroupClass ?? "STANDARD";
        if (logGroupClass !== "STANDARD" && logGroupClass !== "INFREQUENT_ACCESS") {
          throw invalid(`The log group class ${logGroupClass} is not supported.`);
        }
        await store.lock(`logs ${name}`, async () => {
          if (logs.findGroup(name) !== undefined) {
            throw new ServiceError("ResourceAlreadyExistsException", "The specified log group already exists");
          }
          const group: LogGroup = { name, creationTime: clock.now(), logGroupClass, tags };
          await store.write((writer) => writer.put(["logs", "group", name], group));
        });
        return {};
      },
    },
    DeleteLogGroup: {
      fields: ["logGroupName"],
      run: async (input) => {
        const name = groupName(input.logGroupName);
        await store.lock(`logs ${name}`, async () => {
          logs.group(name);
          await logs.forget(name, await logs.streams(name), true);
        });
        return {};
      },
    },
    DescribeLogGroups: {
      fields: ["logGroupNamePrefix", "logGroupNamePattern", "nextToken", "limit", "logGroupClass"],
      run: (input) => describe(logs, input),
    },
    PutRetentionPolicy: {
      fields: ["logGroupName", "retentionInDays"],
      run: async (input) => {
        const retentionInDays = retention(input.retentionInDays);
        await logs.changeGroup(groupName(input.logGroupName), (group) => ({ ...group, retentionInDays }));
        return {};
      },
    },
    DeleteRetentionPolicy: {
      fields: ["logGroupName"],
      run: async (input) => {
        await logs.changeGroup(groupName(input.logGroupName), ({ retentionInDays: _gone, ...group }) => group);
        return {};
      },
    },
  };
}

interface DescribeInput {
  readonly logGroupNamePrefix?: string | undefined;
  readonly logGroupNamePattern?: string | undefined;
  readonly nextToken?: string | undefined;
  readonly limit?: number | undefined;
  readonly logGroupClass?: string | undefined;
}

async function describe(logs: LogStore, input: DescribeInput) {
  if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined) {
    throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  }
  const limit = limitOf(input.limit, 50);
  const prefix = input.logGroupNamePrefix ?? "";
  // The pattern is a part of the name, letters' case aside.
  const part = (input.logGroupNamePattern ?? "").toLowerCase();
  const found: LogGroup[] = [];
  const after =
    input.nextToken === undefined ? {} : { after: ["logs", "group", groupName(input.nextToken, "nextToken")] };
  for await (const [, group] of logs.lake.store.entries<LogGroup>(["logs", "group"], after)) {
    if (!group.name.startsWith(prefix) || !group.name.toLowerCase().includes(part)) continue;
    if (input.logGroupClass !== undefined && input.logGroupClass !== group.logGroupClass) continue;
    found.push(group);
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  return {
    logGroups: await Promise.all(page.map((group) => groupDescription(logs, group))),
    ...(found.length > limit ? { nextToken: page.at(-1)?.name } : {}),
  };
}

async function groupDescription(logs: LogStore, group: LogGroup) {
  const streams = await logs.streams(group.name);
  const arn = logs.groupArn(group.name);
  return {
    logGroupName: group.name,
    creationTime: group.creationTime,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: group.logGroupClass,
    storedBytes: streams.reduce((sum, stream) => sum + stream.bytes, 0),
  };
}
