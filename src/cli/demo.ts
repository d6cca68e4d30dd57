// boathouse demo: the whole line on a fresh lake, with its proof. boathouse prove: the proof alone, on a stack that stands.
import type { Command } from "commander";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { dataFolder } from "../base/paths.ts";
import { packageFolder } from "../base/package.ts";
import { demo } from "../flows/demo.ts";
import { lakeStack } from "../flows/lakeStack.ts";
import { type Proof, prove } from "../flows/proof.ts";
import { step, type StepTime } from "../flows/report.ts";
import { resetLake } from "../local/reset.ts";
import { action, type Context, ENGINES, localConnection } from "./context.ts";
import { table } from "./output.ts";
import { bytes } from "./queries.ts";
import { showEvent } from "./stack.ts";

const textsFolder = () => join(packageFolder(), "test", "queries");

export function addDemoCommands(program: Command): void {
  program
    .command("demo")
    .description("walk the whole line on a fresh local lake and prove its answers against the source database")
    .option("--keep", "leave lake and stack for you to look at")
    .option("--texts <folder>", "the PostgreSQL texts that the named queries are compared with", textsFolder())
    .action(
      action(async (context, options: { keep?: boolean; texts: string }) =>
        runDemo(context, options.keep === true, options.texts),
      ),
    );

  program
    .command("prove")
    .description("compare the stack's named queries with its source database")
    .option("--texts <folder>", "the PostgreSQL texts that the named queries are compared with", textsFolder())
    .action(
      action(async (context, options: { texts: string }) => {
        const session = await context.session(["trino"]);
        const proof = await prove(session, await lakeStack(session, context.stackName), options.texts, context.signal);
        context.output.result(proof, proofText(proof));
        if (!proof.holds) process.exitCode = 1;
      }),
    );
}

async function runDemo(context: Context, keep: boolean, texts: string): Promise<void> {
  if (!context.local) {
    throw new BoathouseError(
      "invalid",
      "The demo walks on the local lake: on AWS the database is private, and its proof asks the database.",
      {
        next: "Leave --profile, --region and --endpoint-url out.",
      },
    );
  }
  const { output } = context;
  const folder = resolve(context.options.lake ?? join(dataFolder(), "demo"));
  const steps: StepTime[] = [];
  context.onCancel = "Stopped. Run the demo again when you like: it begins on a fresh lake.";
  await step(output.flow, "fetch engines", () => context.fetchEngines(ENGINES), steps);
  const lake = await step(
    output.flow,
    "start lake",
    async () => {
      await resetLake(folder, { force: true, signal: context.signal });
      mkdirSync(folder, { recursive: true });
      return context.startLake({ folder });
    },
    steps,
  );
  const session = new AwsSession(localConnection(lake));
  try {
    const outcome = await demo(
      session,
      {
        stackName: context.options.stack ?? "boathouse-demo",
        texts,
        keep,
        report: output.flow,
        onEvent: showEvent(context),
        signal: context.signal,
      },
      steps,
    );
    if (!keep) {
      await step(
        output.flow,
        "stop lake",
        async () => {
          await lake.dispose();
          await resetLake(folder, { force: true });
        },
        steps,
      );
    }
    const { proof, resources, left } = outcome;
    const holds = proof.holds && left.length === 0;
    const queries = proof.queries.map(({ name, rows, equal, difference }) => ({
      name,
      rows,
      equal,
      ...(difference === undefined ? {} : { difference }),
    }));
    output.result({ steps, queries, resources, left, totals: proof.totals }, demoText(steps, outcome, holds));
    if (keep)
      output.note(
        `Lake and stack stay: say \`boathouse --lake ${folder} --stack boathouse-demo ...\`, and \`lake stop\` when you are done.`,
      );
    if (!holds) process.exitCode = 1;
  } finally {
    session.dispose();
  }
}

function demoText(
  steps: readonly StepTime[],
  { proof, resources, left }: Awaited<ReturnType<typeof demo>>,
  holds: boolean,
): string {
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    "",
    table(
      ["step", "seconds"],
      [...steps.map(({ name, seconds }) => [name, seconds.toFixed(1)]), ["total", total.toFixed(1)]],
    ),
    "",
    proofText(proof),
    "",
    `Resources: ${resources.live} live, ${resources.recorded} recorded only. Left after tear-down: ${left.length === 0 ? "nothing" : left.map((one) => one.physicalId).join(", ")}.`,
    holds ? "The proof holds." : "THE PROOF DOES NOT HOLD.",
  ].join("\n");
}

function proofText({ queries, totals }: Proof): string {
  return [
    table(
      ["query", "rows", "lake = source", "seconds", "scanned"],
      queries.map(({ name, rows, equal, difference, seconds, scannedBytes }) => [
        name,
        rows,
        equal ? "equal" : `NO: ${difference ?? ""}`,
        seconds.toFixed(1),
        bytes(scannedBytes),
      ]),
    ),
    "",
    `Source: ${totals.customers.toLocaleString("en-US")} customers, ${totals.orders.toLocaleString("en-US")} orders, ${totals.amount} in all.`,
  ].join("\n");
}
