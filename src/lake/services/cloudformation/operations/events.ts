// What happened to a stack: its events, and what the validation of a change set found.
import type { ResourceStatus } from "@aws-sdk/client-cloudformation";
import type { Operations } from "../../../call.ts";
import { invalidTemplate } from "../template/fault.ts";
import type { EventRecord, StackRecord } from "../records.ts";
import { changeSetOf } from "./changeSets.ts";
import { makeToken, pageOf, readToken } from "./paging.ts";
import { namedStack, type Parts } from "./parts.ts";

/** Events a page. */
const EVENTS = 100;

export function eventOperations(parts: Parts): Operations<"cloudformation"> {
  const { store } = parts;
  /** A page of events, newest first. */
  const pageOfEvents = async (stack: StackRecord, token: string | undefined) => {
    const before = token === undefined ? undefined : readToken("events", token);
    const found = await store.events(stack.stackId, before, EVENTS + 1);
    const page = found.slice(0, EVENTS);
    const next = found.length > EVENTS ? makeToken("events", page.at(-1)?.[0] ?? "") : undefined;
    return { events: page.map(([, event]) => event), ...(next === undefined ? {} : { NextToken: next }) };
  };
  return {
    DescribeStackEvents: {
      fields: ["StackName", "NextToken"],
      async run({ StackName, NextToken }) {
        const stack = namedStack(parts, StackName);
        const { events, ...next } = await pageOfEvents(stack, NextToken);
        return { StackEvents: events.map((event) => ({ ...showEvent(stack, event), StackName: stack.name })), ...next };
      },
    },
    DescribeEvents: {
      fields: ["StackName", "ChangeSetName", "Filters.FailedEvents", "NextToken"],
      async run({ StackName, ChangeSetName, Filters, NextToken }) {
        if (ChangeSetName !== undefined) {
          const record = changeSetOf(parts, ChangeSetName, StackName);
          const { items, next } = pageOf("validations", record.validations, NextToken);
          return {
            OperationEvents: items.map((validation, index) => ({
              EventId: `${record.changeSetId.split("/").at(-1) ?? ""}-${index}`,
              StackId: record.stackId,
              EventType: "VALIDATION_ERROR",
              LogicalResourceId: validation.logicalId,
              ResourceType: validation.type,
              Timestamp: new Date(record.createdAt),
              ValidationFailureMode: "FAIL",
              ValidationName: validation.name,
              ValidationStatus: "FAILED",
              ValidationStatusReason: validation.reason,
              ValidationPath: validation.path,
            })),
            ...(next === undefined ? {} : { NextToken: next }),
          };
        }
        if (StackName === undefined) throw invalidTemplate("StackName or ChangeSetName must be specified.");
        const stack = namedStack(parts, StackName);
        const { events, ...next } = await pageOfEvents(stack, NextToken);
        const shown =
          Filters?.FailedEvents === true ? events.filter(({ status }) => status.endsWith("_FAILED")) : events;
        return {
          OperationEvents: shown.map((event) => ({
            ...showEvent(stack, event),
            EventType:
              event.type === "AWS::CloudFormation::Stack" ? ("STACK_EVENT" as const) : ("PROGRESS_EVENT" as const),
          })),
          ...next,
        };
      },
    },
  };
}

function showEvent(stack: StackRecord, event: EventRecord) {
  return {
    StackId: stack.stackId,
    EventId: event.eventId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.at),
    // The SDK's type leaves out some statuses of stacks; AWS sends them all the same.
    ResourceStatus: event.status as ResourceStatus,
    ...(event.reason === undefined ? {} : { ResourceStatusReason: event.reason }),
    ...(event.properties === undefined ? {} : { ResourceProperties: event.properties }),
    ...(event.token === undefined ? {} : { ClientRequestToken: event.token }),
  };
}
