// What who runs a statement tells its tab of the results panel, and what the tab's person asks back.
import type * as vscode from "vscode";
import type { AwsSession } from "../../../aws/session.ts";
import type { BoathouseError } from "../../../base/errors.ts";
import type { Execution } from "../../../queries/executions.ts";
import type { ConnectionChoice } from "../../connections/choice.ts";

/** What a panel belongs to: a .sql file, an untitled document, a named query. */
export interface PanelFile {
  /** The same again for the same file: one panel each. */
  readonly uri: string;
  readonly title: string;
}

export interface StatementInfo {
  readonly sql: string;
  /** Short, for the tab: the statement's first words. */
  readonly label: string;
  readonly connection: ConnectionChoice;
  /** As lenses say it: "local lake". */
  readonly connectionName: string;
  /** Once it was started: what a reload rebuilds the tab from. */
  readonly executionId?: string;
}

/** One tab a statement. It waits, then failed or succeeded; what is told later than that is ignored, until the statement is run again. */
export interface ResultTab {
  readonly info: StatementInfo;
  /** A statement runs in it once more: this one. */
  again(info: StatementInfo): void;
  started(executionId: string): void;
  /** Queued, running, stopping ...; shown with the elapsed time and Cancel. */
  phase(text: string, execution?: Execution): void;
  failed(error: BoathouseError, execution?: Execution): void;
  /** Streams rows into the store; resolves once all that it holds is there. Failures of reading are shown in the tab, never thrown. */
  succeeded(session: AwsSession, execution: Execution): Promise<void>;
  /** Cancel was pressed: stop the execution. */
  readonly onCancel: vscode.Event<void>;
}

export interface ResultHost {
  readonly extensionUri: vscode.Uri;
  /** The session of the connection that a statement ran on, which need not be the window's own now. */
  sessionFor(choice: ConnectionChoice): Promise<AwsSession>;
  /** After a reload: the execution still runs. Watch it on, tell the tab, listen to its events. */
  reattach(tab: ResultTab, info: StatementInfo): Promise<void>;
  /** Run Again was pressed on a tab that has ended: run its statement into the same tab, which waits again. Failures go to the tab. */
  rerun(file: PanelFile, tab: ResultTab): Promise<void>;
  /** The file's statement is not to be found any more: Run Again can only run the text that was run. */
  lost(file: PanelFile, tab: ResultTab): boolean;
  /** A document was edited or closed: `lost` may answer something else; its address. */
  readonly onDidMove: vscode.Event<string>;
  /** No query has succeeded on the local lake yet: the engine may have to start first. */
  first(): boolean;
  /** Runs a crawler of that connection. */
  crawl(choice: ConnectionChoice, crawler: string): Promise<void>;
  /** Tells the person what went wrong outside of any tab. */
  failed(error: unknown): void;
}
