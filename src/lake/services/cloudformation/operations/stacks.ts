// Stacks made and deleted directly.
import { randomUUID } from "node:crypto";
import type { StackStatus } from "@aws-sdk/client-cloudformation";
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import { stackEvent } from "../engine/engine.ts";
import type { OperationRecord, StackRecord } from "../store.ts";
import { invalidTemplate } from "../template/fault.ts";
import type { Parts } from "./parts.ts";

const STACK_NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

/** A stack that has nothing yet. Throws for a name that AWS refuses. */
export function newStack(lake: Lake, name: string | undefined, status: StackStatus): StackRecord {
  if (name === undefined || !STACK_NAME.test(name)) {
    throw invalidTemplate(
      `1 validation error detected: Value '${name ?? ""}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
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

export function stackOperations(parts: Parts): Operations<"cloudformation"> {
  const { lake, store, intake, engine } = parts;
  return {
    CreateStack: {
      fields: ["StackName", "TemplateBody", "TemplateURL", "Parameters", "Capabilities", "Tags", "ClientRequestToken"],
      run: (input) =>
        store.lock(async () => {
          const name = input.StackName ?? "";
          if (store.find(name) !== undefined)
            throw new ServiceError("AlreadyExistsException", `Stack [${name}] already exists`);
          const empty = newStack(lake, input.StackName, "CREATE_IN_PROGRESS");
          const { version, evaluation, hidden } = await intake.check(input, empty);
          const stack: StackRecord = {
            ...empty,
            ...(evaluation.template.description === undefined ? {} : { description: evaluation.template.description }),
            parameters: version.parameters,
            hidden,
            tags: version.tags,
            capabilities: version.capabilities,
          };
          const operation: OperationRecord = {
            id: randomUUID(),
            stackId: stack.stackId,
            kind: "create",
            target: version,
            onFailure: "ROLLBACK",
            retain: [],
            ...(input.ClientRequestToken === undefined ? {} : { token: input.ClientRequestToken }),
          };
          await store.write((writer) => {
            writer.stack(stack);
            writer.template(stack.stackId, version.template);
            writer.operation(operation);
            stackEvent(writer, stack, input.ClientRequestToken, "User Initiated");
          });
          engine.launch(operation);
          return { StackId: stack.stackId };
        }),
    },
    DeleteStack: {
      fields: ["StackName", "ClientRequestToken", "RetainResources"],
      run: (input) =>
        store.lock(async () => {
          const stack = store.find(input.StackName ?? "");
          if (stack === undefined || stack.status === "DELETE_COMPLETE" || stack.status === "DELETE_IN_PROGRESS")
            return {};
          const operation: OperationRecord = {
            id: randomUUID(),
            stackId: stack.stackId,
            kind: "delete",
            onFailure: "DO_NOTHING",
            retain: input.RetainResources ?? [],
            ...(input.ClientRequestToken === undefined ? {} : { token: input.ClientRequestToken }),
          };
          const next: StackRecord = { ...stack, status: "DELETE_IN_PROGRESS" };
          await store.write((writer) => {
            writer.stack(next);
            writer.operation(operation);
            stackEvent(writer, next, input.ClientRequestToken, "User Initiated");
          });
          engine.launch(operation);
          return {};
        }),
    },
  };
}
