// How a resource's record and its events are written, and what a resource type is told when it acts.
import type { Lake } from "../../../lake.ts";
import type { ResourceContext } from "../../../resource.ts";
import type { ResourceRecord, ResourceStatus } from "../records.ts";
import { RECORDED } from "../spec/recorded.ts";
import type { StackStore, StackWriter } from "../store.ts";
import type { Acting } from "./acting.ts";
import { generatedName } from "./names.ts";

export class ResourceNotes {
  constructor(
    readonly lake: Lake,
    readonly store: StackStore,
  ) {}

  /** A deleted stack still tells what it had; otherwise the record goes. */
  async leave(acting: Acting, record: ResourceRecord, status: ResourceStatus): Promise<void> {
    const { names: _names, before: _before, ...rest } = record;
    const left: ResourceRecord = { ...rest, status, at: this.lake.clock.now() };
    await this.store.write((writer) => {
      if (acting.keepsDeleted) writer.resource(acting.stack.stackId, left);
      else writer.removeResource(acting.stack.stackId, record.logicalId);
      this.event(writer, acting, left);
    });
  }

  async fail(acting: Acting, record: ResourceRecord, status: ResourceStatus, reason: string): Promise<void> {
    await this.save(acting, { ...record, status, reason, at: this.lake.clock.now() }, reason);
  }

  /** The record alone. */
  keep(acting: Acting, record: ResourceRecord): Promise<void> {
    return this.store.write((writer) => writer.resource(acting.stack.stackId, record));
  }

  /** The record with its event. */
  save(acting: Acting, record: ResourceRecord, reason?: string): Promise<void> {
    return this.store.write((writer) => {
      writer.resource(acting.stack.stackId, record);
      this.event(writer, acting, record, reason);
    });
  }

  private event(writer: StackWriter, acting: Acting, record: ResourceRecord, reason?: string): void {
    const made = record.status === "CREATE_COMPLETE" || record.status === "UPDATE_COMPLETE";
    const said = reason ?? (record.recorded && made ? RECORDED : undefined);
    writer.event(acting.stack.stackId, {
      logicalId: record.logicalId,
      physicalId: record.physicalId ?? "",
      type: record.type,
      status: record.status,
      ...(said === undefined ? {} : { reason: acting.hide(said) }),
      properties: acting.hide(JSON.stringify(record.properties)),
      ...(acting.token === undefined ? {} : { token: acting.token }),
    });
  }

  context(acting: Acting, record: ResourceRecord, create?: CreateHooks): ResourceContext {
    const { stack } = acting;
    return {
      stackName: stack.name,
      stackId: stack.stackId,
      logicalId: record.logicalId,
      generatedName: (maximum, options) => {
        const name = generatedName(stack.name, record.logicalId, record.nonce, maximum, options?.lowerCase);
        create?.named(name);
        return name;
      },
      tags: stack.tags,
      principal: acting.principal,
      signal: acting.signal,
      ...(create === undefined ? {} : { initiated: create.initiated }),
    };
  }
}

export interface CreateHooks {
  readonly initiated: (physicalId: string) => Promise<void>;
  readonly named: (name: string) => void;
}
