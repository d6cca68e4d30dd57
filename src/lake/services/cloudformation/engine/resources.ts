// One resource's create, update and delete: written down before and after each act, with the events that AWS shows.
import { messageOf } from "../../../../base/errors.ts";
import type { Lake } from "../../../lake.ts";
import type { ResourceContext, ResourceType } from "../../../resource.ts";
import type { ResourceBefore, ResourceRecord, ResourceStatus } from "../records.ts";
import { differences } from "../spec/difference.ts";
import { givenName } from "../spec/names.ts";
import { RECORDED } from "../spec/recorded.ts";
import type { StackStore, StackWriter } from "../store.ts";
import { invalidTemplate } from "../template/fault.ts";
import type { Policy } from "../template/template.ts";
import type { Acting } from "./acting.ts";
import { assertChecked, checkProperties } from "./check.ts";
import { resolveReferences } from "./dynamic.ts";
import { drawNonce, generatedName } from "./names.ts";
import { replacementText } from "./plan.ts";
import type { Types } from "./types.ts";

/** What an operation wants a resource to be. */
export interface Wanted {
  readonly logicalId: string;
  readonly type: string;
  /** Throws where a function can't be evaluated. */
  readonly properties: () => Record<string, unknown>;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: Policy | undefined;
  readonly metadata: unknown;
}

export const CANCELLED = "Resource creation cancelled";

export class ResourceActions {
  constructor(
    private readonly lake: Lake,
    private readonly store: StackStore,
    private readonly types: Types,
  ) {}

  /** Makes it; true once it is complete. What an earlier try left behind, when the lake died, is deleted first. */
  async create(acting: Acting, wanted: Wanted): Promise<boolean> {
    const kept = this.store.resource(acting.stack.stackId, wanted.logicalId);
    const again = kept?.operation === acting.operation && kept.status === "CREATE_IN_PROGRESS" ? kept : undefined;
    let record: ResourceRecord = {
      logicalId: wanted.logicalId,
      type: wanted.type,
      status: "CREATE_IN_PROGRESS",
      at: this.lake.clock.now(),
      recorded: false,
      properties: {},
      attributes: {},
      dependsOn: wanted.dependsOn,
      ...(wanted.deletionPolicy === undefined ? {} : { deletionPolicy: wanted.deletionPolicy }),
      ...(wanted.metadata === undefined ? {} : { metadata: wanted.metadata }),
      nonce: again?.nonce ?? drawNonce(),
      operation: acting.operation,
      made: true,
      // What an earlier try may have made stays known until it is gone.
      ...(again?.physicalId === undefined ? {} : { physicalId: again.physicalId }),
      ...(again?.names === undefined ? {} : { names: again.names }),
    };
    const writes: Promise<void>[] = [];
    /** A name that the template gives: another may have it, so that only what `read` did not find before is ours. */
    let given: string | undefined;
    let announced = false;
    const real = this.types.isReal(wanted.type);
    try {
      const type = await this.types.get(wanted.type);
      record = { ...record, recorded: type.recorded === true };
      const checked = await checkProperties(this.types, wanted.logicalId, wanted.type, wanted.properties());
      record = { ...record, properties: checked.properties };
      if (again === undefined) await this.save(acting, record);
      else record = await this.cleared(acting, type, record);
      assertChecked(wanted.logicalId, checked);
      given = real ? givenName(await this.types.spec(wanted.type), record.properties) : undefined;
      if (given !== undefined) {
        if ((await type.read(given, record.properties)) !== undefined) {
          const identifier = given;
          given = undefined;
          throw invalidTemplate(`Resource of type '${wanted.type}' with identifier '${identifier}' already exists.`);
        }
        record = { ...record, names: [given] };
        await this.keep(acting, record);
      }
      const context = this.context(acting, record, {
        initiated: async (physicalId) => {
          announced = true;
          record = { ...record, physicalId };
          await this.save(acting, record, "Resource creation Initiated");
        },
        named: (name) => {
          if (!real || record.names?.includes(name) === true) return;
          record = { ...record, names: [...(record.names ?? []), name] };
          writes.push(this.keep(acting, record));
        },
      });
      const state = await type.create(await resolveReferences(this.lake, record.properties), context);
      await Promise.all(writes);
      if (!announced) await context.initiated?.(state.physicalId);
      const { names: _names, ...whole } = { ...record, ...state };
      if (acting.signal.aborted && !acting.stopping()) {
        await this.fail(acting, whole, "CREATE_FAILED", CANCELLED);
        return false;
      }
      record = { ...whole, status: "CREATE_COMPLETE", at: this.lake.clock.now() };
      await this.save(acting, record);
      return true;
    } catch (error) {
      await Promise.allSettled(writes);
      if (acting.stopping()) return false;
      // Resource types clean up after themselves. What bears a name of the template is not looked for again: it may be another's by now.
      const { physicalId, names, ...rest } = record;
      const ours = names?.filter((name) => name !== given) ?? [];
      const failed: ResourceRecord = {
        ...rest,
        ...(physicalId === undefined || physicalId === given ? {} : { physicalId }),
        ...(ours.length === 0 ? {} : { names: ours }),
      };
      await this.fail(acting, failed, "CREATE_FAILED", acting.signal.aborted ? CANCELLED : messageOf(error));
      return false;
    }
  }

  /** Brings it to what is wanted, in place; true once it is so. Nothing is done and said where nothing changes. */
  async update(acting: Acting, wanted: Wanted, retag: boolean): Promise<boolean> {
    const kept = this.store.resource(acting.stack.stackId, wanted.logicalId) as ResourceRecord;
    const again = kept.operation === acting.operation;
    const { properties, attributes, dependsOn, deletionPolicy, metadata } = kept;
    const before: ResourceBefore =
      again && kept.before !== undefined
        ? kept.before
        : {
            properties,
            attributes,
            dependsOn,
            ...(deletionPolicy === undefined ? {} : { deletionPolicy }),
            ...(metadata === undefined ? {} : { metadata }),
          };
    const {
      reason: _reason,
      deletionPolicy: _policy,
      metadata: _metadata,
      made: _made,
      changed: _changed,
      ...rest
    } = kept;
    let record: ResourceRecord = {
      ...rest,
      dependsOn: wanted.dependsOn,
      ...(wanted.deletionPolicy === undefined ? {} : { deletionPolicy: wanted.deletionPolicy }),
      ...(wanted.metadata === undefined ? {} : { metadata: wanted.metadata }),
      operation: acting.operation,
      before,
    };
    try {
      const type = await this.types.get(wanted.type);
      const spec = await this.types.spec(wanted.type);
      const checked = await checkProperties(this.types, wanted.logicalId, wanted.type, wanted.properties());
      const changed = differences(spec, before.properties, checked.properties);
      if (changed.length === 0 && !(retag && spec.tags !== undefined)) {
        await this.keep(acting, record);
        return true;
      }
      record = {
        ...record,
        properties: checked.properties,
        status: "UPDATE_IN_PROGRESS",
        at: this.lake.clock.now(),
        changed: true,
      };
      if (!again) await this.save(acting, record);
      assertChecked(wanted.logicalId, checked);
      const moving = changed.find(({ recreation }) => recreation === "Always");
      if (moving !== undefined)
        throw invalidTemplate(replacementText(wanted.logicalId, wanted.type, `${moving.path} changes`));
      return await this.change(acting, type, record, before.properties, record.properties);
    } catch (error) {
      const reason = acting.signal.aborted ? "Resource update cancelled" : messageOf(error);
      if (!acting.stopping()) await this.fail(acting, record, "UPDATE_FAILED", reason);
      return false;
    }
  }

  /** Undoes an update of this operation; true once it is as it was. */
  async revert(acting: Acting, logicalId: string): Promise<boolean> {
    const kept = this.store.resource(acting.stack.stackId, logicalId);
    if (kept?.before === undefined) return true;
    const { before, changed, deletionPolicy: _policy, metadata: _metadata, reason: _reason, ...rest } = kept;
    const restored: ResourceRecord = { ...rest, ...before };
    if (changed !== true) {
      await this.keep(acting, restored);
      return true;
    }
    const record: ResourceRecord = { ...kept, status: "UPDATE_IN_PROGRESS", at: this.lake.clock.now() };
    await this.save(acting, record);
    try {
      return await this.change(acting, await this.types.get(kept.type), restored, kept.properties, before.properties);
    } catch (error) {
      if (!acting.stopping()) await this.fail(acting, record, "UPDATE_FAILED", messageOf(error));
      return false;
    }
  }

  private async change(
    acting: Acting,
    type: ResourceType,
    record: ResourceRecord,
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const state = await type.update(
      record.physicalId ?? "",
      await resolveReferences(this.lake, before),
      await resolveReferences(this.lake, after),
      this.context(acting, record),
    );
    await this.save(acting, { ...record, ...state, status: "UPDATE_COMPLETE", at: this.lake.clock.now() });
    return true;
  }

  /** Deletes it, or lets go of it; true once the stack has it no more. */
  async delete(acting: Acting, logicalId: string, policy: Policy): Promise<boolean> {
    const { stackId } = acting.stack;
    const record = this.store.resource(stackId, logicalId);
    if (record === undefined) return true;
    if (policy === "Retain" || policy === "RetainExceptOnCreate") {
      await this.leave(acting, record, "DELETE_SKIPPED");
      return true;
    }
    if (record.physicalId === undefined && record.names === undefined) {
      await this.leave(acting, record, "DELETE_COMPLETE");
      return true;
    }
    const { reason: _reason, ...rest } = record;
    if (record.status !== "DELETE_IN_PROGRESS") {
      await this.save(acting, { ...rest, status: "DELETE_IN_PROGRESS", at: this.lake.clock.now() });
    }
    try {
      const type = await this.types.get(record.type);
      if (record.physicalId === undefined) {
        await this.removeRemains(acting, type, record);
      } else {
        if (policy === "Snapshot" && this.types.isReal(type.type)) await this.snapshot(acting, type, record);
        await type.delete(record.physicalId, record.properties, this.context(acting, record));
      }
      await this.leave(acting, rest, "DELETE_COMPLETE");
      return true;
    } catch (error) {
      if (!acting.stopping()) await this.fail(acting, record, "DELETE_FAILED", messageOf(error));
      return false;
    }
  }

  private async snapshot(acting: Acting, type: ResourceType, record: ResourceRecord): Promise<void> {
    if (type.snapshot === undefined) {
      throw invalidTemplate(
        `The local lake does not implement the snapshot of ${type.type} that DeletionPolicy Snapshot asks for: give it another policy, or retain it.`,
      );
    }
    await type.snapshot(record.physicalId ?? "", record.properties, this.context(acting, record));
  }

  /** A deleted stack still tells what it had; otherwise the record goes. */
  private async leave(acting: Acting, record: ResourceRecord, status: ResourceStatus): Promise<void> {
    const { names: _names, before: _before, ...rest } = record;
    const left: ResourceRecord = { ...rest, status, at: this.lake.clock.now() };
    await this.store.write((writer) => {
      if (acting.keepsDeleted) writer.resource(acting.stack.stackId, left);
      else writer.removeResource(acting.stack.stackId, record.logicalId);
      this.event(writer, acting, left);
    });
  }

  /** The record once nothing is left of an earlier try. */
  private async cleared(acting: Acting, type: ResourceType, record: ResourceRecord): Promise<ResourceRecord> {
    await this.removeRemains(acting, type, record);
    const { physicalId: _physicalId, names: _names, ...rest } = record;
    return rest;
  }

  /** Deletes what a create that the lake did not live to see may have made. */
  private async removeRemains(acting: Acting, type: ResourceType, record: ResourceRecord): Promise<void> {
    for (const candidate of new Set([record.physicalId, ...(record.names ?? [])])) {
      if (candidate === undefined) continue;
      const found = await type.read(candidate, record.properties);
      if (found !== undefined) await type.delete(found.physicalId, record.properties, this.context(acting, record));
    }
  }

  private async fail(acting: Acting, record: ResourceRecord, status: ResourceStatus, reason: string): Promise<void> {
    await this.save(acting, { ...record, status, reason, at: this.lake.clock.now() }, reason);
  }

  private keep(acting: Acting, record: ResourceRecord): Promise<void> {
    return this.store.write((writer) => writer.resource(acting.stack.stackId, record));
  }

  private save(acting: Acting, record: ResourceRecord, reason?: string): Promise<void> {
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

  private context(acting: Acting, record: ResourceRecord, create?: CreateHooks): ResourceContext {
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

interface CreateHooks {
  readonly initiated: (physicalId: string) => Promise<void>;
  readonly named: (name: string) => void;
}
