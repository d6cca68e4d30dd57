// The results panels: one a file, tabs a statement; found again by file, rebuilt after a reload from execution ids.
import type * as vscode from "vscode";
import { BoathouseError } from "../../../base/errors.ts";
import type { PanelFile, ResultHost, ResultTab, StatementInfo } from "./tab.ts";

export type { PanelFile, ResultHost, ResultTab, StatementInfo } from "./tab.ts";

export class ResultPanels implements vscode.Disposable {
  constructor(private readonly host: ResultHost) {}

  /**
   * Shows the file's panel with a tab for each statement, in their order, waiting.
   * `replace`: the tabs that were there go (their executions do not end); false: the new ones stand behind them.
   */
  begin(file: PanelFile, statements: readonly StatementInfo[], replace: boolean): ResultTab[] {
    throw new BoathouseError(
      "bug",
      `No panel for ${file.uri}: ${statements.length} ${replace} ${this.host.extensionUri}`,
    );
  }

  dispose(): void {}
}
