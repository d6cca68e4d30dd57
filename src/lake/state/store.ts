// The lake's one transactional store: JSON values under ordered keys, each write a synced batch (LevelDB).
import { chmodSync, mkdirSync } from "node:fs";
import { ClassicLevel } from "classic-level";
import { messageOf } from "../../base/errors.ts";
import { ServiceError } from "../fault.ts";

/** A key as parts, e.g. ["glue", "table", database, name]. Keys sort by the UTF-8 bytes of their parts. */
export type Key = readonly string[];

export interface RangeOptions {
  /** Only keys behind this one (exclusive). */
  readonly after?: Key;
  /** Only keys before this one (exclusive). */
  readonly before?: Key;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** Collects puts and deletes of one transaction. */
export interface Writer {
  put(key: Key, value: unknown): void;
  delete(key: Key): void;
}

type BatchEntry = { type: "put"; key: string; value: string } | { type: "del"; key: string };

/** Entries that gather for the next synced batch. */
interface Waiting {
  readonly entries: BatchEntry[];
  readonly written: Promise<void>;
}

const SEPARATOR = "\u0000";
const BEHIND_SEPARATOR = "\u0001";

export class Store {
  private readonly locks = new Map<string, Promise<unknown>>();
  private writing: Promise<unknown> = Promise.resolve();
  private waiting: Waiting | undefined;

  private constructor(private readonly level: ClassicLevel) {}

  /** Opens (or makes) the store. Throws where another process holds it. */
  static async open(folder: string): Promise<Store> {
    // Secrets lie in it as they are: nobody else on the machine reads them.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const level = new ClassicLevel(folder);
    try {
      await level.open();
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      const locked = messageOf(cause).includes("lock");
      throw new Error(
        locked
          ? "Another lake runs on this folder; stop it first or choose another folder."
          : `The lake's state can't be opened: ${messageOf(cause)}`,
        { cause: error },
      );
    }
    return new Store(level);
  }

  get<T>(key: Key): T | undefined {
    const text = this.level.getSync(encode(key));
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  /** Entries below a prefix, in key order. `after` and `before` are whole keys. */
  async *entries<T>(prefix: Key, options: RangeOptions = {}): AsyncGenerator<[Key, T]> {
    const base = prefix.length === 0 ? "" : encode(prefix);
    const iterator = this.level.iterator({
      ...(options.after === undefined
        ? { gte: prefix.length === 0 ? "" : base + SEPARATOR }
        : { gt: encode(options.after) }),
      ...(options.before === undefined
        ? prefix.length === 0
          ? {}
          : { lt: base + BEHIND_SEPARATOR }
        : { lt: encode(options.before) }),
      reverse: options.reverse ?? false,
      limit: options.limit ?? -1,
    });
    try {
      for await (const [key, value] of iterator) yield [key.split(SEPARATOR), JSON.parse(value) as T];
    } finally {
      await iterator.close();
    }
  }

  /** All values below a prefix, in key order: for small sets only. */
  async all<T>(prefix: Key, options?: RangeOptions): Promise<T[]> {
    const values: T[] = [];
    for await (const [, value] of this.entries<T>(prefix, options)) values.push(value);
    return values;
  }

  /**
   * Writes all that `fill` puts and deletes at once; resolved once it is on disk. What is asked for while a batch is being synced goes
   * into the next one together: one sync serves all who wait.
   */
  async write(fill: (writer: Writer) => void): Promise<void> {
    const batch: BatchEntry[] = [];
    fill({
      put: (key, value) => batch.push({ type: "put", key: encode(key), value: JSON.stringify(value) }),
      delete: (key) => batch.push({ type: "del", key: encode(key) }),
    });
    if (batch.length === 0) return;
    const waiting = (this.waiting ??= this.nextBatch());
    waiting.entries.push(...batch);
    await waiting.written;
  }

  /** A batch that is written as soon as the one before it is. */
  private nextBatch(): Waiting {
    const entries: BatchEntry[] = [];
    const written = this.writing.then(async () => {
      this.waiting = undefined;
      await this.level.batch(entries, { sync: true });
    });
    // One batch's failure is its writers' to hear; the next is tried all the same.
    this.writing = written.catch(() => undefined);
    return { entries, written };
  }

  /** Runs `action` alone among those of the same name, so that it may read and then write. Not re-entrant. */
  async lock<T>(name: string, action: () => Promise<T>): Promise<T> {
    const before = this.locks.get(name) ?? Promise.resolve();
    const mine = before.then(action, action);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.locks.set(name, settled);
    try {
      return await mine;
    } finally {
      if (this.locks.get(name) === settled) this.locks.delete(name);
    }
  }

  async close(): Promise<void> {
    await this.level.close();
  }
}

function encode(key: Key): string {
  for (const part of key) {
    if (part.includes(SEPARATOR)) throw new ServiceError("InvalidArgument", "Names can't hold the character U+0000.");
  }
  return key.join(SEPARATOR);
}
