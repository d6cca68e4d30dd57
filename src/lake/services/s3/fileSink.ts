// Takes the bytes of an object: copies them into slabs, and writes and hashes each slab at the same time.
import { write } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { finished, type Readable } from "node:stream";
import type { Hasher } from "../../hashing/hasher.ts";

/** Bytes after which the disk is asked to begin: otherwise all of them would wait for the sync at the end. */
const SYNC_EVERY = 32 << 20;
/**
 * Bytes of one write. Linux takes memory for the page cache in pieces as large as the write: pieces of a mebibyte are seldom at hand,
 * and cost up to three times as much processor time as these.
 */
const WRITE_SIZE = 256 << 10;

/** Makes its file with the first byte. No stream of its own: what a Writable does for each chunk takes longer than the chunk does here. */
export class FileSink {
  size = 0;
  private slab: Uint8Array | undefined;
  private filled = 0;
  private handle: Promise<FileHandle> | undefined;
  /** A chunk that waits for a slab. */
  private waiting: Promise<void> | undefined;
  /** Slabs that are being written and hashed; the first failure of one. */
  private readonly flying = new Set<Promise<void>>();
  private failure: Error | undefined;
  /** Settles when what was flushed last is written, or has failed. */
  private stored: Promise<void> = Promise.resolve();
  private syncedTo = 0;
  private syncing: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly hasher: Hasher,
  ) {}

  /** Takes all of `source`; the file is whole and synced once it resolves, and closed however it ends. */
  async take(source: Readable, signal: AbortSignal): Promise<void> {
    try {
      await this.drain(source, signal);
      await this.finish();
    } catch (error) {
      source.destroy(error as Error);
      this.hasher.abandon();
      throw error;
    } finally {
      await this.close();
    }
  }

  private drain(source: Readable, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      finished(source, { writable: false, signal }, (error) => (error ? reject(error) : resolve()));
      // Once `signal` has ended the wait, nobody else hears what the source still has to say.
      source.on("error", reject);
      source.on("data", (chunk: Uint8Array) => {
        if (this.closed) return;
        this.waiting = this.fill(chunk);
        if (this.failure !== undefined) reject(this.failure);
        if (this.waiting === undefined) return;
        source.pause();
        void this.waiting.then(() => source.resume());
      });
    });
  }

  /** Copies at once while there is a slab: a chunk that waits in a queue lives long enough for the collector to keep it. */
  private fill(chunk: Uint8Array): Promise<void> | undefined {
    for (let at = 0; at < chunk.length; ) {
      if (this.slab === undefined) {
        const slab = this.hasher.slabs.take();
        if (slab instanceof Promise) return slab.then((given) => this.goOn(given, chunk.subarray(at)));
        this.slab = slab;
      }
      const piece = chunk.subarray(at, at + this.slab.length - this.filled);
      this.slab.set(piece, this.filled);
      this.filled += piece.length;
      at += piece.length;
      if (this.filled === this.slab.length) this.flush(this.slab);
    }
    return undefined;
  }

  private goOn(slab: Uint8Array, chunk: Uint8Array): Promise<void> | undefined {
    // Given up meanwhile: the slab goes back unused.
    if (this.closed) this.hasher.slabs.give(slab, true);
    else {
      this.slab = slab;
      return this.fill(chunk);
    }
    return undefined;
  }

  private flush(slab: Uint8Array): void {
    const { size: position, filled: length } = this;
    this.slab = undefined;
    this.filled = 0;
    this.size += length;
    this.handle ??= open(this.path, "wx", 0o600);
    const stored = this.store(slab, length, position, this.stored);
    this.stored = stored.catch(() => undefined);
    const done = Promise.all([stored, this.hasher.update(slab, length)]);
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

  /** One write at a time: two at once into one file only wait for each other. */
  private async store(slab: Uint8Array, length: number, position: number, before: Promise<void>): Promise<void> {
    const handle = await this.handle;
    await before;
    if (handle === undefined || this.failure !== undefined) return;
    await writeAll(handle.fd, slab.subarray(0, length), position);
    if (this.syncing !== undefined || position - this.syncedTo < SYNC_EVERY) return;
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
    await this.waiting;
    if (this.slab !== undefined) this.flush(this.slab);
    await Promise.all(this.flying);
    await this.syncing;
    if (this.failure !== undefined) throw this.failure;
    await (await this.handle)?.sync();
  }

  private async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.flying);
    await this.syncing;
    if (this.slab !== undefined) this.hasher.slabs.give(this.slab, true);
    this.slab = undefined;
    const handle = await this.handle?.catch(() => undefined);
    await handle?.close();
  }
}

function writeAll(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const from = (at: number): void => {
      if (at === bytes.length) resolve();
      // A write may be short, where the disk is all but full.
      else
        write(fd, bytes, at, Math.min(WRITE_SIZE, bytes.length - at), position + at, (error, written) =>
          error === null ? from(at + written) : reject(error),
        );
    };
    from(0);
  });
}
