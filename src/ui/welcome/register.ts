// Registers the commands of the first steps, and tells the walkthrough which of them are done.
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { DEPLOY, LOAD, QUERY, RUN_ALL, RUN_JOB } from "../shell/kinds.ts";
import type { Shell } from "../shell/shell.ts";
import { OPENING, REACHED } from "./memory.ts";

/** How long VS Code may take to read the walkthrough that it was told to open; ms. */
const SETTLE = 500;

/** Which operations of the journal are which step. */
const STEPS: Readonly<Record<string, string>> = {
  [DEPLOY]: "deploy",
  [LOAD]: "load",
  [RUN_ALL]: "run",
  [RUN_JOB]: "run",
  [QUERY]: "query",
};

export function registerWelcome(shell: Shell): void {
  const { globalState } = shell.context;
  shell.command("boathouse.openSample", async () => {
    const { openSample } = await import("./openSample.ts");
    await openSample(shell);
  });
  const reached = () => globalState.get<string[]>(REACHED) ?? [];
  shell.command("boathouse.openWalkthrough", async () => {
    // VS Code ticks a step as its key becomes true, and passes over one that is true when it first reads the walkthrough.
    for (const step of reached()) tick(step, false);
    await vscode.commands.executeCommand(
      "workbench.action.openWalkthrough",
      `${shell.context.extension.id}#firstSteps`,
      false,
    );
    await sleep(SETTLE);
    for (const step of reached()) tick(step, true);
  });
  for (const step of reached()) tick(step, true);
  const reach = (step: string) => {
    if (reached().includes(step)) return;
    tick(step, true);
    void globalState.update(REACHED, [...reached(), step]);
  };
  shell.held.push(
    shell.connections.onDidChange(() => {
      if (shell.connections.state.kind === "connected") reach("start");
    }),
  );
  shell.operations.onSucceed((kind) => {
    const step = STEPS[kind];
    if (step !== undefined) reach(step);
  });
  const opening = globalState.get<string>(OPENING);
  if (opening !== undefined)
    void import("./openSample.ts").then(({ showOpenedSample }) => showOpenedSample(shell, opening));
}

function tick(step: string, done: boolean): void {
  void vscode.commands.executeCommand("setContext", `boathouse.reached.${step}`, done);
}
