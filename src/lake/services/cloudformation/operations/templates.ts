// Templates apart from any deployment: validate, summarise, and give back that of a stack or change set.
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { checkAttributes } from "../engine/attributes.ts";
import { capabilitiesReason, neededCapabilities } from "../engine/capabilities.ts";
import { invalidTemplate } from "../template/fault.ts";
import { checkReferences } from "../template/references.ts";
import { parseTemplate, type Template } from "../template/template.ts";
import { changeSetOf } from "./changeSets.ts";
import { type Parts, stackOf } from "./parts.ts";

export function templateOperations(parts: Parts): Operations<"cloudformation"> {
  const { store, intake, types } = parts;
  const readChecked = async (text: string): Promise<Template> => {
    const template = parseTemplate(text);
    checkReferences(template);
    await types.check(Object.values(template.resources).map(({ type }) => type));
    await checkAttributes(types, template);
    return template;
  };
  const stackTemplate = (name: string): string => {
    const stack = stackOf(parts, name);
    if (stack.status === "REVIEW_IN_PROGRESS") {
      throw invalidTemplate("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.");
    }
    return store.template(stack.stackId) ?? "";
  };
  return {
    ValidateTemplate: {
      fields: ["TemplateBody", "TemplateURL"],
      async run(input) {
        const template = await readChecked(await intake.templateText(input));
        return {
          Parameters: Object.values(template.parameters).map(({ name, defaultValue, noEcho, description }) => ({
            ParameterKey: name,
            NoEcho: noEcho,
            ...(defaultValue === undefined ? {} : { DefaultValue: defaultValue }),
            ...(description === undefined ? {} : { Description: description }),
          })),
          ...describe(template),
          ...capabilities(template),
        };
      },
    },
    GetTemplateSummary: {
      fields: ["TemplateBody", "TemplateURL", "StackName", "TemplateSummaryConfig"],
      async run({ TemplateBody, TemplateURL, StackName }) {
        const text =
          StackName === undefined ? await intake.templateText({ TemplateBody, TemplateURL }) : stackTemplate(StackName);
        const template = await readChecked(text);
        return {
          Parameters: Object.values(template.parameters).map((declaration) => ({
            ParameterKey: declaration.name,
            ParameterType: declaration.type,
            NoEcho: declaration.noEcho,
            ...(declaration.defaultValue === undefined ? {} : { DefaultValue: declaration.defaultValue }),
            ...(declaration.description === undefined ? {} : { Description: declaration.description }),
            ParameterConstraints:
              declaration.allowedValues === undefined ? {} : { AllowedValues: [...declaration.allowedValues] },
          })),
          ...describe(template),
          ...capabilities(template),
          ResourceTypes: [...new Set(Object.values(template.resources).map(({ type }) => type))],
          Version: "2010-09-09",
          ...(template.metadata === undefined ? {} : { Metadata: JSON.stringify(template.metadata) }),
          DeclaredTransforms: [],
        };
      },
    },
    GetTemplate: {
      fields: ["StackName", "ChangeSetName", "TemplateStage"],
      run({ StackName, ChangeSetName }) {
        if (ChangeSetName !== undefined) {
          return {
            TemplateBody: changeSetOf(parts, ChangeSetName, StackName).version.template,
            StagesAvailable: ["Original", "Processed"],
          };
        }
        const stack = stackOf(parts, StackName);
        const text = store.template(stack.stackId);
        if (text === undefined) {
          throw stack.status === "REVIEW_IN_PROGRESS"
            ? new ServiceError("ValidationError", `Stack ${stack.name} has no template: it is in REVIEW_IN_PROGRESS.`)
            : invalidTemplate(`Template for stack ${stack.name} does not exist`);
        }
        return { TemplateBody: text, StagesAvailable: ["Original", "Processed"] };
      },
    },
  };
}

function describe(template: Template): { Description?: string } {
  return template.description === undefined ? {} : { Description: template.description };
}

function capabilities(template: Template) {
  const needed = neededCapabilities(template);
  const reason = capabilitiesReason(template);
  return {
    ...(needed.length === 0 ? {} : { Capabilities: needed }),
    ...(reason === undefined ? {} : { CapabilitiesReason: reason }),
  };
}
