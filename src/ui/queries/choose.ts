// Asking for workgroup and database, and for a place for results where a workgroup has none.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import { askFor, askSteps, type Choice, type Heading } from "../shell/quickInput.ts";
import { say } from "../shell/say.ts";
import type { Shell } from "../shell/shell.ts";
import type { Targets } from "./target.ts";

/** Asks for both, the present ones first. */
export async function chooseTarget(shell: Shell, targets: Targets): Promise<void> {
  const now = await shell.use((session) => targets.get(session)).catch(() => undefined);
  let workGroup = now?.workGroup ?? "primary";
  let database = now?.database;
  await askSteps("Choose Workgroup and Database", [
    async (ask) => {
      workGroup = await ask.pick({
        placeholder: "Workgroup that statements run in",
        choices: workGroupChoices(shell),
        active: (value) => value === workGroup,
        typed: (text) => ({
          label: text,
          value: text,
          icon: "edit",
          description: "workgroup that the list does not show",
        }),
      });
    },
    async (ask) => {
      database = await ask.pick({
        placeholder: "Database that names without one are looked up in",
        choices: databaseChoices(shell),
        active: (value) => value === database,
        typed: (text) => ({
          label: text,
          value: text,
          icon: "edit",
          description: "database that the list does not show",
        }),
      });
    },
  ]);
  await targets.choose({ workGroup, ...(database === undefined ? {} : { database }) });
}

async function workGroupChoices(shell: Shell): Promise<Choice<string>[]> {
  const { listWorkGroups } = await import("../../queries/workGroups.ts");
  const groups = await shell.use((session) => listWorkGroups(session));
  return groups.map(({ name, description, enabled }) => ({
    label: name,
    value: name,
    icon: enabled ? "server-process" : "circle-slash",
    description: [enabled ? "" : "disabled", description ?? ""].filter((text) => text !== "").join(" · "),
  }));
}

async function databaseChoices(shell: Shell): Promise<(Choice<string> | Heading)[]> {
  const { databasePage } = await import("../../catalog/catalog.ts");
  const { collect, pages } = await import("../../aws/pages.ts");
  const databases = await shell.use((session) => collect(pages((token) => databasePage(session, token))));
  return databases.map(({ name, description }) => ({
    label: name,
    value: name,
    icon: "database",
    ...(description === undefined ? {} : { description }),
  }));
}

/** Says that a workgroup has no place for results, and asks for what helps. Resolves to whether there is one now. */
export async function placeMissing(shell: Shell, targets: Targets, workGroup: string): Promise<boolean> {
  const choose = "Choose Workgroup";
  const set = "Set Output Location";
  const deploy = "Deploy Stack";
  const bare = await withoutStack(shell);
  const pressed = await say.error(
    bare
      ? `There is no stack on the local lake yet, and workgroup ${workGroup} names no output location, so the query's result has no place. A stack brings a workgroup with one: deploy it, choose another workgroup, or set a location in S3.`
      : `Workgroup ${workGroup} names no output location, so Athena has no place for the query's result. Choose another workgroup, or set a location in S3.`,
    ...(bare ? [deploy] : []),
    choose,
    set,
  );
  if (pressed === undefined) return false;
  if (pressed === deploy) {
    // Its end takes a while, and brings another workgroup: the query is run again by the person.
    await vscode.commands.executeCommand("boathouse.stacks.deploy");
    return false;
  }
  try {
    if (pressed === choose) await chooseTarget(shell, targets);
    else await setPlace(shell, targets, workGroup);
    return true;
  } catch (error) {
    if (error instanceof BoathouseError && error.kind === "cancelled") return false;
    throw error;
  }
}

/** The local lake stands, and nothing on it yet. */
async function withoutStack(shell: Shell): Promise<boolean> {
  if (shell.connections.choice?.kind !== "local") return false;
  const { listStacks } = await import("../../stacks/stack.ts");
  const stacks = await shell.use((session) => listStacks(session)).catch(() => undefined);
  return stacks?.length === 0;
}

/** Sets a location for results: for this workspace where the workgroup lets its callers choose, else in the workgroup. */
export async function setPlace(shell: Shell, targets: Targets, workGroup?: string): Promise<void> {
  const { getWorkGroup, setOutputLocation } = await import("../../queries/workGroups.ts");
  const name = workGroup ?? (await shell.use((session) => targets.get(session))).workGroup;
  const group = await shell.use((session) => getWorkGroup(session, name));
  const location = await askFor("Set Output Location", {
    prompt: group.enforced
      ? `Folder in S3 for the results of workgroup ${name}. It is set in the workgroup, for all who use it.`
      : `Folder in S3 for the results of this workspace's queries in workgroup ${name}.`,
    value: group.outputLocation ?? "s3://",
    placeholder: "s3://bucket/folder/",
    validate: (value) =>
      /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/.test(value) ? undefined : "A location is s3://bucket/folder/.",
  });
  if (!group.enforced) {
    await targets.choose({ workGroup: name, outputLocation: location });
    return;
  }
  const change = "Change Workgroup";
  const pressed = await say.modal(
    `Set the output location of workgroup ${name}?`,
    `All who use this workgroup will find their results in ${location}.`,
    change,
  );
  if (pressed !== change) throw new BoathouseError("cancelled", "Cancelled.");
  await shell.use((session) => setOutputLocation(session, name, location));
}
