// Stacks and their resources, as callers ask for them.
import type { Operations } from "../../../call.ts";
import { RECORDED } from "../spec/recorded.ts";
import type { ResourceRecord, StackRecord } from "../records.ts";
import { invalidTemplate } from "../template/fault.ts";
import { pageOf } from "./paging.ts";
import { type Parts, showStack, stackOf } from "./parts.ts";

export function describeOperations(parts: Parts): Operations<"cloudformation"> {
  const { store } = parts;
  const resourcesOf = async (stack: StackRecord) => store.resources(stack.stackId);
  return {
    DescribeStacks: {
      fields: ["StackName", "NextToken"],
      async run({ StackName, NextToken }) {
        if (StackName !== undefined && StackName !== "") return { Stacks: [showStack(stackOf(parts, StackName))] };
        const all = (await store.stacks())
          .filter(({ status }) => status !== "DELETE_COMPLETE")
          .sort((a, b) => b.createdAt - a.createdAt);
        const { items, next } = pageOf("stacks", all, NextToken);
        return { Stacks: items.map(showStack), ...(next === undefined ? {} : { NextToken: next }) };
      },
    },
    ListStacks: {
      fields: ["StackStatusFilter", "NextToken"],
      async run({ StackStatusFilter, NextToken }) {
        const all = (await store.stacks())
          .filter(
            ({ status }) =>
              StackStatusFilter === undefined || StackStatusFilter.length === 0 || StackStatusFilter.includes(status),
          )
          .sort((a, b) => b.createdAt - a.createdAt);
        const { items, next } = pageOf("list-stacks", all, NextToken);
        return {
          StackSummaries: items.map((stack) => ({
            StackId: stack.stackId,
            StackName: stack.name,
            ...(stack.description === undefined ? {} : { TemplateDescription: stack.description }),
            CreationTime: new Date(stack.createdAt),
            ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
            ...(stack.deletedAt === undefined ? {} : { DeletionTime: new Date(stack.deletedAt) }),
            StackStatus: stack.status,
            ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
            DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
          })),
          ...(next === undefined ? {} : { NextToken: next }),
        };
      },
    },
    ListStackResources: {
      fields: ["StackName", "NextToken"],
      async run({ StackName, NextToken }) {
        const { items, next } = pageOf("resources", await resourcesOf(stackOf(parts, StackName)), NextToken);
        return {
          StackResourceSummaries: items.map((record) => ({
            LogicalResourceId: record.logicalId,
            ...(record.physicalId === undefined ? {} : { PhysicalResourceId: record.physicalId }),
            ResourceType: record.type,
            LastUpdatedTimestamp: new Date(record.at),
            ResourceStatus: record.status,
            ...reasonOf(record),
            DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" as const },
          })),
          ...(next === undefined ? {} : { NextToken: next }),
        };
      },
    },
    DescribeStackResources: {
      fields: ["StackName", "LogicalResourceId", "PhysicalResourceId"],
      async run({ StackName, LogicalResourceId, PhysicalResourceId }) {
        let stack: StackRecord | undefined;
        if (StackName !== undefined) stack = stackOf(parts, StackName);
        else if (PhysicalResourceId !== undefined) stack = await stackOfResource(parts, PhysicalResourceId);
        else throw invalidTemplate("You must specify either StackName or PhysicalResourceId, but not both.");
        if (stack === undefined) throw invalidTemplate(`Stack for ${PhysicalResourceId} does not exist`);
        const records = (await resourcesOf(stack)).filter(
          ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
        );
        return {
          StackResources: records.map((record) => ({ ...showResource(stack, record), Timestamp: new Date(record.at) })),
        };
      },
    },
    DescribeStackResource: {
      fields: ["StackName", "LogicalResourceId"],
      run({ StackName, LogicalResourceId }) {
        const stack = stackOf(parts, StackName);
        const record = store.resource(stack.stackId, LogicalResourceId ?? "");
        if (record === undefined)
          throw invalidTemplate(`Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
        return {
          StackResourceDetail: {
            ...showResource(stack, record),
            LastUpdatedTimestamp: new Date(record.at),
            ...(record.metadata === undefined ? {} : { Metadata: JSON.stringify(record.metadata) }),
          },
        };
      },
    },
  };
}

async function stackOfResource({ store }: Parts, physicalId: string): Promise<StackRecord | undefined> {
  for (const stack of await store.stacks()) {
    if (stack.status === "DELETE_COMPLETE") continue;
    if ((await store.resources(stack.stackId)).some((record) => record.physicalId === physicalId)) return stack;
  }
  return undefined;
}

function showResource(stack: StackRecord, record: ResourceRecord) {
  return {
    StackName: stack.name,
    StackId: stack.stackId,
    LogicalResourceId: record.logicalId,
    ...(record.physicalId === undefined ? {} : { PhysicalResourceId: record.physicalId }),
    ResourceType: record.type,
    ResourceStatus: record.status,
    ...reasonOf(record),
    DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" as const },
  };
}

/** A failure's reason; else, of a recorded resource, that it is one. */
function reasonOf(record: ResourceRecord): { ResourceStatusReason?: string } {
  const reason = record.reason ?? (record.recorded ? RECORDED : undefined);
  return reason === undefined ? {} : { ResourceStatusReason: reason };
}
