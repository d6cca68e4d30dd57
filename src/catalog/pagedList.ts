// A list that comes in pages: the first at once, the rest one after the other when it is asked for or in the background.
import { BoathouseError, messageOf } from "../base/errors.ts";
import { sleep } from "../base/wait.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** Token of the next page; undefined or empty on the last. */
  readonly next: string | undefined;
}

export type FetchPage<T> = (token: string | undefined) => Promise<Page<T>>;

/** Waits between tries of a page that was throttled, ms. The SDK has tried each of them several times already. */
const PATIENCE = [1000, 2000, 4000, 8000];

export class PagedList<T> {
  private readonly held: T[] = [];
  private token: string | undefined;
  private pages = 0;
  private ended = false;
  private failed: BoathouseError | undefined;
  private reading: Promise<void> | undefined;
  private background: Promise<void> | undefined;
  private readonly end = new AbortController();

  constructor(
    private readonly fetch: FetchPage<T>,
    private readonly onChange: () => void = () => undefined,
    private readonly patience: readonly number[] = PATIENCE,
  ) {}

  /** What was read so far, in the service's order. */
  get items(): readonly T[] {
    return this.held;
  }

  get complete(): boolean {
    return this.ended;
  }

  /** Why reading stopped before the end; `more` and `all` go on from there. */
  get error(): BoathouseError | undefined {
    return this.failed;
  }

  /** True while pages are read. */
  get loading(): boolean {
    return this.reading !== undefined || this.background !== undefined;
  }

  /** Resolves once the first page is there. @throws what reading it threw; the next call tries again. */
  async first(): Promise<void> {
    if (this.pages === 0) await this.more();
  }

  /** Reads the next page; calls at once share it. */
  more(): Promise<void> {
    if (this.ended) return Promise.resolve();
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** Reads all that is left, a page at a time, waiting where the service throttles. Never throws: `error` says why it stopped. */
  all(): Promise<void> {
    this.background ??= this.readAll().finally(() => {
      this.background = undefined;
      this.onChange();
    });
    return this.background;
  }

  /** What is still read counts for nothing. */
  dispose(): void {
    this.end.abort();
  }

  private async readAll(): Promise<void> {
    let tries = 0;
    while (!this.ended && !this.end.signal.aborted) {
      try {
        await this.more();
        tries = 0;
      } catch {
        const wait = this.failed?.kind === "throttled" ? this.patience[tries++] : undefined;
        if (wait === undefined) return;
        await sleep(wait, this.end.signal).catch(() => undefined);
      }
    }
  }

  private async read(): Promise<void> {
    try {
      const { items, next } = await this.fetch(this.token);
      if (this.end.signal.aborted) return;
      this.held.push(...items);
      this.pages += 1;
      this.failed = undefined;
      this.token = next === "" ? undefined : next;
      this.ended = this.token === undefined;
    } catch (error) {
      this.failed =
        error instanceof BoathouseError ? error : new BoathouseError("bug", messageOf(error), { cause: error });
      throw this.failed;
    }
    this.onChange();
  }
}
