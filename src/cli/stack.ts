// boathouse deploy, load, destroy
import { type Command, InvalidArgumentError } from "commander";
import { BoathouseError } from "../base/errors.ts";
import { standingCosts } from "../flows/cost.ts";
import { deploy } from "../flows/deploy.ts";
import { destroy, type TearDown } from "../flows/destroy.ts";
import { load } from "../flows/load.ts";
import type { Plan } from "../stacks/changeSet.ts";
import type { StackEvent } from "../stacks/events.ts";
import { action, type Context, ENGINES } from "./context.ts";
import { table } from "./output.ts";

export function addStackCommands(program: Command): void {
  program
    .command("deploy")
    .description("plan the stack, show the plan, and make it so")
    .option("--template <file>", "a CloudFormation template (default: the lake of Boathouse)")
    .option("--parameter <name=value>", "a template parameter; may be said again", keyValue, {})
    .option("--yes", "do not ask before the plan is executed")
    .action(
      action(async (context, options: { template?: string; parameter: Record<string, string>; yes?: boolean }) => {
        const session = await context.session(ENGINES);
        const done = await deploy(session, {
          stackName: context.stackName,
          ...(options.template === undefined ? {} : { template: options.template }),
          parameters: options.parameter,
          confirm: (plan) => confirmPlan(context, plan, options.yes === true),
          report: context.output.flow,
          onEvent: showEvent(context),
          signal: context.signal,
        });
        if (done === undefined) throw new BoathouseError("cancelled", "Nothing was deployed.");
        const { live, recorded } = done.resources;
        context.output.result(
          {
            stack: done.stack.name,
            status: done.stack.status,
            changed: done.changed,
            resources: done.resources,
            outputs: done.stack.outputs,
          },
          `Stack ${done.stack.name} ${done.changed ? "stands" : "was already so"} (${done.stack.status}): ${live} live resources${recorded > 0 ? `, ${recorded} recorded only` : ""}.`,
        );
      }),
    );

  program
    .command("load")
    .description("upload the sample (and generated rows) and run the loader job")
    .option("--rows <n>", "orders to generate beside the sample's", wholeNumber)
    .option("--seed <n>", "the same seed gives the same rows", wholeNumber, 1)
    .action(
      action(async (context, options: { rows?: number; seed: number }) => {
        const run = await load(await context.session(ENGINES), {
          stackName: context.stackName,
          ...(options.rows === undefined ? {} : { rows: options.rows }),
          seed: options.seed,
          report: context.output.flow,
          signal: context.signal,
        });
        context.output.result(run, `Loaded by run ${run.id} in ${run.executionSeconds} s.`);
      }),
    );

  program
    .command("destroy")
    .description("tear the stack down with all that its buckets hold, and look whether anything is left")
    .option("--yes", "do not ask for the stack's name")
    .action(
      action(async (context, options: { yes?: boolean }) => {
        const left = await destroy(await context.session(), {
          stackName: context.stackName,
          confirm: (what) => confirmTearDown(context, what, options.yes === true),
          report: context.output.flow,
          onEvent: showEvent(context),
          signal: context.signal,
        });
        if (left === undefined) throw new BoathouseError("cancelled", "Nothing was destroyed.");
        context.output.result(
          { stack: context.stackName, left },
          left.length === 0
            ? `Stack ${context.stackName} is gone and nothing of it is left.`
            : `Stack ${context.stackName} is gone, but these are left:\n${left.map((one) => `  ${one.type} ${one.physicalId}`).join("\n")}`,
        );
        if (left.length > 0) process.exitCode = 1;
      }),
    );
}

/** Prints an event of a stack as it comes. */
export function showEvent(context: Context): (event: StackEvent) => void {
  return (event) => {
    const text = `  ${event.status.padEnd(28)} ${event.logicalId}${event.reason === undefined ? "" : `  ${event.reason}`}`;
    if (/FAILED|ROLLBACK/.test(event.status)) context.output.note(text);
    else context.output.status(text);
  };
}

async function confirmPlan(context: Context, plan: Plan, yes: boolean): Promise<boolean> {
  const rows = plan.changes.map((change) => [
    change.action,
    change.logicalId,
    change.type,
    change.replacement === "True" ? "replaced" : change.replacement === "Conditional" ? "perhaps replaced" : "",
  ]);
  context.output.note(`Plan for stack ${plan.stackName} (${plan.kind.toLowerCase()}, ${plan.changes.length} changes):`);
  context.output.note(table(["action", "resource", "type", ""], rows));
  const costs = standingCosts(plan);
  if (costs.length > 0) {
    const sum = costs.reduce((total, { monthly }) => total + monthly, 0);
    const parts = costs.map(({ what, monthly }) => `${what} $${monthly.toFixed(2)}`).join(", ");
    context.output.note(
      `On AWS it costs about $${sum.toFixed(2)} a month while it stands (us-east-1 list prices, use not counted): ${parts}.`,
    );
  }
  if (yes) return true;
  return /^y(es)?$/i.test((await context.ask("Execute this plan? [y/N] ", "--yes")).trim());
}

async function confirmTearDown(context: Context, { stack, resources, kept }: TearDown, yes: boolean): Promise<boolean> {
  const going = resources.filter(({ status }) => status !== "DELETE_COMPLETE");
  context.output.note(
    `Stack ${stack.name} (${stack.status}) goes, with ${going.length} resources and all that its buckets hold:`,
  );
  context.output.note(
    table(
      ["resource", "type", "id", ""],
      going.map((resource) => [
        resource.logicalId,
        resource.type,
        resource.physicalId,
        kept.includes(resource.logicalId) ? "kept, or a snapshot of it" : resource.recorded ? "recorded only" : "",
      ]),
    ),
  );
  if (yes) return true;
  return (await context.ask(`Type the stack's name to destroy it: `, "--yes")).trim() === stack.name;
}

function keyValue(text: string, known: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It is said as name=value.");
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is a whole number.");
  return Number(text);
}
