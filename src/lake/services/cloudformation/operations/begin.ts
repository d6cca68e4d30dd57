// The first step of every stack operation: its record, the stack's new status and the event, in one write; then the engine has it.
import { randomUUID } from "node:crypto";
import type { OperationContext } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import type { Checked } from "../engine/intake.ts";
import { stackEvent } from "../engine/stackEvent.ts";
import type { OperationRecord, StackRecord } from "../records.ts";
import type { StackWriter } from "../store.ts";
import { invalidTemplate } from "../template/fault.ts";
import type { Parts } from "./parts.ts";

export interface Beginning {
  readonly stack: StackRecord;
  readonly context: OperationContext;
  readonly token: string | undefined;
  readonly onFailure: OperationRecord["onFailure"];
  readonly timeoutMinutes?: number | undefined;
  readonly disableRollback: boolean;
  /** RetainExceptOnCreate: what the operation makes is deleted when it is undone, whatever its DeletionPolicy. */
  readonly deleteNew?: boolean;
  readonly terminationProtection?: boolean | undefined;
  /** More that belongs into the same write. */
  readonly also?: (writer: StackWriter) => void;
  readonly changeSetId?: string;
}

/** What the stack takes over from the version that it is to be. */
function versionOf({ version, evaluation, hidden }: Checked): Partial<StackRecord> {
  const { description } = evaluation.template;
  return {
    ...(description === undefined ? {} : { description }),
    parameters: version.parameters,
    hidden,
    tags: version.tags,
    capabilities: version.capabilities,
  };
}

export async function beginCreate(parts: Parts, checked: Checked, beginning: Beginning): Promise<void> {
  const { lake } = parts;
  const { stack, timeoutMinutes, terminationProtection } = beginning;
  const operation = operationRecord("create", beginning, {
    target: checked.version,
    ...(timeoutMinutes === undefined ? {} : { deadline: lake.clock.now() + timeoutMinutes * 60_000 }),
  });
  const next: StackRecord = {
    ...withoutReason(stack),
    ...versionOf(checked),
    status: "CREATE_IN_PROGRESS",
    disableRollback: beginning.disableRollback,
    ...(timeoutMinutes === undefined ? {} : { timeoutMinutes }),
    ...(terminationProtection === undefined ? {} : { terminationProtection }),
    ...(beginning.changeSetId === undefined ? {} : { changeSetId: beginning.changeSetId, updatedAt: lake.clock.now() }),
  };
  await begin(parts, next, operation, beginning, checked.version.template);
}

export async function beginUpdate(parts: Parts, checked: Checked, beginning: Beginning): Promise<void> {
  const { lake, store } = parts;
  const { stack } = beginning;
  const operation = operationRecord("update", beginning, {
    target: checked.version,
    before: { template: store.template(stack.stackId) ?? "", stack },
  });
  const { description: _description, ...rest } = withoutReason(stack);
  const next: StackRecord = {
    ...rest,
    ...versionOf(checked),
    status: "UPDATE_IN_PROGRESS",
    updatedAt: lake.clock.now(),
    disableRollback: beginning.disableRollback,
    ...(beginning.changeSetId === undefined ? {} : { changeSetId: beginning.changeSetId }),
  };
  await begin(parts, next, operation, beginning);
}

export async function beginDelete(parts: Parts, beginning: Beginning, retain: readonly string[]): Promise<void> {
  const { stack } = beginning;
  const operation = operationRecord("delete", beginning, { retain, formerStatus: stack.status });
  await begin(parts, { ...withoutReason(stack), status: "DELETE_IN_PROGRESS" }, operation, beginning);
}

/** Takes up a paused or running operation in its undoing phase. */
export async function beginRollback(
  parts: Parts,
  stack: StackRecord,
  status: "ROLLBACK_IN_PROGRESS" | "UPDATE_ROLLBACK_IN_PROGRESS",
  token: string | undefined,
  skip: readonly string[] = [],
): Promise<void> {
  const { store, engine } = parts;
  const operation = store.operation(stack.stackId);
  if (operation === undefined) throw invalidTemplate(`Stack [${stack.name}] has no operation that can be rolled back.`);
  const next: StackRecord = { ...withoutReason(stack), status };
  await store.write((writer) => {
    writer.stack(next);
    writer.operation({
      ...operation,
      retain: [...operation.retain, ...skip],
      ...(token === undefined ? {} : { token }),
    });
    stackEvent(writer, next, token ?? operation.token, "User Initiated");
  });
  engine.launch(stack.stackId);
}

function operationRecord(
  kind: OperationRecord["kind"],
  { stack, token, onFailure, context, deleteNew }: Beginning,
  rest: Partial<OperationRecord>,
): OperationRecord {
  return {
    id: randomUUID(),
    stackId: stack.stackId,
    kind,
    onFailure,
    retain: [],
    principal: context.principal,
    ...(token === undefined ? {} : { token }),
    ...(deleteNew === true ? { deleteNew } : {}),
    ...rest,
  };
}

async function begin(
  { store, engine }: Parts,
  stack: StackRecord,
  operation: OperationRecord,
  { also, token }: Beginning,
  template?: string,
): Promise<void> {
  await store.write((writer) => {
    writer.stack(stack);
    writer.operation(operation);
    if (template !== undefined) writer.template(stack.stackId, template);
    also?.(writer);
    stackEvent(writer, stack, token, "User Initiated");
  });
  engine.launch(stack.stackId);
}

function withoutReason(stack: StackRecord): StackRecord {
  const { statusReason: _reason, ...rest } = stack;
  return rest;
}

/** What OnFailure and DisableRollback together ask for. */
export function failureMode(
  onFailure: string | undefined,
  disableRollback: boolean | undefined,
  otherwise: OperationRecord["onFailure"] = "ROLLBACK",
): OperationRecord["onFailure"] {
  if (onFailure !== undefined && disableRollback !== undefined) {
    throw invalidTemplate("You can specify either OnFailure or DisableRollback, but not both.");
  }
  if (disableRollback === true) return "DO_NOTHING";
  if (onFailure === undefined) return otherwise;
  if (onFailure === "ROLLBACK" || onFailure === "DELETE" || onFailure === "DO_NOTHING") return onFailure;
  throw invalidTemplate(
    `1 validation error detected: Value '${onFailure}' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]`,
  );
}

/** Statuses in which a stack takes no update, with AWS's sentence. */
export function assertUpdatable(stack: StackRecord): void {
  const updatable = [
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "CREATE_FAILED",
    "UPDATE_FAILED",
  ];
  if (!updatable.includes(stack.status)) {
    throw invalidTemplate(`Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`);
  }
}

export function changeSetNotFound(nameOrId: string | undefined): ServiceError {
  return new ServiceError("ChangeSetNotFound", `ChangeSet [${nameOrId}] does not exist`, { status: 404 });
}
