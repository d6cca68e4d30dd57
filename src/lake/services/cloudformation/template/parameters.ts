// Parameters: what a template declares, and the values that a stack is given, checked as AWS checks them.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
import { notImplemented } from "../../../fault.ts";
import { invalidTemplate } from "./fault.ts";
import type { Json } from "./syntax.ts";

export interface ParameterDeclaration {
  readonly name: string;
  readonly type: string;
  readonly defaultValue: string | undefined;
  readonly description: string | undefined;
  readonly noEcho: boolean;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: string | undefined;
  readonly constraintDescription: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minValue: number | undefined;
  readonly maxValue: number | undefined;
}

const MEMBERS = new Set([
  "Type",
  "Default",
  "Description",
  "NoEcho",
  "AllowedValues",
  "AllowedPattern",
  "ConstraintDescription",
  "MinLength",
  "MaxLength",
  "MinValue",
  "MaxValue",
]);

/** AWS-specific types, with what their values look like. AWS also asks whether the thing exists; the lake keeps none of these. */
const RESOURCE_IDS: Readonly<Record<string, RegExp>> = {
  "AWS::EC2::AvailabilityZone::Name": /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
  "AWS::EC2::Image::Id": /^ami-[0-9a-f]{8,17}$/,
  "AWS::EC2::Instance::Id": /^i-[0-9a-f]{8,17}$/,
  "AWS::EC2::SecurityGroup::GroupName": /^.{1,255}$/,
  "AWS::EC2::SecurityGroup::Id": /^sg-[0-9a-f]{8,17}$/,
  "AWS::EC2::Subnet::Id": /^subnet-[0-9a-f]{8,17}$/,
  "AWS::EC2::Volume::Id": /^vol-[0-9a-f]{8,17}$/,
  "AWS::EC2::VPC::Id": /^vpc-[0-9a-f]{8,17}$/,
  "AWS::Route53::HostedZone::Id": /^Z[0-9A-Z]{1,31}$/,
};
const TYPES = new Set([
  "String",
  "Number",
  "CommaDelimitedList",
  "List<String>",
  "List<Number>",
  "AWS::EC2::KeyPair::KeyName",
  ...Object.keys(RESOURCE_IDS),
  ...Object.keys(RESOURCE_IDS).map((type) => `List<${type}>`),
]);

export function isListType(type: string): boolean {
  return type === "CommaDelimitedList" || type.startsWith("List<");
}

type Fields = { readonly [name: string]: Json };

export function readParameters(parameters: Fields): Record<string, ParameterDeclaration> {
  const result: Record<string, ParameterDeclaration> = {};
  for (const [name, value] of Object.entries(parameters)) result[name] = readParameter(name, value);
  return result;
}

function readParameter(name: string, value: Json): ParameterDeclaration {
  const at = `[/Parameters/${name}]`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidTemplate(`Template format error: ${at} Every Parameters member must be an object.`);
  }
  const strange = Object.keys(value).filter((member) => !MEMBERS.has(member));
  if (strange.length > 0) throw invalidTemplate(`Invalid template parameter property '${strange[0]}'`);
  const type = value["Type"];
  if (type === undefined) {
    throw invalidTemplate("Template format error: Every Parameters object must contain a Type member.");
  }
  if (typeof type !== "string")
    throw invalidTemplate(`Template format error: ${at} Every Type member must be a string.`);
  if (type.startsWith("AWS::SSM::Parameter")) throw notImplemented(`parameters of type ${type} (parameter ${name})`);
  if (!TYPES.has(type)) throw invalidTemplate(`Template format error: Unrecognized parameter type: ${type}`);
  const declaration: ParameterDeclaration = {
    name,
    type,
    defaultValue: text(value["Default"], `${at} Every Default member must be a string.`),
    description: text(value["Description"], `${at} Every Description member must be a string.`),
    noEcho: value["NoEcho"] === true || value["NoEcho"] === "true",
    allowedValues: textList(value["AllowedValues"], at),
    allowedPattern: text(value["AllowedPattern"], `${at} Every AllowedPattern member must be a string.`),
    constraintDescription: text(
      value["ConstraintDescription"],
      `${at} Every ConstraintDescription member must be a string.`,
    ),
    minLength: bound(value, "MinLength", at),
    maxLength: bound(value, "MaxLength", at),
    minValue: bound(value, "MinValue", at),
    maxValue: bound(value, "MaxValue", at),
  };
  if (declaration.allowedPattern !== undefined) compile(declaration);
  return declaration;
}

function text(value: Json | undefined, message: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalidTemplate(`Template format error: ${message}`);
}

function textList(value: Json | undefined, at: string): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value))
    throw invalidTemplate(`Template format error: ${at} Every AllowedValues member must be a list.`);
  return value.map((item) => text(item, `${at} Every AllowedValues value must be a string.`) as string);
}

function bound(fields: Fields, name: string, at: string): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  const number =
    typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  if (Number.isNaN(number))
    throw invalidTemplate(`Template format error: ${at} Every ${name} member must be a number.`);
  return number;
}

function compile({ name, allowedPattern }: ParameterDeclaration): RegExp {
  try {
    return new RegExp(`^(?:${allowedPattern})$`, "su");
  } catch {
    try {
      // Java's patterns, which AWS takes, need fewer escapes than JavaScript's strict ones.
      return new RegExp(`^(?:${allowedPattern})$`, "s");
    } catch (error) {
      throw invalidTemplate(
        `Template format error: [/Parameters/${name}] AllowedPattern is not a valid regular expression.`,
        error,
      );
    }
  }
}

export type ParameterValue = string | string[];

/** What a stack operation gives for a parameter. */
export interface GivenParameter {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

/**
 * The parameters' values as text: given, previous or default.
 * @param previous the stack's values, for UsePreviousValue
 */
export function parameterTexts(
  declared: Readonly<Record<string, ParameterDeclaration>>,
  given: readonly GivenParameter[],
  previous: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const names = given.map((parameter) => parameter.ParameterKey ?? "");
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidTemplate(`Parameter '${twice}' specified more than once`);
  const strange = names.filter((name) => declared[name] === undefined);
  if (strange.length > 0) throw invalidTemplate(`Parameters: [${strange.join(", ")}] do not exist in the template`);
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, declaration] of Object.entries(declared)) {
    const parameter = given.find((candidate) => candidate.ParameterKey === name);
    if (parameter?.UsePreviousValue === true) {
      if (parameter.ParameterValue !== undefined) {
        throw invalidTemplate(
          `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
        );
      }
      const before = previous[name];
      if (before === undefined) {
        throw invalidTemplate(
          `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
        );
      }
      values[name] = before;
    } else if (parameter?.ParameterValue !== undefined) {
      values[name] = parameter.ParameterValue;
    } else if (parameter !== undefined) {
      throw invalidTemplate(
        `Invalid input for parameter key ${name}. Either a value or usePreviousValue as true must be given`,
      );
    } else if (declaration.defaultValue !== undefined) {
      values[name] = declaration.defaultValue;
    } else {
      missing.push(name);
    }
  }
  if (missing.length > 0) throw invalidTemplate(`Parameters: [${missing.join(", ")}] must have values`);
  for (const [name, value] of Object.entries(values)) {
    const fault = violation(declared[name] as ParameterDeclaration, value);
    if (fault !== undefined) throw invalidTemplate(fault);
  }
  return values;
}

/** The value that `Ref` gives: a list for list types. */
export function parameterValue(declaration: ParameterDeclaration, value: string): ParameterValue {
  if (!isListType(declaration.type)) return value;
  return value === "" ? [] : value.split(",").map((item) => item.trim());
}

/** Why a value does not meet its parameter's declaration, in AWS's words; undefined where it does. */
function violation(declaration: ParameterDeclaration, value: string): string | undefined {
  const { name, type, constraintDescription, allowedValues, minLength, maxLength, minValue, maxValue } = declaration;
  const failed = (otherwise: string) =>
    `Parameter '${name}' ${constraintDescription === undefined ? otherwise : `failed to satisfy constraint: ${constraintDescription}`}`;
  const items = isListType(type) ? (parameterValue(declaration, value) as string[]) : [value];
  if (type === "Number" || type === "List<Number>") {
    if (items.some((item) => item.trim() === "" || !Number.isFinite(Number(item)))) {
      return type === "Number"
        ? `Parameter '${name}' must be a number.`
        : `Parameter '${name}' must be a list of numbers.`;
    }
  }
  const shape = RESOURCE_IDS[type.replace(/^List<(.*)>$/, "$1")];
  for (const item of items) {
    if (shape !== undefined && !shape.test(item)) {
      return `Parameter validation failed: parameter value ${item} for parameter name ${name} does not exist`;
    }
    if (minLength !== undefined && item.length < minLength)
      return failed(`must contain at least ${minLength} characters`);
    if (maxLength !== undefined && item.length > maxLength)
      return failed(`must contain at most ${maxLength} characters`);
    if (minValue !== undefined && Number(item) < minValue) return failed(`must be a number not less than ${minValue}`);
    if (maxValue !== undefined && Number(item) > maxValue)
      return failed(`must be a number not greater than ${maxValue}`);
    if (declaration.allowedPattern !== undefined && !compile(declaration).test(item)) {
      return failed(`must match pattern ${declaration.allowedPattern}`);
    }
    if (allowedValues !== undefined && !allowedValues.includes(item)) {
      return failed("must be one of AllowedValues");
    }
  }
  return undefined;
}
