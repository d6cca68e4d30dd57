// What is asked before a plan is made: which template, which stack, which parameters. The usual case is one press.
import * as vscode from "vscode";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { AwsSession } from "../../aws/session.ts";
import { BoathouseError, messageOf } from "../../base/errors.ts";
import { type TemplateFacts, whyNoStackName } from "../../stacks/parameters.ts";
import type { Stack } from "../../stacks/stack.ts";
import { stackPhase } from "../../stacks/state.ts";
import { askSteps, type Choice, pick, type Step } from "../shell/quickInput.ts";
import { ifSlow } from "./ifSlow.ts";
import { isLake } from "./nodes.ts";
import {
  keptValues,
  mustAsk,
  parameterChoices,
  parameterSteps,
  suggestedName,
  type Values,
} from "./parametersInput.ts";

export interface DeployChoice {
  readonly stackName: string;
  /** A template file; the lake of Boathouse where undefined. */
  readonly template: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters that keep the value that the stack has. */
  readonly previous: readonly string[];
  /** Parameters whose values are shown to nobody. */
  readonly hidden: readonly string[];
}

const CHOOSE = Symbol("choose");

const NOTHING_BEGUN = "Nothing was begun.";

/** How the first question was answered. */
interface Start {
  /** A file; CHOOSE: the person names one; undefined: the lake of Boathouse. */
  readonly template: string | typeof CHOOSE | undefined;
  /** The stack to update, where it is known already. */
  readonly stack: Stack | undefined;
  /** Offer the parameters, not only ask those that must be given. */
  readonly each: boolean;
}

/** Asks; `given` is the stack that the command was called on. @throws BoathouseError `cancelled` where the person leaves. */
export async function askDeploy(
  session: AwsSession,
  connection: string,
  given: Stack | undefined,
): Promise<DeployChoice> {
  const { listStacks } = await import("../../stacks/stack.ts");
  const { DEFAULT_STACK } = await import("../../flows/lakeStack.ts");
  // One that was only reviewed has nothing to update, and no values yet; one that is being deleted is waited for, and is none then.
  const listed = await ifSlow(`Looking for stacks on ${connection}`, NOTHING_BEGUN, listStacks(session));
  const stacks = listed.filter(
    ({ status }) => status !== "DELETE_IN_PROGRESS" && !["deleted", "review"].includes(stackPhase(status)),
  );
  const title = `Deploy to ${connection}`;
  const fresh = stacks.some(({ name }) => name === DEFAULT_STACK) ? undefined : DEFAULT_STACK;
  const start = await pick<Start>(title, {
    placeholder: given === undefined ? "What to deploy" : `How to deploy stack ${given.name}`,
    choices: given === undefined ? startChoices(stacks, fresh) : updateChoices(given),
  });
  const template = start.template === CHOOSE ? await chooseTemplate() : start.template;
  const facts = await factsOf(template);
  const named = start.stack?.name ?? (start.each || template !== undefined ? undefined : fresh);
  return askRest({ title, start, template, facts, stacks, named });
}

function startChoices(stacks: readonly Stack[], fresh: string | undefined): Choice<Start>[] {
  const open = vscode.window.activeTextEditor?.document;
  const file =
    open !== undefined && open.uri.scheme === "file" && looksLikeTemplate(open) ? open.uri.fsPath : undefined;
  return [
    ...(fresh === undefined
      ? []
      : [
          {
            icon: "cloud-upload",
            label: "Boathouse lake with defaults",
            description: `stack ${fresh}`,
            detail: "PostgreSQL, Glue jobs, a crawler, S3 and Athena. You see the plan first.",
            value: { template: undefined, stack: undefined, each: false },
          },
        ]),
    ...stacks.filter(isLake).map((stack) => ({
      icon: "sync",
      label: `Update ${stack.name}`,
      description: stack.status,
      detail: "Boathouse's template as it is now, with the stack's parameters. You see the plan first.",
      value: { template: undefined, stack, each: false },
    })),
    {
      icon: "settings",
      label: "Boathouse lake, choosing name and parameters",
      value: { template: undefined, stack: undefined, each: true },
    },
    ...(file === undefined
      ? []
      : [
          {
            icon: "file-code",
            label: `Template ${basename(file)}`,
            description: "the file in the editor",
            value: { template: file, stack: undefined, each: true },
          },
        ]),
    {
      icon: "folder-opened",
      label: "Template from a file...",
      value: { template: CHOOSE, stack: undefined, each: true },
    },
  ];
}

function updateChoices(stack: Stack): Choice<Start>[] {
  const ours: Choice<Start>[] = [
    {
      icon: "sync",
      label: "Boathouse lake with the stack's parameters",
      detail: "Boathouse's template as it is now. You see the plan first.",
      value: { template: undefined, stack, each: false },
    },
    {
      icon: "settings",
      label: "Boathouse lake, changing parameters",
      value: { template: undefined, stack, each: true },
    },
  ];
  const other: Choice<Start> = {
    icon: "folder-opened",
    label: "Template from a file...",
    value: { template: CHOOSE, stack, each: true },
  };
  return isLake(stack) || Object.keys(stack.outputs).length === 0 ? [...ours, other] : [other];
}

function looksLikeTemplate(document: vscode.TextDocument): boolean {
  if (!/\.(ya?ml|json|template)$/i.test(document.fileName)) return false;
  return /^\s*"?(AWSTemplateFormatVersion|Resources)"?\s*:/m.test(document.getText().slice(0, 51_200));
}

async function chooseTemplate(): Promise<string> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: "CloudFormation Template",
    openLabel: "Choose",
    canSelectMany: false,
    filters: { "CloudFormation templates": ["yaml", "yml", "json", "template"], "All files": ["*"] },
    ...(folder === undefined ? {} : { defaultUri: folder }),
  });
  const [file] = chosen ?? [];
  if (file === undefined) throw new BoathouseError("cancelled", "Cancelled.");
  return file.fsPath;
}

async function factsOf(template: string | undefined): Promise<TemplateFacts> {
  const { templateFile } = await import("../../flows/assets.ts");
  const { templateFacts } = await import("../../stacks/templateFacts.ts");
  const file = template ?? templateFile();
  try {
    return templateFacts(await readFile(file, "utf8"));
  } catch (error) {
    throw new BoathouseError("invalid", `The template ${file} can't be read: ${messageOf(error)}`, {
      resource: file,
      next: "Choose another file.",
      cause: error,
    });
  }
}

interface Rest {
  readonly title: string;
  readonly start: Start;
  readonly template: string | undefined;
  readonly facts: TemplateFacts;
  readonly stacks: readonly Stack[];
  readonly named: string | undefined;
}

async function askRest({ title, start, template, facts, stacks, named }: Rest): Promise<DeployChoice> {
  const { parameters } = facts;
  let stackName = named ?? (template === undefined ? "boathouse-2" : suggestedName(template));
  let chosen: readonly string[] = [];
  const values: Values = new Map();
  const current = () => stacks.find(({ name }) => name === stackName)?.parameters;
  const must = () => mustAsk(parameters, current());
  const optional = () => parameters.filter((parameter) => !must().includes(parameter));
  const nameStep: Step = async (ask) => {
    stackName = await ask.text({
      prompt: "Name of the stack. The name of one that stands updates it.",
      value: stackName,
      validate: whyNoStackName,
    });
  };
  // All of them at a glance: who changes one is asked for one.
  const whichStep: Step = async (ask) => {
    const kept = current() === undefined ? "have their defaults" : "keep their values";
    chosen = await ask.pickMany<string>({
      placeholder: `Tick what to set, if any; the others ${kept}`,
      choices: parameterChoices(optional(), current()),
      ticked: (name) => chosen.includes(name),
    });
  };
  const asked = () => parameters.filter((parameter) => must().includes(parameter) || chosen.includes(parameter.name));
  const steps = (): Step[] => [
    ...(named === undefined ? [nameStep] : []),
    ...(start.each && optional().length > 0 ? [whichStep] : []),
    ...parameterSteps(asked(), current(), values),
  ];
  if (steps().length > 0) await askSteps(title, steps);
  const kept = keptValues(parameters, current());
  // What was answered and then unticked on a way back counts no more.
  const given = new Map([...kept.values, ...[...values].filter(([name]) => asked().some((one) => one.name === name))]);
  return {
    stackName,
    template,
    parameters: Object.fromEntries(given),
    previous: kept.previous.filter((name) => !given.has(name)),
    hidden: parameters.filter(({ noEcho }) => noEcho).map(({ name }) => name),
  };
}
