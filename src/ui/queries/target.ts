// Workgroup and database that this workspace's statements run in: what was chosen for the connection, else what stands there.
import * as vscode from "vscode";
import type { AwsSession } from "../../aws/session.ts";
import type { QueryTarget } from "../../flows/queryTarget.ts";
import type { Shell } from "../shell/shell.ts";

export interface Target extends QueryTarget {
  /** Results go here, for a workgroup that names no place and lets its callers choose. */
  readonly outputLocation?: string;
}

/** What a person chose; the rest follows from what stands. */
type Chosen = Partial<Target>;

const REMEMBERED = "boathouse.queries.target";

export class Targets implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private defaults = new WeakMap<AwsSession, Promise<QueryTarget>>();
  private readonly memory: vscode.Memento;
  private readonly listening: vscode.Disposable;

  constructor(private readonly shell: Shell) {
    const { globalState, workspaceState } = shell.context;
    this.memory = vscode.workspace.workspaceFolders === undefined ? globalState : workspaceState;
    this.listening = shell.onDidHappen((what) => {
      // A stack was deployed or torn down, a database crawled: the defaults may be others.
      if (what === "stacks" || what === "catalog") this.defaults = new WeakMap();
    });
  }

  /** @throws BoathouseError where the connection does not answer. */
  async get(session: AwsSession): Promise<Target> {
    const chosen = this.chosen();
    if (chosen.workGroup !== undefined && chosen.database !== undefined)
      return { ...chosen, workGroup: chosen.workGroup, database: chosen.database };
    const { workGroup, database } = await this.default(session);
    return { workGroup, database, ...chosen };
  }

  /** Changes part of it; the rest stays. Another workgroup has a place for results of its own. */
  async choose(part: Chosen): Promise<void> {
    const before = this.chosen();
    const { outputLocation, ...rest } = before;
    const keeps = part.workGroup === undefined || part.workGroup === before.workGroup;
    const next = { ...rest, ...(keeps && outputLocation !== undefined ? { outputLocation } : {}), ...part };
    await this.memory.update(REMEMBERED, { ...this.all(), [this.key()]: next });
    this.changed.fire();
  }

  /** Goes back to what stands on the connection. */
  async forget(): Promise<void> {
    const { [this.key()]: _gone, ...others } = this.all();
    await this.memory.update(REMEMBERED, others);
    this.changed.fire();
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }

  private default(session: AwsSession): Promise<QueryTarget> {
    let known = this.defaults.get(session);
    if (known === undefined) {
      known = import("../../flows/queryTarget.ts").then(({ defaultTarget }) => defaultTarget(session));
      this.defaults.set(session, known);
      const asked = this.defaults;
      known.catch(() => asked.delete(session));
    }
    return known;
  }

  private chosen(): Chosen {
    return this.all()[this.key()] ?? {};
  }

  private all(): Record<string, Chosen> {
    return this.memory.get<Record<string, Chosen>>(REMEMBERED) ?? {};
  }

  private key(): string {
    return this.shell.connections.name ?? "";
  }
}
