// activate(): registers the features. Loads no AWS SDK, starts no process, opens no socket.
import * as vscode from "vscode";
import { registerCatalog } from "./ui/catalog/register.ts";
import { registerConnections } from "./ui/connections/register.ts";
import { registerJobs } from "./ui/jobs/register.ts";
import { registerLake } from "./ui/lake/register.ts";
import { registerQueries } from "./ui/queries/register.ts";
import { Shell } from "./ui/shell/shell.ts";
import { registerStacks } from "./ui/stacks/register.ts";
import { registerWelcome } from "./ui/welcome/register.ts";

let shell: Shell | undefined;

/** Returns nothing to other extensions; the tests of a host look inside. */
export function activate(context: vscode.ExtensionContext): Shell | undefined {
  shell = new Shell(context);
  registerConnections(shell);
  registerLake(shell);
  registerStacks(shell);
  registerJobs(shell);
  registerCatalog(shell, registerQueries(shell));
  registerWelcome(shell);
  // Last, so that each feature has said how it goes on.
  shell.operations.resumeOpen();
  shell.operations.keepLooking();
  return context.extensionMode === vscode.ExtensionMode.Test ? shell : undefined;
}

export async function deactivate(): Promise<void> {
  const closing = shell?.close();
  shell = undefined;
  await closing;
}
