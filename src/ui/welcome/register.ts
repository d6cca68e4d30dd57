// Registers the commands of the first steps, and tells the walkthrough which of them are done.
import * as vscode from "vscode";
import type { Shell } from "../shell/shell.ts";
import { openSample, showOpenedSample } from "./openSample.ts";

/** In globalState: steps that were reached once. */
const REACHED = "boathouse.reached";

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
  shell.command("boathouse.openWalkthrough", () =>
    vscode.commands.executeCommand(
      "workbench.action.openWalkthrough",
      `${shell.context.extension.id}#firstSteps`,
      false,
    ),
  );
  for (const step of globalState.get<string[]>(REACHED) ?? []) setReached(step);
  shell.operations.onSucceed((kind) => {
    const step = STEPS[kind];
    if (step === undefined) return;
    setReached(step);
    const reached = globalState.get<string[]>(REACHED) ?? [];
    if (!reached.includes(step)) void globalState.update(REACHED, [...reached, step]);
  });
  void showOpenedSample(shell);
}

function setReached(step: string): void {
  void vscode.commands.executeCommand("setContext", `boathouse.reached.${step}`, true);
}
