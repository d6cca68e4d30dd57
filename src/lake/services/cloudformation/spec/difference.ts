// What differs between a resource's properties before and after, and whether AWS would make a new resource for it.
import { isDeepStrictEqual } from "node:util";
import { unresolvedIn } from "../template/unresolved.ts";
import type { CompactProperty, CompactType, ResourceSpec } from "./spec.ts";

export type Recreation = "Never" | "Conditionally" | "Always";

export interface PropertyChange {
  /** The top-level property. */
  readonly name: string;
  readonly kind: "Add" | "Modify" | "Remove";
  readonly recreation: Recreation;
  /** The property that asks for recreation, e.g. "TableInput/Name"; `name` where none does. */
  readonly path: string;
  /** The new value is not known before the deployment: it "may" or "will" differ. */
  readonly dynamic?: "may" | "will";
}

type Values = Readonly<Record<string, unknown>>;

/** Changes of top-level properties, in the order of the specification's names, both sides conformed (see conform.ts). */
export function differences(spec: ResourceSpec, before: Values, after: Values): PropertyChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => {
      const { recreation, path } = worst(spec, spec.properties, before, after, "", name);
      const unknown = unresolvedIn(after[name]);
      return {
        name,
        kind: before[name] === undefined ? "Add" : after[name] === undefined ? "Remove" : "Modify",
        recreation,
        path,
        ...(unknown.length === 0
          ? {}
          : { dynamic: unknown.some(({ isNew }) => isNew) ? ("will" as const) : ("may" as const) }),
      };
    });
}

interface Found {
  readonly recreation: Recreation;
  readonly path: string;
}

const RANK: Readonly<Record<Recreation, number>> = { Never: 0, Conditionally: 1, Always: 2 };

/** The strongest recreation among what changed at and below a property. */
function worst(
  spec: ResourceSpec,
  known: Readonly<Record<string, CompactProperty>>,
  before: Values,
  after: Values,
  above: string,
  name: string,
): Found {
  const property = known[name];
  const path = above === "" ? name : `${above}/${name}`;
  const also = spec.alsoReplaces?.some((parts) => parts.join("/") === path) ?? false;
  if (property?.replaces === "always" || also) return { recreation: "Always", path };
  const own: Found = { recreation: property?.replaces === "maybe" ? "Conditionally" : "Never", path };
  if (property === undefined) return own;
  const below = deeper(spec, property.type, before[name], after[name], path);
  return RANK[below.recreation] > RANK[own.recreation] ? below : own;
}

function deeper(spec: ResourceSpec, type: CompactType, before: unknown, after: unknown, path: string): Found {
  const none: Found = { recreation: "Never", path };
  if (typeof type === "string" || isDeepStrictEqual(before, after)) return none;
  const strongest = (found: readonly Found[]) =>
    found.reduce((best, next) => (RANK[next.recreation] > RANK[best.recreation] ? next : best), none);
  if ("anyOf" in type) return strongest(type.anyOf.map((one) => deeper(spec, one, before, after, path)));
  if ("list" in type) {
    const [left, right] = [before, after].map((side) => (Array.isArray(side) ? side : []));
    const length = Math.max(left?.length ?? 0, right?.length ?? 0);
    return strongest(
      Array.from({ length }, (_, index) => deeper(spec, type.list, left?.[index], right?.[index], path)),
    );
  }
  // A part that comes or goes as a whole is no change of the names within it.
  if (!isPlain(before) || !isPlain(after)) return none;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if ("definition" in type) {
    const known = spec.definitions[type.definition] ?? {};
    return strongest(changed.map((name) => worst(spec, known, before, after, path, name)));
  }
  if ("map" in type) return strongest(changed.map((name) => deeper(spec, type.map, before[name], after[name], path)));
  return none;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
