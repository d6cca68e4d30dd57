// A plan while it is made, and its end where it is not wanted: the change set is deleted, and what became of it is said.
import type { Operation } from "../../base/journal.ts";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import { sleep } from "../../base/wait.ts";
import type { Report } from "../../flows/report.ts";
import type { Plan } from "../../stacks/changeSet.ts";
import { attend } from "../shell/attend.ts";
import { known, messageFor } from "../shell/failures.ts";
import { say } from "../shell/say.ts";
import type { DeployData } from "./deployData.ts";
import { tellMore } from "./deployEnd.ts";
import { ifSlow } from "./ifSlow.ts";
import type { UnderWay } from "./underWay.ts";
import type { Work } from "./views.ts";

export const NOTHING_MADE = "Nothing was made or changed.";

/** After Cancel a service's answer is waited for so long, ms: it alone tells whether there is a change set to delete. */
const ANSWERS = 10_000;

/** And so long for the deletion of the change set, ms: nobody but a new deploy of the stack waits for it, and that has its Cancel. */
const DROPS = 60_000;

/** Plans by `act` with progress. Cancel drops the plan and says so: undefined then. */
export async function planning<T>(
  work: Work,
  operation: Operation,
  underWay: UnderWay,
  act: (signal: AbortSignal, report: Report) => Promise<T>,
): Promise<T | undefined> {
  const { stackName } = operation.data as unknown as DeployData;
  const stopping = new AbortController();
  const over = new AbortController();
  try {
    return await attend<T>({
      title: `Planning stack ${stackName}`,
      stoppingTitle: `Dropping the plan of stack ${stackName}`,
      work: (told) =>
        Promise.race([
          act(stopping.signal, (event) => {
            // The notification's title says the first half.
            if (event.kind === "progress") told(event.text.replace(`Planning stack ${stackName} `, ""));
          }),
          unanswered(stopping.signal, AbortSignal.any([over.signal, work.on.ending]), () =>
            told(`waiting for ${work.on.name}`),
          ),
        ]),
      onCancel: async () => {
        // A window that opens later knows that it is not wanted.
        operation.note({ dropping: true });
        underWay.enter("dropping");
        stopping.abort(new BoathouseError("cancelled", "Cancelled."));
        return "stopping";
      },
      cancelFrom: (press) => underWay.enter("planning", press),
    });
  } catch (error) {
    if (!stopping.signal.aborted || work.on.ending.aborted) throw error;
    if (isCancelled(error)) tellDropped(work, stackName);
    else {
      work.shell.log.warn(`the plan of stack ${stackName} was cancelled`, error);
      await drop(work, operation, underWay);
    }
    return undefined;
  } finally {
    over.abort();
  }
}

/** Throws once `stopped` was aborted and its end did not come in time. */
async function unanswered(stopped: AbortSignal, over: AbortSignal, waiting: () => void): Promise<never> {
  await new Promise<void>((resolve) => stopped.addEventListener("abort", () => resolve(), { once: true }));
  waiting();
  await sleep(ANSWERS, over);
  throw new BoathouseError("network", "There was no answer.");
}

/** Deletes the change set, which is looked for by its name where it is not at hand, and says what became of it. */
export async function drop(
  work: Work,
  operation: Operation,
  underWay: UnderWay,
  planned?: Pick<Plan, "changeSetId" | "kind" | "stackName">,
  told: { readonly word?: "dropped" | "discarded"; readonly more?: string } = {},
): Promise<void> {
  const { stackName, changeSetName } = operation.data as unknown as DeployData;
  underWay.enter("dropping");
  try {
    const dropping = dropNamed(work, stackName, changeSetName, planned);
    await ifSlow(`Dropping the plan of stack ${stackName}`, false, dropping);
    tellDropped(work, stackName, told);
  } catch (error) {
    if (work.on.ending.aborted) throw error;
    work.shell.log.error(`change set ${changeSetName}`, error);
    const why = isCancelled(error) ? `${work.on.name} does not answer.` : messageFor(known(error));
    void say.warn(
      `The plan for stack ${stackName} is not wanted, but its change set ${changeSetName} may still be there: ${why} Nothing of it is executed.${told.more ?? ""}`,
    );
  }
}

/** @throws BoathouseError `cancelled` where there was no answer in time. */
async function dropNamed(
  work: Work,
  stackName: string,
  changeSetName: string,
  planned?: Pick<Plan, "changeSetId" | "kind" | "stackName">,
): Promise<void> {
  const { dropPlan, findChangeSet } = await import("../../stacks/changeSet.ts");
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), DROPS);
  const signal = AbortSignal.any([limit.signal, work.on.ending]);
  try {
    await work.on.use(async (session) => {
      const left = planned ?? (await findChangeSet(session, stackName, changeSetName, signal));
      if (left !== undefined) await dropPlan(session, left, signal);
    });
  } finally {
    clearTimeout(timer);
  }
}

function tellDropped(
  work: Work,
  stackName: string,
  { word = "dropped", more = "" }: { readonly word?: string; readonly more?: string } = {},
): void {
  work.shell.tell("stacks");
  const what = `The plan for stack ${stackName} was ${word}.`;
  // What counts stands first: VS Code cuts a message without buttons to one line.
  if (more === "") void say.info(`${NOTHING_MADE} ${what}`);
  else tellMore(stackName, `Nothing of the stack was changed. ${what}${more}`);
}
