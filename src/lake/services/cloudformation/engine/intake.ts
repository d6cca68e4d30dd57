// From what a caller sends to a checked stack version: template text, parameters, tags, capabilities.
import type { Parameter, Tag } from "@aws-sdk/client-cloudformation";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { StackRecord, StackVersion } from "../records.ts";
import type { StackStore } from "../store.ts";
import { type Evaluation, evaluate } from "../template/evaluate.ts";
import { invalidTemplate } from "../template/fault.ts";
import { parameterTexts } from "../template/parameters.ts";
import { parseTemplate, type Template } from "../template/template.ts";
import { checkAttributes } from "./attributes.ts";
import { neededCapabilities } from "./capabilities.ts";
import type { Types } from "./types.ts";

/** Bytes of a template in the request, and of one in S3. */
const BODY_LIMIT = 51_200;
const URL_LIMIT = 1_048_576;

export interface TemplateInput {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
}

export interface VersionInput extends TemplateInput {
  readonly Parameters?: readonly Parameter[] | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
}

/** A version that passed every check that needs no resource. */
export interface Checked {
  readonly version: StackVersion;
  readonly evaluation: Evaluation;
  /** Parameters that are never shown. */
  readonly hidden: readonly string[];
}

export class Intake {
  private parsed: { readonly text: string; readonly template: Template } | undefined;

  constructor(
    private readonly lake: Lake,
    private readonly store: StackStore,
    private readonly types: Types,
  ) {}

  /** The template, which the next phases of an operation ask for again and again. */
  parse(text: string): Template {
    if (this.parsed?.text !== text) this.parsed = { text, template: parseTemplate(text) };
    return this.parsed.template;
  }

  /** @param stack whose template UsePreviousTemplate means */
  async templateText(input: TemplateInput, stack?: StackRecord): Promise<string> {
    const { TemplateBody, TemplateURL, UsePreviousTemplate } = input;
    const given = [TemplateBody !== undefined, TemplateURL !== undefined, UsePreviousTemplate === true].filter(
      Boolean,
    ).length;
    if (given > 1)
      throw invalidTemplate("Only one of TemplateBody, TemplateURL or UsePreviousTemplate may be specified.");
    if (UsePreviousTemplate === true) {
      const text = stack === undefined ? undefined : this.store.template(stack.stackId);
      if (text === undefined) throw invalidTemplate("Cannot use the previous template: the stack has none.");
      return text;
    }
    if (TemplateURL !== undefined) return this.fetch(TemplateURL);
    if (TemplateBody === undefined || TemplateBody === "")
      throw invalidTemplate("Either Template URL or Template Body must be specified.");
    if (Buffer.byteLength(TemplateBody) > BODY_LIMIT) {
      throw invalidTemplate(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${BODY_LIMIT}`,
      );
    }
    return TemplateBody;
  }

  async check(
    input: VersionInput,
    stack: Pick<StackRecord, "name" | "stackId">,
    before?: StackRecord,
  ): Promise<Checked> {
    const text = await this.templateText(input, before);
    const template = this.parse(text);
    await this.types.check(Object.values(template.resources).map(({ type }) => type));
    await checkAttributes(this.types, template);
    const parameters = parameterTexts(template.parameters, input.Parameters ?? [], before?.parameters);
    const capabilities = input.Capabilities ?? [];
    const needed = neededCapabilities(template);
    const satisfied = needed.every(
      (capability) =>
        capabilities.includes(capability) ||
        (capability === "CAPABILITY_IAM" && capabilities.includes("CAPABILITY_NAMED_IAM")),
    );
    if (!satisfied)
      throw new ServiceError("InsufficientCapabilitiesException", `Requires capabilities : [${needed.join(", ")}]`);
    const evaluation = this.evaluate(template, parameters, stack);
    // Functions that can't be evaluated, and exports that are not there, are faults of the template.
    evaluation.imports();
    const tags = readTags(input.Tags ?? []);
    return {
      version: { template: text, parameters, tags, capabilities: [...capabilities] },
      evaluation,
      hidden: Object.values(template.parameters)
        .filter(({ noEcho }) => noEcho)
        .map(({ name }) => name),
    };
  }

  evaluate(
    template: Template,
    parameters: Readonly<Record<string, string>>,
    stack: Pick<StackRecord, "name" | "stackId">,
  ): Evaluation {
    return evaluate({
      template,
      parameters,
      surroundings: {
        accountId: this.lake.accountId,
        region: this.lake.region,
        stackName: stack.name,
        stackId: stack.stackId,
      },
      importValue: (name) => {
        const found = this.store.exported(name);
        if (found === undefined) throw invalidTemplate(`No export named ${name} found.`);
        return found.value;
      },
    });
  }

  /** A template in the lake's own S3. */
  private async fetch(address: string): Promise<string> {
    const place = bucketAndKey(address);
    if (place === undefined) throw invalidTemplate("TemplateURL must be a supported URL.");
    const { Body, ContentLength } = await this.lake
      .call("s3", "GetObject", { Bucket: place.bucket, Key: place.key })
      .catch((error: unknown) => {
        throw invalidTemplate(`S3 error: ${error instanceof Error ? error.message : String(error)}`, error);
      });
    if ((ContentLength ?? 0) > URL_LIMIT) {
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
      throw invalidTemplate(`Template file referenced by ${address} is too large. The maximum is ${URL_LIMIT} bytes.`);
    }
    if (Body === undefined) return "";
    if (Body instanceof Uint8Array) return Buffer.from(Body).toString("utf8");
    const chunks: Buffer[] = [];
    for await (const chunk of Body) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html */
function readTags(given: readonly Tag[]): Record<string, string> {
  if (given.length > 50)
    throw invalidTemplate(
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    );
  const tags: Record<string, string> = {};
  for (const { Key = "", Value = "" } of given) {
    if (Key.startsWith("aws:")) {
      throw invalidTemplate("aws: prefixed tag key names are not allowed for external use.");
    }
    if (Key === "" || Key.length > 128 || Value.length > 256) throw invalidTemplate(`The tag '${Key}' is not valid.`);
    if (tags[Key] !== undefined) throw invalidTemplate(`Duplicate tag keys found: ${Key}`);
    tags[Key] = Value;
  }
  return tags;
}

/** The forms that AWS takes: path style, virtual hosted, and the lake's own endpoint. */
function bucketAndKey(address: string): { bucket: string; key: string } | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const path = decodeURIComponent(url.pathname.slice(1));
  const hosted = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com$/.exec(url.hostname);
  if (hosted !== null) return path === "" ? undefined : { bucket: hosted[1] as string, key: path };
  const slash = path.indexOf("/");
  if (slash < 1 || slash === path.length - 1) return undefined;
  const known =
    /^s3[.-][a-z0-9.-]*amazonaws\.com$/.test(url.hostname) ||
    url.hostname === "127.0.0.1" ||
    url.hostname === "localhost";
  return known ? { bucket: path.slice(0, slash), key: path.slice(slash + 1) } : undefined;
}
