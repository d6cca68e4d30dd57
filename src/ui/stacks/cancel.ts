// Cancelling what CloudFormation works on: a creation is deleted, an update rolled back; asked first, and its end told.
import { randomUUID } from "node:crypto";
import { BoathouseError } from "../../base/errors.ts";
import type { Following } from "../../flows/deployStages.ts";
import type { Plan } from "../../stacks/changeSet.ts";
import type { Stack } from "../../stacks/stack.ts";
import { attend } from "../shell/attend.ts";
import { known, messageFor } from "../shell/failures.ts";
import { pick } from "../shell/quickInput.ts";
import { say } from "../shell/say.ts";
import { tellMore, tellTooLate } from "./deployEnd.ts";
import { cancellable, stackText } from "./nodes.ts";
import { nameIn, type StackArgument, stackFor, type Work } from "./views.ts";

type Named = Pick<Stack, "name" | "id">;

/** What cancelling means is said first; true where the person wants it. */
export async function askCancel(stackName: string, kind: Plan["kind"] | undefined): Promise<boolean> {
  const update = kind === "UPDATE";
  const what = update
    ? "Cancelling rolls the stack back to what it was before."
    : "CloudFormation can't stop a creation half way: cancelling deletes the stack and what was made of it.";
  const stop = update ? "Cancel Update" : "Delete Stack";
  const text = `Stack ${stackName} is still being ${update ? "updated" : "created"}. ${what}`;
  return (await say.warn(text, "Keep Going in Background", stop)) === stop;
}

/** Asks CloudFormation. False where that came too late or was refused, which is told. */
export async function cancelOnStack(work: Work, stack: Named, kind: Plan["kind"] | undefined): Promise<boolean> {
  const { cancelUpdate, deleteStack } = await import("../../stacks/deletion.ts");
  const act = kind === "UPDATE" ? cancelUpdate : deleteStack;
  try {
    await work.on.use((session) => act(session, stack.id, randomUUID()));
    return true;
  } catch (error) {
    const failed = known(error);
    work.shell.log.warn(`stack ${stack.name} was not cancelled`, failed);
    if (failed.kind === "invalid" || failed.kind === "notFound") tellTooLate(stack.name, kind);
    else void say.error(`Stack ${stack.name} was not cancelled. ${messageFor(failed)}`);
    return false;
  } finally {
    work.shell.tell("stacks");
  }
}

/**
 * Waits for the end of a stack whose operation was cancelled, and tells it.
 * @param more what else the person should know, with a blank before it
 * @throws BoathouseError `service` where it ended otherwise.
 */
export async function endOfCancelled(work: Work, stack: Named, following: Following, more = ""): Promise<void> {
  const { joinRunning } = await import("../../flows/deployStages.ts");
  const { findStack } = await import("../../stacks/stack.ts");
  await work.on.use((session) => joinRunning(session, stack.id, following));
  const status = await work.on.use(async (session) => (await findStack(session, stack.id))?.status);
  if (status === "UPDATE_ROLLBACK_COMPLETE") {
    const text = `The update was cancelled. Stack ${stack.name} is as it was before (${status}).${more}`;
    if (more === "") void say.info(text);
    else tellMore(stack.name, text);
  } else if (status === undefined || status === "DELETE_COMPLETE") {
    void say.info(`The creation of stack ${stack.name} was cancelled and the stack deleted.`);
  } else {
    throw new BoathouseError("service", `Stack ${stack.name} is ${status} after its operation was cancelled.`, {
      resource: `stack ${stack.name}`,
      next: "The events say what stood in the way; tear it down.",
    });
  }
}

/** The command: cancels what this window works on a stack as its notification does, or what CloudFormation does for others. */
export async function cancelCommand(work: Work, node: StackArgument): Promise<void> {
  const { underWay } = work.views;
  const name = nameIn(node) ?? (await chosen(work));
  const here = underWay.get(name);
  if (here?.cancel() === true) return;
  if (here !== undefined) {
    throw new BoathouseError(
      "conflict",
      `What is under way on stack ${name} is at its end, or being cancelled already.`,
      {
        resource: `stack ${name}`,
        next: "Wait for its end: it is told here.",
      },
    );
  }
  const stack = await stackFor(work, { kind: "stackName", id: name }, "Cancel the operation of");
  const what = cancellable(stack);
  if (what === undefined) throw notCancellable(stack);
  const kind = what === "update" ? "UPDATE" : "CREATE";
  if (!(await askCancel(name, kind)) || !(await cancelOnStack(work, stack, kind))) return;
  await attend({
    title: kind === "UPDATE" ? `Rolling back stack ${name}` : `Deleting stack ${name}`,
    work: (told) =>
      endOfCancelled(work, stack, {
        report: () => undefined,
        onEvent: ({ logicalId, status }) => {
          told(`${logicalId} ${status}`);
          work.views.changedSoon();
        },
        signal: work.on.ending,
      }),
  });
  work.shell.tell("stacks");
}

/** The one that this window works on, the only one that something is under way on, or the one that the person picks. */
async function chosen(work: Work): Promise<string> {
  const { underWay } = work.views;
  const [here] = underWay.keys();
  if (here !== undefined && underWay.size === 1) return here;
  const { listStacks } = await import("../../stacks/stack.ts");
  const now = new Date();
  const stacks = (await work.on.use(listStacks)).filter((stack) => cancellable(stack) !== undefined);
  // What another began may not stand in the view yet.
  work.shell.tell("stacks");
  const rows = new Map(stacks.map((stack) => [stack.name, stackText(stack, now)]));
  for (const [name, { phase }] of underWay) rows.set(name, rows.get(name) ?? phase);
  const [first] = rows.keys();
  if (first === undefined) {
    throw new BoathouseError("notFound", `Nothing is under way on ${work.on.name} that could be cancelled.`, {
      next: "A deploy can be cancelled while it is under way.",
    });
  }
  if (rows.size === 1) return first;
  return pick("Cancel the operation of", {
    placeholder: "Which stack",
    choices: [...rows].map(([name, description]) => ({ label: name, description, value: name })),
  });
}

function notCancellable({ name, status }: Stack): BoathouseError {
  return new BoathouseError("conflict", `Stack ${name} is ${status}: nothing of it can be cancelled.`, {
    resource: `stack ${name}`,
    next: "A creation and an update can be cancelled while they are under way.",
  });
}
