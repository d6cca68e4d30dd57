// One resource's create, update and delete: written down before and after each act, with the events that AWS shows.
import { messageOf } from "../../../../base/errors.ts";
import type { Lake } from "../../../lake.ts";
import type { ResourceContext, ResourceType } from "../../../resource.ts";
import { RECORDED } from "../spec/recorded.ts";
import type { ResourceRecord, ResourceStatus, StackRecord, StackStore, StackWriter } from "../store.ts";
import type { Policy } from "../template/template.ts";
import { drawNonce, generatedName } from "./names.ts";
import type { Types } from "./types.ts";

/** What an operation wants a resource to be. */
export interface Wanted {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: Policy | undefined;
  readonly metadata: unknown;
}

/** The stack operation that acts. */
export interface Acting {
  readonly stack: StackRecord;
  readonly operation: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  /** The lake is stopping: a failure now is no failure of the resource. */
  readonly stopping: () => boolean;
}

export class ResourceActions {
  constructor(
    private readonly lake: Lake,
    private readonly store: StackStore,
    private readonly types: Types,
  ) {}

  /** Makes it; true once it is complete. What an earlier try left behind is deleted first. */
  async create(acting: Acting, wanted: Wanted): Promise<boolean> {
    const { stackId } = acting.stack;
    const kept = this.store.resource(stackId, wanted.logicalId);
    const type = await this.types.get(wanted.type);
    const again = kept?.operation === acting.operation && kept.status === "CREATE_IN_PROGRESS" ? kept : undefined;
    let record: ResourceRecord = {
      logicalId: wanted.logicalId,
      type: wanted.type,
      status: "CREATE_IN_PROGRESS",
      at: this.lake.clock.now(),
      recorded: type.recorded === true,
      properties: wanted.properties,
      attributes: {},
      dependsOn: wanted.dependsOn,
      ...(wanted.deletionPolicy === undefined ? {} : { deletionPolicy: wanted.deletionPolicy }),
      ...(wanted.metadata === undefined ? {} : { metadata: wanted.metadata }),
      nonce: again?.nonce ?? drawNonce(),
      operation: acting.operation,
      made: true,
    };
    if (again === undefined) await this.save(acting, record);
    else await this.removeRemains(acting, type, again);
    let announced = false;
    const initiated = async (physicalId: string) => {
      record = { ...record, physicalId };
      announced = true;
      await this.save(acting, record, "Resource creation Initiated");
    };
    const names: string[] = [];
    const context = this.context(acting, record, initiated, names, (all) => {
      record = { ...record, names: all };
    });
    try {
      const state = await type.create(wanted.properties, context);
      if (!announced) await initiated(state.physicalId);
      const { names: _names, ...rest } = record;
      record = { ...rest, ...state, status: "CREATE_COMPLETE", at: this.lake.clock.now() };
      await this.save(acting, record);
      return true;
    } catch (error) {
      if (acting.stopping()) return false;
      const cancelled = acting.signal.aborted;
      await this.fail(acting, record, "CREATE_FAILED", cancelled ? "Resource creation cancelled" : messageOf(error));
      return false;
    }
  }

  async delete(acting: Acting, logicalId: string, policy: "keep" | "delete"): Promise<boolean> {
    const { stackId } = acting.stack;
    const record = this.store.resource(stackId, logicalId);
    if (record === undefined) return true;
    if (policy === "keep") {
      await this.store.write((writer) => {
        writer.removeResource(stackId, logicalId);
        this.event(writer, acting, { ...record, status: "DELETE_SKIPPED" });
      });
      return true;
    }
    if (record.physicalId === undefined && record.names === undefined) {
      await this.gone(acting, record);
      return true;
    }
    const type = await this.types.get(record.type);
    if (record.status !== "DELETE_IN_PROGRESS") await this.save(acting, { ...record, status: "DELETE_IN_PROGRESS" });
    try {
      if (record.physicalId === undefined) await this.removeRemains(acting, type, record);
      else await type.delete(record.physicalId, record.properties, this.context(acting, record));
      await this.gone(acting, record);
      return true;
    } catch (error) {
      if (!acting.stopping()) await this.fail(acting, record, "DELETE_FAILED", messageOf(error));
      return false;
    }
  }

  private async gone(acting: Acting, record: ResourceRecord): Promise<void> {
    await this.store.write((writer) => {
      writer.removeResource(acting.stack.stackId, record.logicalId);
      this.event(writer, acting, { ...record, status: "DELETE_COMPLETE" });
    });
  }

  /** Deletes what a create that the lake did not live to see may have made. */
  private async removeRemains(acting: Acting, type: ResourceType, record: ResourceRecord): Promise<void> {
    for (const candidate of new Set([record.physicalId, ...(record.names ?? [])])) {
      if (candidate === undefined) continue;
      if ((await type.read(candidate, record.properties)) === undefined) continue;
      await type.delete(candidate, record.properties, this.context(acting, record));
    }
  }

  private async fail(acting: Acting, record: ResourceRecord, status: ResourceStatus, reason: string): Promise<void> {
    await this.save(acting, { ...record, status, reason, at: this.lake.clock.now() }, reason);
  }

  private save(acting: Acting, record: ResourceRecord, reason?: string): Promise<void> {
    return this.store.write((writer) => {
      writer.resource(acting.stack.stackId, record);
      this.event(writer, acting, record, reason);
    });
  }

  private event(writer: StackWriter, acting: Acting, record: ResourceRecord, reason?: string): void {
    const said = reason ?? (record.recorded && record.status.endsWith("_COMPLETE") ? RECORDED : undefined);
    writer.event(acting.stack.stackId, {
      eventId: `${record.logicalId}-${record.status}-${new Date(this.lake.clock.now()).toISOString()}`,
      logicalId: record.logicalId,
      physicalId: record.physicalId ?? "",
      type: record.type,
      status: record.status,
      ...(said === undefined ? {} : { reason: said }),
      properties: JSON.stringify(record.properties),
      ...(acting.token === undefined ? {} : { token: acting.token }),
    });
  }

  private context(
    acting: Acting,
    record: ResourceRecord,
    initiated?: (physicalId: string) => Promise<void>,
    names: string[] = [],
    named?: (names: readonly string[]) => void,
  ): ResourceContext {
    const { stack } = acting;
    return {
      stackName: stack.name,
      stackId: stack.stackId,
      logicalId: record.logicalId,
      generatedName: (maximum, options) => {
        const name = generatedName(stack.name, record.logicalId, record.nonce, maximum, options?.lowerCase);
        if (named !== undefined && !names.includes(name)) {
          names.push(name);
          named(names);
        }
        return name;
      },
      tags: stack.tags,
      principal: { arn: `arn:aws:iam::${this.lake.accountId}:root`, accessKeyId: this.lake.root.accessKeyId },
      signal: acting.signal,
      ...(initiated === undefined ? {} : { initiated }),
    };
  }
}
