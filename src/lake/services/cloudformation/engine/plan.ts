// What a version of a stack would change: the content of a change set, and everything that speaks against it.
import { isDeepStrictEqual } from "node:util";
import type { ChangeSource, ResourceChangeDetail } from "@aws-sdk/client-cloudformation";
import { messageOf } from "../../../../base/errors.ts";
import { differences, type PropertyChange } from "../spec/difference.ts";
import { givenName } from "../spec/names.ts";
import { problemText } from "../spec/conform.ts";
import type { OutputRecord, PlannedChange, ResourceRecord, StackRecord, Validation } from "../records.ts";
import type { Evaluation, Existing } from "../template/evaluate.ts";
import type { ResourceDeclaration } from "../template/template.ts";
import { showUnresolved, Unresolved } from "../template/unresolved.ts";
import { checkProperties } from "./check.ts";
import { attributeOf, stands } from "./existing.ts";
import { effectivePolicy } from "./policies.ts";
import type { Types } from "./types.ts";

export interface Plan {
  readonly changes: readonly PlannedChange[];
  /** Why it can't be carried out: what AWS would say, then what only the lake says. */
  readonly reasons: readonly string[];
  /** Of these, what no caller can overrule: the lake does not implement it. */
  readonly refusals: readonly string[];
  readonly validations: readonly Validation[];
  /** False where the stack would stay as it is. */
  readonly differs: boolean;
}

interface Planning {
  readonly types: Types;
  readonly evaluation: Evaluation;
  /** The stack as it stands; undefined for one that is new. */
  readonly stack: StackRecord | undefined;
  readonly records: ReadonlyMap<string, ResourceRecord>;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

export async function makePlan(planning: Planning): Promise<Plan> {
  const { evaluation, stack } = planning;
  const changes: PlannedChange[] = [];
  const faults: string[] = [];
  const refusals: string[] = [];
  const validations: Validation[] = [];
  const modified = new Set<string>();
  for (const logicalId of inOrder(evaluation.graph)) {
    const declaration = evaluation.template.resources[logicalId] as ResourceDeclaration;
    const found = await planResource(planning, logicalId, declaration, modified);
    faults.push(...found.faults);
    refusals.push(...found.refusals);
    validations.push(...found.validations);
    if (found.change === undefined) continue;
    changes.push(found.change);
    if (found.change.action === "Modify") modified.add(logicalId);
  }
  for (const record of planning.records.values()) {
    if (!stands(record) || evaluation.graph.has(record.logicalId)) continue;
    const policy = effectivePolicy(record.type, record.deletionPolicy, record.properties);
    changes.push({
      action: "Remove",
      logicalId: record.logicalId,
      ...(record.physicalId === undefined ? {} : { physicalId: record.physicalId }),
      type: record.type,
      scope: [],
      details: [],
      policyAction: policy === "Snapshot" ? "Snapshot" : policy === "Delete" ? "Delete" : "Retain",
      before: JSON.stringify({ Properties: record.properties }),
    });
  }
  const differs =
    stack === undefined ||
    changes.length > 0 ||
    !isDeepStrictEqual(stack.tags, planning.tags) ||
    outputsDiffer(stack.outputs, evaluation, existingOf(planning, modified));
  const sorted = changes.toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
  return { changes: sorted, reasons: [...faults, ...refusals], refusals, validations, differs };
}

interface Planned {
  readonly change?: PlannedChange;
  readonly faults: string[];
  readonly refusals: string[];
  readonly validations: Validation[];
}

async function planResource(
  planning: Planning,
  logicalId: string,
  declaration: ResourceDeclaration,
  modified: ReadonlySet<string>,
): Promise<Planned> {
  const { types, evaluation, records } = planning;
  const record = records.get(logicalId);
  const given = evaluation.properties(logicalId, existingOf(planning, modified));
  const checked = await checkProperties(types, logicalId, declaration.type, given);
  const faults: string[] = [];
  const refusals = [...checked.refused];
  const validations: Validation[] = checked.problems.map(({ path, message }) => ({
    logicalId,
    type: declaration.type,
    name: "PROPERTY_VALIDATION",
    path: `/Resources/${logicalId}/Properties${path}`,
    reason: message,
  }));
  if (checked.problems.length > 0) faults.push(problemText(logicalId, checked.problems));
  const { properties } = checked;
  if (record === undefined || !stands(record)) {
    const taken = checked.problems.length === 0 ? await nameTaken(types, declaration.type, properties) : undefined;
    if (taken !== undefined) {
      faults.push(taken);
      const path = `/Resources/${logicalId}`;
      validations.push({ logicalId, type: declaration.type, name: "NAME_CONFLICT_VALIDATION", path, reason: taken });
    }
    const after = JSON.stringify({ Properties: showUnresolved(properties) });
    const change: PlannedChange = { action: "Add", logicalId, type: declaration.type, scope: [], details: [], after };
    return { change, faults, refusals, validations };
  }
  if (record.type !== declaration.type) {
    refusals.push(replacementText(logicalId, record.type, `its Type changes to ${declaration.type}`));
    return { faults, refusals, validations };
  }
  const spec = await types.spec(declaration.type);
  const changed = differences(spec, record.properties, properties);
  for (const { recreation, path, dynamic } of changed) {
    if (recreation === "Always" && dynamic !== "may") {
      refusals.push(replacementText(logicalId, record.type, `${path} changes`));
    }
  }
  const scope = scopeOf(planning, record, declaration, changed, spec.tags !== undefined);
  if (scope.length === 0) return { faults, refusals, validations };
  const replacement = changed.some(({ recreation, dynamic }) => recreation === "Always" && dynamic === undefined)
    ? "True"
    : changed.some(({ recreation }) => recreation !== "Never")
      ? "Conditional"
      : "False";
  const change: PlannedChange = {
    action: "Modify",
    logicalId,
    ...(record.physicalId === undefined ? {} : { physicalId: record.physicalId }),
    type: record.type,
    replacement,
    scope,
    details: details(planning, logicalId, record, properties, changed, scope),
    before: JSON.stringify({ Properties: record.properties }),
    after: JSON.stringify({ Properties: showUnresolved(properties) }),
  };
  return { change, faults, refusals, validations };
}

/** The lake's refusal of a replacement: which resource, and what asks for it. */
export function replacementText(logicalId: string, type: string, cause: string): string {
  return `The local lake does not implement replacement: ${logicalId} (${type}) would be replaced, because ${cause}.`;
}

/** Existing resources as a plan sees them: a new one gives nothing yet, a modified one may give other attributes. */
function existingOf({ records }: Planning, modified: ReadonlySet<string>): Existing {
  const record = (logicalId: string) => {
    const found = records.get(logicalId);
    return found !== undefined && stands(found) ? found : undefined;
  };
  return {
    reference: (logicalId) => record(logicalId)?.physicalId ?? new Unresolved(logicalId),
    attribute: (logicalId, name) => {
      const of = `${logicalId}.${name}`;
      const value = attributeOf(record(logicalId), name);
      if (value === undefined) return new Unresolved(of, record(logicalId) === undefined);
      return modified.has(logicalId) ? new Unresolved(of, false) : value;
    },
  };
}

async function nameTaken(
  types: Types,
  typeName: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const name = givenName(await types.spec(typeName), properties);
  const type = await types.get(typeName);
  if (name === undefined || !types.isReal(typeName)) return undefined;
  const found = await type.read(name, properties).catch((error: unknown) => {
    throw new Error(`${typeName} ${name} can't be read: ${messageOf(error)}`, { cause: error });
  });
  return found === undefined ? undefined : `Resource of type '${typeName}' with identifier '${name}' already exists.`;
}

function scopeOf(
  { stack, tags }: Planning,
  record: ResourceRecord,
  declaration: ResourceDeclaration,
  changed: readonly PropertyChange[],
  taggable: boolean,
): PlannedChange["scope"] {
  const scope: PlannedChange["scope"][number][] = [];
  if (changed.length > 0) scope.push("Properties");
  if (!isDeepStrictEqual(record.metadata, declaration.metadata)) scope.push("Metadata");
  if (taggable && !isDeepStrictEqual(stack?.tags ?? {}, tags)) scope.push("Tags");
  if (record.deletionPolicy !== declaration.deletionPolicy) scope.push("DeletionPolicy");
  return scope;
}

/** One detail for each cause of each changed property. */
function details(
  planning: Planning,
  logicalId: string,
  record: ResourceRecord,
  after: Readonly<Record<string, unknown>>,
  changed: readonly PropertyChange[],
  scope: PlannedChange["scope"],
): ResourceChangeDetail[] {
  const found: ResourceChangeDetail[] = [];
  for (const { name, kind, recreation, dynamic } of changed) {
    const target = {
      Attribute: "Properties" as const,
      Name: name,
      RequiresRecreation: recreation,
      Path: `/Properties/${name}`,
      AttributeChangeType: kind,
      ...(kind === "Add" ? {} : { BeforeValue: textOf(record.properties[name]) }),
      ...(kind === "Remove" ? {} : { AfterValue: textOf(showUnresolved(after[name])) }),
    };
    const Evaluation = dynamic === undefined ? ("Static" as const) : ("Dynamic" as const);
    for (const cause of causes(planning, logicalId, name)) found.push({ Target: target, Evaluation, ...cause });
  }
  for (const Attribute of scope) {
    if (Attribute === "Properties") continue;
    found.push({
      Target: { Attribute, RequiresRecreation: "Never" },
      Evaluation: "Static",
      ChangeSource: "DirectModification",
    });
  }
  return found;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

interface Cause {
  readonly ChangeSource: ChangeSource;
  readonly CausingEntity?: string;
}

/** Parameters whose value changed, and resources, that the property refers to; a direct change where it refers to neither. */
function causes({ evaluation, stack, records, parameters }: Planning, logicalId: string, property: string): Cause[] {
  const found = new Map<string, Cause>();
  for (const { logicalId: name, attribute } of evaluation.references(logicalId, property)) {
    if (attribute !== undefined) {
      found.set(`${name}.${attribute}`, { ChangeSource: "ResourceAttribute", CausingEntity: `${name}.${attribute}` });
    } else if (Object.hasOwn(evaluation.template.parameters, name)) {
      if (stack?.parameters[name] !== parameters[name]) {
        found.set(name, { ChangeSource: "ParameterReference", CausingEntity: name });
      }
    } else if (Object.hasOwn(evaluation.template.resources, name) && !records.has(name)) {
      found.set(name, { ChangeSource: "ResourceReference", CausingEntity: name });
    }
  }
  return found.size > 0 ? [...found.values()] : [{ ChangeSource: "DirectModification" }];
}

function outputsDiffer(before: readonly OutputRecord[], evaluation: Evaluation, existing: Existing): boolean {
  const after = evaluation.outputs(existing).map(({ key, value, description, exportName }) => ({
    key,
    value: String(showUnresolved(value)),
    ...(description === undefined ? {} : { description }),
    ...(exportName === undefined ? {} : { exportName: String(showUnresolved(exportName)) }),
  }));
  return !isDeepStrictEqual(before, after);
}

/** Nodes so that each comes behind those it waits for. The graph has no cycle. */
function inOrder(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const ordered = new Set<string>();
  const visit = (node: string): void => {
    if (ordered.has(node)) return;
    for (const other of graph.get(node) ?? []) visit(other);
    ordered.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return [...ordered];
}
