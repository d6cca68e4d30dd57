// Reads a template's parameters, YAML or JSON. Loads a YAML parser: who starts quickly imports it only when a template is at hand.
import { parseDocument } from "yaml";
import type { TemplateFacts, TemplateParameter } from "./parameters.ts";

type Plain = Readonly<Record<string, unknown>>;

/** Reads YAML or JSON; what can't be read as a template has no parameters (CloudFormation says what is wrong when it plans). */
export function templateFacts(template: string): TemplateFacts {
  let root: Plain;
  try {
    root = plain(parseDocument(template, { logLevel: "silent" }).toJS({ maxAliasCount: 100 }));
  } catch {
    root = {};
  }
  const face = plain(plain(root["Metadata"])["AWS::CloudFormation::Interface"]);
  const labels = plain(face["ParameterLabels"]);
  const groups = new Map<string, string | undefined>();
  for (const group of list(face["ParameterGroups"]).map(plain)) {
    const title = text(plain(group["Label"])["default"]);
    for (const name of list(group["Parameters"])) groups.set(String(name), title);
  }
  const declared = Object.entries(plain(root["Parameters"]));
  const order = [...groups.keys()];
  const place = (name: string) => (groups.has(name) ? order.indexOf(name) : order.length);
  const parameters = declared
    .map(([name, body]) => parameter(name, plain(body), text(plain(labels[name])["default"]), groups.get(name)))
    .sort((a, b) => place(a.name) - place(b.name));
  return { description: text(root["Description"]), parameters };
}

function parameter(name: string, body: Plain, label: string | undefined, group: string | undefined): TemplateParameter {
  const number = (key: string) => (body[key] === undefined ? undefined : Number(body[key]));
  const allowed = body["AllowedValues"];
  return {
    name,
    label: label ?? name,
    group,
    type: text(body["Type"]) ?? "String",
    description: text(body["Description"]),
    default: text(body["Default"]),
    allowed: Array.isArray(allowed) ? allowed.map(String) : undefined,
    noEcho: String(body["NoEcho"]) === "true",
    pattern: text(body["AllowedPattern"]),
    least: number("MinValue"),
    most: number("MaxValue"),
    shortest: number("MinLength"),
    longest: number("MaxLength"),
    constraint: text(body["ConstraintDescription"]),
  };
}

function plain(value: unknown): Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
