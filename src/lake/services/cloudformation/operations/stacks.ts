// Stacks made, changed and deleted directly; operations cancelled, continued and rolled back.
import { randomUUID } from "node:crypto";
import type { StackStatus } from "@aws-sdk/client-cloudformation";
import type { Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { StackRecord } from "../records.ts";
import { invalidTemplate } from "../template/fault.ts";
import { assertUpdatable, beginCreate, beginDelete, beginRollback, beginUpdate, failureMode } from "./begin.ts";
import { namedStack, type Parts } from "./parts.ts";
import { planFor } from "./planning.ts";

const STACK_NAME = /^[a-zA-Z][-a-zA-Z0-9]*$/;

/** A stack that has nothing yet. Throws for a name that AWS refuses. */
export function newStack(lake: Lake, name: string | undefined, status: StackStatus): StackRecord {
  if (name === undefined || !STACK_NAME.test(name)) {
    throw invalidTemplate(
      `1 validation error detected: Value '${name ?? ""}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*`,
    );
  }
  if (name.length > 128) {
    throw invalidTemplate(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must have length less than or equal to 128`,
    );
  }
  return {
    stackId: `arn:aws:cloudformation:${lake.region}:${lake.accountId}:stack/${name}/${randomUUID()}`,
    name,
    status,
    createdAt: lake.clock.now(),
    parameters: {},
    hidden: [],
    tags: {},
    capabilities: [],
    outputs: [],
    imports: [],
    disableRollback: false,
    terminationProtection: false,
  };
}

const VERSION = [
  "TemplateBody",
  "TemplateURL",
  "Parameters",
  "Capabilities",
  "Tags",
  "DisableValidation",
  "DisableRollback",
  "RetainExceptOnCreate",
];

export function stackOperations(parts: Parts): Operations<"cloudformation"> {
  const { lake, store, intake } = parts;
  return {
    CreateStack: {
      fields: [
        ...VERSION,
        "StackName",
        "ClientRequestToken",
        "OnFailure",
        "TimeoutInMinutes",
        "EnableTerminationProtection",
      ],
      run: (input, context) =>
        store.lock(async () => {
          const name = input.StackName ?? "";
          const token = input.ClientRequestToken;
          const earlier = store.answered("CreateStack", name, token);
          if (earlier !== undefined && store.stack(earlier)?.status !== "DELETE_COMPLETE") return { StackId: earlier };
          if (store.find(name) !== undefined) {
            throw new ServiceError("AlreadyExistsException", `Stack [${name}] already exists`);
          }
          const stack = newStack(lake, input.StackName, "CREATE_IN_PROGRESS");
          const onFailure = failureMode(input.OnFailure, input.DisableRollback);
          const checked = await intake.check(input, stack);
          const plan = await planFor(parts, checked, undefined);
          refuse(input.DisableValidation === true ? plan.refusals : plan.reasons);
          await beginCreate(parts, checked, {
            stack,
            context,
            token,
            onFailure,
            disableRollback: onFailure === "DO_NOTHING",
            deleteNew: input.RetainExceptOnCreate === true,
            timeoutMinutes: input.TimeoutInMinutes,
            terminationProtection: input.EnableTerminationProtection,
            also: (writer) => writer.answer("CreateStack", name, token, stack.stackId),
          });
          return { StackId: stack.stackId };
        }),
    },
    UpdateStack: {
      fields: [...VERSION, "StackName", "ClientRequestToken", "UsePreviousTemplate"],
      run: (input, context) =>
        store.lock(async () => {
          const stack = namedStack(parts, input.StackName);
          const token = input.ClientRequestToken;
          const earlier = store.answered("UpdateStack", stack.stackId, token);
          if (earlier !== undefined) return { StackId: earlier };
          assertUpdatable(stack);
          const checked = await intake.check(input, stack, stack);
          const plan = await planFor(parts, checked, stack);
          if (!plan.differs && plan.reasons.length === 0) throw invalidTemplate("No updates are to be performed.");
          refuse(input.DisableValidation === true ? plan.refusals : plan.reasons);
          await beginUpdate(parts, checked, {
            stack,
            context,
            token,
            onFailure: failureMode(undefined, input.DisableRollback),
            disableRollback: input.DisableRollback === true,
            deleteNew: input.RetainExceptOnCreate === true,
            also: (writer) => writer.answer("UpdateStack", stack.stackId, token, stack.stackId),
          });
          return { StackId: stack.stackId };
        }),
    },
    DeleteStack: {
      fields: ["StackName", "ClientRequestToken", "RetainResources", "DeletionMode"],
      run: (input, context) =>
        store.lock(async () => {
          if (input.DeletionMode === "FORCE_DELETE_STACK") throw notImplemented("DeleteStack with FORCE_DELETE_STACK");
          const stack = store.find(input.StackName ?? "");
          if (stack === undefined || stack.status === "DELETE_COMPLETE" || stack.status === "DELETE_IN_PROGRESS")
            return {};
          if (stack.terminationProtection) {
            throw invalidTemplate(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
          }
          if (
            stack.status.endsWith("_IN_PROGRESS") &&
            !["CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS"].includes(stack.status)
          ) {
            throw invalidTemplate(`Stack:${stack.stackId} is in ${stack.status} state and can not be deleted.`);
          }
          const retain = input.RetainResources ?? [];
          if (retain.length > 0 && stack.status !== "DELETE_FAILED") {
            throw invalidTemplate(
              `Invalid operation on stack [${stack.stackId}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
            );
          }
          await beginDelete(
            parts,
            {
              stack,
              context,
              token: input.ClientRequestToken,
              onFailure: "DO_NOTHING",
              disableRollback: stack.disableRollback,
            },
            retain,
          );
          return {};
        }),
    },
    CancelUpdateStack: {
      fields: ["StackName", "ClientRequestToken"],
      run: (input) =>
        store.lock(async () => {
          const stack = namedStack(parts, input.StackName);
          if (stack.status !== "UPDATE_IN_PROGRESS") {
            throw invalidTemplate(`CancelUpdateStack cannot be called from current stack status`);
          }
          await beginRollback(parts, stack, "UPDATE_ROLLBACK_IN_PROGRESS", input.ClientRequestToken);
          return {};
        }),
    },
    ContinueUpdateRollback: {
      fields: ["StackName", "ClientRequestToken", "ResourcesToSkip"],
      run: (input) =>
        store.lock(async () => {
          const stack = namedStack(parts, input.StackName);
          if (stack.status !== "UPDATE_ROLLBACK_FAILED") {
            throw invalidTemplate(
              `Stack:${stack.stackId} is in ${stack.status} state and can not continue update rollback.`,
            );
          }
          await beginRollback(
            parts,
            stack,
            "UPDATE_ROLLBACK_IN_PROGRESS",
            input.ClientRequestToken,
            input.ResourcesToSkip,
          );
          return {};
        }),
    },
    RollbackStack: {
      fields: ["StackName", "ClientRequestToken"],
      run: (input) =>
        store.lock(async () => {
          const stack = namedStack(parts, input.StackName);
          if (stack.status !== "CREATE_FAILED" && stack.status !== "UPDATE_FAILED") {
            throw invalidTemplate(`Stack:${stack.stackId} is in ${stack.status} state and can not be rolled back.`);
          }
          const status = stack.status === "CREATE_FAILED" ? "ROLLBACK_IN_PROGRESS" : "UPDATE_ROLLBACK_IN_PROGRESS";
          await beginRollback(parts, stack, status, input.ClientRequestToken);
          return { StackId: stack.stackId };
        }),
    },
    UpdateTerminationProtection: {
      fields: ["StackName", "EnableTerminationProtection"],
      run: (input) =>
        store.lock(async () => {
          const stack = namedStack(parts, input.StackName);
          if (stack.status.startsWith("DELETE_")) {
            throw invalidTemplate(
              `Stack [${stack.name}] is in ${stack.status} state and its termination protection can not be updated.`,
            );
          }
          await store.write((writer) =>
            writer.stack({ ...stack, terminationProtection: input.EnableTerminationProtection === true }),
          );
          return { StackId: stack.stackId };
        }),
    },
  };
}

function refuse(reasons: readonly string[]): void {
  if (reasons.length > 0) throw invalidTemplate(reasons.join("\n"));
}
