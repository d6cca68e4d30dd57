// A template's parameters as a person is asked for them: label, group, description, what is allowed, and the default.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudformation-interface.html

export interface TemplateParameter {
  readonly name: string;
  /** AWS::CloudFormation::Interface's label, or the name. */
  readonly label: string;
  readonly group: string | undefined;
  /** "String", "Number", "CommaDelimitedList", "AWS::SSM::Parameter::Value<String>" ... */
  readonly type: string;
  readonly description: string | undefined;
  /** Undefined: a value must be given. */
  readonly default: string | undefined;
  readonly allowed: readonly string[] | undefined;
  readonly noEcho: boolean;
  readonly pattern: string | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly shortest: number | undefined;
  readonly longest: number | undefined;
  /** What the template's author says where a value is refused. */
  readonly constraint: string | undefined;
}

export interface TemplateFacts {
  readonly description: string | undefined;
  /** In the order of the interface's groups; those of no group behind them. */
  readonly parameters: readonly TemplateParameter[];
}

/** What is wrong with a value, in a sentence; undefined where CloudFormation would take it. */
export function whyRefused(parameter: TemplateParameter, value: string): string | undefined {
  const { label, least, most, shortest, longest, pattern, allowed } = parameter;
  const said = parameter.constraint === undefined ? undefined : `${label} ${parameter.constraint}.`;
  if (allowed !== undefined && !allowed.includes(value)) return said ?? `${label} is one of ${allowed.join(", ")}.`;
  if (parameter.type === "Number") {
    const number = Number(value);
    if (value.trim() === "" || !Number.isFinite(number)) return said ?? `${label} is a number.`;
    if (least !== undefined && number < least) return said ?? `${label} is at least ${least}.`;
    if (most !== undefined && number > most) return said ?? `${label} is at most ${most}.`;
  }
  if (shortest !== undefined && value.length < shortest) return said ?? `${label} has at least ${shortest} characters.`;
  if (longest !== undefined && value.length > longest) return said ?? `${label} has at most ${longest} characters.`;
  if (pattern !== undefined && !matches(pattern, value)) return said ?? `${label} matches ${pattern}.`;
  return undefined;
}

/** CloudFormation's patterns are Java's and must match the whole value; one that JavaScript can't read is left to CloudFormation. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "s").test(value);
  } catch {
    return true;
  }
}

/** Why CloudFormation refuses a stack name. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
export function whyNoStackName(name: string): string | undefined {
  if (name === "") return "A stack has a name.";
  if (!/^[A-Za-z]/.test(name)) return "A stack's name begins with a letter.";
  if (!/^[A-Za-z0-9-]+$/.test(name)) return "A stack's name has letters, digits and hyphens only.";
  return name.length > 128 ? "A stack's name has at most 128 characters." : undefined;
}
