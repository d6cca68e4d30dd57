// Registers the commands of the first steps, and tells the walkthrough which of them are done.
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { Shell } from "../shell/shell.ts";
import { openSample, showOpenedSample } from "./openSample.ts";

/** In globalState: steps that were reached once. */
const REACHED = "boathouse.reached";

/** How long VS Code may take to read the walkthrough that it was told to open; ms. */
const SETTLE = 500;

/** Which operations of the journal are which step. */
const STEPS: Readonly<Record<string, string>> = {
  deploy: "deploy",
  load: "load",
  runAll: "run",
  runJob: "run",
  query: "query",
};

export function registerWelcome(shell: Shell): void {
  const { globalState } = shell.context;
  shell.command("boathouse.openSample", () => openSample(shell));
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
  void showOpenedSample(shell);
}

function tick(step: string, done: boolean): void {
  void vscode.commands.executeCommand("setContext", `boathouse.reached.${step}`, done);
}
