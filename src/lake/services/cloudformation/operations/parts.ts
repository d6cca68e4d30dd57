// What every family of operations is given, and how records are shown.
import type { Stack, Tag } from "@aws-sdk/client-cloudformation";
import type { StackEngine } from "../engine/engine.ts";
import type { Intake } from "../engine/intake.ts";
import type { Types } from "../engine/types.ts";
import type { Lake } from "../../../lake.ts";
import type { StackRecord } from "../records.ts";
import type { StackStore } from "../store.ts";
import { invalidTemplate } from "../template/fault.ts";

export interface Parts {
  readonly lake: Lake;
  readonly store: StackStore;
  readonly engine: StackEngine;
  readonly intake: Intake;
  readonly types: Types;
}

/** The stack of a name or id. Throws AWS's ValidationError where there is none. */
export function stackOf({ store }: Parts, nameOrId: string | undefined): StackRecord {
  if (nameOrId === undefined || nameOrId === "") {
    throw invalidTemplate(
      "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null",
    );
  }
  const stack = store.find(nameOrId);
  if (stack === undefined) throw invalidTemplate(`Stack with id ${nameOrId} does not exist`);
  return stack;
}

/** The same, in the words of the operations that change a stack. */
export function namedStack({ store }: Parts, nameOrId: string | undefined): StackRecord {
  const stack = store.find(nameOrId ?? "");
  if (stack === undefined) throw invalidTemplate(`Stack [${nameOrId ?? ""}] does not exist`);
  return stack;
}

export function showTags(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function showStack(stack: StackRecord): Stack {
  return {
    StackId: stack.stackId,
    StackName: stack.name,
    ...(stack.changeSetId === undefined ? {} : { ChangeSetId: stack.changeSetId }),
    ...(stack.description === undefined ? {} : { Description: stack.description }),
    Parameters: showParameters(stack),
    CreationTime: new Date(stack.createdAt),
    ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
    ...(stack.deletedAt === undefined ? {} : { DeletionTime: new Date(stack.deletedAt) }),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    DisableRollback: stack.disableRollback,
    NotificationARNs: [],
    ...(stack.timeoutMinutes === undefined ? {} : { TimeoutInMinutes: stack.timeoutMinutes }),
    Capabilities: [...stack.capabilities] as NonNullable<Stack["Capabilities"]>,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      ...(description === undefined ? {} : { Description: description }),
      ...(exportName === undefined ? {} : { ExportName: exportName }),
    })),
    Tags: showTags(stack.tags),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
  };
}

export function showParameters({
  parameters,
  hidden,
}: Pick<StackRecord, "parameters" | "hidden">): { ParameterKey: string; ParameterValue: string }[] {
  return Object.entries(parameters).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: hidden.includes(ParameterKey) ? "****" : value,
  }));
}
