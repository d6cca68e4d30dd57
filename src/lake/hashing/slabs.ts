// Buffers of one mebibyte, those in shared memory used again and again: what uploads hold in memory is bounded by their number.

const SLAB = 1 << 20;
/** Slabs that all uploads together may hold beyond their first one. */
const EXTRA = 8;
/** Shared slabs that are kept for the next upload. */
const KEPT = 16;

export class SlabPool {
  private readonly free: Uint8Array[] = [];
  private readonly waiting: (() => void)[] = [];
  private extra = 0;

  /** The slabs of one upload. `shared`: another thread reads them. `size`: bytes to come, where known; a small object gets a buffer of its size. */
  lender(shared: boolean, size: number | undefined): SlabLender {
    const make = () => Buffer.allocUnsafeSlow(Math.max(1, Math.min(size ?? SLAB, SLAB)));
    return new SlabLender({
      make: shared ? () => this.free.pop() ?? new Uint8Array(new SharedArrayBuffer(SLAB)) : make,
      keep: (slab) => {
        if (shared && this.free.length < KEPT) this.free.push(slab);
      },
      takeExtra: () => {
        if (this.extra >= EXTRA) return false;
        this.extra += 1;
        return true;
      },
      given: (wasExtra) => {
        if (wasExtra) this.extra -= 1;
        for (const wake of this.waiting.splice(0)) wake();
      },
      change: () => new Promise((resolve) => this.waiting.push(resolve)),
    });
  }

  /** Forgets what is kept: an idle lake is a small one. */
  trim(): void {
    this.free.length = 0;
  }
}

interface Till {
  readonly make: () => Uint8Array;
  readonly keep: (slab: Uint8Array) => void;
  /** False where the others hold all the rest. */
  readonly takeExtra: () => boolean;
  readonly given: (wasExtra: boolean) => void;
  /** Resolves when any slab has been given back. */
  readonly change: () => Promise<void>;
}

export class SlabLender {
  private lent = 0;
  /** Of `lent`, those that were taken from the common rest. */
  private extra = 0;

  constructor(private readonly till: Till) {}

  /** A slab, at once where that is possible; waits where this upload has one already and the others hold all the rest. */
  take(): Uint8Array | Promise<Uint8Array> {
    if (this.lent > 0) {
      if (!this.till.takeExtra()) return this.till.change().then(() => this.take());
      this.extra += 1;
    }
    this.lent += 1;
    return this.till.make();
  }

  /** `reusable`: nobody reads it any more. */
  give(slab: Uint8Array, reusable: boolean): void {
    this.lent -= 1;
    if (reusable) this.till.keep(slab);
    const wasExtra = this.extra > 0;
    if (wasExtra) this.extra -= 1;
    this.till.given(wasExtra);
  }
}
