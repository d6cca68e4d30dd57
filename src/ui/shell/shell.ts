// What every feature is given: the connection, the journal, the log, and the boundary at which commands are registered.
import { join } from "node:path";
import * as vscode from "vscode";
import { failure } from "../../aws/failure.ts";
import type { AwsSession } from "../../aws/session.ts";
import type { EngineName } from "../../base/engines.ts";
import { Journal } from "../../base/journal.ts";
import { Connections } from "../connections/connections.ts";
import type { CommandId, SettingId } from "../contributions.ts";
import { EngineFetches, fetchPlace } from "../lake/fetches.ts";
import { Disposables } from "./disposables.ts";
import { Operations } from "./operations.ts";
import { showFailure } from "./showFailure.ts";

/** What happened in one feature that others show: a deploy ended, a run began, the catalog is another one. */
export type Happening = "stacks" | "jobs" | "catalog" | "queries";

export class Shell implements vscode.Disposable {
  readonly held = new Disposables();
  readonly log: vscode.LogOutputChannel;
  readonly connections: Connections;
  readonly operations: Operations;
  /** The local lake's engines being fetched in this window. */
  readonly engines: EngineFetches;
  /**
   * On the local lake: sees that engines are on this machine, asks to fetch those that are missing and waits for these alone, for
   * `who`, a command's id or words ("The query"). `signal` ends the waiting. Elsewhere it does nothing. @throws BoathouseError `cancelled` where the person does not want them.
   */
  needEngines: (names: readonly EngineName[], who: string, signal?: AbortSignal) => Promise<void> = async () =>
    undefined;
  private readonly happened = this.held.push(new vscode.EventEmitter<Happening>());
  /** Views refresh on it. */
  readonly onDidHappen = this.happened.event;
  /** By view id: what a test asks for a tree's nodes. */
  readonly trees = new Map<string, vscode.TreeDataProvider<unknown>>();
  private readonly running = new Map<string, Promise<unknown>>();

  constructor(readonly context: vscode.ExtensionContext) {
    this.log = this.held.push(vscode.window.createOutputChannel("Boathouse", { log: true }));
    // A window without a folder has no memory of its own.
    const memory = vscode.workspace.workspaceFolders === undefined ? context.globalState : context.workspaceState;
    this.connections = this.held.push(new Connections(memory, context.secrets));
    this.engines = this.held.push(
      new EngineFetches(
        () => fetchPlace(this.connections.cacheFolder, (id) => this.setting<string>(id)),
        (line) => this.log.info(line),
      ),
    );
    const folder = vscode.workspace.workspaceFile ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    this.operations = this.held.push(
      new Operations(
        new Journal(join(context.globalStorageUri.fsPath, "operations")),
        folder?.toString() ?? "",
        (error) => void showFailure(error, this.log, async () => undefined),
        // Goes to the window and back.
        () => vscode.commands.executeCommand("setContext", "boathouse.window", true),
      ),
    );
  }

  get extensionUri(): vscode.Uri {
    return this.context.extensionUri;
  }

  /** `scope`: the document that it is for, where the setting may be another one in each folder. */
  setting<T>(id: SettingId, scope?: vscode.TextDocument): T | undefined {
    const dot = id.indexOf(".");
    return vscode.workspace.getConfiguration(id.slice(0, dot), scope).get<T>(id.slice(dot + 1));
  }

  tell(what: Happening): void {
    this.happened.fire(what);
  }

  /**
   * Runs `act` on the session of the chosen connection; where its credentials have expired, asks once and goes on.
   * `quietly`: nobody waits for it (a view that fills itself). Then a connection that failed is not tried anew, and what failed for
   * its credentials fails at once, while the person is asked; views fill themselves again when the connection has changed.
   */
  async use<T>(act: (session: AwsSession) => Promise<T>, options: { readonly quietly?: boolean } = {}): Promise<T> {
    const quietly = options.quietly === true;
    let session: AwsSession | undefined;
    try {
      session = await this.connections.session({ anew: !quietly });
      return await act(session);
    } catch (error) {
      const reason = failure(error, session?.name ?? "the connection");
      if (reason.kind === "network") await this.connections.lookAgain();
      if (reason.kind !== "credentials") throw reason;
      const renewed = this.connections.renew(session, quietly, reason).catch((failed: unknown) => {
        void showFailure(failed, this.log, async () => this.connections.renew(session, false, reason));
        return false;
      });
      if (quietly || !(await renewed)) throw reason;
      return act(await this.connections.session());
    }
  }

  /**
   * Registers a command. An error becomes a message with buttons. Pressed twice at once, it runs once, unless `parallel`: what
   * counts as the same is the id and the node that it was pressed on. `engines`: those of the local lake that it can't do without.
   */
  command<A extends unknown[]>(
    id: CommandId,
    act: (...args: A) => unknown,
    options: { readonly parallel?: boolean; readonly engines?: readonly EngineName[] } = {},
  ): void {
    const run = async (...args: A): Promise<unknown> => {
      const key = `${id} ${nodeId(args[0])}`;
      const same = options.parallel === true ? undefined : this.running.get(key);
      if (same !== undefined) return same;
      const doing = Promise.resolve()
        .then(async () => {
          if (options.engines !== undefined) await this.needEngines(options.engines, id);
          return act(...args);
        })
        .catch((error: unknown) => {
          // Not awaited: a message that nobody answers must not keep the command from running again.
          void showFailure(error, this.log, () => run(...args));
        })
        .finally(() => this.running.delete(key));
      if (options.parallel !== true) this.running.set(key, doing);
      return doing;
    };
    this.held.push(vscode.commands.registerCommand(id, run));
  }

  /** The window ends: what others hold for it is given back when this resolves. */
  async close(): Promise<void> {
    this.held.dispose();
    await this.connections.close();
  }

  dispose(): void {
    this.held.dispose();
  }
}

function nodeId(value: unknown): string {
  if (value instanceof vscode.Uri) return value.toString();
  if (typeof value !== "object" || value === null) return String(value ?? "");
  const { id } = value as { id?: unknown };
  return typeof id === "string" ? id : "";
}
