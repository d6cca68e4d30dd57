// Reading a resource's resolved template properties: CloudFormation takes numbers and booleans as text too, and the other way round.
import { ServiceError } from "./fault.ts";
import type { Properties, ResourceContext } from "./resource.ts";

/** A scalar property as text; undefined where the template leaves it out. Throws for an object or a list. */
export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined || value === null ? undefined : scalar(value, name);
}

export function numberOf(properties: Properties, name: string): number | undefined {
  const text = textOf(properties, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) throw invalid(name, "is not a number");
  return number;
}

export function flagOf(properties: Properties, name: string): boolean | undefined {
  const text = textOf(properties, name)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text !== "true" && text !== "false") throw invalid(name, "is neither true nor false");
  return text === "true";
}

/** A list of scalars; empty where it is left out. */
export function textsOf(properties: Properties, name: string): string[] {
  const value = properties[name] ?? [];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => scalar(item, name));
}

/** A policy document and the like: an object in the template, or its JSON as text. */
export function documentOf(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The stack's tags and the resource's own `Tags`, which win. */
export function tagsOf(properties: Properties, context: ResourceContext): Record<string, string> {
  const own = (properties["Tags"] ?? []) as Properties[];
  return {
    ...context.tags,
    ...Object.fromEntries(own.map((tag) => [textOf(tag, "Key") ?? "", textOf(tag, "Value") ?? ""])),
  };
}

/** `{ [name]: value }`, or nothing where there is no value: for inputs whose members may be left out. */
export function optional<N extends string, T>(name: N, value: T | undefined): Partial<Record<N, T>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<N, T>>;
}

/** Throws where one of `names` changes: what AWS would replace is not replaced here. */
export function refuseReplacement(what: string, before: Properties, after: Properties, names: readonly string[]): void {
  const changed = names.find((name) => textOf(before, name) !== textOf(after, name));
  if (changed !== undefined)
    throw new ServiceError("NotUpdatable", `A change of ${changed} needs a replacement of ${what}.`);
}

function scalar(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalid(name, "is not a text, a number or a boolean");
}

function invalid(name: string, why: string): ServiceError {
  return new ServiceError("ValidationError", `The property ${name} ${why}.`);
}
