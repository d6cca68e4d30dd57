// The lake's template as a stack that was never made: parameters filled in, functions run, and a stand-in for what AWS would make up.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { evaluate, type Existing } from "../../../src/lake/services/cloudformation/template/evaluate.ts";
import { parameterTexts } from "../../../src/lake/services/cloudformation/template/parameters.ts";
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
  const given = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  const evaluation = evaluate({
    template,
    parameters: parameterTexts(template.parameters, given),
    surroundings: {
      accountId: ACCOUNT,
      region: REGION,
      stackName: STACK,
      stackId: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${STACK}/0`,
    },
  });
  const typeOf = (id: string): string => template.resources[id]?.type ?? "";
  const existing: Existing = {
    reference: (id) => referenceTo(id, typeOf(id), property),
    attribute: (id, name) => attributeOf(id, typeOf(id), name, property),
  };
  const property = (id: string, path: string): string => text(evaluation.properties(id, existing), path);
  const resources = new Map<string, Resource>();
  for (const id of evaluation.graph.keys()) {
    const declared = template.resources[id];
    if (declared !== undefined) resources.set(id, { ...declared, id, properties: evaluation.properties(id, existing) });
  }
  return {
    template,
    resources,
    outputs: Object.fromEntries(evaluation.outputs(existing).map(({ key, value }) => [key, String(value)])),
    ofType: (type) => [...resources.values()].filter((resource) => resource.type === type),
    named: (reference) => [...resources.values()].find(({ id }) => existing.reference(id) === reference),
    again: (edit) => {
      const copy = new Draft(draft);
      edit(copy);
      return resolveStack(copy, parameters);
    },
  };
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

function attributeOf(id: string, type: string, name: string, property: Property): string {
  const key = `${type} ${name}`;
  if (key === "AWS::S3::Bucket Arn") return `arn:aws:s3:::${referenceTo(id, type, property)}`;
  if (key === "AWS::IAM::Role Arn") return `arn:aws:iam::${ACCOUNT}:role/${id}`;
  if (key === "AWS::EC2::Subnet AvailabilityZone") return property(id, "AvailabilityZone");
  if (key === "AWS::EC2::EIP AllocationId") return `${id}.AllocationId`;
  if (key === "AWS::RDS::DBInstance Endpoint.Address") return `${id.toLowerCase()}.rds.test`;
  if (key === "AWS::RDS::DBInstance Endpoint.Port") return property(id, "Port") || "5432";
  if (key === "AWS::RDS::DBInstance MasterUserSecret.SecretArn" && isTrue(property(id, "ManageMasterUserPassword"))) {
    return `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:rds!${id}-AbCdEf`;
  }
  throw new Error(`${id} (${type}) has no attribute ${name}`);
}
