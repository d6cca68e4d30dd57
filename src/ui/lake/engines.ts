// Asking for the lake's engines: which ones are missing, how much would come, and whether the person wants it.
import * as vscode from "vscode";
import type { EngineName } from "../../base/engines.ts";
import { BoathouseError } from "../../base/errors.ts";
import type { EnginePlan } from "../../local/engines/plan.ts";
import type { Shell } from "../shell/shell.ts";
import { size } from "../shell/text.ts";
import { engineTitle, listed } from "./meter.ts";
import { waitFor } from "./waiting.ts";

export const ALL_ENGINES: readonly EngineName[] = ["postgres", "spark", "trino"];

const USES: Readonly<Record<EngineName, string>> = {
  postgres: "the source database that jobs load from",
  spark: "job runs",
  trino: "queries",
};

/** Whether some of `names` have not been fetched. Reads a few files. */
export async function lacksEngines(shell: Shell, names: readonly EngineName[]): Promise<boolean> {
  const { engineStates } = await import("../../local/engines/plan.ts");
  return engineStates(shell.connections.cacheFolder).some(({ engine, present }) => !present && names.includes(engine));
}

/** The bytes of a plan, as a person reads them. */
export function totalOf(plan: readonly EnginePlan[]): string {
  return size(plan.reduce((sum, { bytes }) => sum + bytes, 0));
}

/** What is said before a download: what comes, how much of each, where it goes. */
export function fetchDetail(plan: readonly EnginePlan[], folder: string): string {
  const lines = plan.map(({ engine, version, bytes, with: also }) => {
    const what = `${engineTitle(engine)} ${version}${also === undefined ? "" : ` with a ${also}`}`;
    return `${what}: ${size(bytes)}, for ${USES[engine]}`;
  });
  return [
    ...lines,
    "",
    `In all about ${totalOf(plan)} to fetch, once, and ${size(plan.reduce((sum, { disk }) => sum + disk, 0))} on the disk, in ${folder}. Every file is held against the checksum that Boathouse was released with.`,
  ].join("\n");
}

/**
 * For a command on the local lake that can't do without these engines: asks to fetch the missing ones and waits until they are there,
 * and for no others. On another connection, or where all are there, it does nothing.
 * @param command what waits, as messages name it: "Deploy Stack", "The query".
 * @throws BoathouseError `cancelled` where the person does not want them, or to wait no longer; what fetching throws.
 */
export async function needEngines(
  shell: Shell,
  names: readonly EngineName[],
  command: string,
  signal?: AbortSignal,
): Promise<void> {
  if (shell.connections.choice?.kind !== "local" || !(await lacksEngines(shell, names))) return;
  const { engines } = shell;
  const plan = await engines.plan(names);
  // What is being fetched anyway is waited for without a question.
  const coming = plan.map(({ engine }) => engine).filter((engine) => engines.isComing(engine));
  const asked = plan.filter(({ engine }) => !engines.isComing(engine));
  if (asked.length > 0) {
    const fetch = `Fetch ${totalOf(asked)}`;
    const pressed = await vscode.window.showInformationMessage(
      `${command} needs ${listed(asked.map(({ engine }) => engine))}, which ${asked.length === 1 ? "is" : "are"} not on this machine yet.`,
      { modal: true, detail: fetchDetail(asked, shell.connections.cacheFolder) },
      fetch,
    );
    if (pressed !== fetch) throw new BoathouseError("cancelled", "Nothing was fetched.");
  }
  const over = new AbortController();
  const fetching = engines.fetch(asked.map(({ engine }) => engine)).catch((error: unknown) => {
    over.abort(error);
    throw error;
  });
  const ending = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  await Promise.all([fetching, waitFor(engines, coming, command, ending)]);
}
