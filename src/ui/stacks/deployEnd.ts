// How a deploy ended, as messages with the buttons that help with a stack.
import * as vscode from "vscode";
import type { BoathouseError } from "../../base/errors.ts";
import type { AwsSession } from "../../aws/session.ts";
import type { Deployed, ScriptsUp } from "../../flows/deployStages.ts";
import { known, messageFor } from "../shell/failures.ts";
import { say } from "../shell/say.ts";
import { duration } from "../shell/times.ts";
import type { Work } from "./views.ts";

export function tellEnd(work: Work, { stack, changed, resources }: Deployed, seconds: number | undefined): void {
  const { live, recorded } = resources;
  const load = "Load Sample Data";
  const lake = stack.outputs["LoaderJobName"] !== undefined;
  const text = changed
    ? `Stack ${stack.name} stands on ${work.on.name}${seconds === undefined ? "" : ` after ${duration(seconds)}`}`
    : `Stack ${stack.name} was already as the template says`;
  void say
    .info(
      `${text}: ${live} resources live${recorded > 0 ? `, ${recorded} recorded only` : ""}.`,
      ...(lake && changed ? [load] : []),
    )
    .then((pressed) =>
      pressed === load
        ? vscode.commands.executeCommand("boathouse.stacks.load", { kind: "stackName", id: stack.name })
        : undefined,
    );
}

/** Runs `act`; a failure of the stack is told with the buttons that help with a stack, and then counts as told. */
export async function failing<T>(work: Work, stackName: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (thrown) {
    const error = known(thrown);
    const ofStack = error.kind === "service" || error.kind === "conflict" || error.kind === "invalid";
    if (!ofStack) throw error;
    work.shell.log.error(`stack ${stackName}`, error);
    work.shell.tell("stacks");
    void tellFailure(work, stackName, error);
    return undefined;
  }
}

async function tellFailure(work: Work, stackName: string, error: BoathouseError): Promise<void> {
  const events = "Show Events";
  const tearDown = "Tear Down Stack";
  const stands = await work.on
    .use(async (session: AwsSession) => {
      const { findStack } = await import("../../stacks/stack.ts");
      return findStack(session, stackName);
    })
    .catch(() => undefined);
  const broken = stands !== undefined && /^(ROLLBACK_|CREATE_FAILED|DELETE_FAILED)/.test(stands.status);
  const pressed = await say.error(
    `Stack ${stackName}: ${messageFor(error)}`,
    ...(stands === undefined ? [] : [events]),
    ...(broken ? [tearDown] : []),
    ...(stands === undefined ? ["Show Log"] : []),
  );
  const node = { kind: "stackName", id: stackName };
  if (pressed === events) await vscode.commands.executeCommand("boathouse.stacks.showEvents", node);
  else if (pressed === tearDown) await vscode.commands.executeCommand("boathouse.stacks.tearDown", node);
  else if (pressed !== undefined) await vscode.commands.executeCommand("boathouse.showLog");
}

/** The person ended what comes after the execution. */
export function tellUnfinished(stackName: string, scripts: ScriptsUp | undefined): void {
  const { of = 0, up = [] } = scripts ?? {};
  const what =
    scripts === undefined
      ? "but whether all of its resources answer was not looked at."
      : up.length < of
        ? `but is not finished: ${up.length} of its ${of} job scripts are seen to be uploaded, and its triggers may be off.`
        : "but its triggers may be off.";
  tellMore(stackName, `Stack ${stackName} stands, ${what} Deploy it again to finish.`);
}

/** With the button that deploys the stack again, which also lets VS Code show all of it. */
export function tellMore(stackName: string, text: string): void {
  const again = "Deploy Again";
  void say
    .warn(text, again)
    .then((pressed) =>
      pressed === again
        ? vscode.commands.executeCommand("boathouse.stacks.deploy", { kind: "stackName", id: stackName })
        : undefined,
    );
}

/** Job scripts that are no longer what they were, though the stack is; "" where there are none. */
export function replacedScripts(scripts: ScriptsUp | undefined): string {
  const { replaced = [] } = scripts ?? {};
  if (replaced.length === 0) return "";
  return ` Its job ${replaced.length === 1 ? "script" : "scripts"} ${replaced.join(" and ")} may be the new ${
    replaced.length === 1 ? "one" : "ones"
  } already.`;
}

/** Cancel came when the operation was over. */
export function tellTooLate(stackName: string, kind: "CREATE" | "UPDATE" | undefined): void {
  if (kind === "UPDATE") {
    void say.info(`The update of stack ${stackName} was over before it could be cancelled.`);
    return;
  }
  const tearDown = "Tear Down Stack";
  void say
    .info(`The creation of stack ${stackName} was over before it could be cancelled. Nothing was deleted.`, tearDown)
    .then((pressed) =>
      pressed === tearDown
        ? vscode.commands.executeCommand("boathouse.stacks.tearDown", { kind: "stackName", id: stackName })
        : undefined,
    );
}
