// What a panel is rebuilt from after a reload: its file, and each tab's statement with its execution id.
import { parseChoice } from "../../connections/choice.ts";
import type { PanelFile, StatementInfo } from "./tab.ts";

export interface SavedTab {
  readonly id: string;
  readonly info: StatementInfo;
}

export interface Memento {
  readonly file: PanelFile;
  readonly tabs: readonly SavedTab[];
  readonly active: string;
}

/** What a page kept, where it still is one; tabs that are none of ours any more are left out. */
export function parseMemento(value: unknown): Memento | undefined {
  const { file, tabs, active } = fields(value);
  const { uri, title } = fields(file);
  if (typeof uri !== "string" || typeof title !== "string" || !Array.isArray(tabs)) return undefined;
  return {
    file: { uri, title },
    tabs: tabs.flatMap((tab) => parseTab(tab) ?? []),
    active: typeof active === "string" ? active : "",
  };
}

function parseTab(value: unknown): SavedTab | undefined {
  const { id, info } = fields(value);
  const { sql, label, connection, connectionName, executionId } = fields(info);
  const choice = parseChoice(connection);
  if (typeof id !== "string" || typeof sql !== "string" || typeof label !== "string") return undefined;
  if (choice === undefined || typeof connectionName !== "string") return undefined;
  return {
    id,
    info: {
      sql,
      label,
      connection: choice,
      connectionName,
      ...(typeof executionId === "string" ? { executionId } : {}),
    },
  };
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
