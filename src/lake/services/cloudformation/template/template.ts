// A template as its sections, each looked at for form: what AWS refuses before it looks at any value.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
import { notImplemented } from "../../../fault.ts";
import { invalidTemplate } from "./fault.ts";
import { type ParameterDeclaration, readParameters } from "./parameters.ts";
import { type RuleDeclaration, readRules } from "./rules.ts";
import { isObject, type Json, type JsonObject, type Mappings, readSyntax } from "./syntax.ts";

export type Policy = "Delete" | "Retain" | "Snapshot" | "RetainExceptOnCreate";

export interface ResourceDeclaration {
  readonly type: string;
  readonly properties: Readonly<Record<string, Json>>;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly deletionPolicy: Policy | undefined;
  readonly updateReplacePolicy: Policy | undefined;
  readonly metadata: Json | undefined;
}

export interface OutputDeclaration {
  readonly value: Json;
  readonly description: string | undefined;
  readonly condition: string | undefined;
  readonly exportName: Json | undefined;
}

export interface Template {
  readonly description: string | undefined;
  readonly metadata: Json | undefined;
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly mappings: Mappings;
  readonly conditions: Readonly<Record<string, Json>>;
  readonly rules: Readonly<Record<string, RuleDeclaration>>;
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly outputs: Readonly<Record<string, OutputDeclaration>>;
}

const SECTIONS = new Set([
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Rules",
  "Hooks",
  "Transform",
  "Resources",
  "Outputs",
]);
const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;
const POLICIES = new Set(["Delete", "Retain", "Snapshot", "RetainExceptOnCreate"]);

/** Reads and checks a whole template. Throws ServiceError ValidationError in AWS's words, NotImplemented for what the lake lacks. */
export function parseTemplate(text: string): Template {
  const root = readSyntax(text);
  if (!isObject(root)) throw invalidTemplate("Template format error: unsupported structure.");
  refuseNull(root, "");
  const strange = Object.keys(root).filter((name) => !SECTIONS.has(name));
  if (strange.length > 0) throw invalidTemplate(`Invalid template property or properties [${strange.join(", ")}]`);
  const version = root["AWSTemplateFormatVersion"];
  if (version !== undefined && version !== "2010-09-09") {
    throw invalidTemplate("Template format error: unsupported value for AWSTemplateFormatVersion.");
  }
  for (const section of ["Transform", "Hooks"] as const) {
    if (root[section] !== undefined) throw notImplemented(`templates with ${section}`);
  }
  const description = root["Description"];
  if (description !== undefined && typeof description !== "string") {
    throw invalidTemplate("Template format error: Description must be a string.");
  }
  if (description !== undefined && Buffer.byteLength(description) > 1024) {
    throw invalidTemplate("Template format error: 'Description' length is greater than 1024.");
  }
  return {
    description,
    metadata: root["Metadata"],
    parameters: readParameters(section(root, "Parameters")),
    mappings: readMappings(section(root, "Mappings")),
    conditions: section(root, "Conditions"),
    rules: readRules(section(root, "Rules")),
    resources: readResources(section(root, "Resources")),
    outputs: readOutputs(section(root, "Outputs")),
  };
}

/** Sections whose members AWS names in its messages, and how many there may be. */
const MEMBERS: Readonly<Record<string, { one: string; most: number }>> = {
  Parameters: { one: "Parameter", most: 200 },
  Mappings: { one: "Mapping", most: 200 },
  Conditions: { one: "Condition", most: Number.POSITIVE_INFINITY },
  Rules: { one: "Rule", most: Number.POSITIVE_INFINITY },
  Resources: { one: "Resource", most: 500 },
  Outputs: { one: "Output", most: 200 },
};

/** A null anywhere is a fault, named by its path. */
function refuseNull(value: Json, path: string): void {
  if (value === null) throw invalidTemplate(`[${path}] 'null' values are not allowed in templates`);
  if (typeof value !== "object") return;
  for (const [name, item] of Object.entries(value)) {
    // Metadata is the caller's own; AWS keeps it as it is.
    if (path === "" && name === "Metadata") continue;
    refuseNull(item, `${path}/${name}`);
  }
}

function section(root: JsonObject, name: string): JsonObject {
  const value = root[name] ?? {};
  if (!isObject(value)) throw invalidTemplate(`Template format error: ${name} must be an object.`);
  if (name === "Resources" && Object.keys(value).length === 0) {
    throw invalidTemplate("Template format error: At least one Resources member must be defined.");
  }
  const { one, most } = MEMBERS[name] as { one: string; most: number };
  const ids = Object.keys(value);
  if (ids.length > most) {
    throw invalidTemplate(
      `Template format error: Number of ${name.toLowerCase()}, ${ids.length}, is greater than maximum allowed, ${most}`,
    );
  }
  const odd = ids.find((id) => !LOGICAL_ID.test(id));
  if (odd !== undefined) throw invalidTemplate(`Template format error: ${one} name ${odd} is non alphanumeric.`);
  return value;
}

function readMappings(mappings: JsonObject): Mappings {
  for (const [name, map] of Object.entries(mappings)) {
    if (!isObject(map)) throw invalidTemplate(`Template format error: Every Mappings member ${name} must be a map`);
    for (const [key, attributes] of Object.entries(map)) {
      if (!isObject(attributes))
        throw invalidTemplate(
          `Template format error: Every Mappings member ${name} must be a map of maps (key ${key})`,
        );
      for (const [attribute, value] of Object.entries(attributes)) {
        const simple = (item: Json) =>
          typeof item === "string" || typeof item === "number" || typeof item === "boolean";
        if (!simple(value) && !(Array.isArray(value) && value.every(simple))) {
          throw invalidTemplate(
            `Template format error: Every Mappings attribute must be a String or a List. (Mappings/${name}/${key}/${attribute})`,
          );
        }
      }
    }
  }
  return mappings as Mappings;
}

const RESOURCE_MEMBERS = new Set([
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "Metadata",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "CreationPolicy",
  "UpdatePolicy",
]);

function readResources(resources: JsonObject): Template["resources"] {
  const result: Record<string, ResourceDeclaration> = {};
  for (const [id, resource] of Object.entries(resources)) {
    const at = `[/Resources/${id}]`;
    if (!isObject(resource)) throw invalidTemplate("Template format error: Any Resources member must be an object.");
    const strange = Object.keys(resource).filter((name) => !RESOURCE_MEMBERS.has(name));
    if (strange.length > 0) throw invalidTemplate(`Invalid template resource property '${strange[0]}'`);
    const type = resource["Type"];
    if (type === undefined)
      throw invalidTemplate(`Template format error: ${at} Every Resources object must contain a Type member.`);
    if (typeof type !== "string")
      throw invalidTemplate(`Template format error: ${at} Every Type member must be a string.`);
    const properties = resource["Properties"] ?? {};
    if (!isObject(properties)) throw invalidTemplate(`Template format error: ${at} Properties must be an object.`);
    for (const member of ["CreationPolicy", "UpdatePolicy"]) {
      if (resource[member] !== undefined) throw notImplemented(`${member} (resource ${id})`);
    }
    result[id] = {
      type,
      properties,
      dependsOn: readDependsOn(resource["DependsOn"], at),
      condition: readCondition(resource["Condition"], at),
      deletionPolicy: readPolicy(resource, "DeletionPolicy", at),
      updateReplacePolicy: readPolicy(resource, "UpdateReplacePolicy", at),
      metadata: resource["Metadata"],
    };
  }
  return result;
}

function readDependsOn(value: Json | undefined, at: string): string[] {
  if (value === undefined) return [];
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item): item is string => typeof item === "string")) {
    throw invalidTemplate(`Template format error: ${at} DependsOn must be a string or list of strings.`);
  }
  return list;
}

function readCondition(value: Json | undefined, at: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw invalidTemplate(`Template format error: ${at} Every Condition member must be a string.`);
}

function readPolicy(
  resource: JsonObject,
  name: "DeletionPolicy" | "UpdateReplacePolicy",
  at: string,
): Policy | undefined {
  const value = resource[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string")
    throw invalidTemplate(`Template format error: ${at} Every ${name} member must be a string.`);
  if (!POLICIES.has(value) || (name === "UpdateReplacePolicy" && value === "RetainExceptOnCreate")) {
    throw invalidTemplate(`Template error: resource ${at.slice(12, -1)}: unrecognized ${name} ${value}`);
  }
  return value as Policy;
}

function readOutputs(outputs: JsonObject): Template["outputs"] {
  const result: Record<string, OutputDeclaration> = {};
  for (const [id, output] of Object.entries(outputs)) {
    if (!isObject(output))
      throw invalidTemplate("Template format error: Every Outputs member must contain a Value object");
    const strange = Object.keys(output).filter(
      (name) => !["Value", "Description", "Condition", "Export"].includes(name),
    );
    if (strange.length > 0) throw invalidTemplate(`Invalid template output property '${strange[0]}'`);
    const value = output["Value"];
    if (value === undefined || value === null) {
      throw invalidTemplate("Template format error: Every Outputs member must contain a Value object");
    }
    const description = output["Description"];
    if (description !== undefined && typeof description !== "string") {
      throw invalidTemplate(`Template format error: [/Outputs/${id}] Every Description member must be a string.`);
    }
    const exported = output["Export"];
    if (exported !== undefined && (!isObject(exported) || exported["Name"] === undefined)) {
      throw invalidTemplate(`Template format error: Output ${id} is malformed. Export must contain a Name.`);
    }
    result[id] = {
      value,
      description,
      condition: readCondition(output["Condition"], `[/Outputs/${id}]`),
      exportName: isObject(exported) ? exported["Name"] : undefined,
    };
  }
  return result;
}
