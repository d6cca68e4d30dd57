// The whole line on a lake: deploy, load, run, crawl, prove, tear down; each step with its time.
import type { AwsSession } from "../aws/session.ts";
import type { StackEvent } from "../stacks/events.ts";
import { crawlLake } from "./crawl.ts";
import { deploy } from "./deploy.ts";
import { destroy, type LeftOver } from "./destroy.ts";
import { lakeStack, namesOf } from "./lakeStack.ts";
import { load } from "./load.ts";
import { type Proof, prove } from "./proof.ts";
import { type Report, step, type StepTime } from "./report.ts";
import { runAll } from "./runJob.ts";

export interface DemoRequest {
  readonly stackName: string;
  /** Folder of the PostgreSQL texts that the named queries are compared with. */
  readonly texts: string;
  /** Leave the stack for the person to look at. */
  readonly keep: boolean;
  readonly report: Report;
  readonly onEvent?: (event: StackEvent) => void;
  readonly signal?: AbortSignal;
}

export interface DemoOutcome {
  readonly steps: readonly StepTime[];
  readonly proof: Proof;
  readonly resources: { readonly live: number; readonly recorded: number };
  readonly left: readonly LeftOver[];
}

/** Walks the line. Throws what the first failing step throws; a proof that does not hold is an outcome, not an error. */
export async function demo(session: AwsSession, request: DemoRequest, steps: StepTime[]): Promise<DemoOutcome> {
  const { stackName, report } = request;
  const common = {
    stackName,
    report,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    ...(request.onEvent === undefined ? {} : { onEvent: request.onEvent }),
  };
  const deployed = await step(report, "deploy", () => deploy(session, { ...common, confirm: async () => true }), steps);
  if (deployed === undefined) throw new Error("the plan was not confirmed");
  const lake = namesOf((await lakeStack(session, stackName)).stack);
  await step(report, "load", () => load(session, common), steps);
  await step(report, "run jobs", () => runAll(session, stackName, common), steps);
  await step(report, "crawl", () => crawlLake(session, stackName, request.signal), steps);
  const proof = await step(report, "query and prove", () => prove(session, lake, request.texts, request.signal), steps);
  if (request.keep) return { steps, proof, resources: deployed.resources, left: [] };
  const left = await step(report, "tear down", () => destroy(session, { ...common, confirm: async () => true }), steps);
  return { steps, proof, resources: deployed.resources, left: left ?? [] };
}
