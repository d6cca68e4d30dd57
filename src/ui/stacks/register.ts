// Registers the commands and the view of the stacks.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import { stackPage } from "../../stacks/console.ts";
import type { StackEvent } from "../../stacks/events.ts";
import type { Stack } from "../../stacks/stack.ts";
import { stackPhase } from "../../stacks/state.ts";
import { documentsOf } from "../shell/documents.ts";
import { CRAWL, DEPLOY, LOAD, RUN_ALL, TEAR_DOWN } from "../shell/kinds.ts";
import { paceOf, Polling } from "../shell/polling.ts";
import type { Shell } from "../shell/shell.ts";
import { Steady } from "../shell/steady.ts";
import { NodeTree } from "../shell/tree.ts";
import { eventsText, type StackNode, type StacksNode } from "./nodes.ts";
import { PlanReviews } from "./planReview.ts";
import { StackSource } from "./source.ts";
import { copy, standingLake, type StackArgument, stackFor, type StackViews, type Work } from "./views.ts";

// Loaded when they are pressed: the window opens sooner.
const deploying = () => import("./deploy.ts");
const tearingDown = () => import("./tearDown.ts");
const onLake = () => import("./lakeCommands.ts");

export function registerStacks(shell: Shell): void {
  const { held } = shell;
  const changed = changes(shell);
  const source = new StackSource((running) => {
    polling.seen(running);
    changed(source.stacks);
  });
  const tree = held.push(new NodeTree<StacksNode>(shell, source));
  const refresh = () => tree.refresh();
  const polling = held.push(new Polling(tree.view, () => paceOf(shell.connections.choice?.kind), refresh));
  const documents = documentsOf(shell);
  const views: StackViews = {
    documents,
    reviews: held.push(new PlanReviews(shell, documents)),
    underWay: new Map(),
    ...onceAtATime(),
    changedSoon: soon(refresh, held),
  };
  held.push(shell.onDidHappen((what) => (what === "stacks" ? refresh() : undefined)));

  shell.command("boathouse.stacks.moreEvents", (stackId: string) => {
    source.moreEvents(stackId);
    refresh();
  });
  // Parallel: each holds on until its end, and guards by itself what must not be done twice.
  const parallel = { parallel: true };
  /** Of a command: its connection stays the one that it was called on. */
  const on = (act: (work: Work, node?: StackArgument) => Promise<unknown>) => (node?: StackArgument) =>
    Steady.during(shell, (steady) => act({ shell, on: steady, views }, node));
  shell.command(
    "boathouse.stacks.deploy",
    on(async (work, node) => {
      const given = node === undefined ? undefined : await stackFor(work, node, "Deploy");
      const { deployCommand } = await deploying();
      await deployCommand(work, given);
    }),
    { ...parallel, engines: ["postgres"] },
  );
  shell.command(
    "boathouse.stacks.tearDown",
    on(async (work, node) => {
      const stack = await stackFor(work, node, "Tear down");
      const { tearDownCommand } = await tearingDown();
      await tearDownCommand(work, stack);
    }),
    parallel,
  );
  for (const [id, title, verb, act] of [
    ["boathouse.stacks.load", "Load Sample Data", "Load", "loadCommand"],
    ["boathouse.stacks.runAll", "Run All Jobs", "Run all jobs of", "runAllCommand"],
    ["boathouse.stacks.crawl", "Crawl", "Crawl", "crawlCommand"],
  ] as const) {
    shell.command(
      id,
      on(async (work, node) => {
        const stack = await standingLake(work, await stackFor(work, node, verb, "lake"), title);
        const { [act]: command } = await onLake();
        await command(work, stack);
      }),
      id === "boathouse.stacks.crawl" ? parallel : { ...parallel, engines: ["postgres", "spark"] },
    );
  }
  shell.command(
    "boathouse.stacks.cancel",
    on(async (work, node) => {
      const { cancelCommand } = await import("./cancel.ts");
      await cancelCommand(work, node);
    }),
    parallel,
  );
  shell.command(
    "boathouse.stacks.showEvents",
    on(async (work, node) => {
      const stack = await stackFor(work, node, "Show the events of");
      await documents.show(`Events of stack ${stack.name}`, eventsText(stack.name, await allEvents(work.on, stack.id)));
    }),
  );
  shell.command(
    "boathouse.stacks.showTemplate",
    on(async (work, node) => {
      const stack = await stackFor(work, node, "Show the template of");
      const { deployedTemplate } = await import("../../stacks/template.ts");
      const text = await work.on.use((session) => deployedTemplate(session, stack.id));
      const json = text.trimStart().startsWith("{");
      await documents.show(`Template of stack ${stack.name}.${json ? "json" : "yaml"}`, text);
    }),
  );
  shell.command(
    "boathouse.stacks.openConsole",
    on(async (work, node) => {
      const page =
        node?.kind === "resource" ? node.page : await consolePage(work.on, await stackFor(work, node, "Open"));
      if (page !== undefined) await vscode.env.openExternal(vscode.Uri.parse(page));
    }),
  );
  shell.command("boathouse.stacks.copyValue", (node: StacksNode) => copy(valueOf(node)));

  const entry = { shell, views };
  shell.operations.onResume(DEPLOY, async (operation) => (await deploying()).resumeDeploy(entry, operation));
  shell.operations.onResume(TEAR_DOWN, async (operation) => (await tearingDown()).resumeTearDown(entry, operation));
  for (const kind of [LOAD, RUN_ALL, CRAWL])
    shell.operations.onResume(kind, async (operation) => (await onLake()).resumeOnLake(entry, operation));
}

async function consolePage(on: Steady, stack: Stack): Promise<string | undefined> {
  return on.use(async ({ connection }) => stackPage(connection, stack.id));
}

async function allEvents(on: Steady, stackId: string): Promise<StackEvent[]> {
  const { eventPage } = await import("../../stacks/events.ts");
  return on.use(async (session) => {
    const found: StackEvent[] = [];
    let token: string | undefined;
    do {
      const { events, next } = await eventPage(session, stackId, token);
      found.push(...events);
      token = next;
    } while (token !== undefined);
    return found.reverse();
  });
}

function valueOf(node: StacksNode): string {
  switch (node.kind) {
    case "value":
      return node.value;
    case "resource":
      return node.resource.physicalId ?? node.resource.logicalId;
    case "event":
      return `${node.event.logicalId} ${node.event.status} ${node.event.reason ?? ""}`.trim();
    case "stack":
      return node.stack.id;
    case "group":
      return node.stack.stack.name;
  }
}

function onceAtATime(): Pick<StackViews, "once" | "inTurn"> {
  const running = new Map<string, Promise<unknown>>();
  const run = async <T>(key: string, act: () => Promise<T>): Promise<T> => {
    const doing = act();
    running.set(key, doing);
    try {
      return await doing;
    } finally {
      running.delete(key);
    }
  };
  return {
    once: async (key, message, act) => {
      if (running.has(key)) throw new BoathouseError("conflict", message, { next: "Wait for its end." });
      return run(key, act);
    },
    inTurn: async (key, waits, act) => {
      if (running.has(key)) waits();
      for (let doing = running.get(key); doing !== undefined; doing = running.get(key)) {
        await doing.catch(() => undefined);
      }
      return run(key, act);
    },
  };
}

/** Tells the other views where what stands is not what stood: another window, or another person, has deployed or torn down. */
function changes(shell: Shell): (stacks: readonly StackNode[]) => void {
  let stood: string | undefined;
  return (stacks) => {
    const stands = stacks
      .filter(({ stack }) => !["running", "review"].includes(stackPhase(stack.status)))
      .map(({ stack }) => `${stack.id} ${stack.status}`)
      .join("\n");
    if (stood !== undefined && stands !== stood)
      for (const what of ["jobs", "catalog", "queries"] as const) shell.tell(what);
    stood = stands;
  };
}

/** Milliseconds within which many changes are one refresh. */
const MOMENT = 300;

function soon(act: () => void, held: Shell["held"]): () => void {
  let timer: NodeJS.Timeout | undefined;
  held.push(new vscode.Disposable(() => clearTimeout(timer)));
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      act();
    }, MOMENT);
  };
}
