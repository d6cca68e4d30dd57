// Operations of this window: written to the journal before they begin, and taken up again by one window after it was closed: the next
// one that opens, or one that stands open beside it.
import type * as vscode from "vscode";
import type { Journal, JournalData, Operation } from "../../base/journal.ts";
import { isCancelled } from "../../base/errors.ts";

/** Goes on with an entry that a closed window left; resolves once it has ended and the person was told. */
export type Resume = (operation: Operation) => Promise<void>;

/**
 * How often an open window looks for what a closed one left; ms. It takes up what was left at two looks in a row, so that a window
 * that only reloads finds its own again. A look reads one folder, and the few files in it.
 */
const LOOK = 5000;

export class Operations implements vscode.Disposable {
  private readonly resumers = new Map<string, Resume>();
  private readonly held = new Set<Operation>();
  private readonly succeeding: ((kind: string) => void)[] = [];
  /** Entries of this workspace that nobody held at the last look. */
  private left: ReadonlySet<string> = new Set();
  private looking: NodeJS.Timeout | undefined;

  /** @param workspace names the window's workspace; equal after a reload. */
  constructor(
    private readonly journal: Journal,
    private readonly workspace: string,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Who goes on with entries of `kind`. Each feature says so when it registers. */
  onResume(kind: string, resume: Resume): void {
    this.resumers.set(kind, resume);
  }

  /** Called with the kind of each operation that ended well here. */
  onSucceed(listen: (kind: string) => void): void {
    this.succeeding.push(listen);
  }

  /**
   * Runs `act` as an operation of the journal. The entry ends with it, whichever way: succeeded, failed, or cancelled by a person.
   * Where the window closes meanwhile, it stays open for the next one.
   */
  async run<T>(kind: string, title: string, data: JournalData, act: (operation: Operation) => Promise<T>): Promise<T> {
    return this.hold(this.journal.begin({ kind, title, workspace: this.workspace, data }), act);
  }

  /** Takes up what closed windows of this workspace left. Reads one folder; where that is empty, it does nothing else. */
  resumeOpen(): void {
    for (const id of this.journal.open()) this.takeUp(id);
  }

  /** From now on takes up, too, what another window of this workspace leaves while this one is open. */
  keepLooking(every = LOOK): void {
    this.looking ??= setInterval(() => this.look(), every);
  }

  /** The window closes: its entries stay open, without a holder. */
  dispose(): void {
    clearInterval(this.looking);
    for (const operation of this.held) operation.release();
    this.held.clear();
  }

  private look(): void {
    const before = this.left;
    try {
      this.left = new Set(this.journal.open().filter((id) => this.journal.isLeft(id, this.workspace)));
      for (const id of this.left) if (before.has(id)) this.takeUp(id);
    } catch (error) {
      // A folder that can't be read now: the next look may.
      this.left = new Set();
      if (before.size > 0) this.failed(error);
    }
  }

  private takeUp(id: string): void {
    const operation = this.journal.take(id, this.workspace);
    if (operation === undefined) return;
    const resume = this.resumers.get(operation.kind);
    // Of a version that knew more kinds than this one.
    if (resume === undefined) operation.release();
    else void this.hold(operation, resume).catch((error: unknown) => this.failed(error));
  }

  private async hold<T>(operation: Operation, act: (operation: Operation) => Promise<T>): Promise<T> {
    this.held.add(operation);
    try {
      const result = await act(operation);
      this.end(operation);
      for (const listen of this.succeeding) listen(operation.kind);
      return result;
    } catch (error) {
      if (this.held.has(operation) || isCancelled(error)) this.end(operation);
      throw error;
    }
  }

  private end(operation: Operation): void {
    // Not after dispose: what fails because the window closes has not ended.
    if (this.held.delete(operation)) operation.end();
  }
}
