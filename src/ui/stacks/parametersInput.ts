// A template's parameters asked one after the other, with what its author says of them; the pure part says what is shown.
import { basename } from "node:path";
import { type TemplateParameter, whyRefused } from "../../stacks/parameters.ts";
import type { Choice, Heading, Step } from "../shell/quickInput.ts";

/** The values that were chosen so far, by parameter. A NoEcho one that keeps its value is not in it. */
export type Values = Map<string, string>;

/**
 * One question a parameter. `current`: the values of a stack that is updated.
 * @param values filled in as the person goes, offered again on the way back
 */
export function parameterSteps(
  parameters: readonly TemplateParameter[],
  current: Readonly<Record<string, string>> | undefined,
  values: Values,
): Step[] {
  return parameters.map((parameter) => async (ask) => {
    const before = values.get(parameter.name) ?? currentValue(parameter, current) ?? parameter.default;
    const keeps = parameter.noEcho && current?.[parameter.name] !== undefined;
    if (parameter.allowed !== undefined) {
      const value = await ask.pick<string>({
        placeholder: placeholderOfChoices(parameter),
        choices: choicesOf(parameter, currentValue(parameter, current)),
        active: (choice) => choice === before,
      });
      values.set(parameter.name, value);
      return;
    }
    const value = await ask.text({
      prompt: promptOf(parameter, keeps),
      value: parameter.noEcho ? "" : (before ?? ""),
      placeholder: keeps ? "Leave empty to keep the value that the stack has" : placeholderOf(parameter),
      password: parameter.noEcho,
      validate: (text) => (keeps && text === "" ? undefined : whyRefused(parameter, text)),
    });
    if (keeps && value === "") values.delete(parameter.name);
    else values.set(parameter.name, value);
  });
}

/** CloudFormation shows a NoEcho parameter as asterisks: that is no value to send again. */
function currentValue(
  { name, noEcho }: TemplateParameter,
  current: Readonly<Record<string, string>> | undefined,
): string | undefined {
  return noEcho ? undefined : current?.[name];
}

/** What is sent where the person keeps everything: a stack's own values (hidden ones as "previous"), else the template's defaults. */
export function keptValues(
  parameters: readonly TemplateParameter[],
  current: Readonly<Record<string, string>> | undefined,
): { readonly values: Values; readonly previous: readonly string[] } {
  const values: Values = new Map();
  const previous: string[] = [];
  for (const parameter of parameters) {
    const { name, noEcho, allowed } = parameter;
    const value = current?.[name];
    if (value === undefined) continue;
    if (noEcho) previous.push(name);
    // A value that the template no longer allows gives way to its default.
    else if (allowed === undefined || allowed.includes(value)) values.set(name, value);
  }
  return { values, previous };
}

/** Parameters without a default, or without a value of the stack: these must be asked for in any case. */
export function mustAsk(
  parameters: readonly TemplateParameter[],
  current: Readonly<Record<string, string>> | undefined,
): TemplateParameter[] {
  return parameters.filter((parameter) => parameter.default === undefined && current?.[parameter.name] === undefined);
}

/** The parameters below their groups, each with the value that it has unless another one is set. */
export function parameterChoices(
  parameters: readonly TemplateParameter[],
  current: Readonly<Record<string, string>> | undefined,
): (Choice<string> | Heading)[] {
  const groups = new Map<string | undefined, TemplateParameter[]>();
  for (const parameter of parameters) {
    const { group } = parameter;
    groups.set(group, [...(groups.get(group) ?? []), parameter]);
  }
  return [...groups].flatMap(([group, of]) => [
    ...(group === undefined ? [] : [{ heading: group }]),
    ...of.map((parameter): Choice<string> => {
      const { name, label, description } = parameter;
      return {
        label,
        value: name,
        description: valueNow(parameter, current),
        ...(description === undefined ? {} : { detail: description }),
      };
    }),
  ]);
}

function valueNow(parameter: TemplateParameter, current: Readonly<Record<string, string>> | undefined): string {
  const { name, noEcho, allowed, default: standard } = parameter;
  const has = current?.[name];
  if (noEcho) return has === undefined ? "hidden default" : "hidden";
  // As `keptValues` has it: what the template no longer allows gives way.
  const kept = has !== undefined && (allowed === undefined || allowed.includes(has)) ? has : undefined;
  const value = kept ?? standard ?? "";
  return value === "" ? "(empty)" : value;
}

function title({ group, label }: TemplateParameter): string {
  return group === undefined ? label : `${group}: ${label}`;
}

function promptOf(parameter: TemplateParameter, keeps: boolean): string {
  const { description, default: standard } = parameter;
  return [
    `${title(parameter)} (${parameter.name}).`,
    ...(description === undefined ? [] : [description]),
    ...(standard === undefined || keeps || parameter.noEcho
      ? []
      : [standard === "" ? "Default: empty." : `Default: ${standard}.`]),
  ].join(" ");
}

/** What the description says of no value in particular stands behind the name; the box shows all of it under the mouse. */
export function placeholderOfChoices(parameter: TemplateParameter): string {
  const { general } = sentencesOf(parameter.description ?? "", parameter.allowed ?? []);
  return [`${title(parameter)} (${parameter.name})`, general].filter((text) => text !== "").join(". ");
}

function placeholderOf({ default: standard }: TemplateParameter): string {
  return standard === undefined ? "A value is needed" : "";
}

/**
 * The allowed values, each with what the description says of it: its sentence that begins with the value ("prod keeps a final snapshot ...").
 * What the description says in general stands in the box above them.
 */
export function choicesOf(parameter: TemplateParameter, current: string | undefined): Choice<string>[] {
  const allowed = parameter.allowed ?? [];
  const { of } = sentencesOf(parameter.description ?? "", allowed);
  return allowed.map((value): Choice<string> => {
    const marks = [...(value === current ? ["current"] : []), ...(value === parameter.default ? ["default"] : [])];
    const detail = of.get(value);
    return {
      label: value === "" ? "(empty)" : value,
      value,
      ...(marks.length === 0 ? {} : { description: marks.join(", ") }),
      ...(detail === undefined ? {} : { detail }),
    };
  });
}

/** Splits a description by sentences and gives each value the first that begins with it. */
export function sentencesOf(
  description: string,
  values: readonly string[],
): { readonly general: string; readonly of: ReadonlyMap<string, string> } {
  const of = new Map<string, string>();
  const general: string[] = [];
  for (const sentence of description.split(/(?<=\.)\s+/)) {
    const value = values.find(
      (one) => one !== "" && !of.has(one) && new RegExp(`^${escaped(one)}(?=[\\s:,]|$)`).test(sentence),
    );
    if (value === undefined) general.push(sentence);
    else of.set(value, sentence);
  }
  return { general: general.join(" "), of };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** "my_lake.template.yaml" suggests "my-lake". */
export function suggestedName(file: string): string {
  const stem = (basename(file).split(".")[0] ?? "")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^[^A-Za-z]+|-+$/g, "");
  return stem === "" ? "stack" : stem.slice(0, 128);
}
