// Hashes the bytes of objects while they go to the disk: small ones here, large ones on a thread of their own.
import { createDigest, type Digest, type DigestName, type Digests, finishDigests } from "./checksums.ts";
import { type SlabLender, SlabPool } from "./slabs.ts";
import { HashThread } from "./thread.ts";

export interface Hasher {
  readonly slabs: SlabLender;
  /** Takes the first `length` bytes of `slab`, which may be given back once it resolves. Calls come in the order of the bytes. */
  update(slab: Uint8Array, length: number): Promise<void>;
  digest(): Promise<Digests>;
  /** Gives up; nothing is called after it. */
  abandon(): void;
}

/** From this size on a thread is worth its messages, bytes: MD5 here would hold up every other request for 5 ms. */
const LARGE = 4 << 20;
/** The thread ends when it has been idle for this long, ms: it costs 10 MB. */
const IDLE = 20_000;

export class Hashing {
  private readonly pool = new SlabPool();
  private thread: HashThread | undefined;
  private idle: NodeJS.Timeout | undefined;

  /** `size`: bytes to come, where known. */
  hasher(names: readonly DigestName[], size: number | undefined): Hasher {
    const isLarge = size !== undefined && size >= LARGE;
    const slabs = this.pool.lender(isLarge, size);
    return isLarge ? new RemoteHasher(this.startThread(), names, slabs) : new LocalHasher(names, slabs);
  }

  dispose(): void {
    clearTimeout(this.idle);
    this.thread?.terminate();
  }

  private startThread(): HashThread {
    clearTimeout(this.idle);
    if (this.thread !== undefined) return this.thread;
    const made = new HashThread({
      idle: () => {
        clearTimeout(this.idle);
        this.idle = setTimeout(() => this.endThread(), IDLE);
        this.idle.unref();
      },
      ended: () => {
        if (this.thread === made) this.thread = undefined;
      },
    });
    this.thread = made;
    return made;
  }

  private endThread(): void {
    if (this.thread?.isIdle !== true) return;
    this.thread.terminate();
    this.thread = undefined;
    this.pool.trim();
  }
}

class LocalHasher implements Hasher {
  private readonly running: ReadonlyMap<DigestName, Digest>;

  constructor(
    names: readonly DigestName[],
    readonly slabs: SlabLender,
  ) {
    this.running = new Map(names.map((name) => [name, createDigest(name)]));
  }

  update(slab: Uint8Array, length: number): Promise<void> {
    for (const digest of this.running.values()) digest.update(slab.subarray(0, length));
    return Promise.resolve();
  }

  digest(): Promise<Digests> {
    return finishDigests(this.running);
  }

  abandon(): void {
    // Nothing is held elsewhere.
  }
}

class RemoteHasher implements Hasher {
  private readonly id: number;

  constructor(
    private readonly thread: HashThread,
    names: readonly DigestName[],
    readonly slabs: SlabLender,
  ) {
    this.id = thread.open(names);
  }

  update(slab: Uint8Array, length: number): Promise<void> {
    return this.thread.update(this.id, slab, length);
  }

  digest(): Promise<Digests> {
    return this.thread.digest(this.id);
  }

  abandon(): void {
    this.thread.abandon(this.id);
  }
}
