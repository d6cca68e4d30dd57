// Takes the bytes of an object: copies them into slabs, and writes and hashes each slab at the same time.
import { type FileHandle, open } from "node:fs/promises";
import { Writable } from "node:stream";
import { callbackify } from "node:util";
import type { Hasher } from "../../hashing/hasher.ts";

/** Bytes after which the disk is asked to begin: otherwise all of them would wait for the sync at the end. */
const SYNC_EVERY = 32 << 20;

/** Makes its file with the first byte; the file is synced before `finish`. */
export class FileSink extends Writable {
  size = 0;
  private slab: Uint8Array | undefined;
  private filled = 0;
  private handle: Promise<FileHandle> | undefined;
  /** Slabs that are being written and hashed; the first failure of one. */
  private readonly flying = new Set<Promise<void>>();
  private failure: Error | undefined;
  private syncedTo = 0;
  private syncing: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    private readonly hasher: Hasher,
  ) {
    super({ highWaterMark: 1 << 16 });
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.fill(chunk, 0, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    callbackify(() => this.finish())(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    callbackify(() => this.close(error))((failure) => done(error ?? failure));
  }

  /** Copies at once while there is a slab: a chunk that waits in a queue lives long enough for the collector to keep it. */
  private fill(chunk: Uint8Array, start: number, done: (error?: Error | null) => void): void {
    for (let at = start; at < chunk.length; ) {
      if (this.slab === undefined) {
        const slab = this.hasher.slabs.take();
        if (slab instanceof Promise) {
          void slab.then((given) => {
            // Given up meanwhile: the slab goes back unused.
            if (this.destroyed) this.hasher.slabs.give(given, true);
            else this.slab = given;
            if (this.destroyed) done();
            else this.fill(chunk, at, done);
          });
          return;
        }
        this.slab = slab;
      }
      const piece = chunk.subarray(at, at + this.slab.length - this.filled);
      this.slab.set(piece, this.filled);
      this.filled += piece.length;
      at += piece.length;
      if (this.filled === this.slab.length) this.flush(this.slab);
    }
    done(this.failure ?? null);
  }

  private flush(slab: Uint8Array): void {
    const { size: position, filled: length } = this;
    this.slab = undefined;
    this.filled = 0;
    this.size += length;
    this.handle ??= open(this.path, "wx", 0o600);
    const done = Promise.all([this.store(slab, length, position), this.hasher.update(slab, length)]);
    const flight = done.then(
      () => this.hasher.slabs.give(slab, true),
      (error: unknown) => {
        this.failure ??= error as Error;
        this.hasher.slabs.give(slab, false);
      },
    );
    this.flying.add(flight);
    void flight.then(() => this.flying.delete(flight));
  }

  private async store(slab: Uint8Array, length: number, position: number): Promise<void> {
    const handle = await this.handle;
    for (let at = 0; at < length; ) {
      // A write may be short, where the disk is all but full.
      const { bytesWritten = 0 } = (await handle?.write(slab, at, length - at, position + at)) ?? {};
      at += bytesWritten;
    }
    if (handle === undefined || this.syncing !== undefined || position - this.syncedTo < SYNC_EVERY) return;
    this.syncedTo = position;
    this.syncing = handle.datasync().then(
      () => {
        this.syncing = undefined;
      },
      (error: unknown) => {
        this.failure ??= error as Error;
      },
    );
  }

  private async finish(): Promise<void> {
    if (this.slab !== undefined) this.flush(this.slab);
    await Promise.all(this.flying);
    await this.syncing;
    if (this.failure !== undefined) throw this.failure;
    await (await this.handle)?.sync();
  }

  private async close(error: Error | null): Promise<void> {
    if (error !== null) this.hasher.abandon();
    await Promise.all(this.flying);
    await this.syncing;
    if (this.slab !== undefined) this.hasher.slabs.give(this.slab, true);
    this.slab = undefined;
    const handle = await this.handle?.catch(() => undefined);
    await handle?.close();
  }
}
