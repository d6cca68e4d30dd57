// What the journal keeps of statements under way, and reading it back.
import type { JournalData } from "../../base/journal.ts";
import { type ConnectionChoice, parseChoice } from "../connections/choice.ts";
import type { PanelFile } from "./results/tab.ts";
import type { Target } from "./target.ts";

export interface RunEntry {
  readonly file: PanelFile;
  readonly connection: ConnectionChoice;
  /** Each statement's client token is this and its number: started again with it, it is the same execution. */
  readonly token: string;
  readonly statements: readonly {
    readonly sql: string;
    readonly parameters: readonly string[];
    readonly database?: string;
  }[];
  readonly target: Target | undefined;
  /** Ids by the statement's number, of those that were started. */
  readonly executions: Readonly<Record<number, string>>;
}

/** Undefined where it is not an entry that this version wrote. */
export function parseEntry(data: JournalData): RunEntry | undefined {
  const connection = parseChoice(data["connection"]);
  const { file, token, statements, target } = data as Partial<RunEntry>;
  if (connection === undefined || typeof token !== "string" || !Array.isArray(statements) || file === undefined)
    return undefined;
  const executions: Record<number, string> = {};
  for (const [name, id] of Object.entries(data)) {
    const at = /^execution(\d+)$/.exec(name)?.[1];
    if (at !== undefined && typeof id === "string") executions[Number(at)] = id;
  }
  return { file, connection, token, statements, target, executions };
}
