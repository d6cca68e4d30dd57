// Deploy: questions, the plan as a document, and the person's yes; what is executed is followed by deployFollow.ts.
import * as vscode from "vscode";
import type { Operation } from "../../base/journal.ts";
import type { Plan } from "../../stacks/changeSet.ts";
import type { Stack } from "../../stacks/stack.ts";
import { DEPLOY } from "../shell/kinds.ts";
import { withProgress } from "../shell/progress.ts";
import { isFresh } from "../shell/resuming.ts";
import { say } from "../shell/say.ts";
import { failing } from "./deployEnd.ts";
import type { DeployData } from "./deployData.ts";
import { execute, finishSame, follow } from "./deployFollow.ts";
import { drop, NOTHING_MADE, planning } from "./deployPlanning.ts";
import { askDeploy, type DeployChoice } from "./deployQuestions.ts";
import { counts, planDocument } from "./planDocument.ts";
import { UnderWay } from "./underWay.ts";
import { busy, idle, resumeWork, type StackEntry, type Work } from "./views.ts";

export async function deployCommand(work: Work, given: Stack | undefined): Promise<void> {
  const name = work.on.name;
  const choice = await work.on.use((session) => askDeploy(session, name, given));
  await deployChosen(work, choice);
}

/** Plans, asks and deploys as an operation of the journal. */
export async function deployChosen(work: Work, choice: DeployChoice): Promise<void> {
  const { stackName } = choice;
  const { views } = work;
  if (views.underWay.get(stackName)?.phase === "dropping") {
    // An earlier plan that was cancelled or discarded in this window.
    const title = `The earlier plan of stack ${stackName} is being dropped`;
    const { abandonable } = await import("../../base/wait.ts");
    await withProgress({ title, cancelled: NOTHING_MADE }, ({ signal }) =>
      abandonable(idle(views, `stack ${stackName}`), signal),
    );
  }
  await views.once(`stack ${stackName}`, busy(stackName), () =>
    UnderWay.during(views.underWay, stackName, "planning", (underWay) => deployOnce(work, choice, underWay)),
  );
}

async function deployOnce(work: Work, choice: DeployChoice, underWay: UnderWay): Promise<void> {
  const { newChangeSetName } = await import("../../stacks/changeSet.ts");
  const { stackName, template, parameters, previous, hidden } = choice;
  const changeSetName = newChangeSetName();
  const data = { connection: work.on.choice, stackName, changeSetName, hidden };
  await work.shell.operations.run(DEPLOY, `Deploy stack ${stackName}`, data, async (operation) => {
    const planned = await failing(work, stackName, () =>
      planning(work, operation, underWay, async (signal, report) => {
        const { planDeploy } = await import("../../flows/deployStages.ts");
        const request = {
          stackName,
          ...(template === undefined ? {} : { template }),
          parameters,
          previous,
          changeSetName,
          report,
          onEvent: work.views.changedSoon,
          signal,
        };
        return (await work.on.use((session) => planDeploy(session, request))) ?? "same";
      }),
    );
    if (planned === undefined) return;
    if (planned === "same") await finishSame(work, stackName, underWay);
    else await decide(work, operation, underWay, planned);
  });
}

/** Goes on where a closed window was: shows the plan again, or follows the execution to its end. */
export async function resumeDeploy(entry: StackEntry, operation: Operation): Promise<void> {
  const { stackName } = operation.data as unknown as DeployData;
  await resumeWork(entry, operation, `stack ${stackName}`, busy(stackName), (work) =>
    UnderWay.during(entry.views.underWay, stackName, "planning", (underWay) => resumeOnce(work, operation, underWay)),
  );
}

async function resumeOnce(work: Work, operation: Operation, underWay: UnderWay): Promise<void> {
  const { stackName, changeSetName, dropping, executing } = operation.data as unknown as DeployData;
  if (dropping === true) return drop(work, operation, underWay);
  const planned = await planning(work, operation, underWay, async (signal) => {
    const { findPlan } = await import("../../stacks/changeSet.ts");
    return (await work.on.use((session) => findPlan(session, stackName, changeSetName, signal))) ?? "none";
  });
  if (planned === undefined) return;
  if (executing === true) {
    if (planned === "none") return follow(work, operation, underWay);
    // A plan that still stands was never executed: the window closed before the call went out.
    if (isFresh(operation)) return execute(work, operation, underWay, planned);
  }
  if (planned !== "none") return decide(work, operation, underWay, planned);
  const again = "Deploy Stack";
  // Not waited for: the entry ends now, and a deploy from the button is one of its own.
  void say
    .info(`The plan for stack ${stackName} was not finished when its window closed. ${NOTHING_MADE}`, again)
    .then((pressed) => (pressed === again ? vscode.commands.executeCommand("boathouse.stacks.deploy") : undefined));
}

/** Shows the plan and waits for Execute; anything else drops it. */
async function decide(work: Work, operation: Operation, underWay: UnderWay, planned: Plan): Promise<void> {
  const { stackName } = planned;
  const [{ standingCosts }, { isLiveOnLake }] = await Promise.all([
    import("../../flows/cost.ts"),
    import("../../flows/liveTypes.ts"),
  ]);
  const { hidden } = operation.data as unknown as DeployData;
  const local = work.shell.connections.choice?.kind === "local";
  const text = planDocument({
    plan: planned,
    connection: work.on.name,
    costs: standingCosts(planned),
    isLive: local ? isLiveOnLake : undefined,
    hidden: new Set(hidden),
  });
  const verb = planned.kind === "CREATE" ? "create" : "update";
  underWay.enter("reviewing", () => work.views.reviews.discard(stackName));
  const question = `Plan to ${verb} stack ${stackName} on ${work.on.name}. ${counts(planned)}`;
  const decision = await work.views.reviews.ask(stackName, text, question);
  if (decision === "execute") return execute(work, operation, underWay, planned);
  operation.note({ dropping: true });
  await drop(work, operation, underWay, planned, { word: "discarded" });
}
