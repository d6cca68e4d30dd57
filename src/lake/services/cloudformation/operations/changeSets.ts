// Change sets: made, described, executed, deleted.
import { randomUUID } from "node:crypto";
import type { Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import { stackEvent } from "../engine/engine.ts";
import type { ChangeSetRecord, OperationRecord, StackRecord } from "../store.ts";
import { invalidTemplate } from "../template/fault.ts";
import { pageOf } from "./paging.ts";
import { type Parts, showParameters, showTags, stackOf } from "./parts.ts";
import { newStack } from "./stacks.ts";

export function changeSetOf(
  parts: Parts,
  nameOrId: string | undefined,
  stackName: string | undefined,
): ChangeSetRecord {
  const found = nameOrId?.startsWith("arn:")
    ? parts.store.changeSet(nameOrId)
    : parts.store.changeSetNamed(stackOf(parts, stackName).stackId, nameOrId ?? "");
  if (found === undefined) {
    throw new ServiceError("ChangeSetNotFound", `ChangeSet [${nameOrId}] does not exist`, { status: 404 });
  }
  return found;
}

export function changeSetOperations(parts: Parts): Operations<"cloudformation"> {
  const { lake, store, intake, engine } = parts;
  return {
    CreateChangeSet: {
      fields: [
        "StackName",
        "TemplateBody",
        "TemplateURL",
        "UsePreviousTemplate",
        "Parameters",
        "Capabilities",
        "Tags",
        "ChangeSetName",
        "ClientToken",
        "Description",
        "ChangeSetType",
        "OnStackFailure",
        "IncludeNestedStacks",
      ],
      run: (input) =>
        store.lock(async () => {
          const name = input.ChangeSetName ?? "";
          const type = input.ChangeSetType ?? "UPDATE";
          if (type !== "CREATE") throw notImplemented(`change sets of type ${type}`);
          const existing = store.find(input.StackName ?? "");
          if (existing !== undefined && existing.status !== "REVIEW_IN_PROGRESS") {
            throw invalidTemplate(
              `Stack [${existing.name}] already exists and cannot be created again with the changeSet [${name}].`,
            );
          }
          const stack: StackRecord = existing ?? newStack(lake, input.StackName, "REVIEW_IN_PROGRESS");
          if (store.changeSetNamed(stack.stackId, name) !== undefined) {
            throw new ServiceError(
              "AlreadyExistsException",
              `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Template`,
            );
          }
          const { version, evaluation, hidden } = await intake.check(input, stack);
          const record: ChangeSetRecord = {
            changeSetId: `arn:aws:cloudformation:${lake.region}:${lake.accountId}:changeSet/${name}/${randomUUID()}`,
            name,
            stackId: stack.stackId,
            stackName: stack.name,
            type,
            status: "CREATE_COMPLETE",
            executionStatus: "AVAILABLE",
            createdAt: lake.clock.now(),
            version,
            hidden,
            changes: [...evaluation.graph.keys()].map((id) => ({
              Type: "Resource",
              ResourceChange: {
                Action: "Add",
                LogicalResourceId: id,
                ResourceType: evaluation.template.resources[id]?.type,
                Scope: [],
                Details: [],
              },
            })),
            ...(input.Description === undefined ? {} : { description: input.Description }),
          };
          await store.write((writer) => {
            if (existing === undefined) {
              writer.stack(stack);
              stackEvent(writer, stack, undefined, "User Initiated");
            }
            writer.changeSet(record);
          });
          return { Id: record.changeSetId, StackId: stack.stackId };
        }),
    },
    DescribeChangeSet: {
      fields: ["ChangeSetName", "StackName", "NextToken"],
      run({ ChangeSetName, StackName, NextToken }) {
        const record = changeSetOf(parts, ChangeSetName, StackName);
        const { items, next } = pageOf("changes", record.changes, NextToken);
        return {
          ChangeSetName: record.name,
          ChangeSetId: record.changeSetId,
          StackId: record.stackId,
          StackName: record.stackName,
          ...(record.description === undefined ? {} : { Description: record.description }),
          Parameters: showParameters({ parameters: record.version.parameters, hidden: record.hidden }),
          CreationTime: new Date(record.createdAt),
          ExecutionStatus: record.executionStatus,
          Status: record.status,
          ...(record.statusReason === undefined ? {} : { StatusReason: record.statusReason }),
          NotificationARNs: [],
          RollbackConfiguration: {},
          Capabilities: [...record.version.capabilities] as never,
          Tags: showTags(record.version.tags),
          Changes: items as never,
          ...(next === undefined ? {} : { NextToken: next }),
          IncludeNestedStacks: false,
        };
      },
    },
    ExecuteChangeSet: {
      fields: ["ChangeSetName", "StackName", "ClientRequestToken", "DisableRollback"],
      run: ({ ChangeSetName, StackName, ClientRequestToken }) =>
        store.lock(async () => {
          const record = changeSetOf(parts, ChangeSetName, StackName);
          if (record.executionStatus !== "AVAILABLE") {
            throw new ServiceError(
              "InvalidChangeSetStatus",
              `ChangeSet [${record.changeSetId}] cannot be executed in its current status of [${record.status}]`,
            );
          }
          const before = stackOf(parts, record.stackId);
          const operation: OperationRecord = {
            id: randomUUID(),
            stackId: record.stackId,
            kind: "create",
            target: record.version,
            onFailure: record.onStackFailure ?? "ROLLBACK",
            retain: [],
            ...(ClientRequestToken === undefined ? {} : { token: ClientRequestToken }),
          };
          const stack: StackRecord = {
            ...before,
            status: "CREATE_IN_PROGRESS",
            parameters: record.version.parameters,
            hidden: record.hidden,
            tags: record.version.tags,
            capabilities: record.version.capabilities,
            changeSetId: record.changeSetId,
          };
          await store.write((writer) => {
            writer.stack(stack);
            writer.template(stack.stackId, record.version.template);
            writer.operation(operation);
            writer.changeSet({ ...record, executionStatus: "EXECUTE_COMPLETE" });
            stackEvent(writer, stack, ClientRequestToken, "User Initiated");
          });
          engine.launch(operation);
          return {};
        }),
    },
  };
}
