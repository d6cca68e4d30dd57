// Exports: who has which, who uses them, and what that forbids.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
import type { OutputRecord, StackRecord } from "../records.ts";
import type { StackStore } from "../store.ts";

/** Names of the stacks that import an export. */
export async function importersOf(store: StackStore, name: string): Promise<string[]> {
  const stacks = await store.stacks();
  return stacks
    .filter(({ imports, status }) => status !== "DELETE_COMPLETE" && imports.includes(name))
    .map((stack) => stack.name);
}

/** Why a stack can't have these outputs, in AWS's words: an export of another stack, or one in use that would change or go. */
export async function exportsFault(
  store: StackStore,
  stack: StackRecord,
  outputs: readonly OutputRecord[],
): Promise<string | undefined> {
  for (const { exportName } of outputs) {
    const other = exportName === undefined ? undefined : store.exported(exportName);
    if (other !== undefined && other.stackId !== stack.stackId) {
      return `Export with name ${exportName} is already exported by stack ${store.stack(other.stackId)?.name ?? other.stackId}.`;
    }
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const after = outputs.find((output) => output.exportName === exportName);
    if (after?.value === value) continue;
    const users = await importersOf(store, exportName);
    if (users.length === 0) continue;
    const verb = after === undefined ? "delete" : "update";
    return `Update canceled. Cannot ${verb} export ${exportName} as it is in use by ${users.join(", ")}.`;
  }
  return undefined;
}

/** Why a stack can't be deleted: another one uses an export of it. */
export async function exportInUse(store: StackStore, stack: StackRecord): Promise<string | undefined> {
  for (const { exportName } of stack.outputs) {
    const users = exportName === undefined ? [] : await importersOf(store, exportName);
    if (users.length > 0)
      return `Delete canceled. Cannot delete export ${exportName} as it is in use by ${users.join(", ")}.`;
  }
  return undefined;
}
