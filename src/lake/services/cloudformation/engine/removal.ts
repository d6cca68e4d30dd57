// One resource's deletion, and the removal of what a killed lake began of one.
import { messageOf } from "../../../../base/errors.ts";
import type { ResourceType } from "../../../resource.ts";
import type { ResourceRecord } from "../records.ts";
import { invalidTemplate } from "../template/fault.ts";
import type { Policy } from "../template/template.ts";
import type { Acting } from "./acting.ts";
import type { ResourceNotes } from "./notes.ts";
import type { Types } from "./types.ts";

export class ResourceRemoval {
  constructor(
    private readonly notes: ResourceNotes,
    private readonly types: Types,
  ) {}

  /** Deletes it, or lets go of it; true once the stack has it no more. */
  async delete(acting: Acting, logicalId: string, policy: Policy): Promise<boolean> {
    const { stackId } = acting.stack;
    const record = this.notes.store.resource(stackId, logicalId);
    if (record === undefined) return true;
    if (policy === "Retain" || policy === "RetainExceptOnCreate") {
      await this.notes.leave(acting, record, "DELETE_SKIPPED");
      return true;
    }
    if (record.physicalId === undefined && record.names === undefined) {
      await this.notes.leave(acting, record, "DELETE_COMPLETE");
      return true;
    }
    const { reason: _reason, ...rest } = record;
    if (record.status !== "DELETE_IN_PROGRESS") {
      await this.notes.save(acting, { ...rest, status: "DELETE_IN_PROGRESS", at: this.notes.lake.clock.now() });
    }
    try {
      const type = await this.types.get(record.type);
      if (record.physicalId === undefined) {
        await this.removeRemains(acting, type, record);
      } else {
        if (policy === "Snapshot" && this.types.isReal(type.type)) await this.snapshot(acting, type, record);
        await type.delete(record.physicalId, record.properties, this.notes.context(acting, record));
      }
      await this.notes.leave(acting, rest, "DELETE_COMPLETE");
      return true;
    } catch (error) {
      if (!acting.stopping()) await this.notes.fail(acting, record, "DELETE_FAILED", messageOf(error));
      return false;
    }
  }

  private async snapshot(acting: Acting, type: ResourceType, record: ResourceRecord): Promise<void> {
    if (type.snapshot === undefined) {
      // Who can't have the snapshot deletes the thing by hand: the stack's deletion goes on behind it.
      if ((await type.read(record.physicalId ?? "", record.properties)) === undefined) return;
      throw invalidTemplate(
        `The local lake does not implement the snapshot of ${type.type} that DeletionPolicy Snapshot asks for: give it another policy, retain it, or delete ${record.physicalId ?? "it"} yourself and the stack again.`,
      );
    }
    await type.snapshot(record.physicalId ?? "", record.properties, this.notes.context(acting, record));
  }

  /** The record once nothing is left of an earlier try. */
  async cleared(acting: Acting, type: ResourceType, record: ResourceRecord): Promise<ResourceRecord> {
    await this.removeRemains(acting, type, record);
    const { physicalId: _physicalId, names: _names, ...rest } = record;
    return rest;
  }

  /** Deletes what a create that the lake did not live to see may have made. */
  private async removeRemains(acting: Acting, type: ResourceType, record: ResourceRecord): Promise<void> {
    for (const candidate of new Set([record.physicalId, ...(record.names ?? [])])) {
      if (candidate === undefined) continue;
      const found = await type.read(candidate, record.properties);
      if (found !== undefined)
        await type.delete(found.physicalId, record.properties, this.notes.context(acting, record));
    }
  }
}
