// The stack engine: carries the operation of a stack from its record to its end, and takes it up again after a restart.
import type { StackStatus } from "@aws-sdk/client-cloudformation";
import { messageOf } from "../../../../base/errors.ts";
import type { Lake } from "../../../lake.ts";
import type { OperationRecord, ResourceRecord, StackRecord, StackStore, StackWriter } from "../store.ts";
import { type Evaluation, type Existing, evaluate } from "../template/evaluate.ts";
import { parseTemplate } from "../template/template.ts";
import { invalidTemplate } from "../template/fault.ts";
import { reversed, runGraph } from "./graph.ts";
import { type Acting, ResourceActions } from "./resources.ts";
import type { Types } from "./types.ts";

/** Resources of a stack that are made side by side. */
const SIDE_BY_SIDE = 8;

export class StackEngine {
  private readonly running = new Map<string, Promise<void>>();
  private readonly actions: ResourceActions;
  private stopping = false;

  constructor(
    private readonly lake: Lake,
    private readonly store: StackStore,
    types: Types,
  ) {
    this.actions = new ResourceActions(lake, store, types);
  }

  busy(): boolean {
    return this.running.size > 0;
  }

  /** Runs an operation whose record is written. */
  launch(operation: OperationRecord): void {
    const run = this.carry(operation)
      .catch((error: unknown) => {
        if (!this.stopping)
          this.lake.log("stack operation broke off", { stack: operation.stackId, message: messageOf(error) });
      })
      .finally(() => this.running.delete(operation.stackId));
    this.running.set(operation.stackId, run);
  }

  /** After a restart: takes up whatever was under way. */
  async resume(): Promise<void> {
    for (const operation of await this.store.operations()) this.launch(operation);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running.values());
  }

  private async carry(operation: OperationRecord): Promise<void> {
    for (;;) {
      const stack = this.store.stack(operation.stackId);
      if (stack === undefined || this.stopping) return;
      const ended = await this.phase(operation, stack);
      if (ended) return;
    }
  }

  /** One phase, named by the stack's status; true once the operation has ended. */
  private async phase(operation: OperationRecord, stack: StackRecord): Promise<boolean> {
    switch (stack.status) {
      case "CREATE_IN_PROGRESS":
        return this.make(operation, stack);
      case "ROLLBACK_IN_PROGRESS":
        return this.remove(operation, stack, { ok: "ROLLBACK_COMPLETE", failed: "ROLLBACK_FAILED" });
      case "DELETE_IN_PROGRESS":
        return this.remove(operation, stack, { ok: "DELETE_COMPLETE", failed: "DELETE_FAILED" });
      default:
        throw new Error(`no phase of a stack operation: ${stack.status}`);
    }
  }

  private async make(operation: OperationRecord, stack: StackRecord): Promise<boolean> {
    const evaluation = this.evaluation(operation, stack);
    const failed: string[] = [];
    const cancel = new AbortController();
    const acting: Acting = {
      stack,
      operation: operation.id,
      token: operation.token,
      signal: cancel.signal,
      stopping: () => this.stopping,
    };
    await runGraph({
      waits: evaluation.graph,
      limit: SIDE_BY_SIDE,
      halted: () => this.stopping || failed.length > 0,
      act: async (logicalId) => {
        const kept = this.store.resource(stack.stackId, logicalId);
        if (kept?.status === "CREATE_COMPLETE" && kept.operation === operation.id) return true;
        const declaration = evaluation.template.resources[logicalId];
        if (declaration === undefined) return true;
        const ok = await this.actions.create(acting, {
          logicalId,
          type: declaration.type,
          properties: evaluation.properties(logicalId, this.existing(stack.stackId)),
          dependsOn: [...(evaluation.graph.get(logicalId) ?? [])],
          deletionPolicy: declaration.deletionPolicy,
          metadata: declaration.metadata,
        });
        if (!ok && !this.stopping) {
          failed.push(logicalId);
          cancel.abort();
        }
        return ok;
      },
    });
    if (this.stopping) return true;
    if (failed.length > 0) {
      await this.status(stack, "ROLLBACK_IN_PROGRESS", {
        operation,
        reason: `The following resource(s) failed to create: [${failed.join(", ")}]. Rollback requested by user.`,
      });
      return false;
    }
    const outputs = evaluation.outputs(this.existing(stack.stackId)).map(({ key, value, description, exportName }) => ({
      key,
      value: String(value),
      ...(description === undefined ? {} : { description }),
      ...(exportName === undefined ? {} : { exportName: String(exportName) }),
    }));
    await this.status({ ...stack, outputs }, "CREATE_COMPLETE", { operation, ends: true });
    return true;
  }

  private async remove(
    operation: OperationRecord,
    stack: StackRecord,
    statuses: { ok: StackStatus; failed: StackStatus },
  ): Promise<boolean> {
    const records = await this.store.resources(stack.stackId);
    const waits = reversed(new Map(records.map((record) => [record.logicalId, new Set(record.dependsOn)])));
    const acting: Acting = {
      stack,
      operation: operation.id,
      token: operation.token,
      signal: new AbortController().signal,
      stopping: () => this.stopping,
    };
    const left = await runGraph({
      waits,
      limit: SIDE_BY_SIDE,
      halted: () => this.stopping,
      act: (logicalId) => {
        const record = records.find((candidate) => candidate.logicalId === logicalId) as ResourceRecord;
        const keep = record.deletionPolicy === "Retain" || operation.retain.includes(logicalId);
        return this.actions.delete(acting, logicalId, keep ? "keep" : "delete");
      },
    });
    if (this.stopping) return true;
    if (left.length > 0) {
      await this.status(stack, statuses.failed, {
        operation,
        ends: true,
        reason: `The following resource(s) failed to delete: [${left.join(", ")}]. `,
      });
      return true;
    }
    await this.status(
      { ...stack, ...(statuses.ok === "DELETE_COMPLETE" ? { deletedAt: this.lake.clock.now() } : {}) },
      statuses.ok,
      { operation, ends: true },
    );
    return true;
  }

  private evaluation(operation: OperationRecord, stack: StackRecord): Evaluation {
    if (operation.target === undefined) throw new Error("the operation has no target");
    return evaluate({
      template: parseTemplate(operation.target.template),
      parameters: operation.target.parameters,
      surroundings: {
        accountId: this.lake.accountId,
        region: this.lake.region,
        stackName: stack.name,
        stackId: stack.stackId,
      },
    });
  }

  private existing(stackId: string): Existing {
    const record = (logicalId: string) => this.store.resource(stackId, logicalId);
    return {
      reference: (logicalId) => record(logicalId)?.physicalId,
      attribute: (logicalId, name) => {
        const value = record(logicalId)?.attributes[name];
        if (value === undefined)
          throw invalidTemplate(
            `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`,
          );
        return value;
      },
    };
  }

  private async status(
    stack: StackRecord,
    status: StackStatus,
    { operation, reason, ends = false }: { operation: OperationRecord; reason?: string; ends?: boolean },
  ): Promise<void> {
    const { statusReason: _before, ...rest } = stack;
    const record: StackRecord = { ...rest, status, ...(reason === undefined ? {} : { statusReason: reason }) };
    await this.store.write((writer) => {
      writer.stack(record);
      stackEvent(writer, record, operation.token, reason);
      if (ends) writer.endOperation(stack.stackId);
    });
  }
}

/** The event of a stack's own status. */
export function stackEvent(writer: StackWriter, stack: StackRecord, token: string | undefined, reason?: string): void {
  writer.event(stack.stackId, {
    eventId: crypto.randomUUID(),
    logicalId: stack.name,
    physicalId: stack.stackId,
    type: "AWS::CloudFormation::Stack",
    status: stack.status,
    ...(reason === undefined ? {} : { reason }),
    ...(token === undefined ? {} : { token }),
  });
}
