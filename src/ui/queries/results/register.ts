// The results panel's commands: what its menu, keys and the palette ask of the panel that has the focus.
import type { Action } from "../../../messages/results.ts";
import type { CommandId } from "../../contributions.ts";
import type { Shell } from "../../shell/shell.ts";
import type { ResultPanels } from "./panels.ts";

const ACTIONS = {
  "boathouse.results.copy": { kind: "copy", format: "tsv", names: false },
  "boathouse.results.copyWithNames": { kind: "copy", format: "tsv", names: true },
  "boathouse.results.copyAsCsv": { kind: "copy", format: "csv", names: true },
  "boathouse.results.copyAsJson": { kind: "copy", format: "json", names: true },
  "boathouse.results.copyAsMarkdown": { kind: "copy", format: "markdown", names: true },
  "boathouse.results.showValue": { kind: "open" },
  "boathouse.results.selectRow": { kind: "selectRow" },
  "boathouse.results.selectColumn": { kind: "selectColumn" },
  "boathouse.results.selectAll": { kind: "selectAll" },
  "boathouse.results.sortAscending": { kind: "sort", descending: false },
  "boathouse.results.sortDescending": { kind: "sort", descending: true },
  "boathouse.results.clearSort": { kind: "sort", descending: null },
  "boathouse.results.filter": { kind: "find" },
} as const satisfies Partial<Record<CommandId, Action>>;

export function registerResults(shell: Shell, panels: ResultPanels): void {
  for (const [id, action] of Object.entries(ACTIONS))
    shell.command(id as keyof typeof ACTIONS, () => panels.act(action));
  shell.command("boathouse.results.export", () => panels.exportFocused());
}
