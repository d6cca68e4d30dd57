// The intrinsic functions: a template value in a scope becomes a plain value.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
import { notImplemented } from "../../../fault.ts";
import { cidrBlocks } from "./cidr.ts";
import { invalidTemplate } from "./fault.ts";
import { isObject, type Json, type Mappings } from "./syntax.ts";
import { Unresolved } from "./unresolved.ts";

/** What a value may refer to. Values may be Unresolved where a resource does not exist yet. */
export interface Scope {
  readonly mappings: Mappings;
  readonly conditions: ReadonlyMap<string, boolean>;
  /** A parameter's or pseudo parameter's value; undefined where there is none of that name. */
  readonly parameter: (name: string) => unknown;
  /** What `Ref` of a resource gives; undefined where there is none of that name. */
  readonly reference: (logicalId: string) => unknown;
  readonly attribute: (logicalId: string, name: string) => unknown;
  readonly zones: (region: string) => readonly string[];
  readonly importValue: (name: string) => unknown;
}

/** What `Ref: AWS::NoValue` gives: the property it stands in goes away. */
export const NO_VALUE = Symbol("AWS::NoValue");

type Run = (argument: Json, scope: Scope) => unknown;

/** Resolves a value wholly. NoValue members are gone; what depends on an Unresolved is Unresolved. */
export function resolve(value: Json, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isObject(value)) return value;
  const names = Object.keys(value);
  const only = names.length === 1 ? (names[0] as string) : undefined;
  if (only !== undefined) {
    const run = Object.hasOwn(FUNCTIONS, only) ? FUNCTIONS[only] : undefined;
    if (run !== undefined) return run(value[only] as Json, scope);
    if (only.startsWith("Fn::")) throw unknownFunction(only);
  }
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const resolved = resolve(item, scope);
    if (resolved !== NO_VALUE) result[name] = resolved;
  }
  return result;
}

function unknownFunction(name: string): Error {
  if (["Fn::Transform", "Fn::ForEach", "Fn::Length", "Fn::ToJsonString"].includes(name)) return notImplemented(name);
  return invalidTemplate(`Template error: Unrecognized intrinsic function ${name}`);
}

const FUNCTIONS: Readonly<Record<string, Run>> = {
  Ref: (name, scope) => reference(String(name), scope),
  "Fn::GetAtt": getAttribute,
  "Fn::Sub": substitute,
  "Fn::Join": join,
  "Fn::Select": select,
  "Fn::Split": split,
  "Fn::If": choose,
  "Fn::FindInMap": findInMap,
  "Fn::Base64": (value, scope) => {
    const text = resolve(value, scope);
    if (text instanceof Unresolved) return text;
    return Buffer.from(asText(text, "Fn::Base64"), "utf8").toString("base64");
  },
  "Fn::Cidr": cidr,
  "Fn::GetAZs": (value, scope) => {
    const region = resolve(value, scope);
    if (region instanceof Unresolved) return region;
    return [...scope.zones(region === "" ? String(scope.parameter("AWS::Region")) : asText(region, "Fn::GetAZs"))];
  },
  "Fn::ImportValue": (value, scope) => {
    const name = resolve(value, scope);
    return name instanceof Unresolved ? name : scope.importValue(asText(name, "Fn::ImportValue"));
  },
};

function reference(name: string, scope: Scope): unknown {
  if (name === "AWS::NoValue") return NO_VALUE;
  const parameter = scope.parameter(name);
  if (parameter !== undefined) return parameter;
  const resource = scope.reference(name);
  if (resource !== undefined) return resource;
  throw invalidTemplate(
    `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
  );
}

function getAttribute(argument: Json, scope: Scope): unknown {
  const [logicalId, name] = attributeParts(argument);
  const attribute = resolve(name, scope);
  return attribute instanceof Unresolved ? attribute : scope.attribute(logicalId, asText(attribute, "Fn::GetAtt"));
}

/** The two parts of Fn::GetAtt: its resource, always text, and its attribute, which may be a Ref. */
export function attributeParts(argument: Json): [string, Json] {
  const parts =
    typeof argument === "string" ? [argument.split(".")[0] ?? "", argument.slice(argument.indexOf(".") + 1)] : argument;
  if (!Array.isArray(parts) || parts.length < 2 || typeof parts[0] !== "string") {
    throw invalidTemplate(
      "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
    );
  }
  const rest = parts.slice(1);
  return [parts[0], rest.length === 1 ? (rest[0] as Json) : rest.map(String).join(".")];
}

/** "${Name}" and "${!Literal}" of Fn::Sub; the text between is kept. */
export const SUBSTITUTION = /\$\{(!?)([^${}]*)\}/g;

function substitute(argument: Json, scope: Scope): unknown {
  const [text, given] = substituteParts(argument);
  let unknown: Unresolved | undefined;
  const result = text.replace(SUBSTITUTION, (_whole, literal: string, inner: string) => {
    if (literal === "!") return `\${${inner}}`;
    const name = inner.trim();
    const own = given[name];
    const value = own === undefined ? lookUp(name, scope) : resolve(own, scope);
    if (value instanceof Unresolved) {
      unknown = value;
      return "";
    }
    return asText(value, "Fn::Sub");
  });
  return unknown ?? result;
}

export function substituteParts(argument: Json): [string, Record<string, Json>] {
  if (typeof argument === "string") return [argument, {}];
  const [text, given] = Array.isArray(argument) ? argument : [];
  if (!Array.isArray(argument) || argument.length !== 2 || typeof text !== "string" || !isObject(given)) {
    throw invalidTemplate(
      "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    );
  }
  return [text, given];
}

function lookUp(name: string, scope: Scope): unknown {
  const dot = name.indexOf(".");
  return dot < 0 ? reference(name, scope) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
}

function join(argument: Json, scope: Scope): unknown {
  const message =
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.";
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== "string")
    throw invalidTemplate(message);
  const list = resolve(argument[1] as Json, scope);
  if (list instanceof Unresolved) return list;
  if (!Array.isArray(list)) throw invalidTemplate(message);
  const unknown = list.find((item) => item instanceof Unresolved);
  return unknown ?? list.map((item) => asText(item, "Fn::Join")).join(argument[0]);
}

function select(argument: Json, scope: Scope): unknown {
  const message = "Template error: Fn::Select requires a list argument with two elements: an integer index and a list";
  if (!Array.isArray(argument) || argument.length !== 2) throw invalidTemplate(message);
  const index = resolve(argument[0] as Json, scope);
  const list = resolve(argument[1] as Json, scope);
  if (index instanceof Unresolved || list instanceof Unresolved) return index instanceof Unresolved ? index : list;
  if (!Array.isArray(list) || !/^\d+$/.test(String(index))) throw invalidTemplate(message);
  const found: unknown = list[Number(index)];
  if (found === undefined)
    throw invalidTemplate(`Template error: Fn::Select cannot select nonexistent value at index ${String(index)}`);
  return found;
}

function split(argument: Json, scope: Scope): unknown {
  const message =
    "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.";
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== "string" || argument[0] === "")
    throw invalidTemplate(message);
  const text = resolve(argument[1] as Json, scope);
  if (text instanceof Unresolved) return text;
  if (typeof text !== "string") throw invalidTemplate(message);
  return text.split(argument[0]);
}

function choose(argument: Json, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== "string") {
    throw invalidTemplate(
      "Template error: every Fn::If object requires three parameters: a condition name, a value for true and a value for false",
    );
  }
  const condition = scope.conditions.get(argument[0]);
  if (condition === undefined) {
    throw invalidTemplate(
      `Template format error: Unresolved condition dependency ${argument[0]} in the Resources block of the template`,
    );
  }
  return resolve((condition ? argument[1] : argument[2]) as Json, scope);
}

function findInMap(argument: Json, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length < 3) {
    throw invalidTemplate(
      "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value",
    );
  }
  if (argument.length > 3) throw notImplemented("Fn::FindInMap with DefaultValue (AWS::LanguageExtensions)");
  const parts = argument.map((part) => resolve(part, scope));
  const unknown = parts.find((part) => part instanceof Unresolved);
  if (unknown !== undefined) return unknown;
  const [name, key, attribute] = parts.map((part) => asText(part, "Fn::FindInMap")) as [string, string, string];
  const map = own(scope.mappings, name);
  if (map === undefined)
    throw invalidTemplate(
      `Template error: Mapping named '${name}' is not present in the 'Mappings' section of template.`,
    );
  const found = own(own(map, key) ?? {}, attribute);
  if (found === undefined)
    throw invalidTemplate(`Template error: Unable to get mapping for ${name}::${key}::${attribute}`);
  return found;
}

function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function cidr(argument: Json, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length < 2 || argument.length > 3) {
    throw invalidTemplate(
      "Template error: every Fn::Cidr object requires two or three parameters: ipBlock, count and cidrBits",
    );
  }
  const parts = argument.map((part) => resolve(part, scope));
  const unknown = parts.find((part) => part instanceof Unresolved);
  if (unknown !== undefined) return unknown;
  return cidrBlocks(
    asText(parts[0], "Fn::Cidr"),
    Number(parts[1]),
    parts[2] === undefined ? undefined : Number(parts[2]),
  );
}

function asText(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalidTemplate(
    `Template error: ${where} takes text; it was given ${value === NO_VALUE ? "AWS::NoValue" : Array.isArray(value) ? "a list" : "an object"}.`,
  );
}
