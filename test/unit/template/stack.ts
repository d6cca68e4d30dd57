// The lake's template as a stack that was never made: parameters filled in, functions run, and a stand-in for what AWS would make up.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { resolve, type Scope } from "../../../src/lake/services/cloudformation/template/functions.ts";
import { type GivenParameter, parameterTexts } from "../../../src/lake/services/cloudformation/template/parameters.ts";
import { type Json, readSyntax } from "../../../src/lake/services/cloudformation/template/syntax.ts";
import { parseTemplate, type Template } from "../../../src/lake/services/cloudformation/template/template.ts";
import { isTrue, text } from "./values.ts";

export const templateFile = fileURLToPath(new URL("../../../resources/templates/lake.yaml", import.meta.url));

export const REGION = "eu-central-1";
export const ACCOUNT = "123456789012";
export const STACK = "my-lake";

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
  readonly dependsOn: readonly string[];
}

export interface Stack {
  readonly template: Template;
  /** Those whose condition holds, by logical id. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: Readonly<Record<string, string>>;
  ofType(type: string): Resource[];
  /** The resource that `Ref` would have given this name of. */
  named(reference: string): Resource | undefined;
  /** The same template with a change, and the same parameters. */
  again(edit: (draft: Draft) => void): Stack;
}

const shipped = readSyntax(readFileSync(templateFile, "utf8")) as { [name: string]: Json };

/** The template as plain values, for a test to change. */
export class Draft {
  readonly root: { [name: string]: Json };

  constructor(of?: Draft) {
    this.root = structuredClone(of?.root ?? shipped);
  }

  /** Sets what lies at a path below Resources, such as "Vpc/Properties/EnableDnsSupport"; its parent must be there. */
  set(path: string, value: Json): this {
    const { parent, name } = this.place(path);
    parent[name] = value;
    return this;
  }

  /** Removes what lies at a path below Resources; it must be there, or the mutation would prove nothing. */
  remove(path: string): this {
    const { parent, name } = this.place(path);
    if (!Object.hasOwn(parent, name)) throw new Error(`${path} is not in the template`);
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete parent[name];
    return this;
  }

  private place(path: string): { parent: Record<string, Json>; name: string } {
    const names = path.split("/");
    const name = names.pop() ?? "";
    let parent: Json | undefined = this.root["Resources"];
    for (const step of names) {
      parent = (parent as Record<string, Json>)[step];
      if (typeof parent !== "object" || parent === null)
        throw new Error(`${path}: there is no ${step} in the template`);
    }
    return { parent: parent as Record<string, Json>, name };
  }
}

/** Resolves a template with these parameters, the others at their defaults. Throws where CloudFormation would refuse it. */
export function resolveStack(draft: Draft, parameters: Readonly<Record<string, string>> = {}): Stack {
  const template = parseTemplate(JSON.stringify(draft.root));
  const given: GivenParameter[] = Object.entries(parameters).map(([key, value]) => ({
    ParameterKey: key,
    ParameterValue: value,
  }));
  const values: Record<string, string> = {
    ...parameterTexts(template.parameters, given),
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::StackName": STACK,
    "AWS::StackId": `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${STACK}/0`,
    "AWS::URLSuffix": "amazonaws.com",
  };
  const conditions = new Map<string, boolean>();
  for (const [name, condition] of Object.entries(template.conditions))
    conditions.set(name, holds(condition, values, conditions));
  const declared = (id: string): Template["resources"][string] | undefined => {
    const found = template.resources[id];
    return found?.condition === undefined || conditions.get(found.condition) === true ? found : undefined;
  };
  const property = (id: string, path: string): string => text(resolve(declared(id)?.properties ?? {}, scope), path);
  const scope: Scope = {
    mappings: template.mappings,
    conditions,
    parameter: (name) => values[name],
    reference: (id) => (declared(id) === undefined ? undefined : referenceTo(id, declared(id)?.type ?? "", property)),
    attribute: (id, name) => attributeOf(id, declared(id)?.type, name, property, scope),
    zones: (region) => ["a", "b", "c"].map((letter) => region + letter),
    importValue: (name) => {
      throw new Error(`the lake imports nothing, but asks for ${String(name)}`);
    },
  };
  const resources = new Map<string, Resource>();
  for (const [id, { type, properties, deletionPolicy, updateReplacePolicy, dependsOn }] of Object.entries(
    template.resources,
  )) {
    if (declared(id) === undefined) continue;
    const resolved = resolve(properties, scope) as Record<string, unknown>;
    resources.set(id, { id, type, properties: resolved, deletionPolicy, updateReplacePolicy, dependsOn });
  }
  return {
    template,
    resources,
    outputs: Object.fromEntries(
      Object.entries(template.outputs).map(([name, { value }]) => [name, String(resolve(value, scope))]),
    ),
    ofType: (type) => [...resources.values()].filter((resource) => resource.type === type),
    named: (reference) => [...resources.values()].find(({ id }) => scope.reference(id) === reference),
    again: (edit) => {
      const copy = new Draft(draft);
      edit(copy);
      return resolveStack(copy, parameters);
    },
  };
}

function holds(
  condition: Json,
  values: Readonly<Record<string, string>>,
  known: ReadonlyMap<string, boolean>,
): boolean {
  const [name, argument] = Object.entries(condition as Record<string, Json>)[0] ?? [];
  const inner = (argument ?? []) as Json[];
  const value = (item: Json | undefined): string =>
    typeof item === "object" && item !== null && "Ref" in item ? (values[String(item["Ref"])] ?? "") : String(item);
  if (name === "Fn::Equals") return value(inner[0]) === value(inner[1]);
  if (name === "Fn::Not") return !holds(inner[0] ?? null, values, known);
  if (name === "Fn::And") return inner.every((item) => holds(item, values, known));
  if (name === "Fn::Or") return inner.some((item) => holds(item, values, known));
  if (name === "Condition") return known.get(String(argument)) === true;
  throw new Error(`a condition of ${String(name)}`);
}

/** Where `Ref` gives the name that the template chose, by type; elsewhere AWS makes an id up, and the logical id stands in for it. */
const NAMES: Readonly<Record<string, string>> = {
  "AWS::Glue::Database": "DatabaseInput/Name",
  "AWS::Glue::Table": "TableInput/Name",
  "AWS::Glue::Connection": "ConnectionInput/Name",
  "AWS::Glue::Job": "Name",
  "AWS::Glue::Trigger": "Name",
  "AWS::Glue::Crawler": "Name",
  "AWS::Athena::WorkGroup": "Name",
  "AWS::Logs::LogGroup": "LogGroupName",
};

type Property = (id: string, path: string) => string;

function referenceTo(id: string, type: string, property: Property): string {
  const name = NAMES[type];
  return name === undefined ? (type === "AWS::S3::Bucket" ? id.toLowerCase() : id) : property(id, name);
}

function attributeOf(id: string, type: string | undefined, name: string, property: Property, scope: Scope): string {
  const key = `${type ?? "nothing"} ${name}`;
  if (key === "AWS::S3::Bucket Arn") return `arn:aws:s3:::${String(scope.reference(id))}`;
  if (key === "AWS::IAM::Role Arn") return `arn:aws:iam::${ACCOUNT}:role/${id}`;
  if (key === "AWS::EC2::Subnet AvailabilityZone") return property(id, "AvailabilityZone");
  if (key === "AWS::EC2::EIP AllocationId") return `${id}.AllocationId`;
  if (key === "AWS::RDS::DBInstance Endpoint.Address") return `${id.toLowerCase()}.rds.test`;
  if (key === "AWS::RDS::DBInstance Endpoint.Port") return property(id, "Port") || "5432";
  if (key === "AWS::RDS::DBInstance MasterUserSecret.SecretArn" && isTrue(property(id, "ManageMasterUserPassword"))) {
    return `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:rds!${id}-AbCdEf`;
  }
  throw new Error(`${id} (${type ?? "not in this stack"}) has no attribute ${name}`);
}
