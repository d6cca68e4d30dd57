// A template and its parameters' values, evaluated: which resources stand, in what order, with which properties.
import { evaluateConditions } from "./conditions.ts";
import { invalidTemplate } from "./fault.ts";
import { NO_VALUE, resolve, type Scope } from "./functions.ts";
import { parameterValue } from "./parameters.ts";
import { checkReferences, dependencies, type Reference, referencesIn } from "./references.ts";
import { assertRules } from "./rules.ts";
import type { Template } from "./template.ts";
import { Unresolved } from "./unresolved.ts";

/** Where a stack stands: the pseudo parameters. */
export interface Surroundings {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
}

/** What resources that exist give: by logical id, `Ref` and attributes. */
export interface Existing {
  readonly reference: (logicalId: string) => unknown;
  readonly attribute: (logicalId: string, name: string) => unknown;
}

/** Before anything exists, whatever refers to a resource is Unresolved. */
export const NOTHING: Existing = {
  reference: (logicalId) => new Unresolved(logicalId),
  attribute: (logicalId, name) => new Unresolved(`${logicalId}.${name}`),
};

export interface Evaluation {
  readonly template: Template;
  readonly conditions: ReadonlyMap<string, boolean>;
  /** The resources whose condition holds, each with those it waits for. */
  readonly graph: ReadonlyMap<string, ReadonlySet<string>>;
  /** A resource's properties, functions resolved. */
  readonly properties: (logicalId: string, existing?: Existing) => Record<string, unknown>;
  /** Outputs whose condition holds. */
  readonly outputs: (existing?: Existing) => EvaluatedOutput[];
  /** Names of exports that the template imports, as far as they are known before the deployment. */
  readonly imports: () => string[];
  /** What a property's value refers to, branches not taken left out: for the causes of a change. */
  readonly references: (logicalId: string, property: string) => Reference[];
}

export interface EvaluatedOutput {
  readonly key: string;
  readonly value: unknown;
  readonly description: string | undefined;
  readonly exportName: unknown;
}

export interface EvaluationInput {
  readonly template: Template;
  /** Parameters' values as text, complete (see `parameterTexts`). */
  readonly parameters: Readonly<Record<string, string>>;
  readonly surroundings: Surroundings;
  /** The value of an export; throws where there is none. */
  readonly importValue?: (name: string) => unknown;
}

/** Checks references and conditions; throws ServiceError ValidationError in AWS's words. */
export function evaluate({ template, parameters, surroundings, importValue }: EvaluationInput): Evaluation {
  checkReferences(template);
  const pseudo = pseudoParameters(surroundings);
  const imported = new Set<string>();
  const base: Omit<Scope, "conditions" | "reference" | "attribute"> = {
    mappings: template.mappings,
    parameter: (name) => {
      const declaration = Object.hasOwn(template.parameters, name) ? template.parameters[name] : undefined;
      return declaration === undefined ? pseudo.get(name) : parameterValue(declaration, parameters[name] ?? "");
    },
    zones: (region) => ["a", "b", "c"].map((letter) => region + letter),
    importValue: (name) => {
      imported.add(name);
      if (importValue === undefined) throw invalidTemplate(`No export named ${name} found.`);
      return importValue(name);
    },
  };
  assertRules(template.rules, base);
  const conditions = evaluateConditions(template.conditions, base);
  const graph = dependencies(template, conditions);
  const scopeOf = (existing: Existing, block: string): Scope => {
    const stands = (logicalId: string) => {
      if (!graph.has(logicalId)) {
        throw invalidTemplate(
          `Template format error: Unresolved resource dependencies [${logicalId}] in the ${block} block of the template`,
        );
      }
    };
    return {
      ...base,
      conditions,
      reference: (logicalId) => {
        stands(logicalId);
        return existing.reference(logicalId);
      },
      attribute: (logicalId, name) => {
        stands(logicalId);
        return existing.attribute(logicalId, name);
      },
    };
  };
  const properties = (logicalId: string, existing: Existing = NOTHING) => {
    const resource = template.resources[logicalId];
    return resolve(resource?.properties ?? {}, scopeOf(existing, "Resources")) as Record<string, unknown>;
  };
  const outputs = (existing: Existing = NOTHING) => {
    const scope = scopeOf(existing, "Outputs");
    return Object.entries(template.outputs)
      .filter(([, { condition }]) => condition === undefined || conditions.get(condition) === true)
      .map(([key, { value, description, exportName }]) => ({
        key,
        value: outputValue(key, resolve(value, scope)),
        description,
        exportName: exportName === undefined ? undefined : resolve(exportName, scope),
      }));
  };
  return {
    template,
    conditions,
    graph,
    properties,
    outputs,
    imports: () => {
      for (const id of graph.keys()) properties(id);
      outputs();
      return [...imported];
    },
    references: (logicalId, property) => {
      const value = template.resources[logicalId]?.properties[property];
      return value === undefined ? [] : referencesIn(value, conditions);
    },
  };
}

function outputValue(key: string, value: unknown): unknown {
  if (value instanceof Unresolved) return value;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const what = value === NO_VALUE ? "AWS::NoValue" : "not a string";
  throw invalidTemplate(
    `Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String and not ${what === "not a string" ? (Array.isArray(value) ? "a List" : "a Map") : what}.`,
  );
}

function pseudoParameters(surroundings: Surroundings): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ["AWS::AccountId", surroundings.accountId],
    ["AWS::NotificationARNs", []],
    ["AWS::Partition", "aws"],
    ["AWS::Region", surroundings.region],
    ["AWS::StackId", surroundings.stackId],
    ["AWS::StackName", surroundings.stackName],
    ["AWS::URLSuffix", "amazonaws.com"],
  ]);
}
