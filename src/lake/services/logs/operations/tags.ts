// Tags of log groups, by ARN and by the older calls that take the group's name.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html
import type { Operations } from "../../../call.ts";
import { checkTags, groupName, groupOfArn, required } from "../checks.ts";
import type { LogStore } from "../store.ts";

export function tagOperations(
  logs: LogStore,
): Pick<
  Operations<"logs">,
  "TagResource" | "UntagResource" | "ListTagsForResource" | "TagLogGroup" | "UntagLogGroup" | "ListTagsLogGroup"
> {
  const add = async (name: string, tags: Record<string, string> | undefined) => {
    const added = required(tags, "tags");
    await logs.changeGroup(name, (group) => ({ ...group, tags: checkTags({ ...group.tags, ...added }) }));
    return {};
  };
  const remove = async (name: string, keys: readonly string[] | undefined) => {
    const removed = new Set(required(keys, "tagKeys"));
    await logs.changeGroup(name, (group) => ({
      ...group,
      tags: Object.fromEntries(Object.entries(group.tags).filter(([key]) => !removed.has(key))),
    }));
    return {};
  };
  return {
    TagResource: {
      fields: ["resourceArn", "tags"],
      run: (input) => add(groupOfArn(input.resourceArn, "resourceArn"), input.tags),
    },
    UntagResource: {
      fields: ["resourceArn", "tagKeys"],
      run: (input) => remove(groupOfArn(input.resourceArn, "resourceArn"), input.tagKeys),
    },
    ListTagsForResource: {
      fields: ["resourceArn"],
      run: (input) => ({ tags: { ...logs.group(groupOfArn(input.resourceArn, "resourceArn")).tags } }),
    },
    TagLogGroup: {
      fields: ["logGroupName", "tags"],
      run: (input) => add(groupName(input.logGroupName), input.tags),
    },
    UntagLogGroup: {
      fields: ["logGroupName", "tags"],
      run: (input) => remove(groupName(input.logGroupName), input.tags),
    },
    ListTagsLogGroup: {
      fields: ["logGroupName"],
      run: (input) => ({ tags: { ...logs.group(groupName(input.logGroupName)).tags } }),
    },
  };
}
