// What an error is to a person in the editor: its message in the editor's own words, and the buttons that help. Shown by `showFailure`.
import { BoathouseError, type ErrorKind, isCancelled } from "../../base/errors.ts";
import type { CommandId } from "../contributions.ts";
import { unlinked } from "./text.ts";

export interface Button {
  readonly title: string;
  /** Undefined: the command that failed is run again. */
  readonly command: CommandId | undefined;
  readonly args?: readonly unknown[];
}

const CHOOSE: Button = { title: "Choose Connection", command: "boathouse.connections.choose" };
const LOG: Button = { title: "Show Log", command: "boathouse.showLog" };
const AGAIN: Button = { title: "Try Again", command: undefined };
const START: Button = { title: "Start Local Lake", command: "boathouse.lake.start" };
const FETCH: Button = { title: "Fetch Engines", command: "boathouse.lake.fetchEngines" };
const RESTART: Button = { title: "Restart Local Lake", command: "boathouse.lake.restart" };
const LAKE_LOG: Button = { title: "Show Log of the Local Lake", command: "boathouse.lake.showLog" };
const SIGN_IN: Button = { title: "Sign In", command: "boathouse.connections.signIn" };
const TRUST: Button = { title: "Manage Trust", command: "boathouse.manageTrust" };

const BUTTONS: Readonly<Record<ErrorKind, readonly Button[]>> = {
  credentials: [SIGN_IN, CHOOSE],
  denied: [CHOOSE, LOG],
  throttled: [AGAIN],
  notFound: [LOG],
  conflict: [AGAIN, LOG],
  invalid: [LOG],
  network: [AGAIN, CHOOSE],
  service: [AGAIN, LOG],
  cancelled: [],
  bug: [LOG],
};

/** The lake of this machine as errors name it, and a workspace that the person has not trusted. */
export const LAKE = "the local lake";
export const WORKSPACE = "this workspace";

export const CANCELLED = "Cancelled.";

/** Rooms speak to people of both shells; where they name a line of the command line or a variable, here is its command or setting. */
const WORDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/, or name one that stands with --stack: /g, ", or choose one that stands: "],
  [/`boathouse demo` fetches it, and so does `boathouse deploy`/g, "“Fetch Engines of the Local Lake” fetches it"],
  [/`boathouse lake start` fetches/g, "“Fetch Engines of the Local Lake” fetches"],
  [/See `boathouse lake status`/g, "See whether it runs in the Connection view"],
  [/`boathouse lake status` tells/g, "the Connection view tells"],
  [/ with `boathouse lake stop`, or reset with --force, which ends its work/g, ""],
  [/`boathouse lake stop`/g, "“Stop Local Lake”"],
  [/`boathouse lake (start|status|env|reset)[^`]*`/g, "“Start Local Lake”"],
  [/ --stack names one\./g, ""],
  [/`boathouse destroy[^`]*`/g, "“Tear Down Stack”"],
  [/`boathouse deploy[^`]*`/g, "“Deploy Stack”"],
  [/`boathouse jobs monitor[^`]*`/g, "“Show Log” on the run"],
  [/\s*\(aws sso login\)/g, ""],
  [/: --lake or BOATHOUSE_LAKE for the lake, BOATHOUSE_DATA for all of them/g, " in the setting boathouse.lake.folder"],
  [/let BOATHOUSE_CACHE name/g, "let the setting boathouse.engines.folder name"],
  [/let BOATHOUSE_PYTHON name/g, "let the setting boathouse.programs.python name"],
  [/let JAVA_HOME name/g, "let the setting boathouse.programs.javaHome name"],
  [/BOATHOUSE_CACHE/g, "the setting boathouse.engines.folder"],
  [/BOATHOUSE_PYTHON/g, "the setting boathouse.programs.python"],
  [/BOATHOUSE_MAVEN_MIRROR/g, "the setting boathouse.mirrors.maven"],
  [/BOATHOUSE_NPM_MIRROR/g, "the setting boathouse.mirrors.npm"],
  [/BOATHOUSE_PIP_INDEX/g, "the setting boathouse.mirrors.pip"],
  [/BOATHOUSE_DATA/g, "the setting boathouse.lake.folder"],
  [/ --template\b/g, ""],
];

const SETTING = /[Tt]he setting (boathouse\.[\w.]+)/g;

/** A room's text in the editor's words. */
export function inEditor(text: string): string {
  let said = text;
  for (const [pattern, words] of WORDS) said = said.replaceAll(pattern, words);
  // A sentence may have begun with a variable's name.
  return said.replaceAll(/(^|[.!?] )the setting/g, (_, before: string) => `${before}The setting`);
}

export function known(error: unknown): BoathouseError {
  if (error instanceof BoathouseError) return error;
  if (isCancelled(error)) return new BoathouseError("cancelled", CANCELLED, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new BoathouseError("bug", message, { cause: error });
}

/** What happened and what to do next, as one text in the editor's own words. */
export function messageFor(error: BoathouseError): string {
  const what = sentence(inEditor(error.message));
  const all = [error.kind === "bug" ? `Boathouse met an error of its own: ${what}` : what, inEditor(error.next ?? "")];
  return unlinked(all.filter((text) => text !== "").join(" "));
}

/** The buttons of an error, the most helpful first. */
export function buttonsFor(error: BoathouseError): readonly Button[] {
  if (error.kind === "network" && error.resource === LAKE) return [START, CHOOSE];
  if (error.kind === "conflict" && / does not answer/.test(error.message)) return [RESTART, LAKE_LOG];
  if (error.kind === "denied" && error.resource === WORKSPACE) return [TRUST];
  // A statement or job that met no engine.
  if (inEditor(error.message).includes("Fetch Engines")) return [FETCH, LOG];
  const settings = [...inEditor(error.next ?? "").matchAll(SETTING)].map(([, id]) => id ?? "");
  const [first] = settings;
  if (first === undefined) return BUTTONS[error.kind];
  // What a setting mends: it is opened, and then the same is tried again.
  return [AGAIN, { title: "Open Settings", command: "boathouse.openSettings", args: [first] }, LOG];
}

/** With a full stop at its end. */
export function sentence(said: string): string {
  const text = said.trim();
  return text === "" || /[.!?…”)]$/.test(text) ? text : `${text}.`;
}
