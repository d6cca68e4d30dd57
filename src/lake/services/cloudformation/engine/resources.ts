// One resource's create and update, and the undoing of an update: written down before and after each act, with the events that AWS shows.
import { messageOf } from "../../../../base/errors.ts";
import type { ResourceType } from "../../../resource.ts";
import type { ResourceBefore, ResourceRecord } from "../records.ts";
import { differences } from "../spec/difference.ts";
import { givenName } from "../spec/names.ts";
import { invalidTemplate } from "../template/fault.ts";
import type { Policy } from "../template/template.ts";
import type { Acting } from "./acting.ts";
import { assertChecked, checkProperties } from "./check.ts";
import { resolveReferences } from "./dynamic.ts";
import { drawNonce } from "./names.ts";
import type { ResourceNotes } from "./notes.ts";
import { replacementText } from "./plan.ts";
import { ResourceRemoval } from "./removal.ts";
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

const CANCELLED = "Resource creation cancelled";

export class ResourceActions {
  private readonly removal: ResourceRemoval;

  constructor(
    private readonly notes: ResourceNotes,
    private readonly types: Types,
  ) {
    this.removal = new ResourceRemoval(notes, types);
  }

  /** Deletes it, or lets go of it; true once the stack has it no more. */
  delete(acting: Acting, logicalId: string, policy: Policy): Promise<boolean> {
    return this.removal.delete(acting, logicalId, policy);
  }

  /** Makes it; true once it is complete. What an earlier try left behind, when the lake died, is deleted first. */
  async create(acting: Acting, wanted: Wanted): Promise<boolean> {
    const kept = this.notes.store.resource(acting.stack.stackId, wanted.logicalId);
    const again = kept?.operation === acting.operation && kept.status === "CREATE_IN_PROGRESS" ? kept : undefined;
    let record: ResourceRecord = {
      logicalId: wanted.logicalId,
      type: wanted.type,
      status: "CREATE_IN_PROGRESS",
      at: this.notes.lake.clock.now(),
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
      if (again === undefined) await this.notes.save(acting, record);
      else record = await this.removal.cleared(acting, type, record);
      assertChecked(wanted.logicalId, checked);
      given = real ? givenName(await this.types.spec(wanted.type), record.properties) : undefined;
      if (given !== undefined) {
        if ((await type.read(given, record.properties)) !== undefined) {
          const identifier = given;
          given = undefined;
          throw invalidTemplate(`Resource of type '${wanted.type}' with identifier '${identifier}' already exists.`);
        }
        record = { ...record, names: [given] };
        await this.notes.keep(acting, record);
      }
      const context = this.notes.context(acting, record, {
        initiated: async (physicalId) => {
          announced = true;
          record = { ...record, physicalId };
          await this.notes.save(acting, record, "Resource creation Initiated");
        },
        named: (name) => {
          if (!real || record.names?.includes(name) === true) return;
          record = { ...record, names: [...(record.names ?? []), name] };
          writes.push(this.notes.keep(acting, record));
        },
      });
      const state = await type.create(await resolveReferences(this.notes.lake, record.properties), context);
      await Promise.all(writes);
      if (!announced) await context.initiated?.(state.physicalId);
      const { names: _names, ...whole } = { ...record, ...state };
      if (acting.signal.aborted && !acting.stopping()) {
        await this.notes.fail(acting, whole, "CREATE_FAILED", CANCELLED);
        return false;
      }
      record = { ...whole, status: "CREATE_COMPLETE", at: this.notes.lake.clock.now() };
      await this.notes.save(acting, record);
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
      await this.notes.fail(acting, failed, "CREATE_FAILED", acting.signal.aborted ? CANCELLED : messageOf(error));
      return false;
    }
  }

  /** Brings it to what is wanted, in place; true once it is so. Nothing is done and said where nothing changes. */
  async update(acting: Acting, wanted: Wanted, retag: boolean): Promise<boolean> {
    const kept = this.notes.store.resource(acting.stack.stackId, wanted.logicalId) as ResourceRecord;
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
        await this.notes.keep(acting, record);
        return true;
      }
      record = {
        ...record,
        properties: checked.properties,
        status: "UPDATE_IN_PROGRESS",
        at: this.notes.lake.clock.now(),
        changed: true,
      };
      if (!again) await this.notes.save(acting, record);
      assertChecked(wanted.logicalId, checked);
      const moving = changed.find(({ recreation }) => recreation === "Always");
      if (moving !== undefined)
        throw invalidTemplate(replacementText(wanted.logicalId, wanted.type, `${moving.path} changes`));
      return await this.change(acting, type, record, before.properties, record.properties);
    } catch (error) {
      const reason = acting.signal.aborted ? "Resource update cancelled" : messageOf(error);
      if (!acting.stopping()) await this.notes.fail(acting, record, "UPDATE_FAILED", reason);
      return false;
    }
  }

  /** Undoes an update of this operation; true once it is as it was. */
  async revert(acting: Acting, logicalId: string): Promise<boolean> {
    const kept = this.notes.store.resource(acting.stack.stackId, logicalId);
    if (kept?.before === undefined) return true;
    const { before, changed, deletionPolicy: _policy, metadata: _metadata, reason: _reason, ...rest } = kept;
    const restored: ResourceRecord = { ...rest, ...before };
    if (changed !== true) {
      await this.notes.keep(acting, restored);
      return true;
    }
    const record: ResourceRecord = { ...kept, status: "UPDATE_IN_PROGRESS", at: this.notes.lake.clock.now() };
    await this.notes.save(acting, record);
    try {
      return await this.change(acting, await this.types.get(kept.type), restored, kept.properties, before.properties);
    } catch (error) {
      if (!acting.stopping()) await this.notes.fail(acting, record, "UPDATE_FAILED", messageOf(error));
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
      await resolveReferences(this.notes.lake, before),
      await resolveReferences(this.notes.lake, after),
      this.notes.context(acting, record),
    );
    await this.notes.save(acting, { ...record, ...state, status: "UPDATE_COMPLETE", at: this.notes.lake.clock.now() });
    return true;
  }
}
