// What Glue's live CloudFormation types share: one name each, told before it is made, nothing left where making fails.
import { ServiceError } from "../../../fault.ts";
import type { Properties, ResourceContext, ResourceState, ResourceType } from "../../../resource.ts";

export interface Kind {
  readonly type: string;
  /** Property paths that are honoured. */
  readonly properties: readonly string[];
  /** Property paths whose change needs a replacement. */
  readonly fixed: readonly string[];
  name(properties: Properties, context: ResourceContext): string;
  exists(name: string, properties: Properties): boolean;
  /** Resolved once it works. What it began is deleted where it throws. */
  create(name: string, properties: Properties, context: ResourceContext): Promise<unknown>;
  update(name: string, before: Properties, after: Properties, context: ResourceContext): Promise<unknown>;
  delete(name: string, properties: Properties): Promise<unknown>;
  attributes?(name: string): Readonly<Record<string, unknown>>;
}

export function liveType(kind: Kind): ResourceType {
  const state = (physicalId: string): ResourceState => ({
    physicalId,
    attributes: kind.attributes?.(physicalId) ?? {},
  });
  return {
    type: kind.type,
    properties: kind.properties,
    async create(properties, context) {
      const name = kind.name(properties, context);
      // One that is there already is somebody else's: making ours fails below, and it stays.
      const ours = !kind.exists(name, properties);
      if (ours) await context.initiated?.(name);
      try {
        await kind.create(name, properties, context);
      } catch (error) {
        if (ours && kind.exists(name, properties)) await kind.delete(name, properties);
        throw error;
      }
      return state(name);
    },
    async update(physicalId, before, after, context) {
      for (const path of kind.fixed) {
        if (JSON.stringify(at(before, path)) !== JSON.stringify(at(after, path))) {
          throw new ServiceError(
            "NotUpdatable",
            `A change of ${path} needs a replacement of ${kind.type} ${physicalId}.`,
          );
        }
      }
      await kind.update(physicalId, before, after, context);
      return state(physicalId);
    },
    async delete(physicalId, properties) {
      if (kind.exists(physicalId, properties)) await kind.delete(physicalId, properties);
    },
    async read(physicalId, properties) {
      return kind.exists(physicalId, properties) ? state(physicalId) : undefined;
    },
  };
}

function at(properties: Properties, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Properties | undefined)?.[name], properties);
}

export function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

export function object(value: unknown): Properties {
  return (value ?? {}) as Properties;
}

/** A JSON property that AWS takes as a map of texts; templates write numbers and booleans in it too. */
export function texts(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  return Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, String(member)]));
}

/** Stack tags and the resource's own (a map, in Glue's types). */
export function tagsOf(properties: Properties, context: ResourceContext): Record<string, string> {
  return { ...context.tags, ...texts(properties["Tags"]) };
}
