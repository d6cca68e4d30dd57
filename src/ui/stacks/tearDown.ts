// Tear-down: what goes and what is kept, the person's yes, and the deletion followed to its end, across windows.
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import type { Operation } from "../../base/journal.ts";
import type { LeftOver, TearingDown } from "../../flows/destroy.ts";
import type { AwsSession } from "../../aws/session.ts";
import type { StackEvent } from "../../stacks/events.ts";
import type { Stack } from "../../stacks/stack.ts";
import { attend } from "../shell/attend.ts";
import { known, messageFor } from "../shell/failures.ts";
import { TEAR_DOWN } from "../shell/kinds.ts";
import { withProgress } from "../shell/progress.ts";
import { askFor } from "../shell/quickInput.ts";
import { isFresh } from "../shell/resuming.ts";
import { duration } from "../shell/times.ts";
import { tearDownText } from "./tearDownText.ts";
import { UnderWay } from "./underWay.ts";
import { busy, resumeWork, type StackEntry, type Work } from "./views.ts";
import { say } from "../shell/say.ts";

/** What the journal keeps of a tear-down. */
interface TearDownData {
  readonly stackName: string;
  readonly stackId: string;
  readonly token: string;
  /** ISO 8601: events before it are of an earlier operation. */
  readonly since: string;
  readonly total: number;
  /** The deletion itself was asked for. */
  readonly deleting?: boolean;
}

export async function tearDownCommand(work: Work, stack: Stack): Promise<void> {
  await work.views.once(`stack ${stack.name}`, busy(stack.name), async () => {
    const what = await withProgress(
      { title: `Looking at what stack ${stack.name} holds`, cancelled: "Nothing was deleted." },
      async () => {
        const { lookAtTearDown } = await import("../../flows/destroy.ts");
        return work.on.use((session) => lookAtTearDown(session, stack.id));
      },
    );
    const yes = `Tear Down ${stack.name}`;
    const detail = tearDownText(what, work.on.name);
    const pressed = await say.modal(`Tear down stack ${stack.name}?`, detail, yes);
    if (pressed !== yes) return;
    // As the command line does: Enter alone must not end what costs days to make again.
    if (work.on.choice.kind !== "local") await askName(stack.name, work.on.name);
    const data = {
      connection: work.on.choice,
      stackName: stack.name,
      stackId: what.stack.id,
      token: randomUUID(),
      since: new Date(Date.now() - 1000).toISOString(),
      total: what.resources.length,
    };
    await work.shell.operations.run(TEAR_DOWN, `Tear down stack ${stack.name}`, data, (operation) =>
      follow(work, operation, async (session, request) => {
        const { tearDown } = await import("../../flows/destroy.ts");
        return tearDown(session, what, request);
      }),
    );
  });
}

/** Resolves once its name was typed. @throws BoathouseError `cancelled` where the person leaves. */
async function askName(stackName: string, connection: string): Promise<void> {
  await askFor(`Tear down stack ${stackName}`, {
    prompt: `Type the stack's name to delete it on ${connection}`,
    validate: (value) => (value === stackName ? undefined : `Type ${stackName}, or press Escape to keep the stack.`),
  });
}

/** Goes on with a tear-down that a closed window left. */
export async function resumeTearDown(entry: StackEntry, operation: Operation): Promise<void> {
  const { stackName } = operation.data as unknown as TearDownData;
  await resumeWork(entry, operation, `stack ${stackName}`, busy(stackName), (work) => resumeOnce(work, operation));
}

async function resumeOnce(work: Work, operation: Operation): Promise<void> {
  const { stackName, stackId, deleting } = operation.data as unknown as TearDownData;
  if (deleting !== true && !isFresh(operation)) {
    const again = "Tear Down Stack";
    const pressed = await say.warn(
      `The tear-down of stack ${stackName} was not finished when its window closed: the stack still stands, its buckets may be empty.`,
      again,
    );
    if (pressed === again)
      await vscode.commands.executeCommand("boathouse.stacks.tearDown", { kind: "stackName", id: stackName });
    return;
  }
  await follow(work, operation, async (session, request) => {
    const flows = await import("../../flows/destroy.ts");
    return flows.resumeTearDown(session, stackId, request);
  });
}

async function follow(
  work: Work,
  operation: Operation,
  act: (session: AwsSession, request: TearingDown) => Promise<LeftOver[]>,
): Promise<void> {
  const { stackName } = operation.data as unknown as TearDownData;
  await UnderWay.during(work.views.underWay, stackName, "tearing down", (underWay) =>
    followAs(work, operation, act, underWay),
  );
}

async function followAs(
  work: Work,
  operation: Operation,
  act: (session: AwsSession, request: TearingDown) => Promise<LeftOver[]>,
  underWay: UnderWay,
): Promise<void> {
  const { stackName, stackId, token, since, total } = operation.data as unknown as TearDownData;
  const began = new Date(since).getTime();
  const stopping = new AbortController();
  let deleting = operation.data["deleting"] === true;
  // A deletion that may have ended before this window opened took as long as its events say.
  const deletedBefore = deleting;
  let lastEvent: Date | undefined;
  try {
    const left = await attend<LeftOver[]>({
      title: `Tearing down stack ${stackName}`,
      work: async (say) => {
        const { progressOf } = await import("../../stacks/events.ts");
        const events: StackEvent[] = [];
        const request: TearingDown = {
          token,
          since: new Date(since),
          signal: AbortSignal.any([stopping.signal, work.on.ending]),
          report: (event) => {
            if (event.kind === "progress") say(event.text);
          },
          onDeleting: () => {
            deleting = true;
            operation.note({ deleting });
          },
          onEvent: (event) => {
            events.push(event);
            lastEvent = event.at;
            const { done, total: of, last } = progressOf(events, stackId, total);
            if (last !== undefined) say(`${done} of ${of} · ${last.logicalId} ${last.status}`);
            work.views.changedSoon();
          },
        };
        return work.on.use((session) => act(session, request));
      },
      cancelFrom: (press) => underWay.enter("tearing down", press),
      onCancel: async () => {
        if (!deleting) {
          underWay.seal();
          stopping.abort(new BoathouseError("cancelled", "Stopped."));
          return "stopping";
        }
        void say.info(
          `CloudFormation can't cancel a deletion: stack ${stackName} goes on being deleted in the background. Its end is told here.`,
        );
        return "background";
      },
    });
    const ended = deletedBefore ? lastEvent?.getTime() : Date.now();
    tellEnd(stackName, left, ended === undefined ? undefined : Math.max(0, ended - began) / 1000);
  } catch (thrown) {
    if (work.on.ending.aborted) throw thrown;
    if (isCancelled(thrown)) {
      void say.warn(
        `The tear-down was stopped before the deletion: stack ${stackName} still stands, but its runs may have been stopped and its buckets emptied.`,
      );
      return;
    }
    const error = known(thrown);
    if (error.kind !== "service") throw error;
    work.shell.log.error(`stack ${stackName}`, error);
    void tellFailure(stackName, error);
  } finally {
    for (const what of ["stacks", "jobs", "catalog", "queries"] as const) work.shell.tell(what);
  }
}

async function tellFailure(stackName: string, error: BoathouseError): Promise<void> {
  const pressed = await say.error(
    `Stack ${stackName} was not deleted. ${messageFor(error)}`,
    "Show Events",
    "Tear Down Again",
  );
  const node = { kind: "stackName", id: stackName };
  if (pressed === "Show Events") await vscode.commands.executeCommand("boathouse.stacks.showEvents", node);
  else if (pressed !== undefined) await vscode.commands.executeCommand("boathouse.stacks.tearDown", node);
}

function tellEnd(stackName: string, left: readonly LeftOver[], seconds: number | undefined): void {
  if (left.length === 0) {
    const after = seconds === undefined ? "" : ` after ${duration(seconds)}`;
    void say.info(`Stack ${stackName} is gone${after}, and nothing of it is left.`);
    return;
  }
  const shown = left.slice(0, 5).map(({ type, physicalId }) => `${type} ${physicalId}`);
  const more = left.length > shown.length ? ` and ${left.length - shown.length} more` : "";
  void say.warn(
    `Stack ${stackName} is gone, but ${left.length} of its resources ${left.length === 1 ? "is" : "are"} left: ${shown.join(", ")}${more}.`,
  );
}
