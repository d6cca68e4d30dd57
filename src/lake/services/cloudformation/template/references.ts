// What refers to what: every Ref, Fn::GetAtt, Fn::Sub and condition name of a template, checked, and the order that follows.
import { invalidTemplate } from "./fault.ts";
import { attributeParts, SUBSTITUTION, substituteParts } from "./functions.ts";
import { isObject, type Json } from "./syntax.ts";
import type { Template } from "./template.ts";

export interface Reference {
  readonly logicalId: string;
  /** undefined for Ref. */
  readonly attribute: string | undefined;
}

export const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set([
  "AWS::AccountId",
  "AWS::NotificationARNs",
  "AWS::NoValue",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
]);

/**
 * All references of a value.
 * @param taken conditions' values; the branches of Fn::If not taken are left out. Without it, all branches are walked.
 */
export function referencesIn(value: Json, taken?: ReadonlyMap<string, boolean>): Reference[] {
  const found: Reference[] = [];
  const walk = (item: Json): void => {
    if (Array.isArray(item)) {
      item.forEach(walk);
      return;
    }
    if (!isObject(item)) return;
    const names = Object.keys(item);
    const only = names.length === 1 ? names[0] : undefined;
    const argument = only === undefined ? null : (item[only] as Json);
    if (only === "Ref") {
      if (typeof argument !== "string")
        throw invalidTemplate("Template error: every Ref object must have a single String value.");
      found.push({ logicalId: argument, attribute: undefined });
    } else if (only === "Fn::GetAtt") {
      const [logicalId, name] = attributeParts(argument);
      // An attribute by Ref (of a parameter) is looked at when its value is known.
      found.push({ logicalId, attribute: typeof name === "string" ? name : "" });
      walk(name);
    } else if (only === "Fn::Sub") {
      const [text, given] = substituteParts(argument);
      for (const [, literal, inner = ""] of text.matchAll(SUBSTITUTION)) {
        const name = inner.trim();
        if (literal === "!" || Object.hasOwn(given, name)) continue;
        const dot = name.indexOf(".");
        found.push(
          dot < 0
            ? { logicalId: name, attribute: undefined }
            : { logicalId: name.slice(0, dot), attribute: name.slice(dot + 1) },
        );
      }
      Object.values(given).forEach(walk);
    } else if (only === "Fn::If" && Array.isArray(argument) && taken !== undefined) {
      const condition = taken.get(String(argument[0]));
      if (condition !== false && argument[1] !== undefined) walk(argument[1]);
      if (condition !== true && argument[2] !== undefined) walk(argument[2]);
    } else {
      Object.values(item).forEach(walk);
    }
  };
  walk(value);
  return found;
}

/** Refuses references to what is not there, and cycles, as AWS does before anything else. */
export function checkReferences(template: Template): void {
  const conditionNames = new Set(Object.keys(template.conditions));
  const known = (name: string) =>
    Object.hasOwn(template.parameters, name) || Object.hasOwn(template.resources, name) || PSEUDO_PARAMETERS.has(name);
  const missing = new Set<string>();
  const look = (value: Json) => {
    for (const { logicalId, attribute } of referencesIn(value)) {
      if (attribute === undefined) {
        if (!known(logicalId)) missing.add(logicalId);
      } else if (!Object.hasOwn(template.resources, logicalId)) {
        throw invalidTemplate(`Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`);
      }
    }
    checkConditionNames(value, conditionNames);
  };
  for (const [id, resource] of Object.entries(template.resources)) {
    look(resource.properties);
    for (const other of resource.dependsOn) if (!Object.hasOwn(template.resources, other)) missing.add(other);
    checkCondition(resource.condition, conditionNames);
    if (resource.dependsOn.includes(id)) throw invalidTemplate(`Circular dependency between resources: [${id}]`);
  }
  if (missing.size > 0) {
    throw invalidTemplate(
      `Template format error: Unresolved resource dependencies [${[...missing].join(", ")}] in the Resources block of the template`,
    );
  }
  for (const output of Object.values(template.outputs)) {
    look(output.value);
    if (output.exportName !== undefined) look(output.exportName);
    checkCondition(output.condition, conditionNames);
  }
  if (missing.size > 0) {
    throw invalidTemplate(
      `Unresolved resource dependencies [${[...missing].join(", ")}] in the Outputs block of the template`,
    );
  }
  const cycle = findCycle(dependencies(template));
  if (cycle !== undefined) throw invalidTemplate(`Circular dependency between resources: [${cycle.join(", ")}]`);
}

function checkCondition(name: string | undefined, names: ReadonlySet<string>): void {
  if (name !== undefined && !names.has(name))
    throw invalidTemplate(`Template format error: Condition ${name} is not defined.`);
}

function checkConditionNames(value: Json, names: ReadonlySet<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) checkConditionNames(item, names);
  } else if (isObject(value)) {
    const branch = value["Fn::If"];
    if (Array.isArray(branch) && typeof branch[0] === "string" && !names.has(branch[0])) {
      throw invalidTemplate(`Template error: unresolved condition dependency ${branch[0]} in Fn::If`);
    }
    for (const item of Object.values(value)) checkConditionNames(item, names);
  }
}

/**
 * For each resource that stands, the others it waits for: DependsOn, and whatever its properties refer to.
 * @param conditions without it, every resource and branch counts
 */
export function dependencies(template: Template, conditions?: ReadonlyMap<string, boolean>): Map<string, Set<string>> {
  const stands = (id: string) => {
    const condition = template.resources[id]?.condition;
    return conditions === undefined || condition === undefined || conditions.get(condition) === true;
  };
  const graph = new Map<string, Set<string>>();
  for (const [id, resource] of Object.entries(template.resources)) {
    if (!stands(id)) continue;
    const others = [
      ...resource.dependsOn,
      ...referencesIn(resource.properties, conditions).map(({ logicalId }) => logicalId),
    ];
    graph.set(id, new Set(others.filter((other) => Object.hasOwn(template.resources, other) && stands(other))));
  }
  return graph;
}

/** Members of a cycle, in the order they wait for each other; undefined where there is none. */
export function findCycle(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): string[] | undefined => {
    const seen = path.indexOf(id);
    if (seen >= 0) return path.slice(seen);
    if (done.has(id)) return undefined;
    path.push(id);
    for (const other of graph.get(id) ?? []) {
      const cycle = visit(other);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    done.add(id);
    return undefined;
  };
  for (const id of graph.keys()) {
    const cycle = visit(id);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
