// What the commands of the stacks share: the tree, the documents, and which stack a command was called on.
import * as vscode from "vscode";
import type { Stack } from "../../stacks/stack.ts";
import { stackPhase } from "../../stacks/state.ts";
import type { Operation } from "../../base/journal.ts";
import { BoathouseError } from "../../base/errors.ts";
import type { PlanReviews } from "./planReview.ts";
import type { Documents } from "../shell/documents.ts";
import { connected } from "../shell/resuming.ts";
import { withProgress } from "../shell/progress.ts";
import { pick } from "../shell/quickInput.ts";
import type { Shell } from "../shell/shell.ts";
import type { Steady } from "../shell/steady.ts";
import { ifSlow } from "./ifSlow.ts";
import { isBecoming, type UnderWay } from "./underWay.ts";
import { isLake, stackText, type StacksNode } from "./nodes.ts";

export interface StackViews {
  readonly documents: Documents;
  readonly reviews: PlanReviews;
  /** Runs what may be under way only once; called again meanwhile, it throws `conflict` with `message`. */
  once<T>(key: string, message: string, act: () => Promise<T>): Promise<T>;
  /** As `once`, but waits for its turn; `waits` is told before. */
  inTurn<T>(key: string, waits: () => void, act: () => Promise<T>): Promise<T>;
  /** What this window works on stacks, by their names. */
  readonly underWay: Map<string, UnderWay>;
  /** Reads the view again; many calls within a moment are one. */
  changedSoon(): void;
}

/** What a command of a stack works with: its connection stays the one that it was called on. */
export interface Work {
  readonly shell: Shell;
  readonly on: Steady;
  readonly views: StackViews;
}

/** What goes on with an operation begins with: the connection is found by the operation. */
export type StackEntry = Pick<Work, "shell" | "views">;

/** Goes on with an operation once its connection is there; `key` as of `StackViews.once`, `message` says what it may have to wait for. */
export async function resumeWork(
  { shell, views }: StackEntry,
  operation: Operation,
  key: string,
  message: string,
  act: (work: Work) => Promise<void>,
): Promise<void> {
  // What another window left may be about what this one works on just now.
  const waits = () => shell.log.info(`“${operation.title}” is gone on with later. ${message}`);
  await views.inTurn(key, waits, async () => {
    const on = await connected(shell, operation);
    if (on === undefined) return;
    try {
      await act({ shell, on, views });
    } finally {
      on.dispose();
    }
  });
}

/** Resolves once nothing is under way as `key`. */
export async function idle(views: StackViews, key: string): Promise<void> {
  await views.inTurn(
    key,
    () => undefined,
    async () => undefined,
  );
}

/** Why a second operation on a stack is refused. */
export function busy(stackName: string): string {
  return `Stack ${stackName} is being worked on in this window.`;
}

/** What a command may be called with: a node of the view, or a stack's name (buttons of messages, keybindings). */
export type StackArgument = StacksNode | { readonly kind: "stackName"; readonly id: string } | undefined;

export function nameIn(argument: StackArgument): string | undefined {
  if (argument === undefined) return undefined;
  switch (argument.kind) {
    case "stackName":
      return argument.id;
    case "stack":
      return argument.stack.name;
    case "group":
      return argument.stack.stack.name;
    default:
      return argument.parent.stack.stack.name;
  }
}

/**
 * The stack that a command is about, as it is now: the one it was called on, the only one there is, or the one that the person picks.
 * @param only "lake": stacks that answer for a lake of Boathouse.
 * @throws BoathouseError `notFound` where there is none (any more), `cancelled` where the person leaves.
 */
export async function stackFor(
  { shell, on }: Pick<Work, "shell" | "on">,
  argument: StackArgument,
  verb: string,
  only: "lake" | "any" = "any",
): Promise<Stack> {
  const name = nameIn(argument);
  const { findStack, listStacks } = await import("../../stacks/stack.ts");
  if (name !== undefined) {
    const looking = on.use((session) => findStack(session, name));
    const stack = await ifSlow(`Looking for stack ${name} on ${on.name}`, "Nothing was begun.", looking);
    if (stack !== undefined && stackPhase(stack.status) !== "deleted") return stack;
    shell.tell("stacks");
    throw new BoathouseError("notFound", `Stack ${name} is gone: it was deleted elsewhere.`, {
      resource: `stack ${name}`,
      next: "Deploy it again, or choose another one.",
    });
  }
  const listed = await ifSlow(`Looking for stacks on ${on.name}`, "Nothing was begun.", on.use(listStacks));
  const stacks = listed.filter(
    (stack) => stackPhase(stack.status) !== "deleted" && (only === "any" || isLake(stack) || isBeingMade(stack)),
  );
  const [first] = stacks;
  if (first === undefined) {
    throw new BoathouseError("notFound", `There is no ${only === "lake" ? "lake stack" : "stack"} on ${on.name}.`, {
      next: "Deploy one first: “Deploy Stack”.",
    });
  }
  if (stacks.length === 1 && verb !== "Tear down") return first;
  const now = new Date();
  return pick(verb, {
    placeholder: "Which stack",
    choices: stacks.map((stack) => ({ label: stack.name, description: stackText(stack, now), value: stack })),
  });
}

function isBeingMade({ status }: Stack): boolean {
  return status === "CREATE_IN_PROGRESS";
}

/**
 * The stack once it is a lake that stands. One that is being made or changed is waited for, with progress: `verb` begins then.
 * @throws BoathouseError `conflict` where it is none or is being deleted, `cancelled` where the person does not want to wait.
 */
export async function standingLake(work: Work, stack: Stack, verb: string): Promise<Stack> {
  const { name, status } = stack;
  if (status === "DELETE_IN_PROGRESS") {
    throw new BoathouseError("conflict", `Stack ${name} is being torn down (${status}).`, {
      resource: `stack ${name}`,
      next: "Deploy it again once it is gone.",
    });
  }
  const here = isBecoming(work.views.underWay.get(name)?.phase);
  if (stackPhase(status) !== "running" && !here) return isLake(stack) ? stack : fail(noLake(stack));
  const doing = here ? "is being deployed" : isBeingMade(stack) ? "is being created" : "is being worked on";
  const stands = await withProgress(
    {
      title: `Stack ${name} ${doing}: “${verb}” begins once it stands`,
      cancelled: `“${verb}” did not begin. Stack ${name} goes on.`,
    },
    async ({ signal, report }) => {
      const { joinRunning } = await import("../../flows/deployStages.ts");
      const { abandonable } = await import("../../base/wait.ts");
      const standing = async () => {
        // What this window does beside the stack itself (job scripts) counts, too.
        if (here) await idle(work.views, `stack ${name}`);
        await work.on.use((session) => joinRunning(session, stack.id, { report, signal }));
        return stackFor(work, { kind: "stackName", id: name }, verb);
      };
      return abandonable(standing(), signal);
    },
  );
  return isLake(stands) ? stands : fail(noLake(stands));
}

function fail(error: BoathouseError): never {
  throw error;
}

function noLake({ name, status }: Stack): BoathouseError {
  return new BoathouseError("conflict", `Stack ${name} (${status}) is no lake of Boathouse that stands.`, {
    resource: `stack ${name}`,
    next: "Deploy it first, or choose another stack.",
  });
}

/** Copies and says so where it is read without a message in the way. */
export async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage("Copied.", 2000);
}
