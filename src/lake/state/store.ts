// The lake's one transactional store: JSON values under ordered keys, each write a synced batch (LevelDB).
import { chmodSync, mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
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

/** Bytes that opening the store may need: what is in its log goes into a table. */
const ROOM = 8 << 20;

const SEPARATOR = "\u0000";
const BEHIND_SEPARATOR = "\u0001";

export class Store {
  private readonly locks = new Map<string, Promise<unknown>>();
  private writing: Promise<unknown> = Promise.resolve();
  private waiting: Waiting | undefined;
  /** A batch has failed: see `reopen`. */
  private failed = false;

  private constructor(
    private readonly level: ClassicLevel,
    private readonly folder: string,
  ) {}

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
    return new Store(level, folder);
  }

  get<T>(key: Key): T | undefined {
    this.checkOpen();
    const text = this.level.getSync(encode(key));
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  /** Entries below a prefix, in key order. `after` and `before` are whole keys. */
  async *entries<T>(prefix: Key, options: RangeOptions = {}): AsyncGenerator<[Key, T]> {
    const base = prefix.length === 0 ? "" : encode(prefix);
    this.checkOpen();
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
      if (this.failed) await this.reopen();
      try {
        await this.level.batch(entries, { sync: true });
      } catch (error) {
        this.failed = true;
        throw messageOf(error).includes("No space left") ? diskFull(error) : error;
      }
    });
    // One batch's failure is its writers' to hear; the next is tried all the same.
    this.writing = written.catch(() => undefined);
    return { entries, written };
  }

  /**
   * A batch that failed (a full disk) may have left half a record in the log. LevelDB would go on behind it, and the next start would
   * read nothing that follows: acknowledged writes would be lost. So the store is opened anew, which begins a new log, before anything
   * else is written; reads meanwhile are asked to come again. Throws while the disk has no room.
   */
  private async reopen(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    if (bavail * bsize < ROOM) throw diskFull();
    await this.level.close();
    await this.level.open();
    this.failed = false;
  }

  private checkOpen(): void {
    if (this.level.status === "open") return;
    throw new ServiceError("ServiceUnavailable", "The lake opens its state anew after a failed write; try again.", {
      status: 503,
    });
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

function diskFull(cause?: unknown): ServiceError {
  return new ServiceError("InsufficientStorage", "The disk that holds the lake is full.", { status: 507, cause });
}

function encode(key: Key): string {
  for (const part of key) {
    if (part.includes(SEPARATOR)) throw new ServiceError("InvalidArgument", "Names can't hold the character U+0000.");
  }
  return key.join(SEPARATOR);
}
