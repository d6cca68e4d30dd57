// Template text to plain values: JSON, or YAML with CloudFormation's short forms of functions. Says line and column where it can't be read.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from "yaml";
import { invalidTemplate } from "./fault.ts";
import { jsonFaultOffset } from "./jsonFault.ts";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export type JsonObject = { [name: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Map, key, attribute: a value, or a list of values. */
export type Mappings = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;

/** Short forms whose long name is not `Fn::<name>`. */
const PLAIN = new Set(["Ref", "Condition"]);
/** Tags that YAML itself has; CloudFormation takes these and no binary, set, omap, pairs or timestamp. */
const YAML_TAGS = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`),
);
const DEEPEST = 100;

/** Reads template text. Throws ServiceError ValidationError, worded as AWS words it. */
export function readSyntax(text: string): Json {
  try {
    return text.trimStart().startsWith("{") ? readJson(text) : readYaml(text);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(error);
    throw error;
  }
}

function tooDeep(cause?: unknown): Error {
  return invalidTemplate("Template format error: the template is nested too deeply.", cause);
}

/** No value in a template comes near this depth; what walks a template is recursive. */
function checkDepth(value: Json, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > DEEPEST) throw tooDeep();
  for (const item of Object.values(value)) checkDepth(item, depth + 1);
}

function readJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const before = text.slice(0, jsonFaultOffset(text)).split("\n");
    throw invalidTemplate(
      `Template format error: JSON not well-formed. (line ${before.length}, column ${(before.at(-1) ?? "").length + 1})`,
      error,
    );
  }
  checkDepth(value, 0);
  return value;
}

function readYaml(text: string): Json {
  const lines = new LineCounter();
  // Timestamps stay the text that they are: a policy's Version is a date to YAML and a string to AWS.
  const documents = parseAllDocuments(text, {
    version: "1.1",
    lineCounter: lines,
    uniqueKeys: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || YAML_TAGS.has(tag.tag)),
    logLevel: "silent",
  }) as Document[];
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `(line ${line}, column ${col})`;
  };
  const broken = documents.flatMap((document) => document.errors)[0];
  if (broken !== undefined) {
    throw invalidTemplate(`Template format error: YAML not well-formed. ${place(broken.pos[0])}`, broken);
  }
  if (documents.length > 1) throw invalidTemplate("Template format error: a template is one YAML document.");
  const root = documents[0]?.contents;
  return root === undefined || root === null ? null : toValue(root, { place, depth: 0 });
}

interface Walk {
  readonly place: (offset: number) => string;
  readonly depth: number;
}

function toValue(node: Node | null, walk: Walk): Json {
  if (node === null) return null;
  const here = () => walk.place(node.range?.[0] ?? 0);
  if (isAlias(node)) throw invalidTemplate("Template error: YAML aliases are not allowed in CloudFormation templates");
  if (walk.depth > DEEPEST) throw tooDeep();
  const deeper = { ...walk, depth: walk.depth + 1 };
  let value: Json;
  if (isMap(node)) {
    value = readMap(node.items, deeper, here);
  } else if (isSeq(node)) {
    value = node.items.map((item) => toValue(item as Node | null, deeper));
  } else if (isScalar(node)) {
    value = scalarValue(node.value, node.source);
  } else {
    throw invalidTemplate(`Template format error: YAML not well-formed. ${here()}`);
  }
  const tag = (node as { tag?: string }).tag;
  if (tag === undefined || YAML_TAGS.has(tag) || !tag.startsWith("!") || tag === "!") return value;
  return expand(tag.slice(1), value);
}

function readMap(items: readonly unknown[], walk: Walk, here: () => string): Json {
  const value: Record<string, Json> = {};
  for (const pair of items) {
    if (!isPair(pair)) continue;
    const key = pair.key as Node;
    if (!isScalar(key)) throw invalidTemplate(`Template format error: YAML not well-formed. ${here()}`);
    const name = typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
    const at = () => walk.place(key.range?.[0] ?? 0);
    if (name === "<<") throw invalidTemplate(`Template format error: YAML hash merges are not supported. ${at()}`);
    if (Object.hasOwn(value, name)) {
      throw invalidTemplate(`Template format error: YAML not well-formed: the key "${name}" is there twice. ${at()}`);
    }
    define(value, name, toValue(pair.value as Node | null, walk));
  }
  return value;
}

function scalarValue(value: unknown, source: string | undefined): Json {
  // YAML 1.1 also takes "y" and "n" for booleans; its common readers, and so AWS, do not.
  if (typeof value === "boolean" && source !== undefined && source.length === 1) return source;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  // A number too long for a double (an account id with more digits, say) stays its digits.
  if (typeof value === "number")
    return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : (source ?? String(value));
  return source ?? String(value);
}

/** `!Name value` is `{"Fn::Name": value}`; `!GetAtt A.B` splits at its first dot. */
function expand(name: string, value: Json): Json {
  if (name === "GetAtt" && typeof value === "string") {
    const dot = value.indexOf(".");
    return { "Fn::GetAtt": dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [PLAIN.has(name) ? name : `Fn::${name}`]: value };
}

/** Sets a key that may be `__proto__` without touching the prototype. */
function define(target: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}
