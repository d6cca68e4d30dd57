// Operations of this window: written to the journal before they begin, and taken up again by one window after it was closed: the next
// one that opens, or one that stands open beside it.
import type * as vscode from "vscode";
import type { Journal, JournalData, Operation } from "../../base/journal.ts";

/** Goes on with an entry that a closed window left; resolves once it has ended and the person was told. */
export type Resume = (operation: Operation) => Promise<void>;

/**
 * How often an open window looks for what a closed one left; ms. It takes up what was left at two looks in a row, so that a window
 * that only reloads finds its own again. A look reads one folder, and the few files in it.
 */
const LOOK = 5000;

/** A window that does not answer for so long, ms, is not there: its extension host outlives a browser page that was closed, or a lost connection. */
const SILENCE = 10_000;

export class Operations implements vscode.Disposable {
  private readonly resumers = new Map<string, Resume>();
  private readonly held = new Set<Operation>();
  private readonly succeeding: ((kind: string) => void)[] = [];
  /** Entries of this workspace that nobody held at the last look. */
  private left: ReadonlySet<string> = new Set();
  private looking: NodeJS.Timeout | undefined;
  private asking = false;
  private readonly abandoning: (() => void)[] = [];

  /**
   * @param workspace names the window's workspace; equal after a reload.
   * @param answers resolves once the window has answered; it may never do.
   * @param silence how long its answer is waited for; ms.
   */
  constructor(
    private readonly journal: Journal,
    private readonly workspace: string,
    private readonly failed: (error: unknown) => void,
    private readonly answers: () => PromiseLike<unknown> = async () => undefined,
    private readonly silence = SILENCE,
  ) {}

  /** Who goes on with entries of `kind`. Each feature says so when it registers. */
  onResume(kind: string, resume: Resume): void {
    this.resumers.set(kind, resume);
  }

  /** Called with the kind of each operation that ended well here. */
  onSucceed(listen: (kind: string) => void): void {
    this.succeeding.push(listen);
  }

  /** Called where the window does not answer and its operations are given back: what works on them here ends, and another window goes on. */
  onAbandon(listen: () => void): void {
    this.abandoning.push(listen);
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
    this.release();
  }

  private release(): void {
    for (const operation of this.held) operation.release();
    this.held.clear();
  }

  /** The person can't see what this host says. Where the window comes back, the next looks take up again what no other window has. */
  private abandon(): void {
    if (this.held.size === 0) return;
    this.release();
    for (const listen of this.abandoning) listen();
  }

  /** False where the window has not answered for `silence` ms. */
  private async isThere(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), this.silence);
    });
    const answered = Promise.resolve(this.answers()).then(
      () => true,
      () => true,
    );
    return Promise.race([answered, silent]).finally(() => clearTimeout(timer));
  }

  private async abandonWhereSilent(): Promise<void> {
    if (this.held.size === 0 || this.asking) return;
    this.asking = true;
    const there = await this.isThere();
    this.asking = false;
    if (!there) this.abandon();
  }

  private look(): void {
    void this.abandonWhereSilent();
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
      await this.end(operation);
      for (const listen of this.succeeding) listen(operation.kind);
      return result;
    } catch (error) {
      await this.end(operation);
      throw error;
    }
  }

  /** Only once the window was there to see it. Not after dispose: what fails because the window closes has not ended. */
  private async end(operation: Operation): Promise<void> {
    if (!this.held.has(operation)) return;
    if (!(await this.isThere())) this.abandon();
    if (this.held.delete(operation)) operation.end();
  }
}
